/* needed.h - the shared libraries that a program is started with. */
#ifndef HEDDLE_CLI_NEEDED_H
#define HEDDLE_CLI_NEEDED_H

#include <stddef.h>

#define NEEDED_MAX 128

struct needed {
	char *paths[NEEDED_MAX]; /* in the order in which symbols are looked for */
	size_t count;
};

/* Asks the dynamic linker. Nothing of the program itself is executed. An empty list where it does
 * not say. */
void needed_find(struct needed *needed, const char *executable);
void needed_free(struct needed *needed);

/* The last part of a path. */
const char *needed_name(const char *path);

#endif
