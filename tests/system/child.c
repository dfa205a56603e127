/* child.c - commands that the system tests run, each in a process group of its own.
 *
 * Invariant: no process of a command outlives child_wait(). The hang guard therefore ends the group
 * and not just the shell: a command left behind by a shell that was killed would go on for ever,
 * and take the memory of the machine with it.
 */
#include "system/child.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define COMMAND_BYTES 8192
#define HANG_GUARD_S  120

static char folder[64];

static void environment_set(void)
{
	const char *build = getenv("HEDDLE_BUILD");
	char full[PATH_MAX];

	cr_assert(realpath(build ? build : "build", full),
		  "run the tests from the repository's root");
	setenv("B", full, 1);
	setenv("T", folder, 1);
}

static char *file_read(FILE *file)
{
	size_t room = 65536, length = 0, got;
	char *text = malloc(room + 1);

	rewind(file);
	while ((got = fread(text + length, 1, room - length, file)) > 0) {
		length += got;
		if (length == room)
			text = realloc(text, (room *= 2) + 1);
	}
	text[length] = '\0';
	fclose(file);
	return text;
}

static pid_t start(const char *command, int out, int err)
{
	pid_t pid;

	environment_set();
	fflush(NULL);
	pid = fork();
	cr_assert(pid >= 0);
	/* Both do it, so that neither goes on before it is done. */
	setpgid(pid, pid);
	if (pid)
		return pid;
	dup2(open("/dev/null", O_RDONLY), 0);
	if (out >= 0) {
		dup2(out, 1);
		dup2(err, 2);
	}
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

/* Whether it ended before the hang guard. */
static bool ends(pid_t pid)
{
	struct pollfd end = {.fd = pidfd_open(pid, 0), .events = POLLIN};
	bool ended;

	cr_assert(end.fd >= 0);
	ended = poll(&end, 1, HANG_GUARD_S * 1000) == 1;
	close(end.fd);
	return ended;
}

int child_wait(pid_t pid)
{
	bool ended = ends(pid);
	int status;

	if (!ended)
		kill(-pid, SIGKILL);
	cr_assert(waitpid(pid, &status, 0) == pid);
	cr_expect(ended, "a command hung and was killed");
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

struct child child_run(const char *format, ...)
{
	FILE *out = tmpfile(), *err = tmpfile();
	char command[COMMAND_BYTES];
	struct child child;
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(command, sizeof(command), format, arguments);
	va_end(arguments);
	child.status = child_wait(start(command, fileno(out), fileno(err)));
	child.out = file_read(out);
	child.err = file_read(err);
	return child;
}

void child_free(struct child *child)
{
	free(child->out);
	free(child->err);
}

pid_t child_start(const char *format, ...)
{
	char command[COMMAND_BYTES];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(command, sizeof(command), format, arguments);
	va_end(arguments);
	return start(command, -1, -1);
}

json_t *child_json(const char *text)
{
	size_t length = strlen(text);
	const char *line;

	while (length && text[length - 1] == '\n')
		length--;
	for (line = text + length; line > text && line[-1] != '\n'; line--)
		;
	return json_loadb(line, (size_t)(text + length - line), 0, NULL);
}

void folder_make(void)
{
	snprintf(folder, sizeof(folder), "/tmp/heddle-test-XXXXXX");
	cr_assert(mkdtemp(folder));
}

void folder_remove(void)
{
	struct child child = child_run("rm -rf \"$T\"");

	child_free(&child);
}

bool files_equal(const char *one, const char *other)
{
	struct child child = child_run("cmp \"$T/%s\" \"$T/%s\"", one, other);
	bool equal = child.status == 0;

	child_free(&child);
	return equal;
}

int processes_of(const char *name)
{
	DIR *processes = opendir("/proc");
	struct dirent *entry;
	int count = 0;

	while ((entry = readdir(processes))) {
		char path[300], comm[32] = "";
		FILE *file;

		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		file = atoi(entry->d_name) ? fopen(path, "r") : NULL;
		if (!file)
			continue;
		if (fgets(comm, sizeof(comm), file)) {
			comm[strcspn(comm, "\n")] = '\0';
			count += !strcmp(comm, name);
		}
		fclose(file);
	}
	closedir(processes);
	return count;
}
