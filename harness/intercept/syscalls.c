/*
 * syscalls.c - syscall(), by which programs make the system calls that the C library has no
 * function for, futex above all: C++'s std::atomic::wait and what stands on it, and hand-made
 * locks.
 *
 * What is controlled when the program calls the C library's function goes the same way here. What
 * stays with the kernel does so through the C library, where a snapshot's trap sees it.
 */
#include "intercept/interpose.h"
#include "machine/real.h"
#include "session/clock.h"
#include "session/futex_call.h"
#include "session/note.h"
#include "session/output.h"
#include "session/step.h"

#include <dlfcn.h>
#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

struct call {
	long number, argument[6];
	const void *pc;
};

static long pass(const struct call *call)
{
	static long (*real_one)(long, ...);
	const long *a = call->argument;

	if (!real_one)
		*(void **)&real_one = dlsym(RTLD_NEXT, "syscall");
	return real_one(call->number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

static long answered(long result)
{
	if (result >= 0)
		return result;
	errno = (int)-result;
	return -1;
}

static long futex(struct thread *self, const struct call *call)
{
	const long *a = call->argument;
	const struct futex_call futex = {.word = (uint32_t *)a[0],
					 .operation = a[1],
					 .value = (uint32_t)a[2],
					 .timeout = a[3],
					 .other = (uint32_t *)a[4],
					 .third = (uint32_t)a[5]};

	if (!futex_call_is_modelled(&futex, call->pc))
		return pass(call);
	return answered(futex_call(self, &futex, call->pc));
}

static long sleep_call(struct thread *self, const struct timespec *time, clockid_t clock,
		       bool is_absolute, const void *pc)
{
	if (!clock_is_duration(time))
		return answered(-EINVAL);
	step_sleep(self, is_absolute ? clock_deadline(clock, time) : clock_after(time), pc);
	return 0;
}

/* Those that the C library's functions of the same name are controlled for. */
static long controlled(struct thread *self, const struct call *call)
{
	const long *a = call->argument;

	switch (call->number) {
	case SYS_futex:
		return futex(self, call);
	case SYS_sched_yield:
		step_yield(self, call->pc);
		return 0;
	case SYS_nanosleep:
		return sleep_call(self, (const struct timespec *)a[0], CLOCK_MONOTONIC, false,
				  call->pc);
	case SYS_clock_nanosleep:
		return sleep_call(self, (const struct timespec *)a[2], (clockid_t)a[0],
				  a[1] & TIMER_ABSTIME, call->pc);
	case SYS_clock_gettime:
		return clock_gettime((clockid_t)a[0], (struct timespec *)a[1]);
	case SYS_gettimeofday:
		return gettimeofday((struct timeval *)a[0], (void *)a[1]);
	case SYS_time:
		return time((time_t *)a[0]);
	case SYS_write:
	case SYS_writev:
	case SYS_pwrite64:
	case SYS_pwritev:
		output_point((int)a[0], call->pc);
		return pass(call);
	case SYS_exit_group:
		_exit((int)a[0]);
	case SYS_exit:
	case SYS_tkill:
	case SYS_tgkill:
	case SYS_rt_tgsigqueueinfo:
		note_uncontrolled("syscall() to end or signal a thread", call->pc);
		return pass(call);
	default: /* the kernel's alone */
		return pass(call);
	}
}

INTERPOSE long syscall(long number, ...)
{
	struct thread *self = thread_controlled();
	struct call call = {.number = number, .pc = RETURN_PC};
	va_list list;

	/* As the C library does: it hands six on, whatever there is. */
	va_start(list, number);
	for (int i = 0; i < 6; i++)
		call.argument[i] = va_arg(list, long);
	va_end(list);
	if (number == SYS_getrandom && session.attached)
		return getrandom((void *)call.argument[0], (size_t)call.argument[1],
				 (unsigned)call.argument[2]);
	return self ? controlled(self, &call) : pass(&call);
}
