/* outcomes.h - what the executions of a search ended with, in the program's words: one row for each
 * distinct outcome, failures among them, and what was declared and did not come.
 *
 * The workers count (session/results.h). Here the numbers become a table; and one execution of each
 * outcome becomes a trace.
 */
#ifndef HEDDLE_CLI_OUTCOMES_H
#define HEDDLE_CLI_OUTCOMES_H

#include "base/expectation.h"
#include "cli/search.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum outcome_kind {
	OUTCOME_SAID,	 /* by the program */
	OUTCOME_FAILURE, /* "assertion at counter.c:31" */
	OUTCOME_SILENT,	 /* it passed, and said nothing */
};

struct outcome {
	enum outcome_kind kind;
	char *text;
	uint64_t count; /* executions, or classes */
	double share;	/* of those that were not assumed away */
	enum grade grade;
	char *path; /* of a trace; null where there is none */
};

/* A declared outcome that is not there. */
struct outcome_unreached {
	const char *text;
	enum grade grade;
};

struct outcomes {
	struct outcome *rows;
	size_t count;
	struct outcome_unreached unreached[SHARED_EXPECTED_MAX];
	size_t unreached_count;
	bool are_unreachable; /* all that can be was executed */
	bool are_counted; /* the numbers do not depend on how far the workers were when it stopped
			   */
	uint64_t assumed; /* executions of no interest */
	uint64_t others;  /* with outcomes beyond the number that are told apart */
	size_t untraced;  /* outcomes without a trace */
};

/* The worker reports a passed execution, the first with its outcome. */
void outcomes_take(struct search *search, struct worker *worker);

/* Makes the table. No rows, and nothing unreached, where the program says nothing of outcomes. Free
 * with outcomes_free(). */
void outcomes_make(struct outcomes *outcomes, const struct search *search);
void outcomes_free(struct outcomes *outcomes);

/* How many executions the program was not interested in. */
uint64_t outcomes_assumed(const struct search *search);

/* Whether one of them is forbidden by what the program has declared. */
bool outcomes_are_forbidden(const struct search *search);

/* "acceptable", "interesting", "forbidden"; "" for none. */
const char *grade_word(enum grade grade);

#endif
