#include "cli/stuck.h"
#include "cli/board.h"
#include "cli/clock.h"

#include <signal.h>

/* By which the library is asked (machine/trap.h), and how long the answer may take. */
#define ASK_SIGNAL (SIGRTMIN + 8)
#define ANSWER_S   2.0

static void sign_of_life(struct stuck *stuck, pid_t pid, double used_s, double now)
{
	stuck->pid = pid;
	stuck->used_s = used_s;
	stuck->alive_s = now;
	stuck->asked_s = 0;
}

/* Has the worker got on since the last look? */
static bool moved(struct stuck *stuck, const struct shared_worker *worker)
{
	uint64_t steps = __atomic_load_n(&worker->steps, __ATOMIC_RELAXED);
	uint64_t executions = board_progress(worker).executions;
	bool in_execution = worker->in_execution;
	/* A failing execution is carried out twice, the second time to be recorded: then only the
	 * last of these differs. */
	bool same = stuck->steps == steps && stuck->executions == executions &&
		    stuck->in_execution == in_execution;

	stuck->steps = steps;
	stuck->executions = executions;
	stuck->in_execution = in_execution;
	return !same;
}

/* Between executions a worker may wait for work, which is no sign of anything. */
static bool is_busy(const struct shared_worker *worker)
{
	struct shared_progress progress = board_progress(worker);

	return worker->in_execution || worker->repeating || progress.has_task ||
	       progress.next < progress.end;
}

enum stuck_answer stuck_check(struct stuck *stuck, const struct shared_worker *worker,
			      double limit_s, bool waiting_counts)
{
	pid_t child = __atomic_load_n(&worker->child, __ATOMIC_RELAXED);
	pid_t pid = child ? child : worker->pid;
	double now = clock_now(), used_s;
	bool waits, over;

	if (!clock_of_process(pid, &used_s, &waits))
		return STUCK_NO;
	if (moved(stuck, worker) || pid != stuck->pid) {
		sign_of_life(stuck, pid, used_s, now);
		return STUCK_NO;
	}
	if (stuck->asked_s > 0)
		return now - stuck->asked_s >= ANSWER_S ? STUCK_SILENT : STUCK_NO;
	over = used_s - stuck->used_s >= limit_s;
	if (waiting_counts && waits && is_busy(worker) && now - stuck->alive_s >= limit_s)
		over = true;
	if (over && kill(pid, ASK_SIGNAL) == 0)
		stuck->asked_s = now;
	return STUCK_NO;
}
