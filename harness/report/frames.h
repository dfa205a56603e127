/* frames.h - the threads of a report: their labels and their stacks. */
#ifndef HEDDLE_REPORT_FRAMES_H
#define HEDDLE_REPORT_FRAMES_H

#include "report/symbols.h"
#include "model/op.h"
#include "session/shared.h"

#include <stddef.h>
#include <stdio.h>

#define FRAMES_LABEL_MAX 128

/* How many threads the report describes, of those that there are. */
uint32_t frames_threads(const struct report *report);

/* The thread with that number, or null. */
const struct thread_report *frames_thread(const struct report *report, int64_t number);

/* The thread at fault; for a deadlock the first of those that wait for each other, or that waits
 * for something. Null where there is none. */
const struct thread_report *frames_culprit(const struct report *report);

/* The innermost place of the thread's stack that is not in the C library or its like, or null. */
const struct place *frames_first(struct symbols *symbols, const struct thread_report *thread);

/* "T1 transfer", "T1 transfer \"worker\"", "T0 main". Kept in `label`. */
const char *frames_label(struct symbols *symbols, const struct thread_report *thread,
			 char label[FRAMES_LABEL_MAX]);

/* Prints the thread's label and stack, a line for each frame. Nothing when there is but one: the
 * line about the thread has it. */
void frames_print(FILE *out, struct symbols *symbols, const struct thread_report *thread);

#endif
