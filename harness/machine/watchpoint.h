/* watchpoint.h - the processor tells when the program has accessed some bytes.
 *
 * By the kernel's breakpoint events with a synchronous signal (Linux 5.13,
 * perf_event_open(2): PERF_TYPE_BREAKPOINT, sigtrap). The signal comes right after the access.
 * The processor has four of them, each for 1, 2, 4 or 8 bytes at a multiple of that. What the
 * kernel accesses for a system call is not seen. Forked children have them, too.
 */
#ifndef HEDDLE_MACHINE_WATCHPOINT_H
#define HEDDLE_MACHINE_WATCHPOINT_H

#include <signal.h>
#include <stdbool.h>

#define WATCHPOINTS_MAX 4

/* Watches them. Call on the carrier. Returns 0, or the number of the kernel's error. */
int watchpoint_set(unsigned long address, unsigned long bytes);

/* True for a signal that tells of an access. */
bool watchpoint_is_reason(const siginfo_t *info);

#endif
