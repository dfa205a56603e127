/* announced.h - the string functions as instrumented code calls them: each access is announced and
 * then carried out.
 *
 * The others may run at each announcement. So what a function has read is taken over before it
 * announces what it writes or reads next, and a text is measured again when its announcement
 * returns. Long ones go in pieces: between two of them the others may run too, as they may in the
 * middle of a real memcpy. Results are the C library's. `pc` is where the program called from.
 */
#ifndef HEDDLE_INTERCEPT_ANNOUNCED_H
#define HEDDLE_INTERCEPT_ANNOUNCED_H

#include <stddef.h>

/* memmove(), and so memcpy(). */
void *announced_move(void *to, const void *from, size_t bytes, const void *pc);
void *announced_set(void *at, int byte, size_t bytes, const void *pc);
int announced_compare(const void *a, const void *b, size_t bytes, const void *pc);
void *announced_find(const void *at, int byte, size_t bytes, const void *pc);

/* strnlen(); strlen() with SIZE_MAX. */
size_t announced_length(const char *text, size_t most, const void *pc);

/* strncmp(); strcmp() with SIZE_MAX. */
int announced_text_compare(const char *a, const char *b, size_t most, const void *pc);
char *announced_text_find(const char *text, int character, const void *pc);
char *announced_text_find_last(const char *text, int character, const void *pc);

/* Copies `from` with its end, but not more than `most` bytes. Returns where in `to` the end is, or
 * to + most when there is none among them. */
char *announced_text_copy(char *to, const char *from, size_t most, const void *pc);

/* stpncpy(): fills up with zeros. */
char *announced_text_copy_padded(char *to, const char *from, size_t bytes, const void *pc);

/* strncat(); strcat() with SIZE_MAX. */
char *announced_text_append(char *to, const char *from, size_t most, const void *pc);

/* strndup(); strdup() with SIZE_MAX - 1. */
char *announced_text_duplicate(const char *text, size_t most, const void *pc);

#endif
