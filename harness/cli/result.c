/* result.c - what a search that has ended amounts to. */
#include "cli/board.h"
#include "cli/outcomes.h"
#include "cli/quote.h"
#include "cli/caller.h"
#include "cli/search.h"

#include <string.h>

static const struct {
	const char *word, *sentence;
} reasons[] = {
	[REASON_NONE] = {"none", "it goes on"},
	[REASON_COMPLETE] = {"complete", "nothing is left to do"},
	[REASON_EXECUTIONS] = {"executions", "the number of executions asked for was reached"},
	[REASON_TIME] = {"time", "the time asked for is over"},
	[REASON_FAILURE] = {"failure", "stopped at the first failure"},
	[REASON_INTERRUPTED] = {"interrupted", "interrupted by a signal"},
	[REASON_DEPTH] = {"depth",
			  "an execution was longer than --depth allows, or than there is room for"},
	[REASON_MEMORY] = {"memory",
			   "more shared memory was used, or with heddle_choose more was planned, "
			   "than there is room for"},
	[REASON_UNCONTROLLED] = {"uncontrolled", "the program did what heddle does not control"},
	[REASON_LOST] = {"lost",
			 "an execution killed its process, and what begins like it was left out"},
	[REASON_DIVERGED] = {"diverged", "the program is not deterministic: the same choices had "
					 "different consequences"},
	[REASON_WORKERS] = {"workers", "workers ended again and again without getting on"},
	[REASON_PREEMPTIONS] = {"preemptions", "classes that need more preemptions were left out"},
	[REASON_TIMEOUTS] = {"timeouts", "what needs more of them was left out"},
};

const char *search_reason_word(enum search_reason reason)
{
	return reasons[reason].word;
}

const char *search_reason_sentence(enum search_reason reason)
{
	return reasons[reason].sentence;
}

bool search_is_failure(const struct search *search, const struct finding *finding)
{
	return finding->capture.verdict != VERDICT_DATA_RACE ||
	       search->options->races == RACES_STOP;
}

size_t search_failures(const struct search *search)
{
	size_t count = 0;

	for (size_t i = 0; i < search->findings.count; i++)
		count += search_is_failure(search, &search->findings.items[i]);
	return count;
}

uint64_t search_executions(const struct search *search)
{
	uint64_t executions = board_executions(search->shared);

	if (search->options->strategy != STRATEGY_RANDOM || search->reason != REASON_FAILURE)
		return executions;
	for (size_t i = 0; i < search->findings.count; i++)
		if (search_is_failure(search, &search->findings.items[i]))
			return search->findings.items[i].capture.execution + 1;
	return executions;
}

bool search_is_complete(const struct search *search)
{
	return search->reason == REASON_COMPLETE;
}

bool search_is_cut_short(const struct search *search)
{
	return search->reason == REASON_EXECUTIONS || search->reason == REASON_TIME ||
	       search->reason == REASON_INTERRUPTED;
}

uint32_t search_preemptions(const struct search *search, uint64_t classes[SHARED_PREEMPT_MAX],
			    uint64_t *unknown)
{
	const struct shared *shared = search->shared;
	uint32_t count = 0;
	uint64_t sum = 0;

	*unknown = 0;
	if (!search->options->count_preemptions)
		return 0;
	for (uint32_t k = 0; k < SHARED_PREEMPT_MAX; k++) {
		/* The only execution that there is needs none. */
		classes[k] = shared->no_choices && !k;
		for (uint32_t i = 0; i < shared->config.workers && !shared->no_choices; i++)
			classes[k] += shared->workers[i].preemptions[k];
		sum += classes[k];
		if (classes[k])
			count = k + 1;
	}
	if (search_executions(search) > sum)
		*unknown = search_executions(search) - sum;
	return count;
}

/* Nothing but its end has kept the search from what it was to execute so far. */
static bool is_whole(const struct search *search)
{
	const struct shared *shared = search->shared;

	for (size_t i = 0; i < search->findings.count; i++)
		if (search->findings.items[i].lost ||
		    search->findings.items[i].capture.verdict == VERDICT_DIVERGED)
			return false;
	return !shared->depth_cut && !shared->visible_full && !shared->note_count &&
	       !shared->died && search->reason != REASON_WORKERS;
}

bool search_preemptions_done(const struct search *search, uint32_t *most)
{
	const struct shared *shared = search->shared;

	if (!search->options->by_preemptions || !is_whole(search))
		return false;
	*most = search->options->preemptions;
	if (search_is_complete(search) || search->reason == REASON_PREEMPTIONS)
		return true;
	*most = shared->preemptions_reached - 1;
	return shared->preemptions_reached > 0;
}

bool search_forked(const struct search *search, const char **why)
{
	for (unsigned i = 0; i < search->worker_count; i++) {
		struct shared_worker *slot = &search->shared->workers[i];

		slot->mode_reason[sizeof(slot->mode_reason) - 1] = 0;
		*why = slot->mode_reason;
		if (slot->forked)
			return true;
	}
	*why = "";
	return false;
}

enum status search_status(const struct search *search)
{
	/* A program that never ends has not passed. */
	bool random = search->options->strategy == STRATEGY_RANDOM && search_executions(search);

	if (search->findings.count || outcomes_are_forbidden(search))
		return STATUS_FAILURE;
	if (search->unwritten)
		return STATUS_UNABLE;
	/* A random search is never complete: it has done its work when it has used up what it was
	 * given. */
	if (search_is_complete(search) ||
	    (random && (search->reason == REASON_EXECUTIONS || search->reason == REASON_TIME)))
		return STATUS_OK;
	return STATUS_INCOMPLETE;
}

void search_print_replay(FILE *out, const struct search *search, const struct finding *finding)
{
	const struct options *options = search->options;

	if (caller_call() && !finding->path) {
		fputs("the program, once more:", out);
		quote_words(out, options->program);
		return;
	}
	quote_self(out);
	if (finding->path) {
		fputs(" replay ", out);
		quote_word(out, finding->path);
		return;
	}
	/* Without a trace, the search that comes to it. */
	fputs(" explore --fork", out);
	if (options->strategy == STRATEGY_RANDOM)
		fprintf(out, " --seed %llu --executions %llu", (unsigned long long)options->seed,
			(unsigned long long)finding->capture.execution + 1);
	else
		fprintf(out, " --strategy %s -j 1", strategy_word(options->strategy));
	if (options->by_preemptions && options->preemptions == UINT32_MAX)
		fputs(" --preemptions ..", out);
	else if (options->by_preemptions)
		fprintf(out, " --preemptions %u", options->preemptions);
	if (options->spurious != 1)
		fprintf(out, " --spurious %u", options->spurious);
	if (options->timeouts != OPTIONS_TIMEOUTS)
		fprintf(out, " --timeouts %u", options->timeouts);
	if (options->keep_going)
		fputs(" --keep-going", out);
	if (options->wait_for_threads)
		fputs(" --wait-for-threads", out);
	if (options->output_order)
		fputs(" --output-order", out);
	points_print(out, &options->points);
	quote_words(out, options->program);
}
