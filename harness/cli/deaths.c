/*
 * deaths.c - workers that end.
 *
 * Three kinds. A worker that was killed from outside goes on in another process as if nothing had
 * happened. One that its own program has killed, in the middle of an execution and so that the
 * library could not report, makes that execution a finding, and its successor leaves it out. One
 * that ends before the library is in it shows that the program cannot be run.
 *
 * Invariant: a failure counted in the shared block either has its finding here, or a worker that
 * still lives is going to report it. That is why a death makes unreported ones open again.
 */
#include "cli/deaths.h"
#include "cli/board.h"
#include "cli/say.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

/* So many processes may end in a row without getting on. */
#define DEATHS_MAX 3

static bool is_random(const struct search *search)
{
	return search->options->strategy == STRATEGY_RANDOM;
}

static uint64_t execution_in_flight(const struct search *search, const struct worker *worker)
{
	struct shared_progress progress = board_progress(worker->slot);

	return is_random(search) ? progress.next : progress.executions;
}

static void add_lost(struct search *search, const struct worker *worker,
		     const struct report *report)
{
	struct capture capture;
	struct finding *same = findings_find(&search->findings, report->signature);

	if (same)
		same->count++;
	capture_take_lost(&capture, &search->origin, report, worker);
	points_to_trace(&search->origin.points, search->shared, &capture.trace);
	findings_add(&search->findings, &capture, true);
}

/* The execution in flight ended with the process. */
static void lose(struct search *search, struct worker *worker, enum verdict verdict, int signal)
{
	struct report report = {
		.verdict = verdict,
		.thread = -1,
		.signal = signal,
		.signature = (uint64_t)verdict << 8 | (uint64_t)signal,
		.execution = execution_in_flight(search, worker),
	};

	if (worker->slot->in_execution)
		worker->slot->skip = 1;
	add_lost(search, worker, &report);
	if (search->options->keep_going)
		return;
	if (!is_random(search))
		search->shared->stop = 1;
	else if (report.execution < search->shared->stop_index)
		search->shared->stop_index = report.execution;
}

void deaths_reopen(struct search *search)
{
	for (uint32_t i = 0; i < search->shared->failure_count && i < SHARED_FAILURES_MAX; i++) {
		struct shared_failure *failure = &search->shared->failures[i];
		const struct finding *finding =
			findings_find(&search->findings, failure->signature);

		if (finding && finding->capture.execution <= failure->execution)
			continue;
		/* The successor asks whether its execution is an earlier one than those that were
		 * reported. */
		failure->execution = finding ? finding->capture.execution : UINT64_MAX;
		failure->reported = 0;
	}
}

/* The process ended in the middle of a report: its successor carries the execution out again, and
 * counts it again. */
static void uncount_failure(struct search *search, const struct worker *worker)
{
	for (uint32_t i = 0; i < search->shared->failure_count && i < SHARED_FAILURES_MAX; i++) {
		struct shared_failure *failure = &search->shared->failures[i];

		if (shared_count(search->shared, failure) &&
		    failure->signature == worker->slot->report.signature)
			__atomic_fetch_sub(&failure->counted, 1, __ATOMIC_RELAXED);
	}
}

static bool gets_on(struct search *search, const struct worker *worker)
{
	unsigned index = worker->launch.index;
	uint64_t executions = board_progress(worker->slot).executions + worker->slot->skip;

	if (search->failed[index].deaths++ == 0 || search->failed[index].executions != executions)
		search->failed[index].deaths = 1;
	search->failed[index].executions = executions;
	return search->failed[index].deaths < DEATHS_MAX;
}

static void start_successor(struct search *search, struct worker *worker)
{
	struct error error;

	if (search->shared->stop)
		return;
	if (!gets_on(search, worker)) {
		search->shared->stop = 1;
		search->reason = search->reason ? search->reason : REASON_WORKERS;
	} else if (worker_start(worker, &search->launch, &error) != 0) {
		say("%s", error.text);
		search->shared->stop = 1;
		search->reason = search->reason ? search->reason : REASON_WORKERS;
	}
}

static void refuse(struct search *search, const struct worker *worker, const struct worker_end *end)
{
	struct report *report = &worker->slot->report;
	const char *name = search->options->program[0];

	if (search->unable || search->shared->stop)
		return;
	search->unable = true;
	search->shared->stop = 1;
	report->message[sizeof(report->message) - 1] = 0;
	if (end->state == WORKER_UNABLE)
		error_set(search->error, "cannot control `%s`: %s", name, report->message);
	else if (WIFSIGNALED(end->status))
		error_set(search->error,
			  "`%s` was ended by signal %d (%s) before heddle's library was in it",
			  name, WTERMSIG(end->status), strsignal(WTERMSIG(end->status)));
	else
		error_set(search->error,
			  "`%s` ended with status %d before heddle's library was in it: try "
			  "`heddle run` to see why %s cannot be preloaded",
			  name, WEXITSTATUS(end->status), search->launch.library.heddle);
}

static bool is_from_outside(const struct worker_end *end)
{
	return WIFSIGNALED(end->status) &&
	       (WTERMSIG(end->status) == SIGKILL || WTERMSIG(end->status) == SIGTERM);
}

void deaths_handle(struct search *search, struct worker *worker, const struct worker_end *end)
{
	bool random = is_random(search);

	if (end->state == WORKER_DONE)
		return;
	if (end->state == WORKER_UNABLE ||
	    (end->state == WORKER_STARTING && !is_from_outside(end))) {
		refuse(search, worker, end);
		return;
	}
	deaths_reopen(search);
	if (end->state == WORKER_REPORTING)
		uncount_failure(search, worker);
	if (!is_from_outside(end)) {
		lose(search, worker, VERDICT_LOST,
		     WIFSIGNALED(end->status) ? WTERMSIG(end->status) : 0);
		/* Random indices are handed out in order, so none below the lost one is left. */
		if (random && !search->options->keep_going)
			return;
	}
	start_successor(search, worker);
}

void deaths_silence(struct search *search, struct worker *worker)
{
	struct worker_end end;

	worker_kill(worker, &search->launch);
	lose(search, worker, VERDICT_STUCK, 0);
	while (!worker_ended(worker, &search->launch, &end))
		continue;
	deaths_reopen(search);
	if (search->options->keep_going)
		start_successor(search, worker);
}

void deaths_collect(struct search *search)
{
	for (uint32_t i = 0; i < search->shared->failure_count && i < SHARED_FAILURES_MAX; i++) {
		const struct shared_failure *failure = &search->shared->failures[i];
		struct finding *finding = findings_find(&search->findings, failure->signature);
		struct report report = {
			.verdict = failure->verdict,
			.thread = -1,
			.signature = failure->signature,
			.execution = failure->execution,
		};

		if (report.execution == UINT64_MAX)
			report.execution = board_executions(search->shared);

		if (!finding)
			add_lost(search, &search->workers[0], &report);
		finding = findings_find(&search->findings, failure->signature);
		if (shared_count(search->shared, failure) > finding->count)
			finding->count = shared_count(search->shared, failure);
	}
}
