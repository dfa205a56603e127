/* text.h - puts a message together in a buffer of fixed size, without the C library: usable in a
 * signal handler and on a borrowed stack. What does not fit is left out; the buffer always ends in
 * a NUL. */
#ifndef HEDDLE_BASE_TEXT_H
#define HEDDLE_BASE_TEXT_H

#include <stddef.h>

struct text {
	char *buffer;
	size_t size, length;
};

/* A text over `size` bytes (at least 1) at `buffer`, empty at first. */
struct text text_over(char *buffer, size_t size);
void text_add(struct text *text, const char *words);
void text_add_number(struct text *text, unsigned long number);

#endif
