/*
 * outside.c - looks at the kernel, and waits in it where nobody else is left to end the waits.
 *
 * A wait is for the outside where others than threads of this program may end it: they may have an
 * end of what is waited for, or send a signal that the program handles. Else nothing comes any
 * more, and the program has a deadlock. In doubt it is waited for.
 */
#include "session/clock.h"
#include "session/outside.h"

#include "machine/fiber.h"
#include "machine/memory.h"
#include "machine/syscall.h"
#include "machine/tick.h"
#include "machine/trap.h"
#include "session/blocking.h"
#include "session/note.h"
#include "session/pace.h"
#include "session/timers.h"

#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <time.h>

/* Steps after which others may have done something. */
#define LOOK_STEPS	  64u
#define LOOKS_TO_CHILDREN 256u
/* Where only trying tells. */
#define RETRY_NS 5000000ul

static struct pollfd *asked;
static struct timespec now;
static uint32_t since_look, looks;
static bool is_waiting;

void outside_init(void)
{
	asked = memory_reserve(FILES_MAX * sizeof(*asked));
}

bool outside_is_waiting(void)
{
	return is_waiting;
}

static bool has_child(const struct blocking *blocking)
{
	static siginfo_t info;
	long error;

	info.si_pid = 0;
	error = sys_call5(SYS_waitid, blocking->child_type, blocking->child, &info,
			  blocking->child_options | WNOHANG | WNOWAIT, 0);
	return error < 0 || info.si_pid;
}

/* Those of one thread, from `at` on. */
static uint32_t ask_for(const struct blocking *blocking, uint32_t at)
{
	for (uint32_t i = 0; i < blocking->wanted_count && at < FILES_MAX; i++)
		asked[at++] = blocking->wanted[i];
	return at;
}

bool outside_is_ready(const struct blocking *blocking)
{
	uint32_t count = ask_for(blocking, 0);

	if (blocking->asks_children)
		return has_child(blocking);
	return count && sys_call3(SYS_poll, asked, count, 0) != 0;
}

static bool is_blocked(const struct thread *thread)
{
	return thread->phase == PHASE_PENDING && thread->guard_count && thread->blocking &&
	       op_is_on_channel(thread->op);
}

/* What all threads wait for; how many descriptors. */
static uint32_t ask_for_all(void)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < execution.threads; i++)
		if (is_blocked(&threads[i]))
			count = ask_for(threads[i].blocking, count);
	return count;
}

static bool any_answer(const struct blocking *blocking, uint32_t *at, bool asks_children)
{
	bool any = asks_children && blocking->asks_children && has_child(blocking);

	for (uint32_t i = 0; i < blocking->wanted_count; i++)
		any |= asked[(*at)++].revents;
	return any;
}

/* In a search that reduces the words are what counts. */
static void words_refresh(const struct blocking *blocking)
{
	for (uint32_t i = 0; i < blocking->wanted_count; i++) {
		struct source *source = files_source(blocking->wanted[i].fd);

		if (source)
			files_refresh(source);
	}
}

/* Distributes the answers; true where any thread has something. */
static bool answers_take(bool asks_children)
{
	bool any = false;
	uint32_t at = 0;

	for (uint32_t i = 0; i < execution.threads; i++) {
		struct blocking *blocking = threads[i].blocking;
		bool ready;

		if (!is_blocked(&threads[i]))
			continue;
		ready = any_answer(blocking, &at, asks_children);
		if (session.reducing && ready)
			words_refresh(blocking);
		if (session.reducing && ready && blocking->is_loose)
			for (uint32_t k = 0; k < blocking->look_count; k++)
				blocking->looks[k].channel->uses++;
		if (!blocking->retries)
			blocking->ready = ready || blocking->interrupted;
		any |= ready;
	}
	return any;
}

/* How fast a child process is depends on nothing that is decided here, so whether it has come to
 * its end is asked only when nobody else can go, or after a long while: then a run can be repeated.
 */
static bool look_now(bool asks_children)
{
	uint32_t count = ask_for_all();

	execution.files_changed = false;
	since_look = 0;
	if (count && sys_call3(SYS_poll, asked, count, 0) < 0)
		return false;
	return answers_take(asks_children);
}

void outside_look(void)
{
	if (!execution.blocked)
		return;
	timers_fire();
	if (session.reducing)
		return;
	if (execution.files_changed || ++since_look >= LOOK_STEPS)
		look_now(!(++looks % LOOKS_TO_CHILDREN));
}

/* ---- when nobody can go */

struct kernel_action {
	void (*handler)(int);
	unsigned long flags;
	void (*restorer)(void);
	unsigned long mask;
};

/* The C library keeps those for itself. */
static bool is_library_signal(int signal)
{
	return signal >= 32 && signal < SIGRTMIN;
}

/* A handler of the program's; `plain`: one after which a call does not go on. */
static bool handles_signals(bool plain)
{
	static struct kernel_action action;

	for (int signal = 1; signal < 65; signal++) {
		if (trap_owns(signal) || is_library_signal(signal) ||
		    sys_call4(SYS_rt_sigaction, signal, 0, &action, 8))
			continue;
		if (action.handler != SIG_DFL && action.handler != SIG_IGN &&
		    !(plain && action.flags & SA_RESTART))
			return true;
	}
	return false;
}

