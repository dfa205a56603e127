/* source.h - the lines of the source that a trace's places name, as far as they are still those
 * that its program was built from.
 *
 * A trace has paths relative to where the program was compiled. They are looked for from the
 * current folder and from that of the program upwards. Lines are only given where the program is
 * the one of the trace, and the file not newer.
 */
#ifndef HEDDLE_CLI_SOURCE_H
#define HEDDLE_CLI_SOURCE_H

#include "trace/trace.h"

#include <stdio.h>

struct source;

/* `trace` must outlive it. Never null. */
struct source *source_open(const struct trace *trace);
void source_close(struct source *source);

/* The line at a place, "counter.c:9", without the space around it; or null. Its signature is that
 * of a table's. */
const char *source_line(void *source, const char *place);

/* Says which files were not shown because they have changed. */
void source_notes(const struct source *source, FILE *out);

#endif
