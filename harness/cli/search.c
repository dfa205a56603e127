/*
 * search.c - the loop that looks after the workers.
 *
 * It looks at all of them a hundred times a second and whenever a process ends; the workers wait
 * for it only when they have found something, so its speed does not limit theirs.
 */
#include "cli/search.h"
#include "cli/board.h"
#include "cli/clock.h"
#include "cli/deaths.h"
#include "cli/outcomes.h"
#include "cli/progress.h"
#include "cli/resume.h"
#include "cli/say.h"
#include "cli/signals.h"
#include "report/verdict.h"

#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

#define POLL_MS 10
/* How long an execution in flight may take to end after the search was told to stop. */
#define GRACE_S 2.0

static void stop(struct search *search, enum search_reason reason, double grace_s)
{
	search->shared->stop = 1;
	if (!search->reason)
		search->reason = reason;
	if (search->kill_s == 0 || clock_now() + grace_s < search->kill_s)
		search->kill_s = clock_now() + grace_s;
}

/* Of a depth-first search that stops, one finding is enough; which of two comes first is chance. */
static bool is_wanted(const struct search *search, const struct worker *worker)
{
	return search->options->keep_going || search->options->strategy == STRATEGY_RANDOM ||
	       !search_failures(search) ||
	       (worker->slot->report.verdict == VERDICT_DATA_RACE &&
		search->options->races == RACES_REPORT);
}

static void take_finding(struct search *search, struct capture *capture)
{
	struct finding *finding = findings_add(&search->findings, capture, false);
	struct error error;

	/* At once, so that nothing is lost when the search ends in an unforeseen way. */
	if (finding && search->options->keep_going &&
	    findings_write(&search->findings, finding, search->options->out_dir,
			   search->options->program[0], &error) != 0)
		say("%s", error.text);
	if (finding)
		resume_keep(search->shared, finding);
}

/* A race is seen on the way to the end. */
static bool is_listed(const struct search *search, const struct worker *worker)
{
	return search->options->list && (worker->slot->report.verdict != VERDICT_DATA_RACE ||
					 search->options->races != RACES_REPORT);
}

static void take_report(struct search *search, struct worker *worker)
{
	struct looks *looks = &search->looks[worker->launch.index];
	struct capture capture;

	if (worker->slot->report.look) {
		looks_take(looks, worker, 0);
		worker_answer(worker);
		return;
	}
	if (is_listed(search, worker))
		list_take(&search->list, &search->origin, worker);
	if (!verdict_is_failure((enum verdict)worker->slot->report.verdict)) {
		outcomes_take(search, worker);
		worker_answer(worker);
		return;
	}
	if (is_wanted(search, worker)) {
		capture_take(&capture, &search->origin, worker, looks, 0);
		points_to_trace(&search->origin.points, search->shared, &capture.trace);
		looks_clear(looks);
		if (worker_stands(worker)) {
			take_finding(search, &capture);
		} else {
			/* Killed while it was read, so what was read may be anything. */
			capture_free(&capture);
			deaths_reopen(search);
			if (worker_is_gone(worker))
				return;
		}
	}
	if (!search->options->keep_going && search->options->strategy != STRATEGY_RANDOM &&
	    search_failures(search))
		stop(search, REASON_FAILURE, GRACE_S);
	worker_answer(worker);
}

static void look_at(struct search *search, struct worker *worker)
{
	struct worker_end end;

	notes_update(&search->notes, search->shared, worker->pid);
	if (worker_state(worker) == WORKER_REPORTING)
		take_report(search, worker);
	else if (worker_state(worker) == WORKER_RUNNING &&
		 stuck_check(&worker->stuck, worker->slot, search->options->stuck_s, true) ==
			 STUCK_SILENT)
		deaths_silence(search, worker);
	if (worker_ended(worker, &search->launch, &end))
		deaths_handle(search, worker, &end);
}

