#include "cli/outcomes_print.h"
#include "cli/quote.h"
#include "cli/say.h"
#include "trace/escape.h"

#include <stdlib.h>
#include <string.h>

#define GRADE_COLUMNS 11
/* Longer outcomes push their row to the right. */
#define TEXT_COLUMNS_MAX 60u

/* What a program says may be anything, also what would move the cursor. In parentheses what it has
 * not said itself. */
static char *shown(enum outcome_kind kind, const char *text)
{
	size_t room = escape_room(strlen(text)) + 3;
	char *out = must_have(malloc(room)), *at = out;

	if (kind != OUTCOME_SAID)
		*at++ = '(';
	*at = '\0';
	if (*text)
		escape_value(at, room - 3, text);
	if (kind != OUTCOME_SAID)
		strcat(at, ")");
	return out;
}

static unsigned widest(const struct outcomes *outcomes)
{
	size_t most = strlen("outcome");

	for (size_t i = 0; i < outcomes->count; i++) {
		char *text = shown(outcomes->rows[i].kind, outcomes->rows[i].text);

		most = strlen(text) > most ? strlen(text) : most;
		free(text);
	}
	for (size_t i = 0; i < outcomes->unreached_count; i++)
		most = strlen(outcomes->unreached[i].text) > most
			       ? strlen(outcomes->unreached[i].text)
			       : most;
	return most < TEXT_COLUMNS_MAX ? (unsigned)most : TEXT_COLUMNS_MAX;
}

static void print_number(FILE *out, const struct outcomes *outcomes, uint64_t count, double share)
{
	if (outcomes->are_counted)
		fprintf(out, "  %10llu  %5.1f %%", (unsigned long long)count, 100 * share);
}

static void print_row(FILE *out, const struct outcomes *outcomes, const struct outcome *row,
		      unsigned width)
{
	const char *grade = row->kind == OUTCOME_FAILURE ? "failure" : grade_word(row->grade);
	char *text = shown(row->kind, row->text);

	fprintf(out, "    %-*s", (int)width, text);
	free(text);
	print_number(out, outcomes, row->count, row->share);
	fprintf(out, "  %-*s  ", GRADE_COLUMNS, *grade ? grade : "-");
	if (row->path) {
		quote_self(out);
		fputs(" replay ", out);
		quote_word(out, row->path);
	} else {
		fputc('-', out);
	}
	fputc('\n', out);
}

static void print_unreached(FILE *out, const struct outcomes *outcomes,
			    const struct outcome_unreached *unreached, unsigned width)
{
	char *text = shown(OUTCOME_SAID, unreached->text);

	fprintf(out, "    %-*s", (int)width, text);
	free(text);
	print_number(out, outcomes, 0, 0);
	fprintf(out, "  %-*s  %s\n", GRADE_COLUMNS, grade_word(unreached->grade),
		outcomes->are_unreachable ? "unreachable: in no interleaving" : "not seen");
}

static const char *unit(const struct search *search)
{
	return search->options->strategy == STRATEGY_DPOR ? "classes" : "executions";
}

static void print_head(FILE *out, const struct outcomes *outcomes, const struct search *search,
		       unsigned width)
{
	fputs("  outcomes:\n", out);
	fprintf(out, "    %-*s", (int)width, "outcome");
	if (outcomes->are_counted)
		fprintf(out, "  %10s  %7s", unit(search), "share");
	fprintf(out, "  %-*s  %s\n", GRADE_COLUMNS, "grade", "one of them");
}

/* What is not in the table. */
static void print_rest(FILE *out, const struct outcomes *outcomes, const struct search *search)
{
	if (outcomes->others)
		fprintf(out,
			"    and %llu %s with others: %d distinct outcomes are told apart, not "
			"more\n",
			(unsigned long long)outcomes->others, unit(search), SHARED_RESULTS_MAX);
	if (outcomes->untraced && search->shared->results_traced >= SHARED_RESULTS_TRACED)
		fprintf(out, "    traces were written for the first %d outcomes that were seen\n",
			SHARED_RESULTS_TRACED);
	if (search->shared->expected_full)
		fprintf(out, "    the program declares more than %d outcomes: the others are not\n",
			SHARED_EXPECTED_MAX);
}

void outcomes_print(FILE *out, const struct search *search)
{
	struct outcomes outcomes;
	unsigned width;

	outcomes_make(&outcomes, search);
	width = widest(&outcomes);
	if (outcomes.count || outcomes.unreached_count || outcomes.others) {
		print_head(out, &outcomes, search, width);
		for (size_t i = 0; i < outcomes.count; i++)
			print_row(out, &outcomes, &outcomes.rows[i], width);
		for (size_t i = 0; i < outcomes.unreached_count; i++)
			print_unreached(out, &outcomes, &outcomes.unreached[i], width);
		print_rest(out, &outcomes, search);
	}
	outcomes_free(&outcomes);
}

static json_t *text_json(const char *text)
{
	json_t *json = json_string(text);
	char *escaped;

	if (json)
		return json;
	escaped = shown(OUTCOME_SAID, text);
	for (char *c = escaped; *c; c++)
		if ((unsigned char)*c >= 128)
			*c = '?';
	json = must_have(json_string(escaped));
	free(escaped);
	return json;
}

static json_t *grade_json(enum grade grade)
{
	return grade == GRADE_NONE ? json_null() : json_string(grade_word(grade));
}

static json_t *row_json(const struct outcomes *outcomes, const struct outcome *row)
{
	static const char *const kinds[] = {[OUTCOME_SAID] = "outcome",
					    [OUTCOME_FAILURE] = "failure",
					    [OUTCOME_SILENT] = "none"};

	return must_have(json_pack(
		"{ss so so so so so}", "kind", kinds[row->kind], "text", text_json(row->text),
		"count", outcomes->are_counted ? json_integer((json_int_t)row->count) : json_null(),
		"share", outcomes->are_counted ? json_real(row->share) : json_null(), "grade",
		grade_json(row->grade), "trace", row->path ? text_json(row->path) : json_null()));
}

json_t *outcomes_json(const struct search *search)
{
	struct outcomes outcomes;
	json_t *rows = must_have(json_array()), *unreached = must_have(json_array()), *object;

	outcomes_make(&outcomes, search);
	for (size_t i = 0; i < outcomes.count; i++)
		json_array_append_new(rows, row_json(&outcomes, &outcomes.rows[i]));
	for (size_t i = 0; i < outcomes.unreached_count; i++)
		json_array_append_new(
			unreached,
			must_have(json_pack("{so so sb}", "text",
					    text_json(outcomes.unreached[i].text), "grade",
					    grade_json(outcomes.unreached[i].grade), "unreachable",
					    (int)outcomes.are_unreachable)));
	object = must_have(json_pack("{so so sI}", "seen", rows, "unreached", unreached, "others",
				     (json_int_t)outcomes.others));
	outcomes_free(&outcomes);
	return object;
}
