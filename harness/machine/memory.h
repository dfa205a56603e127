/* memory.h - memory that belongs to heddle and not to the program: never part of a snapshot. Never
 * given back: heddle's own tables only grow. Zero-filled; page-aligned. */
#ifndef HEDDLE_MACHINE_MEMORY_H
#define HEDDLE_MACHINE_MEMORY_H

#include <stddef.h>

/* Reserves `bytes` (rounded up to pages), backed when touched. Ends the process where the kernel
 * refuses. */
void *memory_reserve(size_t bytes);

/* The same, for what a forked execution never looks at; from memory_keep_from_children() on it is
 * not there in one. */
void *memory_reserve_for_parent(size_t bytes);
void memory_keep_from_children(void);

/* The same, shared with forked executions. */
void *memory_reserve_shared(size_t bytes);

/* Maps `bytes` of the file `fd` from its beginning, shared. Null where the kernel refuses. */
void *memory_map_file(int fd, size_t bytes);

/* As the C library's, but never calls what the program could have put in their place. */
void memory_copy(void *to, const void *from, size_t bytes);
void memory_zero(void *at, size_t bytes);

#endif
