/* board.h - the memory in which a program that runs freely tells `heddle native` how it ended.
 *
 * The command makes it (a memfd), clears it before each run, and starts the program with
 * HEDDLE_NATIVE="FD:PROCESSORS" in its environment and libheddle_native.so preloaded. The library
 * takes both out of the environment again.
 */
#ifndef HEDDLE_NATIVE_BOARD_H
#define HEDDLE_NATIVE_BOARD_H

#include "base/expectation.h"

#include <stdint.h>

#define NATIVE_ENV	    "HEDDLE_NATIVE"
#define NATIVE_PIECES_MAX   64
#define NATIVE_EXPECTED_MAX 64
#define NATIVE_WHERE_BYTES  128

/* A part of the outcome. */
struct native_piece {
	uint32_t thread; /* in the order of creation; 0: main */
	uint32_t is_there;
	char text[OUTCOME_BYTES];
};

struct native_board {
	uint64_t seed;	      /* of the delays of this run: the command */
	uint32_t assumed;     /* the program is not interested in this run */
	uint32_t asserted;    /* an assertion has failed, at `where` */
	uint32_t piece_count; /* also of those that there was no room for */
	uint32_t threads;     /* created so far */
	uint32_t lock;	      /* of what is declared: 1 while held */
	uint32_t expected_count, expected_full;
	char where[NATIVE_WHERE_BYTES]; /* "counter.c:31" */
	struct native_piece pieces[NATIVE_PIECES_MAX];
	/* Kept from run to run. */
	struct expectation expected[NATIVE_EXPECTED_MAX];
};

#endif
