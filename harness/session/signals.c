/*
 * signals.c - the program's signals, as far as its threads send them to each other.
 *
 * Each thread has its mask and its pending signals in the model, for all share one kernel thread.
 * The kernel keeps the actions, and whatever comes from outside it delivers to whoever runs.
 */
#include "session/signals.h"

#include "machine/memory.h"
#include "machine/real.h"
#include "machine/syscall.h"
#include "session/interrupt.h"
#include "session/note.h"
#include "session/record.h"
#include "session/spin.h"
#include "session/step.h"
#include "session/thread.h"

#include <errno.h>
#include <ucontext.h>
#include <unistd.h>

/* Of these nobody can block or wait for: KILL and STOP, and the C library's own. */
#define NEVER_BLOCKED                                                                              \
	(interrupt_signal(SIGKILL) | interrupt_signal(SIGSTOP) | interrupt_signal(32) |            \
	 interrupt_signal(33))

uint64_t signals_of(const sigset_t *set)
{
	return *(const uint64_t *)set & ~NEVER_BLOCKED;
}

static const struct sigaction *action_of(int number)
{
	return &session.signal_handlers[number].action;
}

static bool is_ignored(int number)
{
	if (action_of(number)->sa_handler == SIG_IGN)
		return true;
	return action_of(number)->sa_handler == SIG_DFL &&
	       (number == SIGCHLD || number == SIGURG || number == SIGWINCH || number == SIGCONT);
}

static bool is_handled(int number)
{
	return action_of(number)->sa_handler != SIG_IGN && action_of(number)->sa_handler != SIG_DFL;
}

void signals_remember(int number, const struct sigaction *action)
{
	session.signal_handlers[number].action = *action;
}

static void mask_set(struct thread *self, uint64_t blocked)
{
	self->blocked = blocked & ~NEVER_BLOCKED;
	self->open = (self->open & INTERRUPT_CANCEL) | (~self->blocked & ~INTERRUPT_CANCEL);
}

void signals_info(int number, siginfo_t *info)
{
	memory_zero(info, sizeof(*info));
	info->si_signo = number;
	info->si_code = SI_TKILL;
	info->si_pid = getpid();
	info->si_uid = getuid();
}

static void call(struct thread *self, const struct sigaction *action, int number)
{
	siginfo_t info;
	ucontext_t context;

	signals_info(number, &info);
	memory_zero(&context, sizeof(context));
	*(uint64_t *)&context.uc_sigmask = self->blocked;
	if (action->sa_flags & SA_SIGINFO)
		action->sa_sigaction(number, &info, &context);
	else
		action->sa_handler(number);
}

bool signals_deliver(struct thread *self, int number)
{
	struct sigaction action = *action_of(number);
	uint64_t blocked = self->blocked, more = signals_of(&action.sa_mask);

	if (is_ignored(number))
		return true;
	if (!is_handled(number)) {
		/* What the kernel does ends or stops all of the process. */
		real.raise(number);
		return true;
	}
	if (!(action.sa_flags & SA_NODEFER))
		more |= interrupt_signal(number);
	if (action.sa_flags & SA_RESETHAND) {
		struct sigaction none = {.sa_handler = SIG_DFL};

		real.sigaction(number, &none, 0);
		signals_remember(number, &none);
	}
	mask_set(self, blocked | more);
	call(self, &action, number);
	mask_set(self, blocked);
	return action.sa_flags & SA_RESTART;
}

/* What it has sent itself and blocks no more. */
static void raised_take(struct thread *self)
{
	uint64_t due;

	while ((due = self->raised & ~self->blocked & ~INTERRUPT_CANCEL)) {
		uint64_t first = interrupt_first(due);

		self->raised &= ~first;
		signals_deliver(self, __builtin_ctzl(first) + 1);
	}
}

int signals_raise(struct thread *self, int number)
{
	if (number < 0 || number > 64)
		return EINVAL;
	if (!number || (is_ignored(number) && !(self->blocked & interrupt_signal(number))))
		return 0;
	self->raised |= interrupt_signal(number);
	raised_take(self);
	return 0;
}

int signals_send(struct thread *self, pthread_t target, int number, const void *pc)
{
	struct thread *thread = thread_of(target);

	if (!thread)
		return ESRCH;
	if (thread == self)
		return signals_raise(self, number);
	if (number < 0 || number > 64)
		return EINVAL;
	if (number)
		interrupt_send(self, thread, interrupt_signal(number), pc);
	return 0;
}

