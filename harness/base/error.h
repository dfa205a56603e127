/* error.h - one operating error in words: no such file, a mangled trace, a target that cannot be
 * run.
 *
 * Whoever meets the trouble says what it found; each caller on the way out puts in front what it
 * was trying to do, so that the text reads from the outside in: "cannot read `x.trace`: line 7:
 * ...". All functions accept a null `error`.
 */
#ifndef HEDDLE_BASE_ERROR_H
#define HEDDLE_BASE_ERROR_H

struct error {
	char text[512]; /* a sentence without a full stop; longer ones are cut */
};

/* Replaces the text. Returns -1, so that a caller can return it. */
int error_set(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts words and ": " in front of the text. Returns -1. */
int error_wrap(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
