/* cases.h - what a command has found out, as the test cases that reports for machines consist of:
 * the program as a whole, which passes or not, and one more for each failure and data race beyond
 * the first.
 *
 * So the name of the first case is the same from one time to the next, which is what a history of
 * tests goes by. What is said of a finding is what a person is told.
 */
#ifndef HEDDLE_CLI_CASES_H
#define HEDDLE_CLI_CASES_H

#include "cli/options.h"
#include "cli/search.h"
#include "cli/single.h"

#include <stddef.h>

enum case_state {
	CASE_PASSED,
	CASE_FAILED,
	CASE_UNDECIDED, /* nothing was found, but not all was done that was asked for */
};

/* No string is null. */
struct test_case {
	enum case_state state;
	char *name;    /* "./bank 3", "./bank 3: data race at bank.c:31" */
	char *kind;    /* "deadlock", "incomplete", ...; "" where it passed */
	char *message; /* one sentence; "" where it passed */
	char *source;  /* "src/bank.c:31" below the current folder, or "" */
	char *with;    /* of a data race: the other one */
	char *text;    /* the report for a person, and how to see it again */
	char *replay;  /* the command for that alone, or "" */
};

struct cases {
	struct test_case *items;
	size_t count;  /* at least 1 once they are made */
	char *program; /* with its arguments */
	char *report;  /* all that a person is told */
	double time_s;
	/* Of a search. */
	const struct search *search;
};

/* Of a search that has ended. It must outlive the cases. */
void cases_of_search(struct cases *cases, const struct search *search);

/* Of one execution: `status` is what the command ends with, `replay` the command that shows a
 * failure again. */
void cases_of_single(struct cases *cases, const struct single *single, char *const *program,
		     enum status status, const char *replay);

/* Of a program that could not be run: why. */
void cases_of_error(struct cases *cases, char *const *program, const char *error);

size_t cases_count(const struct cases *cases, enum case_state state);

void cases_free(struct cases *cases);

#endif
