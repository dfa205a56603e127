/* strings.h - the C library's string functions, announced when instrumented code calls them. */
#ifndef HEDDLE_INTERCEPT_STRINGS_H
#define HEDDLE_INTERCEPT_STRINGS_H

#include <stddef.h>

/* The functions that all others here are made of, as the C library has them. To be called from
 * within the library, and not by their names: a call in tail position would leave the program's
 * address as the caller's. */
struct strings_real {
	void *(*memmove)(void *, const void *, size_t);
	void *(*memset)(void *, int, size_t);
	int (*memcmp)(const void *, const void *, size_t);
	void *(*memchr)(const void *, int, size_t);
	size_t (*strlen)(const char *);
	size_t (*strnlen)(const char *, size_t);
	int (*strcmp)(const char *, const char *);
	int (*strncmp)(const char *, const char *, size_t);
	char *(*strchr)(const char *, int);
	char *(*strrchr)(const char *, int);
	void *(*memcpy)(void *, const void *, size_t);
};

extern struct strings_real strings_real;

/* Finds the real functions. Until then simple loops stand in for them: the dynamic linker calls
 * them before anything else runs. Call once, from the library's constructor. */
void strings_init(void);

#endif
