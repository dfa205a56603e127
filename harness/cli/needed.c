#include "cli/needed.h"
#include "cli/say.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void list(const char *executable, int fd) __attribute__((noreturn));
static void list(const char *executable, int fd)
{
	int null = open("/dev/null", O_RDWR);

	dup2(null, STDIN_FILENO);
	dup2(fd, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	setenv("LD_TRACE_LOADED_OBJECTS", "1", 1);
	execl(executable, executable, (char *)NULL);
	_exit(127);
}

/* "	libm.so.6 => /lib/libm.so.6 (0x7f...)", or without the name and the arrow. */
static void line_take(struct needed *needed, char *line)
{
	char *path = strchr(line, '/'), *end = path ? strstr(path, " (") : NULL;

	if (!end || needed->count == NEEDED_MAX)
		return;
	*end = 0;
	needed->paths[needed->count++] = must_have(strdup(path));
}

void needed_find(struct needed *needed, const char *executable)
{
	char *line = NULL;
	size_t room = 0;
	int ends[2];
	FILE *in;
	pid_t pid;

	needed->count = 0;
	if (pipe2(ends, O_CLOEXEC) != 0)
		return;
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		list(executable, ends[1]);
	close(ends[1]);
	in = must_have(fdopen(ends[0], "r"));
	while (getline(&line, &room, in) > 0)
		line_take(needed, line);
	free(line);
	fclose(in);
	if (pid > 0)
		waitpid(pid, NULL, 0);
}

void needed_free(struct needed *needed)
{
	while (needed->count)
		free(needed->paths[--needed->count]);
}

const char *needed_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}
