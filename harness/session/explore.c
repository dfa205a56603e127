/*
 * explore.c - the loop over executions.
 *
 * Everything before the first choice is the same in all executions and is carried out once. Then
 * each execution starts from there: by putting back the snapshot, 2 us, or, where the program
 * changes what only the kernel knows, in a forked child. The change from the one to the other is
 * made when a system call is about to do such a thing: the execution is dropped before the call and
 * carried out again in a child, so nothing is missed and nothing done twice.
 */
#include "session/explore.h"

#include "base/check.h"
#include "base/text.h"
#include "machine/console.h"
#include "machine/fiber.h"
#include "machine/snapshot.h"
#include "machine/syscall.h"
#include "machine/trap.h"
#include "session/carrier.h"
#include "session/forked.h"
#include "session/heap_check.h"
#include "session/lock.h"
#include "session/loop.h"
#include "session/point.h"
#include "session/races.h"
#include "session/record.h"
#include "session/reduction.h"
#include "session/restart.h"
#include "session/results.h"
#include "session/session.h"
#include "session/spin.h"
#include "session/verdict.h"
#include "session/work.h"

#include <signal.h>

enum mode {
	MODE_SNAPSHOT,
	MODE_FORKED,
};

static enum mode mode;
/* Memory is as some execution left it. */
static bool dirty;
static unsigned long signal_mask;

static void mode_forked(const char *reason)
{
	if (reason) {
		struct text text =
			text_over(session.worker->mode_reason, sizeof(session.worker->mode_reason));

		text_add(&text, reason);
	}
	mode = MODE_FORKED;
	session.trapping = false;
	forked_init();
}

static void mode_choose(void)
{
	sys_call4(SYS_rt_sigprocmask, SIG_SETMASK, 0, &signal_mask, sizeof(signal_mask));
	reduction_mark();
	execution_save();
	if (session.learned)
		sharing_save(&session.sharing);
	races_save();
	console_mark();
	if (session.shared->config.fork_only) {
		mode_forked("--fork was given");
	} else if (!trap_system_calls()) {
		mode_forked("the kernel has no syscall user dispatch (Linux 5.11)");
	} else {
		session.trapping = true;
		snapshot_take(session.outer_stack);
	}
}

static void put_back(void)
{
	if (!dirty)
		return;
	snapshot_restore();
	execution_restore();
	if (session.mask_dirty)
		sys_call4(SYS_rt_sigprocmask, SIG_SETMASK, &signal_mask, 0, sizeof(signal_mask));
	session.mask_dirty = false;
	dirty = false;
}

void execution_begin(uint64_t index)
{
	point_begin();
	session.policy.begin(session.policy.state, index);
	spin_begin();
	loop_begin();
	if (session.learned)
		sharing_begin(&session.sharing);
	races_begin();
	if (session.recording)
		record_begin();
}

/* More fibers are needed: made from the state of the snapshot, which is then taken anew. */
static void grow_and_retake(void)
{
	put_back();
	snapshot_drop();
	carrier_grow();
	execution_save();
	snapshot_take(session.outer_stack);
}

static void to_forked(void)
{
	put_back();
	snapshot_drop();
	trap_system_calls_end();
	mode_forked(0);
}

/* Carries out one execution; the verdict is in the report. */
static void execute(uint64_t index)
{
	session.worker->report.execution = index;
	while (mode == MODE_SNAPSHOT) {
		enum request request;

		put_back();
		console_reset();
		execution_begin(index);
		dirty = true;
		request = carrier_resume();
		if (request == REQUEST_FINISH) {
			reduction_collect();
			return;
		}
		if (request == REQUEST_GROW)
			grow_and_retake();
		else if (request != REQUEST_AGAIN)
			to_forked();
	}
	forked_execute(index);
}

static bool is_failure(uint32_t verdict)
{
	return verdict != VERDICT_PASSED && verdict != VERDICT_DISCARDED &&
	       verdict != VERDICT_ASSUMED;
}

