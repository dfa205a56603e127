/*
 * cases.c - test cases out of findings.
 *
 * The words come from where a person's report comes from (summary.h, capture.h, looks.h), so that
 * whatever is added there is here, too.
 */
#include "cli/cases.h"
#include "cli/quote.h"
#include "cli/say.h"
#include "cli/below.h"
#include "cli/summary.h"
#include "report/verdict.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A stream into memory. */
struct text {
	FILE *out;
	char *bytes;
	size_t size;
};

static FILE *text_open(struct text *text)
{
	text->bytes = NULL;
	text->out = must_have(open_memstream(&text->bytes, &text->size));
	return text->out;
}

static char *text_close(struct text *text)
{
	fclose(text->out);
	return must_have(text->bytes);
}

static char *copy(const char *string)
{
	return must_have(strdup(string));
}

static char *program_text(char *const *program)
{
	struct text text;

	quote_word(text_open(&text), program[0]);
	for (char *const *word = program + 1; *word; word++) {
		fputc(' ', text.out);
		quote_word(text.out, *word);
	}
	return text_close(&text);
}

static struct test_case *add(struct cases *cases, enum case_state state, const char *kind)
{
	struct test_case *added;

	cases->items = must_have(realloc(cases->items, (cases->count + 1) * sizeof(*cases->items)));
	added = &cases->items[cases->count++];
	*added = (struct test_case){.state = state, .kind = copy(kind)};
	return added;
}

/* What has not been said is empty; the first case is the program as a whole. */
static void finish(struct cases *cases, struct test_case *added, const char *place)
{
	char **fields[] = {&added->message, &added->source, &added->with, &added->text,
			   &added->replay};
	struct text text;

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		if (!*fields[i])
			*fields[i] = copy("");
	fputs(cases->program, text_open(&text));
	if (cases->count > 1)
		fprintf(text.out, ": %s%s%s", added->kind, *place ? " at " : "", place);
	added->name = text_close(&text);
}

static void add_finding(struct cases *cases, const struct finding *finding)
{
	const struct capture *capture = &finding->capture;
	struct test_case *added = add(cases, CASE_FAILED, verdict_word(capture->verdict));
	struct text text;

	added->message = copy(capture->message);
	added->source = *capture->source ? copy(capture->source) : source_in_text(capture->text);
	added->with = copy(capture->with_source);
	summary_print_finding(text_open(&text), cases->search, finding);
	added->text = text_close(&text);
	search_print_replay(text_open(&text), cases->search, finding);
	added->replay = text_close(&text);
	finish(cases, added, capture->where);
}

/* Failures first: what a search stopped at is what it is about. */
static void add_findings(struct cases *cases, const struct search *search, bool failures)
{
	for (size_t i = 0; i < search->findings.count; i++)
		if (search_is_failure(search, &search->findings.items[i]) == failures)
			add_finding(cases, &search->findings.items[i]);
}

/* Nothing was found. */
static void add_rest(struct cases *cases, enum status status, const char *why)
{
	struct test_case *added;

	if (status == STATUS_OK) {
		finish(cases, add(cases, CASE_PASSED, ""), "");
		return;
	}
	added = add(cases, CASE_UNDECIDED, status == STATUS_DIVERGED ? "diverged" : "incomplete");
	added->message = copy(why);
	added->text = copy(cases->report);
	finish(cases, added, "");
}

void cases_of_search(struct cases *cases, const struct search *search)
{
	struct text text;

	*cases = (struct cases){.search = search,
				.program = program_text(search->options->program),
				.time_s = search->end_s - search->start_s};
	summary_print(text_open(&text), search);
	cases->report = text_close(&text);
	add_findings(cases, search, true);
	add_findings(cases, search, false);
	if (!cases->count)
		add_rest(cases, search_status(search), search_reason_sentence(search->reason));
}

/* The sentence of a report: what stands behind "heddle: KIND: ". */
static char *sentence_of(const char *text, const char *kind)
{
	size_t length = strlen("heddle: ") + strlen(kind) + strlen(": ");
	const char *start = strlen(text) > length ? text + length : text;
	char *sentence = copy(start);

	sentence[strcspn(sentence, "\n")] = '\0';
	return sentence;
}

static void add_race(struct cases *cases, const char *text, const char *replay)
{
	const char *kind = verdict_word(VERDICT_DATA_RACE);
	struct test_case *added = add(cases, CASE_FAILED, kind);

	added->message = sentence_of(text, kind);
	added->source = source_in_text(text);
	added->text = copy(text);
	added->replay = copy(replay);
	finish(cases, added, added->source);
}

static void add_capture(struct cases *cases, const struct capture *capture, const char *replay)
{
	struct test_case *added = add(cases, CASE_FAILED, verdict_word(capture->verdict));

	added->message = copy(capture->message);
	added->source = *capture->source ? copy(capture->source) : source_in_text(capture->text);
	added->with = copy(capture->with_source);
	added->text = copy(capture->text);
	added->replay = copy(replay);
	finish(cases, added, capture->where);
}

/* A process that ended where nobody could look. */
static void add_unseen(struct cases *cases, const char *replay)
{
	struct test_case *added = add(cases, CASE_FAILED, verdict_word(VERDICT_LOST));

	added->message = copy("the program failed where heddle could not see it");
	added->replay = copy(replay);
	finish(cases, added, "");
}

static char *single_report(const struct single *single)
{
	struct text text;

	notes_print(text_open(&text), &single->notes);
	looks_print_races(text.out, &single->looks);
	if (single->captured)
		fputs(single->capture.text, text.out);
	return text_close(&text);
}

void cases_of_single(struct cases *cases, const struct single *single, char *const *program,
		     enum status status, const char *replay)
{
	*cases = (struct cases){.program = program_text(program), .report = single_report(single)};
	if (single->captured && status == STATUS_FAILURE &&
	    verdict_is_failure(single->capture.verdict))
		add_capture(cases, &single->capture, replay);
	for (size_t i = 0; i < single->looks.race_count && status == STATUS_FAILURE; i++)
		add_race(cases, single->looks.races[i], replay);
	if (cases->count)
		return;
	if (status == STATUS_FAILURE)
		add_unseen(cases, replay);
	else
		add_rest(cases, status,
			 status == STATUS_DIVERGED ? "the replay went another way than its trace"
						   : "the program was interrupted");
}

void cases_of_error(struct cases *cases, char *const *program, const char *error)
{
	struct test_case *added;

	*cases = (struct cases){.program = program_text(program), .report = copy(error)};
	added = add(cases, CASE_UNDECIDED, "unable");
	added->message = copy(error);
	finish(cases, added, "");
}

size_t cases_count(const struct cases *cases, enum case_state state)
{
	size_t count = 0;

	for (size_t i = 0; i < cases->count; i++)
		count += cases->items[i].state == state;
	return count;
}

void cases_free(struct cases *cases)
{
	for (size_t i = 0; i < cases->count; i++) {
		struct test_case *item = &cases->items[i];
		char *fields[] = {item->name, item->kind, item->message, item->source,
				  item->with, item->text, item->replay};

		for (size_t k = 0; k < sizeof(fields) / sizeof(*fields); k++)
			free(fields[k]);
	}
	free(cases->items);
	free(cases->program);
	free(cases->report);
	*cases = (struct cases){.count = 0};
}
