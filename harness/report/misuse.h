/* misuse.h - the misuse of a synchronisation object, or of a thread's handle, in words: what was
 * done with it, and who did before what makes that a misuse. */
#ifndef HEDDLE_REPORT_MISUSE_H
#define HEDDLE_REPORT_MISUSE_H

#include "report/record.h"
#include "report/symbols.h"
#include "session/shared.h"

#include <stdio.h>

/* "T1 work unlocks the mutex `lock`, which T0 main holds". Kept in `buffer`. */
const char *misuse_message(const struct report *report, struct symbols *symbols, char *buffer,
			   size_t size);

/* "  T0 main holds M1 `lock` since prog.c:12", a line; nothing where that is all in the message.
 * `record` may be null. */
void misuse_print(FILE *out, const struct report *report, struct symbols *symbols,
		  struct record *record);

#endif