static void look_at_limits(struct search *search)
{
	int signal = signals_next(search->signals_fd);
	double now = clock_now();

	if (signal) {
		search->reason = REASON_INTERRUPTED;
		/* The second time, or when the terminal is gone, at once. */
		stop(search, REASON_INTERRUPTED,
		     search->kill_s > 0 || signal == SIGHUP ? 0 : GRACE_S);
	}
	if (search->options->time_s > 0 && now - search->start_s >= search->options->time_s)
		stop(search, REASON_TIME, GRACE_S);
	/* A worker that waits for work of another does not look at the limit. */
	if (search->options->strategy != STRATEGY_RANDOM && search->options->executions_max &&
	    board_executions(search->shared) >= search->options->executions_max)
		search->shared->stop = 1;
	/* Set by whoever saw that there is no point in going on. */
	if (search->shared->stop && search->kill_s == 0)
		search->kill_s = now + GRACE_S;
	if (search->kill_s == 0 || now < search->kill_s)
		return;
	for (unsigned i = 0; i < search->worker_count; i++)
		worker_kill(&search->workers[i], &search->launch);
}

static bool wait_for_news(struct search *search)
{
	struct pollfd fds[SHARED_WORKERS_MAX + 1];
	nfds_t count = 0;

	for (unsigned i = 0; i < search->worker_count; i++)
		if (search->workers[i].pid)
			fds[count++] =
				(struct pollfd){.fd = search->workers[i].pidfd, .events = POLLIN};
	if (!count)
		return false;
	fds[count++] = (struct pollfd){.fd = search->signals_fd, .events = POLLIN};
	poll(fds, count, POLL_MS);
	return true;
}

static int start_workers(struct search *search)
{
	for (unsigned i = 0; i < search->worker_count; i++) {
		struct worker *worker = &search->workers[i];

		if (worker_init(worker, search->shared, i, search->error) != 0)
			return -1;
	}
	search->start_s = clock_now();
	for (unsigned i = 0; i < search->worker_count; i++)
		if (worker_start(&search->workers[i], &search->launch, search->error) != 0)
			return -1;
	return 0;
}

static enum search_reason reason_at_end(const struct search *search)
{
	const struct shared *shared = search->shared;
	bool exhaustive = search->options->strategy != STRATEGY_RANDOM;

	if (search_failures(search) && !search->options->keep_going)
		return REASON_FAILURE;
	if (shared->depth_cut)
		return REASON_DEPTH;
	if (shared->no_choices && !shared->note_count)
		return REASON_COMPLETE;
	if (!exhaustive)
		return REASON_EXECUTIONS;
	if (shared->visible_full || (shared->chooses && shared->tree.sources))
		return REASON_MEMORY;
	if (shared->note_count)
		return REASON_UNCONTROLLED;
	for (size_t i = 0; i < search->findings.count; i++) {
		if (search->findings.items[i].capture.verdict == VERDICT_DIVERGED)
			return REASON_DIVERGED;
		if (search->findings.items[i].lost)
			return REASON_LOST;
	}
	if (shared->died)
		return REASON_LOST;
	if (board_is_finished(shared) && shared->preemptions_cut)
		return REASON_PREEMPTIONS;
	if (board_is_finished(shared) && shared->timeouts_cut)
		return REASON_TIMEOUTS;
	return board_is_finished(shared) ? REASON_COMPLETE : REASON_EXECUTIONS;
}

static void write_findings(struct search *search)
{
	struct error error;

	if (!search->options->keep_going)
		findings_keep_lowest(&search->findings, search->options->races == RACES_REPORT);
	findings_sort(&search->findings);
	for (size_t i = 0; i < search->findings.count; i++) {
		struct finding *finding = &search->findings.items[i];

		if (!search->options->keep_going && search_failures(search))
			finding->count = 1;
		if (!finding->path && !finding->lost &&
		    findings_write(&search->findings, finding, search->options->out_dir,
				   search->options->program[0], &error) != 0)
			say("%s", error.text);
		resume_keep(search->shared, finding);
	}
}

