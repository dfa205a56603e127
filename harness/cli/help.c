#include "cli/help.h"

#include <string.h>

#define WIDTH		   80u
#define OPTION_TEXT_COLUMN 22u

/* Writes `text` with lines of at most WIDTH columns, all but the first indented; `column` is where
 * the first one starts. */
static void print_wrapped(FILE *out, const char *text, unsigned column, unsigned indent)
{
	while (*text) {
		size_t length = strcspn(text, " \n");

		if (column > indent && column + 1 + length > WIDTH) {
			fprintf(out, "\n%*s", (int)indent, "");
			column = indent;
		} else if (column > indent) {
			fputc(' ', out);
			column++;
		}
		fwrite(text, 1, length, out);
		column += (unsigned)length;
		text += length;
		if (strncmp(text, "\n\n", 2) == 0) {
			fprintf(out, "\n\n%*s", (int)indent, "");
			column = indent;
		}
		text += strspn(text, " \n");
	}
	fputc('\n', out);
}

static void print_statuses(FILE *out)
{
	fputs("\nexit status:\n", out);
	for (int i = 0; i < STATUS_COUNT; i++)
		fprintf(out, "  %d  %s\n", i, status_table[i]);
}

void help_print(FILE *out)
{
	fputs("usage: heddle COMMAND [OPTIONS] ...\n\n"
	      "Runs a program that uses threads so that a seed decides their order: the same seed\n"
	      "gives the same run, and many seeds find the order in which it fails.\n\n"
	      "commands:\n",
	      out);
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		fprintf(out, "  %-8s  %s\n", command_table[i].name, command_table[i].summary);
	fputs("\nheddle COMMAND --help   tells more of a command\n"
	      "heddle --version        prints the version\n"
	      "heddle --man            prints the manual page, for `man -l -`\n",
	      out);
	print_statuses(out);
}

/* Writes an option as it is typed and returns how many columns that took. */
static unsigned print_option_name(FILE *out, const struct option_spec *spec)
{
	return (unsigned)fprintf(out, "%s%s%s%s", spec->name[1] ? "--" : "-", spec->name,
				 spec->argument ? " " : "", spec->argument ? spec->argument : "");
}

static void print_option(FILE *out, const struct option_spec *spec)
{
	unsigned column;

	fputs("  ", out);
	column = 2 + print_option_name(out, spec);
	if (column + 2 > OPTION_TEXT_COLUMN) {
		fputc('\n', out);
		column = 0;
	}
	fprintf(out, "%*s", (int)(OPTION_TEXT_COLUMN - column), "");
	print_wrapped(out, spec->help, OPTION_TEXT_COLUMN, OPTION_TEXT_COLUMN);
}

static bool has_options(enum command command)
{
	for (size_t i = 0; i < option_count; i++)
		if (option_table[i].commands & (1u << command))
			return true;
	return false;
}

void help_print_command(FILE *out, enum command command)
{
	const struct command_spec *spec = &command_table[command];

	fprintf(out, "usage: heddle %s %s%s\n\n", spec->name,
		has_options(command) ? "[OPTIONS] " : "", spec->operands);
	print_wrapped(out, spec->description, 0, 0);
	if (has_options(command))
		fputs("\noptions:\n", out);
	for (size_t i = 0; i < option_count; i++)
		if (option_table[i].commands & (1u << command))
			print_option(out, &option_table[i]);
	print_statuses(out);
}

/* Text for troff: words in backquotes become bold, an empty line a new paragraph. */
static void print_roff(FILE *out, const char *text)
{
	bool bold = false;

	for (; *text; text++) {
		if (*text == '`') {
			bold = !bold;
			fputs(bold ? "\\fB" : "\\fR", out);
		} else if (*text == '-') {
			fputs("\\-", out);
		} else if (*text == '\\') {
			fputs("\\e", out);
		} else if (strncmp(text, "\n\n", 2) == 0) {
			fputs("\n.PP\n", out);
			text++;
		} else {
			fputc(*text, out);
		}
	}
	fputc('\n', out);
}

static void print_roff_option(FILE *out, const struct option_spec *spec)
{
	fprintf(out, ".TP\n\\fB%s", spec->name[1] ? "\\-\\-" : "\\-");
	for (const char *c = spec->name; *c; c++)
		fprintf(out, "%s%c", *c == '-' ? "\\" : "", *c);
	fputs("\\fR", out);
	if (spec->argument)
		fprintf(out, " \\fI%s\\fR", spec->argument);
	fputc('\n', out);
	print_roff(out, spec->help);
}

static void print_roff_command(FILE *out, enum command command)
{
	const struct command_spec *spec = &command_table[command];

	fprintf(out, ".SS \"heddle %s %s%s\"\n", spec->name,
		has_options(command) ? "[OPTIONS] " : "", spec->operands);
	print_roff(out, spec->description);
	for (size_t i = 0; i < option_count; i++)
		if (option_table[i].commands & (1u << command))
			print_roff_option(out, &option_table[i]);
}

void help_print_manual(FILE *out)
{
	fputs(".TH HEDDLE 1 \"\" \"heddle " HEDDLE_VERSION "\" \"User Commands\"\n"
	      ".SH NAME\n"
	      "heddle \\- run threads of a program in an order that a seed decides\n"
	      ".SH SYNOPSIS\n",
	      out);
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		fprintf(out, "%s\\fBheddle %s\\fR %s%s\n", i ? ".br\n" : "", command_table[i].name,
			has_options((enum command)i) ? "[OPTIONS] " : "",
			command_table[i].operands);
	fputs(".SH DESCRIPTION\n", out);
	print_roff(out,
		   "Runs an unmodified program that uses POSIX threads so that a seed decides "
		   "the order in which they go: the same seed gives the same run. Many seeds, or "
		   "all orders one after the other, find the one in which the program fails, "
		   "and a trace replays it. Options stand before the program; what follows its "
		   "name belongs to it.");
	fputs(".SH COMMANDS\n", out);
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		print_roff_command(out, (enum command)i);
	fputs(".SH EXIT STATUS\n", out);
	for (int i = 0; i < STATUS_COUNT; i++) {
		fprintf(out, ".TP\n\\fB%d\\fR\n", i);
		print_roff(out, status_table[i]);
	}
}
