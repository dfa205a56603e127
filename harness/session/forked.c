#include "session/forked.h"

#include "machine/console.h"
#include "machine/fiber.h"
#include "machine/memory.h"
#include "machine/syscall.h"
#include "machine/trap.h"
#include "session/carrier.h"
#include "session/reduction.h"
#include "session/restart.h"
#include "session/session.h"
#include "session/verdict.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>

/* Descriptors whose position is put back before each execution, and whose locks are given back:
 * parent and children share them. */
#define FILES_MAX 256

static long positions[FILES_MAX];
static int file_count;

/* The processors that the program may use, as the kernel has them; no bytes where it does not say.
 */
static unsigned long processors[16];
static long processor_bytes;

void forked_init(void)
{
	memory_keep_from_children();
	for (int fd = 0; fd < FILES_MAX; fd++) {
		positions[fd] = fd == 1 || fd == 2 ? -1 : sys_call3(SYS_lseek, fd, 0, SEEK_CUR);
		if (positions[fd] >= 0)
			file_count = fd + 1;
	}
	processor_bytes = sys_call3(SYS_sched_getaffinity, 0, sizeof(processors), (long)processors);
}

static void files_rewind(void)
{
	static struct flock all = {.l_type = F_UNLCK};

	for (int fd = 0; fd < file_count; fd++) {
		if (positions[fd] < 0)
			continue;
		sys_call3(SYS_lseek, fd, positions[fd], SEEK_SET);
		sys_call2(SYS_flock, fd, LOCK_UN);
		sys_call3(SYS_fcntl, fd, F_OFD_SETLK, &all);
	}
}

static void outcome_store(void)
{
	session.worker->outcome = (struct shared_outcome){
		.weight = session.dfs.weight,
		.depth = session.dfs.depth,
		.at = session.dfs.at,
		.cut = session.dfs.cut,
		.differs = session.dfs.differs,
	};
}

static void outcome_load(void)
{
	const struct shared_outcome *outcome = &session.worker->outcome;

	session.dfs.weight = outcome->weight;
	session.dfs.depth = outcome->depth;
	session.dfs.at = outcome->at;
	session.dfs.cut = outcome->cut;
	session.dfs.differs = outcome->differs;
}

static void processors_give_back(void)
{
	if (processor_bytes > 0)
		sys_call3(SYS_sched_setaffinity, 0, processor_bytes, (long)processors);
}

/* The kernel likes to start a child on another processor, where nothing of it is in the cache: 15 %
 * of a short execution. So there is only one while it starts. */
static long clone_here(void)
{
	unsigned long here[sizeof(processors) / sizeof(*processors)] = {0};
	unsigned processor = 0;
	long pid;

	if (processor_bytes > 0 && !sys_call3(SYS_getcpu, (long)&processor, 0, 0) &&
	    processor / 8 < sizeof(here)) {
		here[processor / 64] = 1ul << processor % 64;
		sys_call3(SYS_sched_setaffinity, 0, sizeof(here), (long)here);
	}
	pid = sys_call5(SYS_clone, SIGCHLD, 0, 0, 0, 0);
	processors_give_back();
	return pid;
}

static void child_end(void) __attribute__((noreturn));
static void child_end(void)
{
	sys_call1(SYS_exit_group, 0);
	__builtin_unreachable();
}

static void child(uint64_t index) __attribute__((noreturn));
static void child(uint64_t index)
{
	/* No child outlives its worker, whatever ends that. */
	sys_call2(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL);
	session.pid = (int32_t)sys_call0(SYS_getpid);
	session.is_child = true;
	reduction_is_forked();
	execution_begin(index);
	if (carrier_resume_growing() == REQUEST_AGAIN) {
		session.worker->again = 1;
		child_end();
	}
	reduction_collect();
	outcome_store();
	if (session.recording) {
		console_take_stdio();
		console_append();
		verdict_threads();
		verdict_hand_over();
	}
	child_end();
}

/* The child could not say how it ended. */
static void verdict_from_status(int status)
{
	struct report *report = &session.worker->report;

	if (report->verdict != VERDICT_NONE)
		return;
	reduction_died();
	if (WIFEXITED(status) && !WEXITSTATUS(status)) {
		report->verdict = VERDICT_PASSED;
	} else if (WIFEXITED(status)) {
		report->verdict = VERDICT_EXIT_STATUS;
		report->exit_status = WEXITSTATUS(status);
		report->signature =
			(uint64_t)VERDICT_EXIT_STATUS << 8 | (uint64_t)report->exit_status;
	} else {
		report->verdict = VERDICT_LOST;
		report->signal = WTERMSIG(status);
		report->signature = (uint64_t)VERDICT_LOST << 8 | (uint64_t)report->signal;
	}
	report->pid = 0;
}

static int execute_once(uint64_t index)
{
	struct shared_worker *worker = session.worker;
	int status = 0;
	long pid;

	worker->again = 0;
	console_rewind_file();
	files_rewind();
	worker->report.verdict = VERDICT_NONE;
	worker->report.signature = worker->outcome_signature = 0;
	worker->report.message[0] = '\0';
	outcome_store();
	reduction_forget();
	pid = clone_here();
	if (pid == 0)
		child(index);
	worker->child = (int32_t)pid;
	if (pid > 0)
		while (sys_call4(SYS_wait4, pid, &status, 0, 0) < 0)
			;
	worker->child = restart_is_guarded() ? session.pid : 0;
	worker->forked = 1;
	return status;
}

void forked_execute(uint64_t index)
{
	int status;

	do {
		status = execute_once(index);
	} while (session.worker->again);
	outcome_load();
	verdict_from_status(status);
}
