/*
 * worker.c - processes and files of a worker.
 *
 * Invariant: `pid` is either 0 or a child of the command that has not been waited for, so a signal
 * to it never reaches another process.
 */
#include "cli/worker.h"
#include "cli/board.h"
#include "cli/clock.h"

#include <errno.h>
#include <linux/futex.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int worker_init(struct worker *worker, struct shared *shared, unsigned index, struct error *error)
{
	*worker = (struct worker){.slot = &shared->workers[index], .pidfd = -1};
	worker->launch = (struct launch_worker){.index = index};
	worker->launch.recording_fd = board_file("heddle-recording", error);
	worker->launch.output_fd = board_file("heddle-output", error);
	return worker->launch.recording_fd < 0 || worker->launch.output_fd < 0 ? -1 : 0;
}

void worker_close(struct worker *worker)
{
	if (worker->launch.recording_fd >= 0)
		close(worker->launch.recording_fd);
	if (worker->launch.output_fd >= 0)
		close(worker->launch.output_fd);
}

int worker_start(struct worker *worker, const struct launch *launch, struct error *error)
{
	pid_t pid;

	/* What a predecessor wrote belongs to executions that will be carried out again. */
	if (ftruncate(worker->launch.output_fd, 0) != 0)
		return error_set(error, "cannot empty the output file: %s", strerror(errno));
	lseek(worker->launch.output_fd, 0, SEEK_SET);
	worker->slot->state = WORKER_STARTING;
	worker->slot->in_execution = worker->slot->repeating = 0;
	worker->slot->child = 0;
	worker->stuck = (struct stuck){.pid = 0};
	pid = launch_start(launch, &worker->launch, error);
	if (pid < 0)
		return -1;
	worker->pid = pid;
	worker->slot->pid = pid;
	worker->pidfd = pidfd_open(pid, 0);
	if (worker->pidfd >= 0)
		return 0;
	error_set(error, "the kernel gives no descriptor for a process (Linux 5.3): %s",
		  strerror(errno));
	worker_kill(worker, launch);
	waitpid(pid, NULL, 0);
	worker->pid = 0;
	return -1;
}

enum worker_state worker_state(const struct worker *worker)
{
	/* Partner: the worker's store after it has filled in `report`. */
	return (enum worker_state)__atomic_load_n(&worker->slot->state, __ATOMIC_ACQUIRE);
}

void worker_answer(struct worker *worker)
{
	worker->stuck = (struct stuck){.pid = 0};
	__atomic_store_n(&worker->slot->state, WORKER_RUNNING, __ATOMIC_RELEASE);
	syscall(SYS_futex, &worker->slot->state, FUTEX_WAKE, 1, NULL, NULL, 0);
}

void worker_kill(const struct worker *worker, const struct launch *launch)
{
	if (worker->pid)
		kill(launch->captured ? -worker->pid : worker->pid, SIGKILL);
}

bool worker_is_gone(const struct worker *worker)
{
	struct pollfd poll_fd = {.fd = worker->pidfd, .events = POLLIN};

	return poll(&poll_fd, 1, 0) == 1;
}

bool worker_stands(const struct worker *worker)
{
	pid_t pid = worker->slot->report.pid;
	double used_s;
	bool waits;

	return !worker_is_gone(worker) && (!pid || clock_of_process(pid, &used_s, &waits));
}

bool worker_ended(struct worker *worker, const struct launch *launch, struct worker_end *end)
{
	if (!worker->pid || !worker_is_gone(worker))
		return false;
	/* The process is not waited for yet, so its number still names its group: what it started
	 * ends with it. */
	if (launch->captured)
		kill(-worker->pid, SIGKILL);
	waitpid(worker->pid, &end->status, 0);
	close(worker->pidfd);
	worker->pid = 0;
	worker->pidfd = -1;
	end->state = worker_state(worker);
	end->in_execution = worker->slot->in_execution;
	worker->slot->state = WORKER_EMPTY;
	worker->slot->pid = 0;
	return true;
}

const struct event *worker_events(const struct worker *worker, uint64_t first, uint64_t *count)
{
	struct stat status;
	uint64_t there = 0;
	void *events;

	/* The count comes from a process that may have written anywhere. */
	if (fstat(worker->launch.recording_fd, &status) == 0)
		there = (uint64_t)status.st_size / sizeof(struct event);
	there = there > first ? there - first : 0;
	*count = *count < there ? *count : there;
	if (!*count)
		return NULL;
	events = mmap(NULL, (first + *count) * sizeof(struct event), PROT_READ, MAP_SHARED,
		      worker->launch.recording_fd, 0);
	if (events == MAP_FAILED) {
		*count = 0;
		return NULL;
	}
	return (const struct event *)events + first;
}

void worker_events_close(const struct event *events, uint64_t first, uint64_t count)
{
	if (events)
		munmap((void *)(events - first), (first + count) * sizeof(*events));
}

unsigned worker_processor_count(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) != 0 || !CPU_COUNT(&set))
		return 1;
	return (unsigned)CPU_COUNT(&set);
}
