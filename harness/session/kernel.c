/*
 * kernel.c - system calls under a snapshot.
 *
 * A call may be carried out only if putting back the program's memory undoes it: questions to the
 * kernel, whose answer is written to memory that snapshot_touch() has made writable. Output to the
 * console is kept back. Everything else changes what only the kernel knows, so the execution is
 * given up before it happens and is carried out in a forked child instead.
 */
#include "session/kernel.h"

#include "base/text.h"
#include "machine/console.h"
#include "machine/memory.h"
#include "machine/snapshot.h"
#include "machine/syscall.h"
#include "machine/trap.h"
#include "session/entropy.h"
#include "session/session.h"
#include "session/spin.h"
#include "session/verdict.h"

#include <asm/termbits.h>
#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <stdio.h>

/* A question: which argument (from 1; 0 none) points to the answer, and how long that is, or which
 * argument says so. */
struct question {
	int number;
	int answer, bytes, bytes_argument;
};

static const struct question questions[] = {
	{SYS_getpid, 0, 0, 0},
	{SYS_gettid, 0, 0, 0},
	{SYS_getppid, 0, 0, 0},
	{SYS_getuid, 0, 0, 0},
	{SYS_geteuid, 0, 0, 0},
	{SYS_getgid, 0, 0, 0},
	{SYS_getegid, 0, 0, 0},
	{SYS_getpgrp, 0, 0, 0},
	{SYS_getpgid, 0, 0, 0},
	{SYS_sched_yield, 0, 0, 0},
	{SYS_access, 0, 0, 0},
	{SYS_faccessat, 0, 0, 0},
	{SYS_time, 1, 8, 0},
	{SYS_uname, 1, 390, 0},
	{SYS_sysinfo, 1, 112, 0},
	{SYS_times, 1, 32, 0},
	{SYS_getcwd, 1, 0, 2},
	{SYS_gettimeofday, 1, 16, 0},
	{SYS_fstat, 2, sizeof(struct stat), 0},
	{SYS_stat, 2, sizeof(struct stat), 0},
	{SYS_lstat, 2, sizeof(struct stat), 0},
	{SYS_newfstatat, 3, sizeof(struct stat), 0},
	{SYS_readlink, 2, 0, 3},
	{SYS_readlinkat, 3, 0, 4},
	{SYS_clock_gettime, 2, 16, 0},
	{SYS_clock_getres, 2, 16, 0},
	{SYS_getrlimit, 2, 16, 0},
	{SYS_getrusage, 2, 144, 0},
	{SYS_sched_getaffinity, 3, 0, 2},
	{SYS_sched_getparam, 2, 4, 0},
	{SYS_sched_getscheduler, 0, 0, 0},
};

struct call {
	long number;
	long argument[6];
	ucontext_t *context;
};

static struct call call_of(ucontext_t *context)
{
	const greg_t *g = context->uc_mcontext.gregs;

	return (struct call){
		.number = g[REG_RAX],
		.argument = {g[REG_RDI], g[REG_RSI], g[REG_RDX], g[REG_R10], g[REG_R8], g[REG_R9]},
		.context = context,
	};
}

