/*
 * command.c - see command.h.
 *
 * The command is a child of the caller and ends with it: when the calling thread is gone, by
 * whatever, the kernel sends a SIGHUP, on which the command kills its workers and ends. Its results
 * come through files in memory, so nothing is left anywhere that somebody would have to remove.
 */
#include "embed/command.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Everything between the caller and the command. -1: not open. */
struct line {
	int sockets[2]; /* the command's, the image's */
	int text, result;
};

/* Relative to the folder of the library: cli/library.c has the other direction. */
static const char *const places[] = {"heddle", "../bin/heddle", "../../bin/heddle"};

/* `heddle` is also a folder, beside the library. */
static bool is_program(const char *path)
{
	struct stat status;

	return !stat(path, &status) && S_ISREG(status.st_mode) && !access(path, X_OK);
}

void command_find(char path[PATH_MAX])
{
	const char *named = getenv("HEDDLE");
	char library[PATH_MAX];
	Dl_info info;
	char *slash;

	if (named && *named) {
		snprintf(path, PATH_MAX, "%s", named);
		return;
	}
	strcpy(path, "heddle");
	if (!dladdr((void *)command_find, &info) || !realpath(info.dli_fname, library))
		return;
	slash = strrchr(library, '/');
	*slash = '\0';
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		char candidate[2 * PATH_MAX];

		snprintf(candidate, sizeof(candidate), "%s/%s", library, places[i]);
		if (is_program(candidate) && realpath(candidate, path))
			return;
		strcpy(path, "heddle");
	}
}

static int line_open(struct line *line)
{
	*line = (struct line){.sockets = {-1, -1}, .result = -1};
	line->text = memfd_create("heddle-text", MFD_CLOEXEC);
	if (line->text < 0)
		return -1;
	line->result = memfd_create("heddle-result", MFD_CLOEXEC);
	if (line->result < 0)
		return -1;
	return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, line->sockets);
}

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void line_close(struct line *line)
{
	close_one(&line->sockets[0]);
	close_one(&line->sockets[1]);
	close_one(&line->text);
	close_one(&line->result);
}

/* In the child: where a standard file is closed, one of ours may have its number. */
static void keep(int *fd)
{
	int low = *fd;

	if (low > STDERR_FILENO)
		return;
	*fd = fcntl(low, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (*fd < 0)
		_exit(127);
	close(low);
}

static void hand_down(const struct line *line)
{
	int null = open("/dev/null", O_RDONLY);

	if (null >= 0 && null != STDIN_FILENO)
		dup2(null, STDIN_FILENO);
	if (dup2(line->text, STDOUT_FILENO) < 0 || dup2(line->text, STDERR_FILENO) < 0 ||
	    fcntl(line->sockets[0], F_SETFD, 0) || fcntl(line->result, F_SETFD, 0))
		_exit(127);
}

static char **environment_with(char *entry)
{
	size_t count = 0;
	char **made;

	while (environ && environ[count])
		count++;
	made = calloc(count + 2, sizeof(*made));
	for (size_t i = 0; made && i < count; i++)
		made[i + 1] = environ[i];
	if (made)
		made[0] = entry;
	return made;
}

static void become(const struct words *words, const struct line *line, pid_t image,
		   const char *name) __attribute__((noreturn));
static void become(const struct words *words, const struct line *line, pid_t image,
		   const char *name)
{
	char entry[512];
	char **environment = environment_with(entry);

	snprintf(entry, sizeof(entry), EMBEDDED_ENV "=%d:%d:%d:%s", line->sockets[0], line->result,
		 (int)image, name);
	if (environment)
		execvpe(words->list[0], words->list, environment);
	dprintf(STDERR_FILENO,
		"heddle: cannot start the command `%s`: %s: install it beside the library, or name "
		"it in the environment variable HEDDLE\n",
		words->list[0], strerror(errno));
	_exit(127);
}

static void command_main(struct line *line, pid_t caller, const struct words *words,
			 const char *name, const struct body *body) __attribute__((noreturn));
static void command_main(struct line *line, pid_t caller, const struct words *words,
			 const char *name, const struct body *body)
{
	pid_t self = getpid(), image;
	sigset_t none;

	if (prctl(PR_SET_PDEATHSIG, SIGHUP) || getppid() != caller)
		_exit(127);
	/* Both have children to wait for, whatever the caller thinks of its own. */
	signal(SIGCHLD, SIG_DFL);
	keep(&line->sockets[0]);
	keep(&line->sockets[1]);
	keep(&line->text);
	keep(&line->result);
	image = fork();
	if (!image) {
		close(line->sockets[0]);
		close(line->text);
		close(line->result);
		image_serve(line->sockets[1], self, body);
	}
	hand_down(line);
	if (image < 0) {
		dprintf(STDERR_FILENO, "heddle: cannot fork: %s\n", strerror(errno));
		_exit(127);
	}
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	become(words, line, image, name);
}

/* The caller may not care for its children, or wait for any of them elsewhere. */
static int wait_for(pid_t pid)
{
	int fd = pidfd_open(pid, 0), status;
	struct pollfd ended = {.fd = fd, .events = POLLIN};
	pid_t got;

	while (fd >= 0 && poll(&ended, 1, -1) < 0 && errno == EINTR)
		continue;
	if (fd >= 0)
		close(fd);
	do
		got = waitpid(pid, &status, 0);
	while (got < 0 && errno == EINTR);
	return got == pid ? status : -1;
}

static char *read_text(int fd)
{
	off_t bytes = lseek(fd, 0, SEEK_END);
	char *text = calloc(1, (size_t)(bytes > 0 ? bytes : 0) + 1);
	ssize_t length = text && bytes > 0 ? pread(fd, text, (size_t)bytes, 0) : 0;

	if (text)
		text[length > 0 ? length : 0] = '\0';
	return text;
}

static void read_result(int fd, struct embedded_result *result)
{
	if (pread(fd, result, sizeof(*result), 0) != sizeof(*result) ||
	    result->magic != EMBEDDED_MAGIC || result->size != sizeof(*result))
		memset(result, 0, sizeof(*result));
	result->reason[sizeof(result->reason) - 1] = '\0';
	result->verdict[sizeof(result->verdict) - 1] = '\0';
	result->trace[sizeof(result->trace) - 1] = '\0';
}

int command_run(struct command_end *end, const struct words *words, const char *name,
		const struct body *body)
{
	pid_t caller = getpid(), pid = -1;
	struct line line;
	int error;

	if (!line_open(&line)) {
		pid = fork();
		if (!pid)
			command_main(&line, caller, words, name, body);
	}
	error = errno;
	close_one(&line.sockets[0]);
	close_one(&line.sockets[1]);
	if (pid > 0) {
		end->status = wait_for(pid);
		end->text = read_text(line.text);
		read_result(line.result, &end->result);
	}
	line_close(&line);
	errno = error;
	return pid > 0 ? 0 : -1;
}
