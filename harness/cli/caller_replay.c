/*
 * caller_replay.c - replays a trace of a function that a program explores itself.
 *
 * Only the program can come to that call: its framework, and what the test has done before, are in
 * it. So it is started as it was, with the trace in its environment; at the call of that name
 * heddle_explore() starts `heddle replay` once more, which finds its caller and does the rest. What
 * that writes comes back through a file in memory, by its name, since a framework may start the
 * test as a process of its own and close descriptors.
 */
#include "cli/board.h"
#include "cli/caller.h"
#include "cli/quote.h"
#include "cli/say.h"
#include "session/embedded.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void become(const struct trace *trace, const char *path, int result, pid_t parent)
	__attribute__((noreturn));

static void become(const struct trace *trace, const char *path, int result, pid_t parent)
{
	char **words = must_have(calloc(trace->argument_count + 2, sizeof(*words)));
	char name[64];

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
		_exit(127);
	snprintf(name, sizeof(name), "/proc/%d/fd/%d", (int)parent, result);
	setenv(EMBEDDED_REPLAY_ENV, path, 1);
	setenv(EMBEDDED_REPLAY_CALL_ENV, trace_setting(trace, SETTING_CALL), 1);
	setenv(EMBEDDED_REPLAY_RESULT_ENV, name, 1);
	words[0] = (char *)trace->program;
	for (size_t i = 0; i < trace->argument_count; i++)
		words[i + 1] = (char *)trace->arguments[i];
	execvp(words[0], words);
	say("cannot start `%s`: %s", trace->program, strerror(errno));
	_exit(127);
}

static int start_and_wait(const struct trace *trace, const char *path, int result,
			  struct error *error)
{
	pid_t parent = getpid(), pid;
	int status;

	fflush(NULL);
	pid = fork();
	if (pid == 0)
		become(trace, path, result, parent);
	if (pid < 0)
		return error_set(error, "cannot start another process: %s", strerror(errno));
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return 0;
}

static void print_text(int fd, off_t at)
{
	char part[4096];
	ssize_t length;

	for (; (length = pread(fd, part, sizeof(part), at)) > 0; at += length)
		fwrite(part, 1, (size_t)length, stderr);
}

static enum status take_result(const struct trace *trace, int fd)
{
	struct embedded_result result;

	if (pread(fd, &result, sizeof(result), 0) != sizeof(result) ||
	    result.magic != EMBEDDED_MAGIC) {
		say("the program ended, and there was no replay: does `%s` still come to the call "
		    "`%s` of heddle_explore()?",
		    trace->program, trace_setting(trace, SETTING_CALL));
		return STATUS_DIVERGED;
	}
	print_text(fd, sizeof(result));
	return (enum status)result.status;
}

enum status caller_replay(const struct trace *trace, const char *path)
{
	char absolute[PATH_MAX];
	struct error error;
	enum status status;
	int fd = board_file("heddle-replay", &error);

	if (fd < 0 || !realpath(path, absolute) ||
	    start_and_wait(trace, absolute, fd, &error) != 0) {
		say("cannot replay `%s`: %s", path, fd < 0 ? error.text : strerror(errno));
		return STATUS_UNABLE;
	}
	status = take_result(trace, fd);
	close(fd);
	return status;
}
