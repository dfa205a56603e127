/* looks.h - what was seen where a program stood still at an access that races: the stack of the
 * first access, until the second is reached, and the races of a program that went on. */
#ifndef HEDDLE_CLI_LOOKS_H
#define HEDDLE_CLI_LOOKS_H

#include "cli/worker.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The stack of a thread at an access, or at the allocation or free of a block (`what` is then
 * LOOK_BLOCK, and `event` its number), as text. */
struct look {
	enum report_look what;
	uint32_t thread, event;
	char *stack;
};

struct looks {
	struct look *items;
	size_t count;
	/* Races in words, as they are printed. */
	char **races;
	size_t race_count;
};

/* Takes a look from a worker that stands still for one; events as for capture_take(). */
void looks_take(struct looks *looks, const struct worker *worker, uint64_t first);

/* The stack of the first access of the report's race, or null. */
const char *looks_first_stack(const struct looks *looks, const struct report *report);

/* That of who allocated or freed a block, or null. */
const char *looks_block_stack(const struct looks *looks, const struct site_report *site);

/* Forgets the stacks, but no race. */
void looks_clear(struct looks *looks);
void looks_free(struct looks *looks);

void looks_print_races(FILE *out, const struct looks *looks);

#endif
