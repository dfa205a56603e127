/*
 * work.c - how executions are handed out among workers.
 *
 * The single rule behind both kinds: a worker's claim, and its next step, are made by one store,
 * `active`, which says which of two copies of its progress is valid. Claims are made under the lock
 * from what all workers have claimed so far, so there is no counter of its own that could disagree
 * with them.
 */
#include "session/work.h"

#include "machine/memory.h"
#include "machine/syscall.h"
#include "session/interrupt.h"
#include "session/lock.h"
#include "session/reduction.h"
#include "session/results.h"

#include <time.h>

/* Random: indices taken at a time. Few enough that workers end together, many enough that the lock
 * is never felt. */
#define BLOCK_INDICES 64u

/* How often a worker without work looks for it before it gives up the processor: about what an
 * execution of the others takes. */
#define LOOKS_MAX 1000

static struct shared_progress *progress_of(struct shared_worker *worker)
{
	return &worker->progress[__atomic_load_n(&worker->active, __ATOMIC_ACQUIRE)];
}

static struct shared_progress *current(void)
{
	return progress_of(session.worker);
}

/* Makes `next` the worker's progress, all at once. */
static void commit(const struct shared_progress *next)
{
	struct shared_worker *worker = session.worker;

	worker->progress[!worker->active] = *next;
	__atomic_store_n(&worker->active, !worker->active, __ATOMIC_RELEASE);
}

static struct shared_frame *own_frames(void)
{
	return session.worker->frames;
}

/* ------- random ------- */

static uint64_t limit_of_search(void)
{
	const struct shared *shared = session.shared;
	uint64_t limit = shared->config.executions_max ? shared->config.executions_max : UINT64_MAX;
	uint64_t stop = __atomic_load_n(&shared->stop_index, __ATOMIC_ACQUIRE);

	return stop < limit ? stop : limit;
}

static uint64_t first_unclaimed(void)
{
	uint64_t first = 0;

	for (uint32_t i = 0; i < session.shared->config.workers; i++) {
		uint64_t end = progress_of(&session.shared->workers[i])->end;

		first = end > first ? end : first;
	}
	return first;
}

static bool block_claim(void)
{
	struct shared_progress next = *current();
	uint64_t limit = limit_of_search();

	lock_take();
	next.first = next.next = first_unclaimed();
	next.end = next.first + BLOCK_INDICES;
	if (session.shared->config.executions_max &&
	    next.end > session.shared->config.executions_max)
		next.end = session.shared->config.executions_max;
	if (next.first < limit)
		commit(&next);
	lock_release();
	return next.first < limit;
}

static bool random_next(uint64_t *index)
{
	if (session.shared->stop)
		return false;
	if (current()->next >= current()->end && !block_claim())
		return false;
	*index = current()->next;
	return *index < limit_of_search();
}

static void random_done(void)
{
	struct shared_progress next = *current();

	next.next++;
	next.executions++;
	commit(&next);
}

/* ------- depth-first ------- */

static void tasks_clear(void)
{
	for (uint32_t i = 0; i < SHARED_TASKS_MAX; i++)
		session.shared->tasks[i].there = 0;
}

/* The search starts (again): the whole tree is one task. */
static void tasks_begin(void)
{
	tasks_clear();
	session.shared->tasks[0].depth = 0;
	session.shared->tasks[0].there = 1;
}

/* What is visible is known; the process has just begun, or begun anew. */
static void generation_join(void)
{
	const struct shared *shared = session.shared;

	for (uint32_t i = 0; i < shared->visible_count; i++)
		sharing_mark(&session.sharing, shared->visible[i].granule,
			     (uint32_t)shared->visible[i].mask);
	interrupt_learned();
	if (current()->generation == shared->generation)
		return;
	results_forget();
	commit(&(struct shared_progress){.generation = shared->generation});
	session.dfs.depth = 0;
}

