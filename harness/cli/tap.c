#include "cli/tap.h"
#include "cli/utf8.h"

#include <string.h>

/* One line. A "#" would begin a directive. */
static void print_line(FILE *out, const char *text)
{
	while (*text) {
		size_t length = utf8_length(text);

		if (length == 1 && (*text == '#' || *text == '\\'))
			fputc('\\', out);
		if (!length || *text == '\n' || *text == '\r' || *text == '\t')
			fputc(length ? ' ' : '?', out);
		else
			fwrite(text, 1, length, out);
		text += length ? length : 1;
	}
	fputc('\n', out);
}

/* A scalar in double quotes. */
static void print_scalar(FILE *out, const char *key, const char *text, size_t bytes)
{
	fprintf(out, "  %s: \"", key);
	for (const char *end = text + bytes; text < end;) {
		size_t length = utf8_length(text);

		if (!length)
			fputc('?', out);
		else if (*text == '"' || *text == '\\')
			fprintf(out, "\\%c", *text);
		else if (*text == '\n' || *text == '\r' || *text == '\t')
			fprintf(out, "\\%c", *text == '\n' ? 'n' : *text == '\r' ? 'r' : 't');
		else
			fwrite(text, 1, length, out);
		text += length ? length : 1;
	}
	fputs("\"\n", out);
}

static void print_place(FILE *out, const char *file_key, const char *line_key, const char *source)
{
	const char *colon = strrchr(source, ':');

	if (!colon)
		return;
	print_scalar(out, file_key, source, (size_t)(colon - source));
	fprintf(out, "  %s: %s\n", line_key, colon + 1);
}

/* Line by line, as a person reads it. */
static void print_block(FILE *out, const char *key, const char *text)
{
	fprintf(out, "  %s: |", key);
	for (bool line_start = true; *text;) {
		size_t length = utf8_length(text);

		if (line_start)
			fputs("\n    ", out);
		line_start = *text == '\n';
		if (!length || *text == '\r')
			fputc('?', out);
		else if (!line_start)
			fwrite(text, 1, length, out);
		text += length ? length : 1;
	}
	fputc('\n', out);
}

static void print_diagnostics(FILE *out, const struct test_case *item)
{
	fputs("  ---\n", out);
	print_scalar(out, "message", item->message, strlen(item->message));
	fprintf(out, "  severity: %s\n", item->state == CASE_FAILED ? "fail" : "error");
	print_scalar(out, "kind", item->kind, strlen(item->kind));
	print_place(out, "file", "line", item->source);
	print_place(out, "file_first", "line_first", item->with);
	if (*item->replay)
		print_scalar(out, "replay", item->replay, strlen(item->replay));
	if (*item->text)
		print_block(out, "report", item->text);
	fputs("  ...\n", out);
}

void tap_print(FILE *out, const struct cases *cases)
{
	fprintf(out, "TAP version 13\n1..%zu\n", cases->count);
	for (size_t i = 0; i < cases->count; i++) {
		const struct test_case *item = &cases->items[i];
		bool passed = item->state == CASE_PASSED;

		fprintf(out, "%s %zu - ", passed ? "ok" : "not ok", i + 1);
		print_line(out, item->name);
		if (!passed)
			print_diagnostics(out, item);
	}
}

void tap_bail_out(FILE *out, const char *why)
{
	fputs("TAP version 13\nBail out! ", out);
	print_line(out, why);
}