/* Linux asks the first thread first, and then the others. */
static struct thread *taker_of(int number)
{
	for (uint32_t i = 0; i < execution.threads; i++) {
		struct thread *thread = &threads[i];

		if (thread->phase != PHASE_ENDED &&
		    (~thread->blocked | thread->awaited) & interrupt_signal(number))
			return thread;
	}
	return 0;
}

int signals_send_process(struct thread *self, int number, const void *pc)
{
	struct thread *thread = taker_of(number);

	if (execution.live > 1 && session.learned)
		note_uncontrolled("a signal to the process", pc);
	if (!thread)
		note_uncontrolled("a signal to the process that all threads block", pc);
	if (!thread || thread == self)
		return signals_raise(self, number);
	interrupt_send(self, thread, interrupt_signal(number), pc);
	return 0;
}

bool signals_wait_outside(void)
{
	uint64_t set = 0;
	long number;

	for (uint32_t i = 0; i < execution.threads && !session.explore; i++)
		if (threads[i].phase == PHASE_PENDING && threads[i].op == OP_SIGWAIT)
			set |= threads[i].awaited;
	if (!set)
		return false;
	note_uncontrolled("a signal from outside", execution.current->pc);
	while ((number = sys_call4(SYS_rt_sigtimedwait, &set, 0, 0, sizeof(set))) < 0)
		;
	for (uint32_t i = 0; i < execution.threads; i++) {
		if (threads[i].phase != PHASE_PENDING ||
		    !(threads[i].awaited & interrupt_signal((int)number)))
			continue;
		*threads[i].sent |= interrupt_signal((int)number);
		step_interrupted(&threads[i]);
		return true;
	}
	return true;
}

int signals_mask(struct thread *self, int how, const sigset_t *set, sigset_t *old, const void *pc)
{
	uint64_t before = self->blocked, given, blocked;

	if (old)
		*(uint64_t *)old = before;
	if (!set)
		return 0;
	given = signals_of(set);
	if (how != SIG_BLOCK && how != SIG_UNBLOCK && how != SIG_SETMASK)
		return EINVAL;
	blocked = how == SIG_BLOCK ? before | given : how == SIG_UNBLOCK ? before & ~given : given;
	/* What has come by now is not blocked yet. */
	if (blocked & ~before)
		interrupt_before(self, pc);
	mask_set(self, blocked);
	raised_take(self);
	if (before & ~self->blocked)
		interrupt_before(self, pc);
	return 0;
}

void signals_pending(const struct thread *self, sigset_t *set)
{
	memory_zero(set, sizeof(*set));
	*(uint64_t *)set = (self->raised | *self->sent) & self->blocked & ~NEVER_BLOCKED;
}

static int raised_wait(struct thread *self, uint64_t set)
{
	uint64_t first = interrupt_first(self->raised & set & ~INTERRUPT_CANCEL);

	self->raised &= ~first;
	return first ? __builtin_ctzl(first) + 1 : 0;
}

int signals_wait(struct thread *self, uint64_t set, uint64_t deadline_ns, const void *pc)
{
	int number = raised_wait(self, set);

	if (number)
		return number;
	spin_break(self);
	interrupt_point_begin(self, INTERRUPT_FAILS);
	self->awaited = set;
	self->signal = -1;
	self->deadline_ns = deadline_ns;
	self->timed_out = false;
	if (session.learned && deadline_ns != DEADLINE_NONE)
		note_uncontrolled("a wait for a signal with a deadline, in dpor and dfs", pc);
	step_point(self, OP_SIGWAIT, self->sent, 0, pc, false);
	self->deadline_ns = DEADLINE_NONE;
	self->awaited = 0;
	interrupt_point_end(self);
	return self->interrupted ? 0 : self->signal;
}

void signals_suspend(struct thread *self, const sigset_t *mask, const void *pc)
{
	uint64_t before = self->blocked;
	uint64_t raised;

	mask_set(self, signals_of(mask));
	raised = self->raised & ~self->blocked & ~INTERRUPT_CANCEL;
	if (raised)
		raised_take(self);
	else
		signals_wait(self, 0, DEADLINE_NONE, pc);
	mask_set(self, before);
}
