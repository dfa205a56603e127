/* waits.h - the waits of a recording that ended because the time was over: what comes after that is
 * hard to understand for who does not know it. */
#ifndef HEDDLE_REPORT_WAITS_H
#define HEDDLE_REPORT_WAITS_H

#include "report/record.h"

#include <stdio.h>

/* A line for each of the last few, "  T1 ask's wait for C1 `answered` timed out (prog.c:27)";
 * nothing where there is none. */
void waits_print(FILE *out, const struct report *report, struct record *record);

#endif
