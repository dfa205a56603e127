#include "cli/annotate.h"

#include <string.h>

/* In what stands before the "::", ":" and "," have a meaning, too. */
static void print_escaped(FILE *out, const char *text, size_t bytes, bool property)
{
	for (const char *end = text + bytes; text < end; text++) {
		if (*text == '%' || *text == '\n' || *text == '\r' ||
		    (property && (*text == ':' || *text == ',')))
			fprintf(out, "%%%02X", (unsigned char)*text);
		else
			fputc(*text, out);
	}
}

static void print_one(FILE *out, const struct test_case *item, const char *source)
{
	const char *colon = strrchr(source, ':');

	fputs("::error ", out);
	if (colon) {
		fputs("file=", out);
		print_escaped(out, source, (size_t)(colon - source), true);
		fprintf(out, ",line=%s,", colon + 1);
	}
	fputs("title=heddle%3A ", out);
	print_escaped(out, item->kind, strlen(item->kind), true);
	fputs("::", out);
	print_escaped(out, item->message, strlen(item->message), false);
	if (*item->replay) {
		fputs("%0Areplay with: ", out);
		print_escaped(out, item->replay, strlen(item->replay), false);
	}
	fputc('\n', out);
}

void annotate_print(FILE *out, const struct cases *cases)
{
	for (size_t i = 0; i < cases->count; i++) {
		const struct test_case *item = &cases->items[i];

		if (item->state == CASE_PASSED)
			continue;
		print_one(out, item, item->source);
		if (*item->with && strcmp(item->with, item->source) != 0)
			print_one(out, item, item->with);
	}
}