static uint64_t first_deadline(void)
{
	uint64_t first = timers_next();

	for (uint32_t i = 0; i < execution.threads; i++)
		if (threads[i].phase == PHASE_PENDING && !threads[i].timed_out &&
		    threads[i].deadline_ns < first)
			first = threads[i].deadline_ns;
	return first;
}

/* The C library makes some for itself (SIGEV_THREAD, aio), and a library that asks the dynamic
 * linker for the real pthread_create gets round heddle: such a thread may do anything. */
static bool has_other_threads(void)
{
	static struct stat tasks;
	/* A forked execution has none of the parked ones. */
	unsigned own = session.is_child ? 1 : fiber_count();

	return !sys_call2(SYS_stat, "/proc/self/task", &tasks) && tasks.st_nlink > own + 2;
}

/* Who waits for a file's lock has most likely a thread of the program to wait for: time that this
 * one has to wait, too, need not be real. Nor need it where only a signal could come from outside
 * before the first deadline: no sleep waits for those. */
static struct thread *blocked_for_outside(void)
{
	bool any_deadline = first_deadline() != DEADLINE_NONE;
	bool others = (!any_deadline && handles_signals(false)) || has_other_threads();

	for (uint32_t i = 0; i < execution.threads; i++) {
		const struct blocking *blocking = threads[i].blocking;

		if (is_blocked(&threads[i]) && (blocking->outside || others) &&
		    !(blocking->retries && any_deadline))
			return &threads[i];
	}
	return 0;
}

static uint64_t real_ns(void)
{
	sys_call2(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * SECOND_NS + (uint64_t)now.tv_nsec;
}

bool outside_may_act(void)
{
	return handles_signals(false) || has_other_threads();
}

void outside_pause(void)
{
	static const struct timespec pause = {.tv_nsec = RETRY_NS / 5};
	uint64_t began_ns = real_ns();

	is_waiting = true;
	sys_call2(SYS_nanosleep, &pause, 0);
	is_waiting = false;
	execution.now_ns += real_ns() - began_ns;
}

static bool anybody_retries(void)
{
	for (uint32_t i = 0; i < execution.threads; i++)
		if (is_blocked(&threads[i]) &&
		    (threads[i].blocking->retries || threads[i].blocking->asks_children))
			return true;
	return false;
}

/* After a while who can only try does. */
static bool retry(void)
{
	bool any = false;

	for (uint32_t i = 0; i < execution.threads; i++) {
		if (!is_blocked(&threads[i]) || !threads[i].blocking->retries)
			continue;
		threads[i].blocking->looks[0].channel->uses++;
		any = true;
	}
	return any;
}

/* The first call that a handled signal ends: those that look only are never begun again. */
static bool interrupt(void)
{
	bool all = handles_signals(true);

	for (uint32_t i = 0; i < execution.threads; i++) {
		if (!is_blocked(&threads[i]) || session.reducing)
			continue;
		if (!all && threads[i].op != OP_POLL)
			continue;
		threads[i].blocking->interrupted = true;
		threads[i].blocking->ready = 1;
		if (threads[i].blocking->retries)
			threads[i].blocking->looks[0].channel->uses++;
		return true;
	}
	return false;
}

/* Real time counts meanwhile, but never beyond the deadline: time_advance() is for that. */
static long sleep_until(uint64_t deadline_ns)
{
	uint64_t limit_ns = deadline_ns - execution.now_ns, began_ns = real_ns(), passed_ns;
	bool has_limit = deadline_ns != DEADLINE_NONE || anybody_retries();
	uint32_t count = ask_for_all(), ticks = tick_count();
	static struct timespec limit;
	long result;

	if (anybody_retries() && limit_ns > RETRY_NS)
		limit_ns = RETRY_NS;
	limit = (struct timespec){.tv_sec = (time_t)(limit_ns / SECOND_NS),
				  .tv_nsec = (long)(limit_ns % SECOND_NS)};
	is_waiting = true;
	result = sys_call5(SYS_ppoll, asked, count, has_limit ? &limit : 0, 0, 0);
	is_waiting = false;
	/* Not the program's signal. */
	if (result == -EINTR && ticks != tick_count())
		result = 0;
	passed_ns = real_ns() - began_ns;
	if (deadline_ns != DEADLINE_NONE && passed_ns > deadline_ns - execution.now_ns)
		passed_ns = deadline_ns - execution.now_ns;
	pace_sleep(execution.now_ns + passed_ns);
	return result;
}

static void outside_note(const struct thread *thread)
{
	struct thread *current = execution.current;

	note_uncontrolled(thread->op == OP_WAIT_CHILD ? "a wait for a child process"
						      : "a wait for the outside",
			  thread->pc);
	execution.current = current;
}

bool outside_wait(void)
{
	const struct thread *thread;
	uint64_t deadline_ns;

	if (!execution.blocked)
		return false;
	if (look_now(true))
		return true;
	thread = blocked_for_outside();
	if (!thread)
		return false;
	outside_note(thread);
	for (;;) {
		long result;

		deadline_ns = first_deadline();
		if (deadline_ns <= execution.now_ns)
			return false;
		result = sleep_until(deadline_ns);
		if (result == -EINTR && interrupt())
			return true;
		if (look_now(true) || (!result && retry()))
			return true;
	}
}
