/* tick.h - a signal from time to time, by which the carrier looks at what it is doing. */
#ifndef HEDDLE_MACHINE_TICK_H
#define HEDDLE_MACHINE_TICK_H

#include <stdint.h>

/* Processor time between two ticks, as exactly as the kernel counts that. A thread that waits in
 * the kernel gets none, so no system call is interrupted but one that has only just begun. */
#define TICK_NS 4000000l

/* The calling thread gets ticks from now on: the handler's `tick` (machine/trap.h) is called. A
 * forked process has none before it calls this itself. */
void tick_start(void);

/* How many there have been, whoever got them. */
uint32_t tick_count(void);

/* One has come. */
void tick_add(void);

#endif
