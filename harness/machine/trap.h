/* trap.h - the signals by which the kernel tells of faults and, under a snapshot, of the program's
 * system calls.
 *
 * System calls are caught by syscall user dispatch (Linux 5.11,
 * Documentation/admin-guide/syscall-user-dispatch.rst): each one that the program or the C library
 * makes on the carrier while `trap_selector` is TRAP_BLOCK arrives as SIGSYS before it is carried
 * out; those of machine/syscall.S pass. It costs 1.5 us, so it is on only where a snapshot needs
 * it.
 */
#ifndef HEDDLE_MACHINE_TRAP_H
#define HEDDLE_MACHINE_TRAP_H

#include <signal.h>
#include <stdbool.h>
#include <ucontext.h>

struct trap_handlers {
	/* A fatal signal that is the program's own doing. May return to have the instruction tried
	 * again. */
	void (*fault)(int signal, const siginfo_t *info, ucontext_t *context);
	/* A SIGTRAP. False where it is a fatal signal like the others. */
	bool (*trap)(const siginfo_t *info, ucontext_t *context);
	/* A system call of the program: `context` has number and arguments in the kernel's
	 * registers; the handler puts the result in RAX. */
	void (*system_call)(ucontext_t *context);
	/* The command asks where the program is. */
	void (*stuck)(ucontext_t *context);
	/* Some time has passed: machine/tick.h. */
	void (*tick)(ucontext_t *context);
};

/* The signal by which the command asks a program that does not come to a scheduling point where it
 * is: SIGRTMIN + 8. Also that of the ticks. */
#define TRAP_STUCK_SIGNAL 42

/* Installs the handlers, on a stack of their own. `handlers` stays valid. */
void trap_init(const struct trap_handlers *handlers);

/* True for the signals that heddle keeps for itself; all of them, a bit for each. */
bool trap_owns(int signal);
unsigned long trap_owned(void);

/* Starts catching the calling thread's system calls. False where the kernel cannot. */
bool trap_system_calls(void);
void trap_system_calls_end(void);

#define TRAP_ALLOW 0
#define TRAP_BLOCK 1
extern volatile char trap_selector;

#endif
