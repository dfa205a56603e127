/* whole.h - a file that is there whole or not at all: a trace, a report for a machine.
 *
 * Under the wanted name there is the old file, or the whole new one: what is written goes into a
 * file beside it, which is renamed when all of it has been taken. Not flushed to the disk: what is
 * lost with the machine can be made again. What is no regular file (a pipe, a terminal) is written
 * to directly.
 */
#ifndef HEDDLE_TRACE_WHOLE_H
#define HEDDLE_TRACE_WHOLE_H

#include "base/error.h"

#include <stdio.h>

/* Writes what it is given to `out`. */
typedef void whole_print(FILE *out, const void *what);

/* Makes the file `path` of what `print` writes. Returns 0, or -1 with `error`, in which case
 * nothing has changed; what the file is for stands in front of it: "cannot write the trace `x`:
 * ...". */
int whole_write(const char *path, const char *what_for, whole_print *print, const void *what,
		struct error *error);

#endif
