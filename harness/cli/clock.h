/* clock.h - real time and processor time, in seconds. */
#ifndef HEDDLE_CLI_CLOCK_H
#define HEDDLE_CLI_CLOCK_H

#include <stdbool.h>
#include <sys/types.h>

/* Seconds since some fixed moment. */
double clock_now(void);

/* The processor time that the process has used, and whether it is waiting for something right now.
 * Returns false when the process has ended. */
bool clock_of_process(pid_t pid, double *used_s, bool *waits);

#endif
