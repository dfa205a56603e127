#include "cli/junit.h"
#include "cli/board.h"
#include "cli/utf8.h"

#include <inttypes.h>
#include <string.h>

/* In an attribute the ends of lines have to be written so, or they become spaces. */
static const char *escape_of(char byte, bool attribute)
{
	switch (byte) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return attribute ? "&quot;" : NULL;
	case '\t':
		return attribute ? "&#9;" : NULL;
	case '\n':
		return attribute ? "&#10;" : NULL;
	case '\r':
		return "&#13;";
	default:
		return NULL;
	}
}

static void print_text(FILE *out, const char *text, bool attribute)
{
	while (*text) {
		size_t length = utf8_length(text);
		const char *escape = length == 1 ? escape_of(*text, attribute) : NULL;

		if (!length)
			fputc('?', out);
		else if (escape)
			fputs(escape, out);
		else
			fwrite(text, 1, length, out);
		text += length ? length : 1;
	}
}

static void print_attribute(FILE *out, const char *name, const char *value)
{
	fprintf(out, " %s=\"", name);
	print_text(out, value, true);
	fputc('"', out);
}

static void print_counts(FILE *out, const struct cases *cases)
{
	fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" time=\"%.3f\"", cases->count,
		cases_count(cases, CASE_FAILED), cases_count(cases, CASE_UNDECIDED), cases->time_s);
}

static void print_property(FILE *out, const char *name, const char *value)
{
	fputs("      <property", out);
	print_attribute(out, "name", name);
	print_attribute(out, "value", value);
	fputs("/>\n", out);
}

static void print_number(FILE *out, const char *name, uint64_t number)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRIu64, number);
	print_property(out, name, digits);
}

static void print_properties(FILE *out, const struct search *search)
{
	const struct options *options = search->options;

	fputs("    <properties>\n", out);
	print_property(out, "strategy", strategy_word(options->strategy));
	if (options->strategy == STRATEGY_RANDOM)
		print_number(out, "seed", options->seed);
	print_number(out, "executions", search_executions(search));
	if (options->strategy == STRATEGY_DPOR)
		print_number(out, "classes", search_executions(search));
	print_property(out, "complete", search_is_complete(search) ? "true" : "false");
	print_property(out, "reason", search_reason_word(search->reason));
	fputs("    </properties>\n", out);
}

/* "src/bank.c:31" as two attributes. */
static void print_source(FILE *out, const char *source)
{
	const char *colon = strrchr(source, ':');
	char file[4096];

	if (!colon)
		return;
	snprintf(file, sizeof(file), "%.*s", (int)(colon - source), source);
	print_attribute(out, "file", file);
	print_attribute(out, "line", colon + 1);
}

static void print_case(FILE *out, const struct cases *cases, const struct test_case *item)
{
	const char *element = item->state == CASE_FAILED ? "failure" : "error";

	fputs("    <testcase", out);
	print_attribute(out, "name", item->name);
	print_attribute(out, "classname", "heddle");
	fprintf(out, " time=\"%.3f\"", item == cases->items ? cases->time_s : 0.0);
	print_source(out, item->source);
	if (item->state == CASE_PASSED) {
		fputs("/>\n", out);
		return;
	}
	fprintf(out, ">\n      <%s", element);
	print_attribute(out, "type", item->kind);
	print_attribute(out, "message", item->message);
	fputc('>', out);
	print_text(out, item->text, false);
	fprintf(out, "</%s>\n    </testcase>\n", element);
}

void junit_print(FILE *out, const struct cases *cases)
{
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"heddle\"", out);
	print_counts(out, cases);
	fputs(">\n  <testsuite", out);
	print_attribute(out, "name", cases->program);
	print_counts(out, cases);
	fputs(">\n", out);
	if (cases->search)
		print_properties(out, cases->search);
	for (size_t i = 0; i < cases->count; i++)
		print_case(out, cases, &cases->items[i]);
	fputs("    <system-out>", out);
	print_text(out, cases->report, false);
	fputs("</system-out>\n  </testsuite>\n</testsuites>\n", out);
}
