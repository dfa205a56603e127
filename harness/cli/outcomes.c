#include "cli/outcomes.h"
#include "cli/board.h"
#include "cli/say.h"
#include "report/verdict.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *grade_word(enum grade grade)
{
	static const char *const words[] = {
		[GRADE_NONE] = "",
		[GRADE_ACCEPTABLE] = "acceptable",
		[GRADE_INTERESTING] = "interesting",
		[GRADE_FORBIDDEN] = "forbidden",
	};

	return words[grade];
}

static struct shared_result *result_of(struct shared *shared, uint64_t signature)
{
	for (uint32_t i = 0; i < SHARED_RESULTS_ROOM; i++)
		if (shared->results[i].signature == signature)
			return &shared->results[i];
	return NULL;
}

static void keep(struct search *search, struct capture *capture)
{
	struct shared_result *result = result_of(search->shared, capture->signature);
	struct finding *finding;
	struct error error;

	/* Another worker was quicker. */
	if (result && !result->traced && search->shared->results_traced >= SHARED_RESULTS_TRACED) {
		capture_free(capture);
		return;
	}
	finding = findings_add(&search->results, capture, false);
	if (!finding)
		return;
	if (findings_write(&search->results, finding, search->options->out_dir,
			   search->options->program[0], &error) != 0)
		say("%s", error.text);
	if (!result)
		return;
	result->execution = finding->capture.execution;
	search->shared->results_traced += !result->traced;
	__atomic_store_n(&result->traced, 1, __ATOMIC_RELEASE);
}

void outcomes_take(struct search *search, struct worker *worker)
{
	struct looks *looks = &search->looks[worker->launch.index];
	struct capture capture;

	/* It is only listed. */
	if (!worker->slot->outcome_signature ||
	    worker->slot->report.signature != worker->slot->outcome_signature) {
		looks_clear(looks);
		return;
	}
	capture_take(&capture, &search->origin, worker, looks, 0);
	points_to_trace(&search->origin.points, search->shared, &capture.trace);
	looks_clear(looks);
	/* Killed while it was read, so what was read may be anything: its successor reports again.
	 */
	if (worker_stands(worker))
		keep(search, &capture);
	else
		capture_free(&capture);
}

/* ---- rows */

static struct outcome *row_add(struct outcomes *outcomes, enum outcome_kind kind, char *text,
			       uint64_t count)
{
	struct outcome *row;

	outcomes->rows =
		must_have(realloc(outcomes->rows, (outcomes->count + 1) * sizeof(*outcomes->rows)));
	row = &outcomes->rows[outcomes->count++];
	*row = (struct outcome){.kind = kind, .text = must_have(text), .count = count};
	return row;
}

static enum grade grade_of(const struct shared *shared, const char *text)
{
	const struct expectation *expected =
		expectation_find(shared->expected, shared->expected_count, text);

	return expected ? (enum grade)expected->grade : GRADE_NONE;
}

/* A trace of an earlier part of the search lies where this one would write it. */
static char *path_of(const struct search *search, const struct shared_result *result)
{
	const struct finding *finding = findings_find(&search->results, result->signature);
	char *path;

	if (!finding)
		finding = findings_find(&search->findings, result->signature);
	if (finding)
		return finding->path ? must_have(strdup(finding->path)) : NULL;
	if (!result->traced)
		return NULL;
	path = findings_path(search->options->out_dir, search->options->program[0],
			     result->signature);
	if (access(path, R_OK) == 0)
		return path;
	free(path);
	return NULL;
}

static void said_add(struct outcomes *outcomes, const struct search *search)
{
	const struct shared *shared = search->shared;

	for (uint32_t i = 0; i < SHARED_RESULTS_ROOM; i++) {
		const struct shared_result *result = &shared->results[i];
		uint64_t count = board_result(shared, i);
		struct outcome *row;

		if (result->signature <= SHARED_RESULT_ASSUMED || (!count && !result->traced))
			continue;
		row = row_add(outcomes, OUTCOME_SAID, strdup(result->text), count);
		row->grade = grade_of(shared, result->text);
		row->path = path_of(search, result);
		outcomes->untraced += !row->path;
	}
	outcomes->others = board_result(shared, SHARED_RESULTS_ROOM);
}

static void failures_add(struct outcomes *outcomes, const struct search *search)
{
	for (size_t i = 0; i < search->findings.count; i++) {
		const struct finding *finding = &search->findings.items[i];
		const struct capture *capture = &finding->capture;
		struct outcome *row;
		char *text;

		if (!search_is_failure(search, finding) || capture->verdict == VERDICT_FORBIDDEN)
			continue;
		if (asprintf(&text, "%s%s%s", verdict_word(capture->verdict),
			     *capture->where ? " at " : "", capture->where) < 0)
			text = NULL;
		row = row_add(outcomes, OUTCOME_FAILURE, text, finding->count);
		row->path = finding->path ? must_have(strdup(finding->path)) : NULL;
	}
}

