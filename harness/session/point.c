/*
 * point.c - see point.h.
 *
 * A point is on no object and depends on every event: what a thread does to memory after it is not
 * known, so its place among what the others do counts.
 *
 * No points in the C library: its locks are its own, so a thread that is kept waiting while it
 * holds one would have others wait for the kernel.
 */
#include "session/point.h"

#include "base/text.h"
#include "machine/breakpoint.h"
#include "machine/fiber.h"
#include "machine/syscall.h"
#include "machine/watchpoint.h"
#include "session/code.h"
#include "session/loop.h"
#include "session/note.h"
#include "session/spin.h"
#include "session/step.h"
#include "session/watch.h"

#include <errno.h>

/* For the frame of a breakpoint and the steps until another thread goes. */
#define STACK_LEFT_BYTES (32ul << 10)

static unsigned long addresses[SHARED_POINTS_MAX];

void point_refuse(const char *why, const char *name)
{
	struct text text =
		text_over(session.worker->report.message, sizeof(session.worker->report.message));

	text_add(&text, why);
	text_add(&text, name);
	session.worker->state = WORKER_UNABLE;
	sys_call1(SYS_exit_group, 1);
	__builtin_unreachable();
}

static bool is_point(unsigned long address)
{
	for (uint32_t i = 0; i < session.shared->config.point_count; i++)
		if (addresses[i] == address)
			return true;
	return false;
}

static bool has_stack_left(const ucontext_t *context)
{
	const struct fiber *fiber = execution.current->fiber;
	unsigned long sp = (unsigned long)context->uc_mcontext.gregs[REG_RSP];

	return sp < (unsigned long)fiber->stack_high &&
	       sp > (unsigned long)fiber->stack_low + FIBER_GUARD_BYTES + STACK_LEFT_BYTES;
}

static enum breakpoint_way way(unsigned long address, ucontext_t *context)
{
	if (!execution.current)
		return BREAKPOINT_PASS;
	if (execution.threads == 1 ||
	    (!is_point(address) && !watch_concerns(address, context->uc_mcontext.gregs)))
		return loop_looks_at(address, context) ? BREAKPOINT_LIFT : BREAKPOINT_PASS;
	if (has_stack_left(context))
		return BREAKPOINT_CALL;
	note_uncontrolled("a point on a stack of the program's own", (void *)(address + 1));
	return BREAKPOINT_PASS;
}

static void step(struct thread *self, const void *pc)
{
	if (session.spins)
		spin_break(self);
	step_point(self, OP_POINT, 0, 0, pc, !self->guard_count);
}

static void before(unsigned long address, const struct breakpoint_frame *frame)
{
	struct thread *self = execution.current;
	int was = errno;

	/* As for a call, of which the address after it is known. */
	if (is_point(address))
		step(self, (void *)(address + 1));
	watch_before(self, address, frame->registers);
	errno = was;
}

static void elsewhere(unsigned long address)
{
	int was = errno;

	loop_wait(address);
	errno = was;
}

static const struct breakpoint_handlers handlers = {
	.way = way, .before = before, .elsewhere = elsewhere};

static void point_set(uint32_t index)
{
	const struct shared_place *place = &session.shared->config.points[index];
	unsigned long address = code_address(place);

	if (!address)
		point_refuse("--point: the program starts without ", place->module);
	if (!code_is_executable(address))
		point_refuse("--point: no code of the program lies there: ", place->module);
	if (code_kind(address) != CODE_PROGRAM)
		point_refuse("--point: threads cannot be switched in the middle of the C library, "
			     "whose locks are its own: take a place in the program, instead of ",
			     place->module);
	if (!breakpoint_set(address))
		point_refuse("--point: the kernel does not let code be written to (does a "
			     "security policy forbid mprotect()?): ",
			     place->module);
	addresses[index] = address;
}

void point_start(void)
{
	const struct shared_config *config = &session.shared->config;

	breakpoint_init(&handlers);
	code_find();
	loop_init();
	for (uint32_t i = 0; i < config->point_count; i++)
		point_set(i);
	watch_start();
	point_begin();
}

void point_begin(void)
{
	watch_adopt();
	breakpoint_renew();
}

bool point_trap(const siginfo_t *info, ucontext_t *context)
{
	unsigned long at = (unsigned long)context->uc_mcontext.gregs[REG_RIP];
	bool stepped;

	if (loop_trap(info, context))
		return true;
	if (breakpoint_trap(info, context, &stepped))
		return true;
	if (!watchpoint_is_reason(info))
		return loop_trap_late(info, context);
	watch_after(at, context->uc_mcontext.gregs);
	return true;
}

void point_abandon(ucontext_t *context)
{
	loop_abandon(context);
	breakpoint_abandon(context);
}
