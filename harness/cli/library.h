/* library.h - where the parts are that the command puts into programs. */
#ifndef HEDDLE_CLI_LIBRARY_H
#define HEDDLE_CLI_LIBRARY_H

#include "base/error.h"

#define LIBRARY_PATH_MAX 4096

struct library {
	char heddle[LIBRARY_PATH_MAX]; /* libheddle.so */
	char tsan[LIBRARY_PATH_MAX];   /* the empty libtsan.so.2 */
	char native[LIBRARY_PATH_MAX]; /* libheddle_native.so */
};

/* Looks beside the command itself: in the build folder, or in PREFIX/lib of PREFIX/bin. Returns 0,
 * or -1 with `error`. */
int library_find(struct library *library, struct error *error);

#endif
