/* signals_sent.c - signals that the program's threads send each other, and wait for. */
#include "intercept/find.h"
#include "intercept/interpose.h"
#include "machine/fiber.h"
#include "machine/real.h"
#include "session/clock.h"
#include "session/interrupt.h"
#include "session/note.h"
#include "session/signals.h"
#include "session/thread.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

/* For a program that is not controlled. */

/* What the kernel does by itself is left to it. */
static bool is_kernels(int number)
{
	return number <= 0 || number > 64 ||
	       session.signal_handlers[number].action.sa_handler == SIG_DFL;
}

INTERPOSE int pthread_kill(pthread_t thread, int number)
{
	struct thread *self = thread_controlled();

	if (!self)
		return REAL(int, "pthread_kill", (pthread_t, int))(thread, number);
	return signals_send(self, thread, number, RETURN_PC);
}

INTERPOSE int raise(int number)
{
	struct thread *self = thread_controlled();

	if (!self || (is_kernels(number) && !(self->blocked >> (number - 1) & 1)))
		return real.raise(number);
	return signals_raise(self, number);
}

/* A signal for the process goes to a thread that takes it, and the kernel asks the first one first.
 */
INTERPOSE int kill(pid_t pid, int number)
{
	struct thread *self = thread_controlled();

	if (!self || pid != getpid() || is_kernels(number))
		return REAL(int, "kill", (pid_t, int))(pid, number);
	return signals_send_process(self, number, RETURN_PC);
}

/* The real mask is for what comes from outside. */
static int mask(int how, const sigset_t *set, sigset_t *old, const void *pc)
{
	struct thread *self = thread_controlled();
	int error =
		REAL(int, "pthread_sigmask", (int, const sigset_t *, sigset_t *))(how, set, old);

	if (!self || error)
		return error;
	return signals_mask(self, how, set, old, pc);
}

INTERPOSE int pthread_sigmask(int how, const sigset_t *set, sigset_t *old)
{
	return mask(how, set, old, RETURN_PC);
}

INTERPOSE int sigprocmask(int how, const sigset_t *restrict set, sigset_t *restrict old)
{
	int error = mask(how, set, old, RETURN_PC);

	if (!error)
		return 0;
	errno = error;
	return -1;
}

INTERPOSE int sigpending(sigset_t *set)
{
	struct thread *self = thread_controlled();

	if (!self)
		return REAL(int, "sigpending", (sigset_t *))(set);
	signals_pending(self, set);
	return 0;
}

/* What does not fail when a handler has been run. */
INTERPOSE int sigwait(const sigset_t *restrict set, int *restrict number)
{
	struct thread *self = thread_controlled();

	if (!self)
		return REAL(int, "sigwait", (const sigset_t *, int *))(set, number);
	do
		*number = signals_wait(self, signals_of(set), DEADLINE_NONE, RETURN_PC);
	while (!*number);
	return 0;
}

static int wait_for(struct thread *self, const sigset_t *set, siginfo_t *info, uint64_t deadline_ns,
		    const void *pc)
{
	int number;

	interrupt_before(self, pc);
	number = signals_wait(self, signals_of(set), deadline_ns, pc);
	if (number <= 0) {
		errno = number ? EAGAIN : EINTR;
		return -1;
	}
	if (info)
		signals_info(number, info);
	return number;
}

INTERPOSE int sigwaitinfo(const sigset_t *restrict set, siginfo_t *restrict info)
{
	struct thread *self = thread_controlled();

	if (!self)
		return REAL(int, "sigwaitinfo", (const sigset_t *, siginfo_t *))(set, info);
	return wait_for(self, set, info, DEADLINE_NONE, RETURN_PC);
}

INTERPOSE int sigtimedwait(const sigset_t *restrict set, siginfo_t *restrict info,
			   const struct timespec *restrict most)
{
	struct thread *self = thread_controlled();
	uint64_t deadline_ns = DEADLINE_NONE;

	if (!self)
		return REAL(int, "sigtimedwait",
			    (const sigset_t *, siginfo_t *, const struct timespec *))(set, info,
										      most);
	if (most)
		deadline_ns = clock_after(most);
	return wait_for(self, set, info, deadline_ns, RETURN_PC);
}

INTERPOSE int pause(void)
{
	struct thread *self = thread_controlled();

	if (!self)
		return REAL(int, "pause", (void))();
	interrupt_before(self, RETURN_PC);
	signals_wait(self, 0, DEADLINE_NONE, RETURN_PC);
	errno = EINTR;
	return -1;
}

INTERPOSE int sigsuspend(const sigset_t *set)
{
	struct thread *self = thread_controlled();

	if (!self)
		return REAL(int, "sigsuspend", (const sigset_t *))(set);
	signals_suspend(self, set, RETURN_PC);
	errno = EINTR;
	return -1;
}

INTERPOSE int tgkill(pid_t process, pid_t thread, int number)
{
	struct thread *self = thread_controlled();

	/* All threads have the number of the one kernel thread. */
	if (self && process == getpid() && execution.live > 1)
		note_uncontrolled("tgkill", RETURN_PC);
	if (self && process == getpid() && !is_kernels(number))
		return signals_raise(self, number);
	return REAL(int, "tgkill", (pid_t, pid_t, int))(process, thread, number);
}
