/* words.h - the command line that does what heddle_explore() was asked for. Knows the public
 * options, and how the command calls them. */
#ifndef HEDDLE_EMBED_WORDS_H
#define HEDDLE_EMBED_WORDS_H

#include "heddle.h"

#include <stddef.h>

/* Ended by a null pointer. */
struct words {
	char **list;
	size_t count;
};

/* `command explore OPTIONS -- THIS-PROGRAM ARGUMENTS`. Free with words_free(). */
void words_explore(struct words *words, const char *command, const heddle_options_t *options);

/* `command replay TRACE`. */
void words_replay(struct words *words, const char *command, const char *trace);

void words_free(struct words *words);

#endif
