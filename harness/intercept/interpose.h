/* interpose.h - marks a function that takes the place of the C library's or the compiler runtime's.
 * All else in the library is hidden. */
#ifndef HEDDLE_INTERCEPT_INTERPOSE_H
#define HEDDLE_INTERCEPT_INTERPOSE_H

#include <errno.h>

#define INTERPOSE __attribute__((visibility("default")))

/* For functions that give their error in errno. */
static inline int as_errno(int error)
{
	if (!error)
		return 0;
	errno = error;
	return -1;
}

#endif
