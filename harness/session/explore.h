/* explore.h - many executions of one program in one process: from a snapshot, or in forked
 * children. */
#ifndef HEDDLE_SESSION_EXPLORE_H
#define HEDDLE_SESSION_EXPLORE_H

/* Runs the program to its first choice and then explores until no work is left. Called on the
 * carrier. */
void explore(void);

#endif
