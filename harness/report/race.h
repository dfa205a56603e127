/* race.h - a data race in words.
 *
 *	heddle: data race: T1 add and T2 add access `counter` (4 bytes) with nothing ...
 *	  T1 add  writes at counter.c:20 in add, holds no lock
 *	  T2 add  reads at counter.c:19 in add, holds M1 `lock` (counter.c:18)
 *	  stack of T1 add:
 *	  ...
 *
 * Of a report whose process still stands at the second access; the first thread has gone on, so its
 * stack was taken when it stood there.
 */
#ifndef HEDDLE_REPORT_RACE_H
#define HEDDLE_REPORT_RACE_H

#include "report/record.h"
#include "report/symbols.h"
#include "session/shared.h"

#include <stdio.h>

/* The sentence, without "heddle: data race: ". Kept in `buffer`. */
const char *race_message(const struct report *report, struct symbols *symbols, char *buffer,
			 size_t size);

/* Where the first access is; "" where that is not known. */
const char *race_first_place(const struct report *report, struct symbols *symbols);

/* The stack of the report's thread, as race_print() wants it for the first. */
void race_stack_print(FILE *out, const struct report *report, struct symbols *symbols);

/* Prints the whole. `record` may be null, or empty: then nothing is said of locks. `first_stack` is
 * text, or null where nobody stood there. */
void race_print(FILE *out, const struct report *report, struct symbols *symbols,
		struct record *record, const char *first_stack);

#endif
