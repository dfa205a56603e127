/* kernel.h - what becomes of the system calls that the program makes under a snapshot. */
#ifndef HEDDLE_SESSION_KERNEL_H
#define HEDDLE_SESSION_KERNEL_H

#include <ucontext.h>

/* Carries out or stands in for the call in `context`; one that would change what only the kernel
 * knows ends the execution with REQUEST_FORK. */
void kernel_call(ucontext_t *context);

/* A write found no room in the snapshot: the same. */
void kernel_snapshot_full(void) __attribute__((noreturn));

#endif
