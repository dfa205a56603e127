/* list.h - all interleavings of a small program, side by side: `heddle explore --strategy dfs
 * --list`.
 *
 * A column for each, with the events that others can see: one that touches what no two threads
 * share, or what nobody writes, is left out.
 */
#ifndef HEDDLE_CLI_LIST_H
#define HEDDLE_CLI_LIST_H

#include "cli/capture.h"
#include "session/shared.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* So many are listed. */
#define LIST_MAX 40u

/* An interleaving. */
struct listed {
	struct trace trace;
	char *end;	     /* the outcome, the failure, or "passed" */
	uint32_t generation; /* of the search in which it was executed */
};

struct list {
	struct listed *items;
	size_t count;
};

/* The worker reports an execution: takes it up. */
void list_take(struct list *list, const struct origin *origin, const struct worker *worker);

/* Prints the list; `executions` is how many there were. */
void list_print(FILE *out, const struct list *list, const struct shared *shared,
		uint64_t executions);

void list_free(struct list *list);

#endif
