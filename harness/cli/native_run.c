/*
 * native_run.c - starts the program with nothing of heddle's in it but the library that delays, and
 * waits for its end.
 *
 * Invariant: no process of a run is left when the next one begins: each is in a group of its own,
 * which is killed at the end.
 */
#include "cli/native_run.h"
#include "cli/board.h"
#include "cli/clock.h"
#include "cli/signals.h"
#include "report/verdict.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* As in launch.c: the program's own descriptors have the numbers they always have. */
#define FD_FIRST 500

int native_run_open(struct native_run *run, struct error *error)
{
	run->board = NULL;
	run->signals_fd = signals_open(&run->launch.signals);
	run->board_fd = board_file("heddle-native", error);
	if (run->board_fd < 0)
		return -1;
	if (ftruncate(run->board_fd, sizeof(*run->board)) == 0)
		run->board = mmap(NULL, sizeof(*run->board), PROT_READ | PROT_WRITE, MAP_SHARED,
				  run->board_fd, 0);
	if (run->board && run->board != MAP_FAILED)
		return 0;
	run->board = NULL;
	return error_set(error, "cannot make memory to share with the program: %s",
			 strerror(errno));
}

void native_run_close(struct native_run *run)
{
	if (run->board)
		munmap(run->board, sizeof(*run->board));
	if (run->board_fd >= 0)
		close(run->board_fd);
	if (run->signals_fd >= 0)
		close(run->signals_fd);
	sigprocmask(SIG_SETMASK, &run->launch.signals, NULL);
}

/* All but what it has declared. */
static void board_clear(struct native_board *board, uint64_t seed)
{
	board->seed = seed;
	board->assumed = board->asserted = board->piece_count = board->threads = board->lock = 0;
	memset(board->where, 0, sizeof(board->where));
	memset(board->pieces, 0, sizeof(board->pieces));
}

static void environment_prepare(const struct native_run *run, int board_fd)
{
	const char *old = getenv("LD_PRELOAD");
	char number[16], preload[2 * LIBRARY_PATH_MAX];

	snprintf(number, sizeof(number), "%d", board_fd);
	setenv(NATIVE_ENV, number, 1);
	if (old)
		setenv(NATIVE_ENV "_PRELOAD", old, 1);
	snprintf(preload, sizeof(preload), "%s%s%s", run->launch.library.native,
		 old && *old ? ":" : "", old ? old : "");
	setenv("LD_PRELOAD", preload, 1);
}

static void child_main(const struct native_run *run, int trouble_fd) __attribute__((noreturn));
static void child_main(const struct native_run *run, int trouble_fd)
{
	int null = open("/dev/null", O_RDWR), board_fd;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
	if (null > STDERR_FILENO)
		close(null);
	board_fd = fcntl(run->board_fd, F_DUPFD, FD_FIRST);
	if (board_fd < 0)
		board_fd = fcntl(run->board_fd, F_DUPFD, 3);
	environment_prepare(run, board_fd);
	sigprocmask(SIG_SETMASK, &run->launch.signals, NULL);
	execv(run->launch.target->executable, launch_words(&run->launch));
	if (write(trouble_fd, &errno, sizeof(errno)) < 0)
		_exit(126);
	_exit(127);
}

/* Waits for the exec. */
static int await_exec(int fd, const char *name, struct error *error)
{
	int number;
	ssize_t length;

	do
		length = read(fd, &number, sizeof(number));
	while (length < 0 && errno == EINTR);
	if (length == 0)
		return 0;
	return error_set(error, "cannot start `%s`: %s", name,
			 strerror(length == sizeof(number) ? number : errno));
}

static pid_t start(const struct native_run *run, struct error *error)
{
	int ends[2], result;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return error_set(error, "cannot make a pipe: %s", strerror(errno));
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		child_main(run, ends[1]);
	close(ends[1]);
	if (pid < 0)
		error_set(error, "cannot start another process: %s", strerror(errno));
	result = pid < 0 ? -1 : await_exec(ends[0], run->launch.words[0], error);
	close(ends[0]);
	if (result == 0)
		return pid;
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return -1;
}

