/* interpose.h - marks a function that takes the place of the C library's or the compiler runtime's.
 * All else in the library is hidden. */
#ifndef HEDDLE_INTERCEPT_INTERPOSE_H
#define HEDDLE_INTERCEPT_INTERPOSE_H

#define INTERPOSE __attribute__((visibility("default")))

#endif
