/*
 * image.c - see image.h.
 *
 * Why a process of its own, and not the caller: it has one thread, so what it forks is a process at
 * rest, whenever the command asks. And workers that are killed have successors, which have to begin
 * as these did.
 *
 * Workers are children of the command (CLONE_PARENT), since it waits for them, kills them and reads
 * their memory.
 */
#include "embed/image.h"

#include "machine/rseq.h"
#include "machine/syscall.h"
#include "session/embedded.h"
#include "session/session.h"
#include "session/start.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* As the command does it for programs that it starts (cli/launch.c): descriptors out of the way of
 * those that the body opens. */
#define FD_FIRST 500

/* One request, and the descriptors that came with it. */
struct order {
	struct embedded_request request;
	int files[EMBEDDED_FILES];
};

static void give_up(void) __attribute__((noreturn));
static void give_up(void)
{
	sys_call1(SYS_exit_group, 127);
	__builtin_unreachable();
}

/* False when the other end is closed. */
static bool order_receive(int socket, struct order *order)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(order->files))];
	} control;
	struct iovec part = {.iov_base = &order->request, .iov_len = sizeof(order->request)};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control)};
	ssize_t length;

	do
		length = recvmsg(socket, &message, 0);
	while (length < 0 && errno == EINTR);
	if (length != sizeof(order->request) || !CMSG_FIRSTHDR(&message) ||
	    CMSG_FIRSTHDR(&message)->cmsg_len != CMSG_LEN(sizeof(order->files)))
		return false;
	memcpy(order->files, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(order->files));
	return true;
}

static void order_close(const struct order *order)
{
	for (unsigned i = 0; i < EMBEDDED_FILES; i++)
		close(order->files[i]);
}

static int fd_lowest(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= FD_FIRST + EMBEDDED_FILES)
		return FD_FIRST;
	return limit.rlim_cur > EMBEDDED_FILES ? (int)limit.rlim_cur - EMBEDDED_FILES : 0;
}

static int move(int fd)
{
	int high = fcntl(fd, F_DUPFD, fd_lowest());

	if (high < 0)
		give_up();
	close(fd);
	return high;
}

static void capture(int output)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 ||
	    dup2(output, STDERR_FILENO) < 0)
		give_up();
	close(null);
	setpgid(0, 0);
}

/* Says so in the place where the command looks for it. */
static void refuse(void) __attribute__((noreturn));
static void refuse(void)
{
	static const char why[] = "the kernel does not let go of its restartable sequences: start "
				  "the program with GLIBC_TUNABLES=glibc.pthread.rseq=0";

	memcpy(session.worker->report.message, why, sizeof(why));
	session.worker->state = WORKER_UNABLE;
	give_up();
}

static void worker(const struct order *order, int socket, pid_t command, const struct body *body)
	__attribute__((noreturn));
static void worker(const struct order *order, int socket, pid_t command, const struct body *body)
{
	struct start_files files;

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || sys_call0(SYS_getppid) != command)
		give_up();
	close(socket);
	files.shared = move(order->files[EMBEDDED_SHARED]);
	files.recording = move(order->files[EMBEDDED_RECORDING]);
	files.output = move(order->files[EMBEDDED_OUTPUT]);
	if (order->request.captured)
		capture(files.output);
	start_attach_to(&files, order->request.worker);
	if (!rseq_leave())
		refuse();
	start_body(body->function, body->argument, &body->caller);
}

void image_serve(int socket, pid_t command, const struct body *body)
{
	struct embedded_answer answer;
	struct order order;

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != command)
		give_up();
	/* What the caller has yet to write is the caller's. */
	__fpurge(stdout);
	__fpurge(stderr);
	while (order_receive(socket, &order)) {
		long pid = sys_call5(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);

		if (!pid)
			worker(&order, socket, command, body);
		order_close(&order);
		answer.pid = pid > 0 ? (int32_t)pid : -1;
		answer.error = pid > 0 ? 0 : (int32_t)-pid;
		if (send(socket, &answer, sizeof(answer), MSG_NOSIGNAL) != sizeof(answer))
			break;
	}
	give_up();
}
