/*
 * launch.c - fork, prepare, exec.
 *
 * Invariant: launch_start() returns a pid only when the exec has happened. What goes wrong in the
 * child before is written to a pipe that the exec closes, so that it becomes a sentence of the
 * command and not an exit status of the program.
 */
#include "cli/launch.h"
#include "cli/caller.h"
#include "cli/environment.h"
#include "cli/say.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Descriptors of the session in the program: high, so that those the program opens have the numbers
 * they always have. */
#define FD_FIRST 500

/* What the child says before it gives up. */
struct trouble {
	const char *step; /* the same memory in both processes */
	int number;
};

struct child {
	const struct launch *launch;
	const struct launch_worker *worker;
	pid_t parent;
	int trouble_fd;
};

static void fail(const struct child *child, const char *step) __attribute__((noreturn));

static void fail(const struct child *child, const char *step)
{
	struct trouble trouble = {.step = step, .number = errno};
	ssize_t written = write(child->trouble_fd, &trouble, sizeof(trouble));

	(void)written;
	_exit(127);
}

static int fd_lowest(void)
{
	struct rlimit limit;

	/* Three descriptors have to fit below the limit. */
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= FD_FIRST + 3)
		return FD_FIRST;
	return limit.rlim_cur > 3 ? (int)limit.rlim_cur - 3 : 0;
}

static int hand_down(const struct child *child, int fd)
{
	int high = fcntl(fd, F_DUPFD, fd_lowest());

	if (high < 0)
		fail(child, "keep a descriptor for heddle");
	return high;
}

static void capture(const struct child *child)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (null < 0 || dup2(null, STDIN_FILENO) < 0)
		fail(child, "open /dev/null");
	if (dup2(child->worker->output_fd, STDOUT_FILENO) < 0 ||
	    dup2(child->worker->output_fd, STDERR_FILENO) < 0)
		fail(child, "capture its output");
	setpgid(0, 0);
}

static void prepare(const struct child *child)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
		fail(child, "tie it to the command");
	/* The command may have ended before the tie was there. */
	if (getppid() != child->parent)
		_exit(127);
	if (personality(ADDR_NO_RANDOMIZE) < 0)
		fail(child,
		     "switch off address randomisation (does a container forbid personality()?)");
	if (child->launch->captured)
		capture(child);
	sigprocmask(SIG_SETMASK, &child->launch->signals, NULL);
}

static char **make_environment(const struct child *child)
{
	const struct library *library = &child->launch->library;
	char preload[2 * LIBRARY_PATH_MAX], session[128];
	int shared = hand_down(child, child->launch->shared_fd);
	int recording = hand_down(child, child->worker->recording_fd);
	int output = hand_down(child, child->worker->output_fd);

	snprintf(preload, sizeof(preload), "%s%s%s", library->heddle,
		 child->launch->target->needs_tsan ? ":" : "",
		 child->launch->target->needs_tsan ? library->tsan : "");
	snprintf(session, sizeof(session), "%d:%d:%d:%u", shared, recording, output,
		 child->worker->index);
	return environment_make(environ, preload, session);
}

/* The words that the program is started with: with an interpreter that env would have found, its
 * name comes first. */
char **launch_words(const struct launch *launch)
{
	size_t count = 0;
	char **words;

	if (!launch->target->through_env)
		return launch->words;
	while (launch->words[count])
		count++;
	words = must_have(calloc(count + 2, sizeof(*words)));
	words[0] = (char *)launch->target->executable;
	words[1] = (char *)launch->target->path;
	for (size_t i = 1; i < count; i++)
		words[i + 1] = launch->words[i];
	return words;
}

static void child_main(const struct child *child) __attribute__((noreturn));

static void child_main(const struct child *child)
{
	char **environment;

	prepare(child);
	environment = make_environment(child);
	execve(child->launch->target->executable, launch_words(child->launch), environment);
	fail(child, "execute it");
}

/* Waits for the exec. Returns 0, or -1 with `error` when there was none. */
static int await_exec(int fd, pid_t pid, const char *name, struct error *error)
{
	struct trouble trouble;
	ssize_t length;

	do
		length = read(fd, &trouble, sizeof(trouble));
	while (length < 0 && errno == EINTR);
	if (length == 0)
		return 0;
	waitpid(pid, NULL, 0);
	if (length != sizeof(trouble))
		return error_set(error, "cannot start `%s`", name);
	return error_set(error, "cannot start `%s`: cannot %s: %s", name, trouble.step,
			 strerror(trouble.number));
}

pid_t launch_start(const struct launch *launch, const struct launch_worker *worker,
		   struct error *error)
{
	struct child child = {.launch = launch, .worker = worker, .parent = getpid()};
	int ends[2], result;
	pid_t pid;

	if (caller_call())
		return caller_start(launch, worker, error);
	if (pipe2(ends, O_CLOEXEC) != 0)
		return error_set(error, "cannot make a pipe: %s", strerror(errno));
	child.trouble_fd = ends[1];
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		child_main(&child);
	close(ends[1]);
	if (pid < 0)
		error_set(error, "cannot start another process: %s", strerror(errno));
	else if (launch->captured)
		setpgid(pid, pid);
	result = pid < 0 ? -1 : await_exec(ends[0], pid, launch->words[0], error);
	close(ends[0]);
	return result == 0 ? pid : -1;
}
