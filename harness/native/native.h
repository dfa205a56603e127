/* native.h - a program that runs freely, on real threads: between the files of the library that is
 * preloaded into it. Outside of a run of `heddle native` it does nothing. */
#ifndef HEDDLE_NATIVE_NATIVE_H
#define HEDDLE_NATIVE_NATIVE_H

#include "native/board.h"

#include <stdint.h>

#define NATIVE_PUBLIC __attribute__((visibility("default")))

/* Null outside of a run. */
extern struct native_board *native_board;

/* Of the calling thread, in the order of creation. */
extern _Thread_local uint32_t native_thread;

/* A random number of the calling thread's own. */
uint64_t native_random(void);
/* They begin anew for a thread of that number. */
void native_random_begin(uint32_t thread);

/* Nanoseconds since some moment. */
uint64_t native_now(void);

/* Brings the page into memory and into this processor's reach. */
static inline void native_touch(const void *at)
{
	(void)*(const volatile char *)at;
}

/* Now and then the calling thread loses some time. */
void native_delay(void);

#endif
