#include "cli/summary.h"
#include "cli/board.h"
#include "cli/forecast.h"
#include "cli/outcomes_print.h"
#include "cli/quote.h"
#include "report/verdict.h"

#include <string.h>

/* In less time most of it went into starting the workers. */
#define RATE_LEAST_S 0.1
/* So many races are shown with their stacks; the others are in the list. */
#define RACES_SHOWN 8

void summary_print_finding(FILE *out, const struct search *search, const struct finding *finding)
{
	fputs(finding->capture.text, out);
	capture_print_output(out, &finding->capture);
	if (finding->path) {
		fputs("  see how with: ", out);
		quote_self(out);
		fputs(" show ", out);
		quote_word(out, finding->path);
		fputc('\n', out);
	}
	fputs("  replay with: ", out);
	search_print_replay(out, search, finding);
	fputc('\n', out);
}

static void print_whole(FILE *out, const struct search *search, const struct finding *finding)
{
	summary_print_finding(out, search, finding);
	fputc('\n', out);
}

/* The first failure, and the races. */
static void print_wholes(FILE *out, const struct search *search)
{
	unsigned failures = 0, races = 0;

	for (size_t i = 0; i < search->findings.count; i++) {
		const struct finding *finding = &search->findings.items[i];

		if (search_is_failure(search, finding) && failures++ == 0)
			print_whole(out, search, finding);
	}
	for (size_t i = 0; i < search->findings.count; i++) {
		const struct finding *finding = &search->findings.items[i];

		if (!search_is_failure(search, finding) && races++ < RACES_SHOWN)
			print_whole(out, search, finding);
	}
}

/* "2 need no preemption, 6 need 1" */
static void print_preemptions(FILE *out, const struct search *search)
{
	uint64_t classes[SHARED_PREEMPT_MAX], unknown;
	uint32_t done;
	uint32_t count = search_preemptions(search, classes, &unknown);
	const char *between = "";

	if (!count && !unknown)
		return;
	fputs("  classes:    ", out);
	for (uint32_t k = 0; k < count; k++) {
		if (!classes[k])
			continue;
		fprintf(out, "%s%llu need%s ", between, (unsigned long long)classes[k],
			classes[k] == 1 ? "s" : "");
		if (k)
			fprintf(out, "%u", k);
		else
			fputs("no preemption", out);
		between = ", ";
	}
	if (unknown)
		fprintf(out, "%s%llu too large to tell", between, (unsigned long long)unknown);
	if (search_preemptions_done(search, &done) && done < search->options->preemptions)
		fprintf(out, "; none that needs at most %u is left", done);
	fputc('\n', out);
}

/* Of a search that was cut short. */
static void print_forecast(FILE *out, const struct search *search)
{
	struct forecast forecast;

	if (!search_is_cut_short(search) || !forecast_make(&forecast, search, search->end_s))
		return;
	fputs("  progress:   ", out);
	forecast_print(out, &forecast);
	fputc('\n', out);
}

static void print_mode(FILE *out, const struct search *search)
{
	const char *why;

	if (search_forked(search, &why))
		fprintf(out, "in forked children%s%s", *why ? ": " : "", why);
	else
		fputs("from a snapshot", out);
}

