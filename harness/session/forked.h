/* forked.h - executions in forked children, for programs that change what only the kernel knows. */
#ifndef HEDDLE_SESSION_FORKED_H
#define HEDDLE_SESSION_FORKED_H

#include <stdint.h>

/* Remembers where the program's files stand. */
void forked_init(void);

/* Carries out execution `index` in a child and waits for it. The verdict is in the report, the path
 * of a depth-first search in session.dfs. When recording, the child hands its report over to the
 * command itself. */
void forked_execute(uint64_t index);

/* Starts an execution: policy, sharing, recording. Defined in explore.c. */
void execution_begin(uint64_t index);

#endif