static long pass(const struct call *call)
{
	const long *a = call->argument;

	return sys_call6(call->number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

static bool is_console(long fd)
{
	return fd == 1 || fd == 2;
}

static long writev_console(const struct call *call)
{
	const struct iovec *parts = (const struct iovec *)call->argument[1];
	long sum = 0;

	for (long i = 0; i < call->argument[2]; i++) {
		console_write(parts[i].iov_base, parts[i].iov_len);
		sum += (long)parts[i].iov_len;
	}
	return sum;
}

static long random_bytes(const struct call *call)
{
	entropy_fill((void *)call->argument[0], (size_t)call->argument[1]);
	return call->argument[1];
}

/* The mask in effect is the one that the return from the handler puts in place. */
static long signal_mask(const struct call *call)
{
	uint64_t *mask = (uint64_t *)&call->context->uc_sigmask;
	const uint64_t *wanted = (const uint64_t *)call->argument[1];
	uint64_t *old = (uint64_t *)call->argument[2];
	uint64_t before = *mask, set = wanted ? *wanted : 0;

	if (wanted) {
		session.mask_dirty = true;
		*mask = call->argument[0] == SIG_BLOCK	   ? before | set
			: call->argument[0] == SIG_UNBLOCK ? before & ~set
							   : set;
	}
	/* A page's first write is a fault, so faults must get through whatever the program blocks.
	 */
	*mask &= ~trap_owned();
	if (old)
		*old = before;
	return 0;
}

/* Signals that end the program or are its own: no state stays behind. */
static bool is_own_signal(const struct call *call)
{
	return call->number == SYS_tgkill && call->argument[0] == sys_call0(SYS_getpid);
}

static bool question_answer(const struct call *call, long *result)
{
	for (unsigned i = 0; i < sizeof(questions) / sizeof(*questions); i++) {
		const struct question *q = &questions[i];
		long bytes = q->bytes_argument ? call->argument[q->bytes_argument - 1] : q->bytes;

		if (q->number != call->number)
			continue;
		if (q->answer)
			snapshot_touch((void *)call->argument[q->answer - 1], (size_t)bytes);
		*result = pass(call);
		return true;
	}
	return false;
}

static const char *name_of(long number)
{
	static const struct {
		long number;
		const char *name;
	} names[] = {
		{SYS_read, "read"},	   {SYS_write, "write"},
		{SYS_open, "open"},	   {SYS_openat, "openat"},
		{SYS_close, "close"},	   {SYS_mmap, "mmap"},
		{SYS_munmap, "munmap"},	   {SYS_mprotect, "mprotect"},
		{SYS_madvise, "madvise"},  {SYS_brk, "brk"},
		{SYS_clone, "clone"},	   {SYS_clone3, "clone3"},
		{SYS_fork, "fork"},	   {SYS_vfork, "vfork"},
		{SYS_execve, "execve"},	   {SYS_socket, "socket"},
		{SYS_connect, "connect"},  {SYS_bind, "bind"},
		{SYS_sendto, "sendto"},	   {SYS_recvfrom, "recvfrom"},
		{SYS_pipe, "pipe"},	   {SYS_pipe2, "pipe2"},
		{SYS_eventfd2, "eventfd"}, {SYS_poll, "poll"},
		{SYS_select, "select"},	   {SYS_futex, "futex"},
		{SYS_unlink, "unlink"},	   {SYS_rename, "rename"},
		{SYS_mkdir, "mkdir"},	   {SYS_lseek, "lseek"},
		{SYS_ioctl, "ioctl"},	   {SYS_fcntl, "fcntl"},
		{SYS_dup2, "dup2"},	   {SYS_rt_sigaction, "sigaction"},
		{SYS_kill, "kill"},	   {SYS_tgkill, "tgkill"},
		{SYS_wait4, "wait4"},	   {SYS_getdents64, "getdents"},
		{SYS_flock, "flock"},	   {SYS_socketpair, "socketpair"},
		{SYS_accept, "accept"},	   {SYS_accept4, "accept4"},
		{SYS_ppoll, "ppoll"},	   {SYS_timerfd_create, "timerfd_create"},
		{SYS_waitid, "waitid"},	   {SYS_epoll_create1, "epoll_create"},
		{SYS_eventfd, "eventfd"},
	};

	for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i].number == number)
			return names[i].name;
	return 0;
}

static void give_up(const struct call *call) __attribute__((noreturn));
static void give_up(const struct call *call)
{
	struct text reason =
		text_over(session.worker->mode_reason, sizeof(session.worker->mode_reason));

	text_add(&reason, "the program makes system call ");
	if (name_of(call->number))
		text_add(&reason, name_of(call->number));
	else
		text_add_number(&reason, (unsigned long)call->number);
	text_add(&reason, session.starts_early ? ", whose effect no snapshot undoes"
					       : " after its first scheduling choice");
	carrier_call(REQUEST_FORK);
	__builtin_unreachable();
}

void kernel_snapshot_full(void)
{
	struct text reason =
		text_over(session.worker->mode_reason, sizeof(session.worker->mode_reason));

	text_add(&reason,
		 "the program writes to too much memory after its first scheduling choice");
	carrier_call(REQUEST_FORK);
	__builtin_unreachable();
}

static long answer(const struct call *call)
{
	const long *a = call->argument;
	long result;

	switch (call->number) {
	case SYS_write:
		if (!is_console(a[0]))
			break;
		console_write((const void *)a[1], (size_t)a[2]);
		return a[2];
	case SYS_writev:
		if (!is_console(a[0]))
			break;
		return writev_console(call);
	case SYS_getrandom:
		return random_bytes(call);
	case SYS_rt_sigprocmask:
		return signal_mask(call);
	case SYS_nanosleep:
	case SYS_clock_nanosleep:
		return 0;
	case SYS_exit_group:
	case SYS_exit:
		verdict_exit((int)(a[0] & 0xff));
		break;
	case SYS_ioctl:
		if (a[1] != TCGETS)
			break;
		snapshot_touch((void *)a[2], sizeof(struct termios));
		return pass(call);
	case SYS_lseek:
		if (a[1] || a[2] != SEEK_CUR)
			break;
		return pass(call);
	case SYS_prlimit64:
		if (a[2])
			break;
		snapshot_touch((void *)a[3], 16);
		return pass(call);
	case SYS_futex:
		if ((a[1] & FUTEX_CMD_MASK) != FUTEX_WAKE)
			break;
		return 0;
	case SYS_tgkill:
		if (!is_own_signal(call))
			break;
		return pass(call);
	}
	if (question_answer(call, &result))
		return result;
	give_up(call);
}

void kernel_call(ucontext_t *context)
{
	struct call call = call_of(context);

	if (session.spins && execution.current)
		spin_break(execution.current);
	context->uc_mcontext.gregs[REG_RAX] = answer(&call);
}