/* A search that was to be exhaustive and is not says so; a random one never is. */
static void print_search(FILE *out, const struct search *search)
{
	const struct options *options = search->options;
	uint64_t redundant = board_redundant(search->shared);

	fprintf(out, "  search:     %s, ", strategy_word(options->strategy));
	if (options->strategy == STRATEGY_RANDOM)
		fprintf(out, "seed %llu, ", (unsigned long long)options->seed);
	if (search->reason == REASON_PREEMPTIONS)
		fprintf(out, "complete for at most %u preemption%s, %llu redundant; incomplete: %s",
			options->preemptions, options->preemptions == 1 ? "" : "s",
			(unsigned long long)redundant, search_reason_sentence(search->reason));
	else if (search->reason == REASON_TIMEOUTS)
		fprintf(out, "complete for at most %u timeout%s of each thread; incomplete: %s",
			options->timeouts, options->timeouts == 1 ? "" : "s",
			search_reason_sentence(search->reason));
	else if (!search_is_complete(search))
		fprintf(out, "%s%s", options->strategy == STRATEGY_RANDOM ? "" : "incomplete: ",
			search_reason_sentence(search->reason));
	else if (search->shared->no_choices)
		fputs("complete: there is only one", out);
	else if (options->strategy == STRATEGY_DPOR)
		fprintf(out,
			"complete: one execution of every class was executed, %llu redundant%s",
			(unsigned long long)redundant,
			search->shared->tree.sources ? " for want of memory to plan in (--memory)"
						     : "");
	else
		fputs("complete: every interleaving was executed", out);
	fputc('\n', out);
	print_preemptions(out, search);
	print_forecast(out, search);
	if (!search_executions(search))
		fputs("  note:       no execution came to an end: it takes longer, or the program "
		      "waits for something in a loop\n",
		      out);
	if (search->shared->races_full)
		fputs("  note:       there was no memory to look for all data races\n", out);
	if (!search->target.has_hooks)
		fprintf(out,
			"  note:       %s was not built with heddle-cc: its calls were controlled, "
			"its memory accesses were not%s\n",
			options->program[0],
			options->points.watch_count ? ", apart from those to what is watched" : "");
}

static void print_finding(FILE *out, const struct search *search, const struct finding *finding)
{
	const struct capture *capture = &finding->capture;

	fprintf(out, "    %s%s%s%s%s", verdict_word(capture->verdict),
		*capture->where ? " at " : "", capture->where, *capture->with ? " and " : "",
		capture->with);
	/* How often a race was seen until the search stopped depends on how far the others were. */
	if (search_is_failure(search, finding) || search->reason != REASON_FAILURE)
		fprintf(out, ", %llu time%s", (unsigned long long)finding->count,
			finding->count == 1 ? "" : "s");
	fputs(": ", out);
	search_print_replay(out, search, finding);
	fputc('\n', out);
}

static void print_findings(FILE *out, const struct search *search, const char *title, bool failures)
{
	bool titled = false;

	for (size_t i = 0; i < search->findings.count; i++) {
		const struct finding *finding = &search->findings.items[i];

		if (search_is_failure(search, finding) != failures)
			continue;
		if (!titled)
			fprintf(out, "  %s:\n", title);
		titled = true;
		print_finding(out, search, finding);
	}
}

void summary_print(FILE *out, const struct search *search)
{
	double elapsed_s = search->end_s - search->start_s;
	uint64_t executions = search_executions(search);
	size_t failures = search_failures(search), races = search->findings.count - failures;

	if (search->options->list)
		list_print(out, &search->list, search->shared, executions);
	print_wholes(out, search);
	notes_print(out, &search->notes);
	fprintf(out, "heddle: %llu execution%s of %s, %zu distinct failure%s",
		(unsigned long long)executions, executions == 1 ? "" : "s",
		search->options->program[0], failures, failures == 1 ? "" : "s");
	if (races)
		fprintf(out, ", %zu data race%s", races, races == 1 ? "" : "s");
	if (outcomes_assumed(search))
		fprintf(out, ", %llu assumed away", (unsigned long long)outcomes_assumed(search));
	fputc('\n', out);
	print_search(out, search);
	if (elapsed_s < RATE_LEAST_S)
		fprintf(out, "  time:       %.2f s", elapsed_s);
	else
		fprintf(out, "  speed:      %.0f executions/s",
			(double)(executions - search->executions_before) / elapsed_s);
	fprintf(out, " with %u worker%s, ", search->worker_count,
		search->worker_count == 1 ? "" : "s");
	print_mode(out, search);
	fputc('\n', out);
	print_findings(out, search, "failures", true);
	print_findings(out, search, "data races", false);
	outcomes_print(out, search);
}
