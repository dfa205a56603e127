#include "session/carrier.h"

#include "base/check.h"
#include "machine/fiber.h"
#include "machine/real.h"
#include "machine/syscall.h"
#include "machine/trap.h"
#include "session/explore.h"
#include "session/loop.h"
#include "session/record.h"
#include "session/restart.h"
#include "session/spin.h"
#include "session/thread.h"
#include "session/verdict.h"

#include <sys/resource.h>

#define MAIN_STACK_MAX (256ul << 20)
/* Threads that are there before they are asked for. */
#define FIBERS_AT_START 3u

enum request carrier_resume(void)
{
	for (;;) {
		session.request = REQUEST_NONE;
		if (session.trapping)
			trap_selector = TRAP_BLOCK;
		fiber_switch(&fiber_carrier, session.requester);
		trap_selector = TRAP_ALLOW;
		if (session.request == REQUEST_SPIN)
			spin_on_carrier();
		else if (session.request == REQUEST_LOOK)
			verdict_look();
		else
			return session.request;
	}
}

void carrier_grow(void)
{
	/* As many again, so that a program of a thousand threads grows ten times and not a
	 * thousand. */
	unsigned more = session.grow_stack > FIBER_STACK_DEFAULT ? 1 : fiber_count();

	fiber_grow(more, session.grow_stack);
}

enum request carrier_resume_growing(void)
{
	enum request request;

	while ((request = carrier_resume()) == REQUEST_GROW)
		carrier_grow();
	return request;
}

static void exit_now(int status) __attribute__((noreturn));
static void exit_now(int status)
{
	sys_call1(SYS_exit_group, status);
	__builtin_unreachable();
}

/* One execution with real system calls. */
static void run(void)
{
	struct report *report = &session.worker->report;

	record_begin();
	session.worker->in_execution = 1;
	carrier_resume_growing();
	session.worker->in_execution = 0;
	verdict_threads();
	verdict_hand_over();
	if (report->verdict != VERDICT_PASSED && report->verdict != VERDICT_EXIT_STATUS &&
	    report->verdict != VERDICT_FORBIDDEN && !report->in_part)
		exit_now(1);
	/* The C library still has to flush what the program wrote. */
	carrier_resume();
	exit_now(0);
}

static size_t main_stack_bytes(void)
{
	struct rlimit limit = {.rlim_cur = FIBER_STACK_DEFAULT};

	sys_call2(SYS_getrlimit, RLIMIT_STACK, &limit);
	return limit.rlim_cur < MAIN_STACK_MAX ? limit.rlim_cur : FIBER_STACK_DEFAULT;
}

void carrier_main(int (*main_function)(int, char **, char **), int argc, char **argv, char **envp)
{
	struct fiber *fiber = fiber_init(main_stack_bytes());

	fiber_grow(FIBERS_AT_START, 0);
	session.requester = thread_main(fiber, main_function, argc, argv, envp);
	session.worker->state = WORKER_RUNNING;
	if (restart_is_guarded())
		restart_guard();
	loop_begin();
	if (session.explore)
		explore();
	else
		run();
	exit_now(0);
}