static int open_search(struct search *search, char **words)
{
	const struct options *options = search->options;
	struct shared_config config = {
		.kind = SESSION_EXPLORE,
		.strategy = options->strategy,
		.seed = options->seed,
		.executions_max = options->executions_max,
		.depth_max = options->depth_max,
		.nodes_max = DPOR_NODES_MAX / MEMORY_MAX_MB * options->memory_mb,
		.keep_going = options->keep_going,
		.fork_only = options->fork_only,
		.wait_for_threads = options->wait_for_threads,
		.output_order = options->output_order,
		.races = options->races,
		.workers = search->worker_count,
		.by_preemptions = options->by_preemptions,
		.preemptions = options->preemptions,
		.count_preemptions = options->count_preemptions,
		.spurious_max = options->spurious,
		.timeouts_max = options->timeouts,
		.list = options->list ? LIST_MAX : 0,
	};

	search->launch =
		(struct launch){.target = &search->target, .words = words, .captured = true};
	search->origin = (struct origin){.words = words,
					 .program_hash = search->target.hash,
					 .session = "explore",
					 .strategy = options->strategy,
					 .seed = options->seed,
					 .wait_for_threads = options->wait_for_threads,
					 .output_order = options->output_order,
					 .points = options->points};
	search->signals_fd = signals_open(&search->launch.signals);
	if (library_find(&search->launch.library, search->error) != 0 ||
	    points_resolve(&options->points, search->target.executable, &config, search->error) !=
		    0)
		return -1;
	search->shared = options->resume
				 ? resume_open(options->resume, &config, search->target.hash, words,
					       &search->launch.shared_fd, search->error)
				 : board_make(&search->launch.shared_fd, &config, search->error);
	if (!search->shared)
		return -1;
	if (options->resume) {
		search->worker_count = search->shared->config.workers;
		search->executions_before = board_executions(search->shared);
		resume_findings(search->shared, &search->findings);
	}
	strays_begin(&search->strays);
	return start_workers(search);
}

int search_run(struct search *search, const struct options *options, struct error *error)
{
	struct progress progress = {.shown_s = 0};
	int result;

	*search = (struct search){.options = options, .error = error, .signals_fd = -1};
	search->worker_count = options->workers ? options->workers : worker_processor_count();
	/* The states of a search by preemptions have one owner. */
	if (options->by_preemptions || options->list)
		search->worker_count = 1;
	if (search->worker_count > SHARED_WORKERS_MAX)
		search->worker_count = SHARED_WORKERS_MAX;
	if (target_find(&search->target, options->program[0], error) != 0)
		return -1;
	result = open_search(search, options->program);
	while (result == 0 && wait_for_news(search)) {
		for (unsigned i = 0; i < search->worker_count; i++)
			look_at(search, &search->workers[i]);
		look_at_limits(search);
		progress_show(&progress, search);
	}
	search->end_s = clock_now();
	progress_clear(&progress);
	strays_end(&search->strays);
	if (result != 0 || search->unable)
		return -1;
	deaths_collect(search);
	notes_update(&search->notes, search->shared, 0);
	if (!search->reason)
		search->reason = reason_at_end(search);
	write_findings(search);
	return 0;
}

void search_free(struct search *search)
{
	findings_free(&search->findings);
	findings_free(&search->results);
	list_free(&search->list);
	notes_free(&search->notes);
	for (unsigned i = 0; i < search->worker_count && search->shared; i++)
		worker_close(&search->workers[i]);
	for (unsigned i = 0; i < SHARED_WORKERS_MAX; i++)
		looks_free(&search->looks[i]);
	if (search->shared)
		munmap(search->shared, sizeof(*search->shared));
	if (search->launch.shared_fd > 0)
		close(search->launch.shared_fd);
	if (search->signals_fd >= 0)
		close(search->signals_fd);
}
