/*
 * fault.c - the thread that a fatal signal has stopped announces the end of the process.
 *
 * Why announce it: an end is an event that depends on everything, and a reduced search has to tell
 * it from the operation before, which may end nothing where it comes at another time
 * (session/verdict.c). The handler cannot wait for its turn, for all threads share its stack. So it
 * returns to a function that goes on below what the thread has on its own stack.
 *
 * Only where the thread was in the program's own code, and has a stack left: in the middle of the C
 * library it may hold a lock that is not modelled, for which the others would wait for ever.
 */
#include "session/fault.h"

#include "machine/fiber.h"
#include "machine/memory.h"
#include "machine/probe.h"
#include "session/module.h"
#include "session/session.h"
#include "session/verdict.h"

#define RED_ZONE_BYTES 128ul
/* For the steps until another thread goes. */
#define STACK_LEFT_BYTES (32ul << 10)
#define DIRECTION_FLAG	 (1ll << 10)

struct fault {
	int signal;
	siginfo_t info;
	ucontext_t context;
};

static void go_on(const struct fault *fault) __attribute__((noreturn));
static void go_on(const struct fault *fault)
{
	verdict_announce(OP_ABORT, (const void *)fault->context.uc_mcontext.gregs[REG_RIP]);
	verdict_fault(fault->signal, &fault->info, &fault->context);
}

/* Also where it has called what is no code: then the caller counts. */
static bool is_in_program(const ucontext_t *context)
{
	unsigned long caller;

	if (module_is_program((unsigned long)context->uc_mcontext.gregs[REG_RIP]))
		return true;
	return !module_is_loaded((unsigned long)context->uc_mcontext.gregs[REG_RIP]) &&
	       probe_read((const void *)context->uc_mcontext.gregs[REG_RSP], sizeof(caller),
			  &caller) &&
	       module_is_program(caller);
}

static bool has_stack_left(const ucontext_t *context)
{
	const struct fiber *fiber = execution.current->fiber;
	unsigned long sp = (unsigned long)context->uc_mcontext.gregs[REG_RSP];

	return sp < (unsigned long)fiber->stack_high &&
	       sp > (unsigned long)fiber->stack_low + FIBER_GUARD_BYTES + STACK_LEFT_BYTES;
}

void fault_take(int signal, const siginfo_t *info, ucontext_t *context)
{
	greg_t *registers = context->uc_mcontext.gregs;
	struct fault *fault;

	if (!is_in_program(context) || !has_stack_left(context)) {
		verdict_unannounced((const void *)registers[REG_RIP]);
		verdict_fault(signal, info, context);
	}
	fault = room_take(sizeof(*fault));
	fault->signal = signal;
	memory_copy(&fault->info, info, sizeof(*info));
	memory_copy(&fault->context, context, sizeof(*context));
	registers[REG_RDI] = (greg_t)fault;
	/* As after a call. */
	registers[REG_RSP] = ((registers[REG_RSP] - (greg_t)RED_ZONE_BYTES) & -16) - 8;
	registers[REG_RIP] = (greg_t)go_on;
	registers[REG_EFL] &= ~DIRECTION_FLAG;
}
