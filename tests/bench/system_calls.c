/*
 * system_calls.c - owns the tracing of a command and its children.
 *
 * Each system call stops the process that makes it twice, when it begins and when it ends. The
 * command itself is left out: it looks after its program every few milliseconds, so its calls grow
 * with the time, and no event pays for them. (`strace -f -c` counts the same way but adds up all
 * processes, and is not installed everywhere.)
 */
#include "measure.h"

#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#define COMMAND_BYTES 1024
#define CALL_STOP     (SIGTRAP | 0x80)
#define OPTIONS                                                                                    \
	(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |  \
	 PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL)

/* The signal with which a stopped process goes on: what stopped it, unless that was the tracing. A
 * new process begins with a SIGSTOP that is nobody's. */
static int signal_passed_on(int status)
{
	int stop = WSTOPSIG(status);

	return stop == CALL_STOP || stop == SIGSTOP || status >> 16 ? 0 : stop;
}

static double count(pid_t root)
{
	long stops = 0;
	int status, root_status = -1;
	pid_t pid;

	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		if (!WIFSTOPPED(status)) {
			if (pid == root)
				root_status = status;
			continue;
		}
		stops += pid != root && WSTOPSIG(status) == CALL_STOP;
		ptrace(PTRACE_SYSCALL, pid, 0, (long)signal_passed_on(status));
	}
	return root_status ? NAN : (double)(stops / 2);
}

double measure_system_calls(const char *format, ...)
{
	char command[COMMAND_BYTES] = "exec ";
	va_list arguments;
	int status;
	pid_t pid;

	va_start(arguments, format);
	vsnprintf(command + 5, sizeof(command) - 5, format, arguments);
	va_end(arguments);
	pid = fork();
	if (!pid) {
		if (ptrace(PTRACE_TRACEME, 0, 0, 0))
			_exit(127);
		raise(SIGSTOP);
		measure_become(NULL, command);
	}
	if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		return NAN;
	ptrace(PTRACE_SETOPTIONS, pid, 0, (long)OPTIONS);
	ptrace(PTRACE_SYSCALL, pid, 0, 0);
	return count(pid);
}