/* Unless the search has begun anew meanwhile: then it counts for nothing. */
static void count_add(struct shared_failure *failure)
{
	uint64_t generation = work_generation(), now, then = failure->counted;

	do {
		if (then >> SHARED_COUNT_BITS > generation)
			return;
		now = then >> SHARED_COUNT_BITS == generation ? then + 1
							      : generation << SHARED_COUNT_BITS | 1;
	} while (!__atomic_compare_exchange_n(&failure->counted, &then, now, 0, __ATOMIC_RELAXED,
					      __ATOMIC_RELAXED));
}

static struct shared_failure *failure_find(uint64_t signature)
{
	struct shared *shared = session.shared;

	for (uint32_t i = 0; i < shared->failure_count; i++)
		if (shared->failures[i].signature == signature)
			return &shared->failures[i];
	return 0;
}

/* The entry of a failure, made where it is not there yet; null where the table is full. Called with
 * the lock. */
static struct shared_failure *failure_entry(uint64_t signature, uint32_t verdict, uint64_t index)
{
	struct shared *shared = session.shared;
	struct shared_failure *failure = failure_find(signature);

	if (failure || shared->failure_count == SHARED_FAILURES_MAX)
		return failure;
	failure = &shared->failures[shared->failure_count];
	*failure = (struct shared_failure){
		.signature = signature, .verdict = verdict, .execution = index};
	__atomic_store_n(&shared->failure_count, shared->failure_count + 1, __ATOMIC_RELEASE);
	return failure;
}

static bool is_random(void)
{
	return session.shared->config.strategy == STRATEGY_RANDOM;
}

/* Counts the failure and tells whether the command has to see it: the first of its kind, or for a
 * random search the one of the lowest index, so that the report does not depend on the number of
 * workers. */
static bool failure_count(uint64_t signature, uint32_t verdict, uint64_t index)
{
	struct shared_failure *failure;
	bool wanted = true;

	lock_take();
	failure = failure_entry(signature, verdict, index);
	if (failure) {
		count_add(failure);
		wanted = !failure->reported || (is_random() && index < failure->execution);
		if (is_random() && index < failure->execution)
			failure->execution = index;
		if (wanted)
			failure->reported = 1;
	}
	lock_release();
	return wanted;
}

/* A random search without --keep-going ends here. */
static void search_stop(uint64_t index)
{
	lock_take();
	if (is_random() && !session.shared->config.keep_going && index < session.shared->stop_index)
		session.shared->stop_index = index;
	lock_release();
}

/* How an execution went another way than one that began alike: where it is carried out again it
 * may go a third one. */
static struct {
	enum verdict verdict;
	struct shared_event expected, got;
} difference;

static void difference_keep(void)
{
	const struct report *report = &session.worker->report;

	difference.verdict = report->verdict;
	difference.expected = report->expected;
	difference.got = report->got;
}

static void difference_put_back(void)
{
	struct report *report = &session.worker->report;

	if (difference.verdict != VERDICT_DIVERGED)
		return;
	report->verdict = report->signature = VERDICT_DIVERGED;
	report->message[0] = '\0';
	report->expected = difference.expected;
	report->got = difference.got;
}

static void repeat(uint64_t index)
{
	session.worker->repeating = 1;
	execute(index);
	session.worker->repeating = 0;
}

/* Carries the execution out again, with everything written down, and hands it over: a failure, or
 * the first with its outcome. */
static void failure_report(uint64_t index)
{
	struct report *report = &session.worker->report;
	uint64_t signature = report->signature;

	difference_keep();
	races_follow(signature);
	heap_follow();
	session.recording = true;
	repeat(index);
	difference_put_back();
	if (mode == MODE_SNAPSHOT) {
		if (report->signature != signature)
			report->verdict = VERDICT_DIVERGED;
		verdict_threads();
		console_take_stdio();
		console_publish();
		verdict_hand_over();
		console_rewind_file();
	} else if (report->verdict == VERDICT_LOST) {
		/* The child could not report itself. */
		report->thread_count = 0;
		report->event_count = 0;
		verdict_hand_over();
	}
	session.recording = false;
	races_follow(0);
	heap_follow_end();
}

