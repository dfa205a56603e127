/* breakpoint.h - instructions of the program before which a function of ours is called.
 *
 * The first byte of each is replaced by a trap (int3). Where the program comes to it, it goes on in
 * breakpoint_enter (breakpoint.S), below what it has on its own stack, with all of its registers
 * kept; from there the function is called, as if the program had called it, and may switch to other
 * threads. Then the instruction itself is put back for as long as it is carried out in a single
 * step, in its place, so it need not be understood. Only one thread runs at a time, so nobody can
 * come by meanwhile.
 *
 * Knows nothing of what the instructions are for.
 */
#ifndef HEDDLE_MACHINE_BREAKPOINT_H
#define HEDDLE_MACHINE_BREAKPOINT_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <ucontext.h>

#define BREAKPOINTS_MAX 1024u

/* What a thread had when it came to a breakpoint. Lies on its stack. breakpoint.S knows where the
 * parts are. */
struct breakpoint_frame {
	unsigned char vectors[2816] __attribute__((aligned(64))); /* as XSAVE leaves it */
	greg_t registers[NGREG];
	bool is_detour; /* breakpoint_detour(): no instruction is to be carried out */
};

enum breakpoint_way {
	BREAKPOINT_PASS, /* as if it were not there */
	BREAKPOINT_CALL, /* `before` */
	BREAKPOINT_LIFT, /* the same as to pass; and it is not there until breakpoint_lower() */
};

struct breakpoint_handlers {
	/* In the signal's handler: what is to become of a thread that has come to `address`? */
	enum breakpoint_way (*way)(unsigned long address, ucontext_t *context);
	/* On the thread's stack. May switch; may change memory; not the registers. */
	void (*before)(unsigned long address, const struct breakpoint_frame *frame);
	/* The same after breakpoint_detour(). */
	void (*elsewhere)(unsigned long address);
};

/* Call once. */
void breakpoint_init(const struct breakpoint_handlers *handlers);

/* Sets one; true also where there is one. False where there is no room, or the kernel does not let
 * the code be written to. */
bool breakpoint_set(unsigned long address);
bool breakpoint_is_set(unsigned long address);

/* Takes one away. */
void breakpoint_clear(unsigned long address);

/* Puts back what has been lifted. */
void breakpoint_lower(void);

/* Sets again what a new execution finds without: for in the one before a thread was in the middle
 * of a step, or the memory was put back. */
void breakpoint_renew(void);

/* The bytes at `address` as they are without breakpoints: `room` of them, 0 for what is
 * not in memory. At least the first one is. */
void breakpoint_read(unsigned long address, unsigned char *bytes, unsigned room);

/* A SIGTRAP. True where a breakpoint was the reason; `*stepped` tells whether an instruction has
 * been carried out in a step. */
bool breakpoint_trap(const siginfo_t *info, ucontext_t *context, bool *stepped);

/* Makes the thread call `elsewhere` where it is, and then go on as if it had not. */
void breakpoint_detour(ucontext_t *context);

/* A thread is about to die, or to go elsewhere, in the middle of a step. */
void breakpoint_abandon(ucontext_t *context);

#endif
