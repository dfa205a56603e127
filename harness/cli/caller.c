#include "cli/caller.h"
#include "cli/board.h"
#include "report/verdict.h"
#include "session/embedded.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static struct {
	bool looked;
	int socket, result;
	pid_t image;
	const char *call; /* null: there is none */
} caller;

static void look(void)
{
	const char *value = getenv(EMBEDDED_ENV);
	int image, end = 0;

	caller.looked = true;
	if (!value ||
	    sscanf(value, "%d:%d:%d:%n", &caller.socket, &caller.result, &image, &end) < 3 || !end)
		return;
	caller.image = image;
	caller.call = value + end;
	/* Nobody else's. */
	fcntl(caller.socket, F_SETFD, FD_CLOEXEC);
	fcntl(caller.result, F_SETFD, FD_CLOEXEC);
}

const char *caller_call(void)
{
	if (!caller.looked)
		look();
	return caller.call;
}

static int send_request(const struct launch *launch, const struct launch_worker *worker)
{
	struct embedded_request request = {.worker = worker->index, .captured = launch->captured};
	const int files[EMBEDDED_FILES] = {
		[EMBEDDED_SHARED] = launch->shared_fd,
		[EMBEDDED_RECORDING] = worker->recording_fd,
		[EMBEDDED_OUTPUT] = worker->output_fd,
	};
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(files))];
	} control = {.header = {.cmsg_len = CMSG_LEN(sizeof(files)),
				.cmsg_level = SOL_SOCKET,
				.cmsg_type = SCM_RIGHTS}};
	struct iovec part = {.iov_base = &request, .iov_len = sizeof(request)};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control)};

	memcpy(CMSG_DATA(&control.header), files, sizeof(files));
	return sendmsg(caller.socket, &message, MSG_NOSIGNAL) == sizeof(request) ? 0 : -1;
}

pid_t caller_start(const struct launch *launch, const struct launch_worker *worker,
		   struct error *error)
{
	struct embedded_answer answer;
	ssize_t length;

	fflush(NULL);
	if (send_request(launch, worker) != 0)
		return error_set(error, "the program that called heddle_explore() is gone");
	do
		length = recv(caller.socket, &answer, sizeof(answer), 0);
	while (length < 0 && errno == EINTR);
	if (length != sizeof(answer))
		return error_set(error, "the program that called heddle_explore() is gone");
	if (answer.pid < 0)
		return error_set(error, "cannot start another process: %s", strerror(answer.error));
	if (launch->captured)
		setpgid(answer.pid, answer.pid);
	return answer.pid;
}

static void write_result(int fd, const struct embedded_result *result)
{
	ssize_t written = pwrite(fd, result, sizeof(*result), 0);

	/* Without it the caller says that there is no result. */
	(void)written;
}

/* What this command has written, which is not in a pipe but in a file. */
static void write_text(int fd)
{
	off_t from = 0, to = sizeof(struct embedded_result);
	char part[4096];
	ssize_t length;

	fflush(NULL);
	while ((length = pread(STDERR_FILENO, part, sizeof(part), from)) > 0 &&
	       pwrite(fd, part, (size_t)length, to) == length) {
		from += length;
		to += length;
	}
}

static void tell(struct embedded_result *result, enum status status)
{
	const char *replay = getenv(EMBEDDED_REPLAY_RESULT_ENV);
	int fd = replay ? open(replay, O_WRONLY | O_CLOEXEC) : -1;

	result->magic = EMBEDDED_MAGIC;
	result->size = sizeof(*result);
	result->status = (int32_t)status;
	write_result(caller.result, result);
	if (fd >= 0) {
		write_text(fd);
		write_result(fd, result);
		close(fd);
	}
	close(caller.socket);
	waitpid(caller.image, NULL, 0);
}

static const struct finding *first_failure(const struct search *search)
{
	for (size_t i = 0; i < search->findings.count; i++)
		if (search_is_failure(search, &search->findings.items[i]))
			return &search->findings.items[i];
	return search->findings.count ? search->findings.items : NULL;
}

void caller_tell(const struct search *search, enum status status)
{
	struct embedded_result result = {.executions = search_executions(search),
					 .complete = search_is_complete(search),
					 .redundant = board_redundant(search->shared),
					 .failures = search_failures(search)};
	const struct finding *first = first_failure(search);

	if (!caller_call())
		return;
	result.races = search->findings.count - result.failures;
	snprintf(result.reason, sizeof(result.reason), "%s", search_reason_word(search->reason));
	if (first) {
		snprintf(result.verdict, sizeof(result.verdict), "%s",
			 verdict_word(first->capture.verdict));
		snprintf(result.trace, sizeof(result.trace), "%s", first->path ? first->path : "");
	}
	tell(&result, status);
}

void caller_tell_replay(const struct trace *trace, enum status status)
{
	struct embedded_result result = {.executions = 1};

	if (!caller_call())
		return;
	if (status == STATUS_FAILURE)
		snprintf(result.verdict, sizeof(result.verdict), "%s", trace->verdict);
	result.failures = status == STATUS_FAILURE;
	tell(&result, status);
}
