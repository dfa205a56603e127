/*
 * replay.c - carries a trace out again, and compares.
 *
 * The library follows the plan as long as it can; whether the execution was the same is decided
 * here, from the two traces in words, because that is what a person would compare.
 */
#include "cli/caller.h"
#include "cli/commands.h"
#include "cli/edits.h"
#include "cli/machines.h"
#include "cli/quote.h"
#include "cli/say.h"
#include "cli/single.h"
#include "report/verdict.h"
#include "trace/trace.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char **make_words(const struct trace *trace)
{
	char **words = must_have(calloc(trace->argument_count + 2, sizeof(*words)));

	words[0] = (char *)trace->program;
	for (size_t i = 0; i < trace->argument_count; i++)
		words[i + 1] = (char *)trace->arguments[i];
	return words;
}

static void note_unknown(const struct trace *trace, const char *path)
{
	for (size_t i = 0; i < trace->unknown_count; i++)
		say("note: %s:%u: `%s` is from a later version of heddle; ignored", path,
		    trace->unknown[i].line, trace->unknown[i].key);
}

static bool is_livelock(const struct trace *trace)
{
	return !strcmp(trace->verdict, verdict_key(VERDICT_LIVELOCK));
}

/* A trace that ends at a race is followed up to there. */
static enum races_mode races_of(const struct trace *trace, const struct options *options)
{
	return strcmp(trace->verdict, verdict_key(VERDICT_DATA_RACE)) == 0 ? RACES_STOP
									   : options->races;
}

static bool is_set(const struct trace *trace, const char *setting)
{
	const char *value = trace_setting(trace, setting);

	return value && !strcmp(value, "1");
}

/* What else the trace says of how it was made. */
static void take_settings(struct single_request *request, const struct trace *trace)
{
	request->origin.wait_for_threads = is_set(trace, SETTING_WAIT_FOR_THREADS);
	request->config.wait_for_threads = request->origin.wait_for_threads;
	request->origin.output_order = is_set(trace, SETTING_OUTPUT_ORDER);
	request->config.output_order = request->origin.output_order;
	points_from_trace(&request->origin.points, trace);
	request->sites_of = trace;
}

static int prepare(struct single_request *request, const struct trace *trace,
		   const struct options *options, struct error *error)
{
	size_t count;

	*request = (struct single_request){.stuck_s = options->stuck_s};
	if (*trace->strategy && strategy_find(trace->strategy, &request->origin.strategy) != 0)
		return error_set(error,
				 "cannot replay `%s`: this version of heddle does not know the "
				 "strategy `%s`",
				 options->trace, trace->strategy);
	if (target_find(&request->target, trace->program, error) != 0)
		return error_wrap(error, "cannot replay `%s`", options->trace);
	if (request->target.hash != trace->program_hash)
		say("note: `%s` has changed since the trace was made", trace->program);
	request->plan = trace_plan(trace, &count);
	request->config = (struct shared_config){.kind = SESSION_REPLAY,
						 .strategy = request->origin.strategy,
						 .seed = trace->seed,
						 .executions_max = 1,
						 .record = 1,
						 .races = races_of(trace, options),
						 .workers = 1,
						 .plan_count = count,
						 .plan_livelock = is_livelock(trace),
						 .heap_exact = !strcmp(trace->session, "explore")};
	request->origin.program_hash = request->target.hash;
	request->origin.session = trace->session;
	request->origin.seed = trace->seed;
	take_settings(request, trace);
	return points_resolve(&request->origin.points, request->target.executable, &request->config,
			      error);
}

static void print_difference(const struct trace_difference *difference)
{
	say("replay diverged at event %zu", difference->index + 1);
	fprintf(stderr, "  expected: %s\n  got:      %s\n", difference->expected, difference->got);
}

static void print_show(const char *path)
{
	fputs("  see what was expected with: ", stderr);
	quote_self(stderr);
	fputs(" show ", stderr);
	quote_word(stderr, path);
	fputc('\n', stderr);
}

