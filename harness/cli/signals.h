/* signals.h - the signals by which a user ends the command, as something that can be polled. */
#ifndef HEDDLE_CLI_SIGNALS_H
#define HEDDLE_CLI_SIGNALS_H

#include <signal.h>

/* Blocks SIGINT, SIGTERM and SIGHUP, stores the mask as it was before in `*before`, and returns a
 * descriptor that is readable when one has come; -1 when there is none. */
int signals_open(sigset_t *before);

/* The next signal that has come, or 0. Never waits. */
int signals_next(int fd);

#endif
