/* pattern.h - what folded events of one thread do, in a few words:
 *
 *	3 × { lock M1, counter → n, counter n → n+1, unlock M1 } n from 0 to 2
 *
 * A value that is the same in every round stands as it is; one that is not is a letter, or a letter
 * and a number where it always differs from another one by that. An index that changes is `i`.
 */
#ifndef HEDDLE_REPORT_PATTERN_H
#define HEDDLE_REPORT_PATTERN_H

#include "report/fold.h"
#include "trace/store.h"

#include <stdbool.h>
#include <stddef.h>

/* Words to be set with a space between, on one line or on several. */
struct pattern {
	const char **parts;
	size_t count;
	struct trace_store *texts;
	bool utf8;
};

void pattern_init(struct pattern *pattern, bool utf8);
void pattern_free(struct pattern *pattern);

/* Adds `count` events, by index, that repeat every `period`. */
void pattern_add_loop(struct pattern *pattern, const struct trace *trace, const size_t *events,
		      size_t count, size_t period);

/* Adds events of one thread, their loops folded, and only the first few of what that gives. */
void pattern_add_events(struct pattern *pattern, const struct fold *fold, const size_t *events,
			size_t count);

/* Columns when it is all on one line. */
size_t pattern_width(const struct pattern *pattern);

/* Puts as many parts as go into `width` columns, but at least one, from `*next` on into `line`,
 * and moves `*next` on. False when there is none left. Lines after the first are indented. */
bool pattern_line(const struct pattern *pattern, size_t *next, size_t width, char *line,
		  size_t size);

#endif