/* Where the policy was asked is no part of what the program did, and a replay asks in other places.
 */
static void forget_choices(struct trace *trace)
{
	for (size_t i = 0; i < trace->event_count; i++)
		trace->events[i].flags &= (uint16_t)~EVENT_WAS_CHOICE;
}

/* Says where the executions part; false when they do not. */
static bool differs(struct trace *expected, struct capture *got)
{
	struct trace_difference difference;

	forget_choices(expected);
	forget_choices(&got->trace);
	if (trace_compare(expected, &got->trace, &difference)) {
		print_difference(&difference);
	} else if (strcmp(expected->verdict, got->trace.verdict) != 0) {
		say("replay diverged: the same events had another end");
		fprintf(stderr, "  expected: %s\n  got:      %s\n", expected->verdict,
			got->trace.verdict);
	} else {
		return false;
	}
	if (got->message[0])
		fprintf(stderr, "  it ended with: %s: %s\n", verdict_word(got->verdict),
			got->message);
	return true;
}

static enum status report(struct trace *expected, struct single *single, const char *path)
{
	notes_print(stderr, &single->notes);
	if (!single->captured) {
		single_status(single);
		if (single->interrupted)
			return STATUS_INCOMPLETE;
		say("replay diverged: the program ended before the verdict `%s`",
		    expected->verdict);
		print_show(path);
		return STATUS_DIVERGED;
	}
	if (differs(expected, &single->capture)) {
		print_show(path);
		return STATUS_DIVERGED;
	}
	looks_print_races(stderr, &single->looks);
	fputs(single->capture.text, stderr);
	say("replayed %zu events, the same as in the trace: %s", expected->event_count,
	    verdict_word(single->capture.verdict));
	return (enum status)single_status(single);
}

static enum status report_to_machines(const struct options *options, const struct single *single,
				      char *const *words, enum status status)
{
	struct cases cases;
	char *command = NULL;
	size_t size;
	FILE *out = must_have(open_memstream(&command, &size));

	quote_self(out);
	fputs(" replay ", out);
	quote_word(out, options->trace);
	fclose(out);
	cases_of_single(&cases, single, words, status, must_have(command));
	free(command);
	return machines_report(options, &cases, status);
}

static enum status replay(struct trace *trace, const struct options *options)
{
	struct single_request request;
	struct single single;
	struct error error = {""};
	enum status status = STATUS_UNABLE;
	char **words = make_words(trace);

	note_unknown(trace, options->trace);
	request.plan = NULL;
	if (prepare(&request, trace, options, &error) == 0) {
		request.origin.words = words;
		if (request.target.hash != trace->program_hash) {
			status = edits_replay(trace, &request, words, options->trace, &error);
			machines_report_error(options, words,
					      "the program was edited: what came of it stands on "
					      "standard error");
		} else if (single_execute(&single, &request, words, &error) == 0) {
			status = report_to_machines(options, &single, words,
						    report(trace, &single, options->trace));
			single_free(&single);
		}
	}
	if (status == STATUS_UNABLE && *error.text) {
		say("%s", error.text);
		machines_report_error(options, words, error.text);
	}
	caller_tell_replay(trace, status);
	free((void *)request.plan);
	free(words);
	return status;
}

enum status command_replay(const struct options *options)
{
	struct trace trace;
	struct error error;
	enum status status;

	if (machines_check(options, &error) != 0) {
		say("%s", error.text);
		return STATUS_UNABLE;
	}
	if (trace_read(&trace, options->trace, &error) != 0) {
		say("%s", error.text);
		trace_free(&trace);
		return STATUS_UNABLE;
	}
	status = trace_setting(&trace, SETTING_CALL) && !caller_call()
			 ? caller_replay(&trace, options->trace)
			 : replay(&trace, options);
	trace_free(&trace);
	return status;
}
