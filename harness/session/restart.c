#include "session/restart.h"

#include "machine/console.h"
#include "machine/syscall.h"
#include "session/reduction.h"
#include "session/session.h"
#include "session/work.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#define STATUS_RESTART 113

static void end_as(int status) __attribute__((noreturn));
static void end_as(int status)
{
	if (WIFSIGNALED(status)) {
		unsigned long action[4] = {0};

		sys_call4(SYS_rt_sigaction, WTERMSIG(status), action, 0, 8);
		sys_call2(SYS_kill, sys_call0(SYS_getpid), WTERMSIG(status));
	}
	sys_call1(SYS_exit_group, WEXITSTATUS(status));
	__builtin_unreachable();
}

void restart_guard(void)
{
	int status = 0;

	for (;;) {
		long pid = sys_call5(SYS_clone, SIGCHLD, 0, 0, 0, 0);

		if (!pid)
			break;
		session.worker->child = (int32_t)pid;
		while (sys_call4(SYS_wait4, pid, &status, 0, 0) < 0)
			;
		if (!WIFEXITED(status) || WEXITSTATUS(status) != STATUS_RESTART)
			end_as(status);
		console_rewind_file();
	}
	if (session.reducing) {
		reduction_init();
		session.policy = reduction_policy();
	}
	/* Workers wait for each other, for microseconds. */
	sys_call2(SYS_prctl, PR_SET_TIMERSLACK, 1);
	/* No child outlives its worker, whatever ends that. */
	sys_call2(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL);
	session.pid = session.worker->child = (int32_t)sys_call0(SYS_getpid);
}

void restart_if_void(void)
{
	if (work_is_void())
		restart_now();
}

void restart_now(void)
{
	sys_call1(SYS_exit_group, STATUS_RESTART);
	__builtin_unreachable();
}

bool restart_is_guarded(void)
{
	return session.learned || (session.explore && session.shared->config.watch_count);
}