static int compare(const void *a, const void *b)
{
	const struct outcome *first = a, *second = b;
	int order;

	if (first->kind != second->kind)
		return first->kind < second->kind ? -1 : 1;
	order = strverscmp(first->text, second->text);
	if (order)
		return order;
	return (first->count < second->count) - (first->count > second->count);
}

/* Those of which nothing is known. */
static void silent_add(struct outcomes *outcomes, const struct search *search)
{
	uint64_t known = outcomes->assumed + outcomes->others,
		 executions = search_executions(search);

	for (size_t i = 0; i < outcomes->count; i++)
		known += outcomes->rows[i].count;
	if (executions > known && outcomes->are_counted)
		row_add(outcomes, OUTCOME_SILENT, strdup("no outcome"), executions - known);
}

static void shares_fill(struct outcomes *outcomes)
{
	uint64_t sum = outcomes->others;

	for (size_t i = 0; i < outcomes->count; i++)
		sum += outcomes->rows[i].count;
	for (size_t i = 0; i < outcomes->count && sum; i++)
		outcomes->rows[i].share = (double)outcomes->rows[i].count / (double)sum;
}

/* Whether some outcome is one of those, and of none that is declared more closely. */
static bool is_reached(const struct outcomes *outcomes, const struct shared *shared,
		       const struct expectation *expected)
{
	for (size_t i = 0; i < outcomes->count; i++) {
		const struct expectation *found;

		if (outcomes->rows[i].kind != OUTCOME_SAID)
			continue;
		found = expectation_find(shared->expected, shared->expected_count,
					 outcomes->rows[i].text);
		if (found && !strcmp(found->text, expected->text))
			return true;
	}
	return false;
}

/* The same text is declared more strictly. */
static bool is_overruled(const struct shared *shared, const struct expectation *expected)
{
	for (uint32_t i = 0; i < shared->expected_count; i++)
		if (!strcmp(shared->expected[i].text, expected->text) &&
		    shared->expected[i].grade > expected->grade)
			return true;
	return false;
}

static int compare_unreached(const void *a, const void *b)
{
	const struct outcome_unreached *first = a, *second = b;

	return strverscmp(first->text, second->text);
}

static void unreached_find(struct outcomes *outcomes, const struct shared *shared)
{
	for (uint32_t i = 0; i < shared->expected_count && i < SHARED_EXPECTED_MAX; i++) {
		const struct expectation *expected = &shared->expected[i];

		if (is_reached(outcomes, shared, expected) || is_overruled(shared, expected))
			continue;
		outcomes->unreached[outcomes->unreached_count++] = (struct outcome_unreached){
			.text = expected->text, .grade = (enum grade)expected->grade};
	}
	qsort(outcomes->unreached, outcomes->unreached_count, sizeof(*outcomes->unreached),
	      compare_unreached);
}

uint64_t outcomes_assumed(const struct search *search)
{
	for (uint32_t i = 0; i < SHARED_RESULTS_ROOM; i++)
		if (search->shared->results[i].signature == SHARED_RESULT_ASSUMED)
			return board_result(search->shared, i);
	return 0;
}

void outcomes_make(struct outcomes *outcomes, const struct search *search)
{
	const struct shared *shared = search->shared;

	*outcomes = (struct outcomes){
		.are_counted = search->reason != REASON_FAILURE,
		/* What other code does between its calls is in no particular order. */
		.are_unreachable = search_is_complete(search) && search->target.has_hooks,
		.assumed = outcomes_assumed(search),
	};
	said_add(outcomes, search);
	if (!outcomes->count && !outcomes->others && !shared->expected_count)
		return;
	failures_add(outcomes, search);
	silent_add(outcomes, search);
	qsort(outcomes->rows, outcomes->count, sizeof(*outcomes->rows), compare);
	shares_fill(outcomes);
	unreached_find(outcomes, shared);
	if (outcomes->others)
		outcomes->are_unreachable = false;
}

void outcomes_free(struct outcomes *outcomes)
{
	for (size_t i = 0; i < outcomes->count; i++) {
		free(outcomes->rows[i].text);
		free(outcomes->rows[i].path);
	}
	free(outcomes->rows);
}

bool outcomes_are_forbidden(const struct search *search)
{
	const struct shared *shared = search->shared;

	for (uint32_t i = 0; i < SHARED_RESULTS_ROOM; i++)
		if (shared->results[i].signature > SHARED_RESULT_ASSUMED &&
		    board_result(shared, i) &&
		    grade_of(shared, shared->results[i].text) == GRADE_FORBIDDEN)
			return true;
	return false;
}
