/* rseq.h - restartable sequences, which the C library has the kernel keep for each thread
 * (rseq(2)). */
#ifndef HEDDLE_MACHINE_RSEQ_H
#define HEDDLE_MACHINE_RSEQ_H

#include <stdbool.h>

/* Ends that for the calling thread: the kernel would write to its control block at any time, which
 * a snapshot cannot have. Threads that it creates from then on do not begin with it. False where
 * that cannot be done. */
bool rseq_leave(void);

#endif