static void task_take(uint32_t slot)
{
	struct shared_task *task = &session.shared->tasks[slot];
	struct shared_progress next = *current();

	memory_copy(own_frames(), task->frames, task->depth * sizeof(*task->frames));
	next.depth = task->depth;
	next.chosen = task->depth ? task->frames[task->depth - 1].chosen : 0;
	next.has_task = 1;
	session.worker->taking = slot + 1;
	commit(&next);
	task->there = 0;
	session.worker->taking = 0;
	session.dfs.depth = next.depth;
}

/* Called with the lock. */
static bool task_find(void)
{
	for (uint32_t i = 0; i < SHARED_TASKS_MAX; i++) {
		if (!session.shared->tasks[i].there)
			continue;
		task_take(i);
		return true;
	}
	return false;
}

/* Called with the lock. */
static bool all_done(void)
{
	for (uint32_t i = 0; i < session.shared->config.workers; i++)
		if (progress_of(&session.shared->workers[i])->has_task)
			return false;
	return true;
}

static bool task_get(void)
{
	struct timespec pause = {.tv_nsec = 200000};

	for (;;) {
		bool got;

		lock_take();
		got = !work_is_void() && task_find();
		if (!got && all_done())
			session.shared->finished = 1;
		lock_release();
		if (got)
			return true;
		if (session.shared->finished || session.shared->stop || work_is_void())
			return false;
		__atomic_store_n(&session.shared->hungry, 1, __ATOMIC_RELAXED);
		sys_call2(SYS_nanosleep, &pause, 0);
	}
}

/* The shallowest frame with alternatives to give, or the depth when there is none. */
static uint32_t frame_to_give(void)
{
	uint32_t at = 0;

	while (at < session.dfs.depth && own_frames()[at].chosen + 1 >= own_frames()[at].limit)
		at++;
	return at;
}

static void donate_finish(uint32_t slot)
{
	struct shared_task *task = &session.shared->tasks[slot];
	struct shared_frame *frame = &own_frames()[task->depth - 1];

	frame->limit = task->frames[task->depth - 1].chosen;
	task->there = 1;
	session.worker->donating = 0;
}

static void donate(void)
{
	uint32_t at = frame_to_give(), slot = 0;
	struct shared_task *task;

	if (at >= session.dfs.depth || at >= SHARED_TASK_DEPTH)
		return;
	lock_take();
	while (slot < SHARED_TASKS_MAX && session.shared->tasks[slot].there)
		slot++;
	if (slot < SHARED_TASKS_MAX && !work_is_void()) {
		task = &session.shared->tasks[slot];
		memory_copy(task->frames, own_frames(), (at + 1) * sizeof(*task->frames));
		task->depth = at + 1;
		task->frames[at].chosen++;
		session.worker->donating = slot + 1;
		donate_finish(slot);
		session.shared->hungry = 0;
	}
	lock_release();
}

static bool limit_is_reached(void)
{
	uint64_t sum = 0, most = session.shared->config.executions_max;

	for (uint32_t i = 0; most && i < session.shared->config.workers; i++)
		sum += progress_of(&session.shared->workers[i])->executions;
	return most && sum >= most;
}

/* Executions are begun no more often than was asked for, whoever begins them. */
static bool may_begin(void)
{
	uint64_t most = session.shared->config.executions_max;

	return !most || __atomic_fetch_add(&session.shared->begun, 1, __ATOMIC_RELAXED) < most;
}

static bool dfs_next(uint64_t *index)
{
	if (session.shared->stop)
		return false;
	if (limit_is_reached())
		return false;
	if (!current()->has_task && !task_get())
		return false;
	*index = current()->executions;
	return may_begin();
}

/* The deepest frame with an alternative left decides the next path; it is written down before it is
 * taken. */
static void dfs_done(void)
{
	struct shared_progress next = *current();
	uint32_t depth = session.dfs.depth;
	const struct shared_frame *frames = own_frames();

	if (__atomic_load_n(&session.shared->hungry, __ATOMIC_RELAXED))
		donate();
	while (depth && frames[depth - 1].chosen + 1 >= frames[depth - 1].limit)
		depth--;
	/* One that has given up for another is no execution of its own. */
	next.executions += !(session.worker->report.verdict == VERDICT_DISCARDED &&
			     session.worker->report.in_part);
	next.fraction += session.dfs.weight;
	next.depth = depth;
	next.chosen = depth ? frames[depth - 1].chosen + 1u : 0;
	next.has_task = depth > 0;
	commit(&next);
	dfs_advance(&session.dfs);
	if (session.dfs.cut)
		session.shared->depth_cut = 1;
}

