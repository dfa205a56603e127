/* held.h - which locks a thread holds at a point of a recording. */
#ifndef HEDDLE_REPORT_HELD_H
#define HEDDLE_REPORT_HELD_H

#include "report/record.h"

#include <stdio.h>

/* Writes "holds no lock", or "holds M1 `lock` (prog.c:18) and R1 (prog.c:20)": what `thread` holds
 * before event `event` of the recording, in the order in which it was taken. */
void held_print(FILE *out, struct record *record, uint32_t thread, size_t event);

#endif
