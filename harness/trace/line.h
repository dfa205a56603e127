/* line.h - one event line of a trace, both ways. */
#ifndef HEDDLE_TRACE_LINE_H
#define HEDDLE_TRACE_LINE_H

#include "base/error.h"
#include "trace/trace.h"

/* More would be no trace of a program but a mangled number. */
#define LINE_THREADS_MAX (1u << 20)

/* Reads `line`, which is taken apart: the texts of `event` lie in it. Returns 0, or -1 with
 * `error`. */
int line_parse(char *line, struct trace_event *event, struct error *error);

/* A decimal number of up to 64 bits and nothing else. */
bool line_number(const char *text, uint64_t *number);

/* `text`, made fit to be quoted in a message: printable and short. Kept in `buffer`. */
#define LINE_QUOTE_MAX 48
const char *line_quote(const char *text, char buffer[LINE_QUOTE_MAX]);

#endif