void work_found_visible(uint64_t granule, uint32_t mask)
{
	struct shared *shared = session.shared;

	lock_take();
	if (shared->visible_count == SHARED_VISIBLE_MAX)
		shared->visible_full = 1;
	else
		shared->visible[shared->visible_count++] =
			(struct shared_visible){.granule = granule, .mask = mask};
	shared->generation++;
	shared->begun = 0;
	tasks_begin();
	lock_release();
}

/* ------- reduction: what is to be explored is in the tree that all share ------- */

/* Asks the others for work: they look after each execution, a few microseconds. */
static void ask(void)
{
	struct timespec pause = {.tv_nsec = 20000};

	__atomic_store_n(&session.shared->hungry, 1, __ATOMIC_RELAXED);
	for (int looks = 0; looks < LOOKS_MAX; looks++) {
		if (!__atomic_load_n(&session.shared->hungry, __ATOMIC_RELAXED))
			return;
		__builtin_ia32_pause();
	}
	sys_call2(SYS_nanosleep, &pause, 0);
}

static bool dpor_next(uint64_t *index)
{
	*index = current()->executions;
	while (!session.shared->stop && !limit_is_reached() && !work_is_void()) {
		switch (reduction_work()) {
		case REDUCTION_READY:
			return may_begin();
		case REDUCTION_OVER:
			session.shared->finished = 1;
			return false;
		case REDUCTION_WAIT:
			ask();
		}
	}
	return false;
}

static void dpor_account(void)
{
	struct shared_progress next = *current();

	next.executions = reduction_executions();
	commit(&next);
}

static void dpor_done(void)
{
	reduction_next(session.worker->report.verdict != VERDICT_DISCARDED);
	dpor_account();
	if (__atomic_load_n(&session.shared->hungry, __ATOMIC_RELAXED)) {
		reduction_donate();
		__atomic_store_n(&session.shared->hungry, 0, __ATOMIC_RELAXED);
	}
}

static bool is_dfs(void)
{
	return session.shared->config.strategy == STRATEGY_DFS;
}

uint32_t work_generation(void)
{
	return current()->generation;
}

uint64_t work_executions(void)
{
	return session.reducing ? reduction_executions() : current()->executions;
}

bool work_is_void(void)
{
	return session.learned && current()->generation != session.shared->generation;
}

static void mend(void)
{
	struct shared_worker *worker = session.worker;
	struct shared_progress *progress = current();

	if (worker->donating)
		donate_finish(worker->donating - 1);
	if (worker->taking && progress->has_task)
		session.shared->tasks[worker->taking - 1].there = 0;
	worker->taking = 0;
	if (lock_inherited())
		lock_release();
	if (!is_dfs())
		return;
	session.dfs.depth = progress->depth;
	if (progress->has_task && progress->depth)
		own_frames()[progress->depth - 1].chosen = (uint16_t)progress->chosen;
}

void work_init(void)
{
	bool mended;

	mend();
	if (!session.learned)
		results_mend();
	if (!session.learned)
		return;
	mended = !session.reducing || reduction_mend();
	lock_take();
	if (!session.shared->generation || !mended) {
		session.shared->generation++;
		tasks_begin();
	}
	generation_join();
	if (session.reducing) {
		reduction_join();
		dpor_account();
	}
	results_mend();
	lock_release();
}

bool work_next(uint64_t *index)
{
	if (session.reducing)
		return dpor_next(index);
	return is_dfs() ? dfs_next(index) : random_next(index);
}

void work_leave_out(void)
{
	if (session.reducing) {
		reduction_leave_out();
		dpor_account();
	} else {
		work_done();
	}
}

void work_done(void)
{
	if (session.reducing)
		dpor_done();
	else if (is_dfs())
		dfs_done();
	else
		random_done();
}
