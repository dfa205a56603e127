/* store.h - the texts of a trace: equal ones are kept once, all are freed together. And growing
 * arrays. Memory that runs out ends the process with a message: nothing in the command can go on
 * without it. */
#ifndef HEDDLE_TRACE_STORE_H
#define HEDDLE_TRACE_STORE_H

#include <stddef.h>

struct trace_store;

struct trace_store *store_new(void);
void store_free(struct trace_store *store);

/* A copy of `text` that lives as long as the store; equal texts give the same pointer. */
const char *store_intern(struct trace_store *store, const char *text);

/* `array` of `count` elements of `size` bytes with room for at least one more, perhaps moved.
 * Requires: every element was added after a call of this. */
void *store_room(void *array, size_t count, size_t size);

#endif