enum waited {
	WAITED_ENDED,
	WAITED_HANGS,
	WAITED_INTERRUPTED,
};

static enum waited await_end(const struct native_run *run, pid_t pid, int *status)
{
	struct pollfd fds[2] = {{.fd = pidfd_open(pid, 0), .events = POLLIN},
				{.fd = run->signals_fd, .events = POLLIN}};
	double end_s = clock_now() + run->hang_s;
	enum waited waited = WAITED_ENDED;

	while (!(fds[0].revents & POLLIN)) {
		double left_s = end_s - clock_now();

		if (left_s <= 0 || signals_next(run->signals_fd)) {
			waited = left_s <= 0 ? WAITED_HANGS : WAITED_INTERRUPTED;
			break;
		}
		poll(fds, 2, (int)(left_s * 1000) + 1);
	}
	kill(-pid, SIGKILL);
	kill(pid, waited == WAITED_ENDED ? 0 : SIGKILL);
	waitpid(pid, status, 0);
	close(fds[0].fd);
	return waited;
}

/* The parts, thread by thread, in the order in which each thread said them. */
static bool outcome_join(const struct native_board *board, char *text, size_t size)
{
	uint32_t count =
		board->piece_count < NATIVE_PIECES_MAX ? board->piece_count : NATIVE_PIECES_MAX;
	size_t length = 0;
	bool any = false;

	*text = '\0';
	for (uint32_t thread = 0; thread <= board->threads; thread++)
		for (uint32_t i = 0; i < count; i++) {
			const struct native_piece *piece = &board->pieces[i];

			if (!piece->is_there || piece->thread != thread || length >= size)
				continue;
			length += (size_t)snprintf(text + length, size - length, "%s%.*s",
						   any ? ", " : "", OUTCOME_BYTES - 1, piece->text);
			any = true;
		}
	/* As much as a search keeps. */
	if (length >= OUTCOME_BYTES)
		text[OUTCOME_BYTES - 1] = '\0';
	return any;
}

static void signal_describe(const struct native_board *board, int signal, struct native_end *end)
{
	const char *name = sigabbrev_np(signal);

	if (board->asserted)
		snprintf(end->text, sizeof(end->text), "%s at %.*s",
			 verdict_word(VERDICT_ASSERTION), NATIVE_WHERE_BYTES - 1, board->where);
	else if (signal == SIGABRT)
		snprintf(end->text, sizeof(end->text), "%s", verdict_word(VERDICT_ABORT));
	else
		snprintf(end->text, sizeof(end->text), "%s: SIG%s", verdict_word(VERDICT_CRASH),
			 name ? name : "?");
}

static void describe(const struct native_run *run, int status, struct native_end *end)
{
	const struct native_board *board = run->board;

	if (WIFSIGNALED(status)) {
		end->kind = OUTCOME_FAILURE;
		signal_describe(board, WTERMSIG(status), end);
	} else if (WEXITSTATUS(status)) {
		end->kind = OUTCOME_FAILURE;
		snprintf(end->text, sizeof(end->text), "%s %d", verdict_word(VERDICT_EXIT_STATUS),
			 WEXITSTATUS(status));
	} else if (board->assumed) {
		end->assumed = true;
	} else if (outcome_join(board, end->text, sizeof(end->text))) {
		end->kind = OUTCOME_SAID;
	} else {
		end->kind = OUTCOME_SILENT;
		snprintf(end->text, sizeof(end->text), "no outcome");
	}
}

int native_run(struct native_run *run, uint64_t seed, struct native_end *end, struct error *error)
{
	int status = 0;
	pid_t pid;

	*end = (struct native_end){.assumed = false};
	board_clear(run->board, seed);
	pid = start(run, error);
	if (pid < 0)
		return -1;
	switch (await_end(run, pid, &status)) {
	case WAITED_ENDED:
		describe(run, status, end);
		break;
	case WAITED_HANGS:
		end->kind = OUTCOME_FAILURE;
		snprintf(end->text, sizeof(end->text), "hang: longer than %g s", run->hang_s);
		break;
	case WAITED_INTERRUPTED:
		end->interrupted = true;
		break;
	}
	return 0;
}
