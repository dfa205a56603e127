/* entropy.h - random bytes for the program: from the seed, so that a run can be repeated. */
#ifndef HEDDLE_SESSION_ENTROPY_H
#define HEDDLE_SESSION_ENTROPY_H

#include <stddef.h>

/* Fills `bytes` bytes at `at`: a function of the seed and of how often the execution has asked. */
void entropy_fill(void *at, size_t bytes);

#endif