/* Most executions of a program with races show some, so one that is known takes no lock. */
static bool race_count(uint64_t signature, uint64_t index)
{
	struct shared_failure *failure = failure_find(signature);

	if (!failure && session.shared->failure_count >= SHARED_RACES_MAX) {
		session.shared->races_full = 1;
		return false;
	}
	if (!failure || !failure->reported || (is_random() && index < failure->execution))
		return failure_count(signature, VERDICT_DATA_RACE, index);
	count_add(failure);
	return false;
}

/* What was found in passing. Each report carries the execution out again, up to the race; in the
 * end all of it, for the search goes on from where that leads. */
static void races_report(uint64_t index)
{
	struct shared_worker *worker = session.worker;
	uint64_t wanted[SHARED_RACES_MAX];
	uint32_t count = 0;

	for (uint32_t i = 0; i < worker->race_count; i++)
		if (race_count(worker->races[i].signature, index))
			wanted[count++] = worker->races[i].signature;
	for (uint32_t i = 0; i < count; i++) {
		worker->report.signature = wanted[i];
		failure_report(index);
		repeat(index);
	}
}

static void nondeterminism_check(void)
{
	struct report *report = &session.worker->report;

	if (is_random() || !(session.dfs.differs || reduction_differs()))
		return;
	/* Nothing that is found from here on would be worth anything. */
	session.shared->stop = 1;
	report->expected = report->got = (struct shared_event){.op = OP_NONE};
	if (session.reducing)
		reduction_difference(&report->expected, &report->got);
	report->verdict = report->signature = VERDICT_DIVERGED;
	report->message[0] = '\0';
}

/* It is one of those that are listed. */
static bool is_listed(uint64_t index)
{
	return index < session.shared->config.list &&
	       session.worker->report.verdict != VERDICT_DISCARDED;
}

static void account(uint64_t index)
{
	const struct report *report = &session.worker->report;
	bool wanted = is_listed(index);

	nondeterminism_check();
	if (session.shared->config.races == RACES_REPORT)
		races_report(index);
	if (is_failure(report->verdict)) {
		search_stop(index);
		wanted |= failure_count(report->signature, report->verdict, index);
	}
	wanted |= results_take(index);
	if (wanted)
		failure_report(index);
	work_done();
	results_done();
}

/* The program ended before any choice: one execution is all there is. */
static void explore_single(void)
{
	const struct report *report = &session.worker->report;
	bool is_first, is_wanted;

	/* Each worker has executed it. */
	lock_take();
	is_first = !session.shared->no_choices;
	session.shared->no_choices = 1;
	lock_release();
	is_wanted = is_first && results_take(0);
	session.worker->progress[session.worker->active].executions = 1;
	session.worker->progress[session.worker->active].fraction = 1;
	results_done_alone();
	session.shared->finished = 1;
	if (!is_first || !(is_wanted || is_listed(0) || is_failure(report->verdict)))
		return;
	if (is_failure(report->verdict)) {
		search_stop(0);
		failure_count(report->signature, report->verdict, 0);
	}
	verdict_threads();
	console_take_stdio();
	console_mark();
	console_publish();
	verdict_hand_over();
}

void explore(void)
{
	uint64_t index;

	work_init();
	point_begin();
	session.snapshot_wanted = true;
	/* What happens before the first choice belongs to every execution, so it is written down in
	 * any case. */
	record_begin();
	session.recording = true;
	if (carrier_resume_growing() == REQUEST_FINISH) {
		restart_if_void();
		explore_single();
		session.worker->state = WORKER_DONE;
		return;
	}
	record_mark();
	session.recording = false;
	session.snapshot_wanted = false;
	mode_choose();
	restart_if_void();
	for (;;) {
		bool more = work_next(&index);

		restart_if_void();
		if (!more)
			break;
		if (session.worker->skip) {
			session.worker->skip = 0;
			work_leave_out();
			continue;
		}
		session.worker->in_execution = 1;
		execute(index);
		session.worker->in_execution = 0;
		restart_if_void();
		account(index);
	}
	session.worker->state = WORKER_DONE;
}
