#include "cli/progress.h"
#include "cli/board.h"
#include "cli/clock.h"
#include "cli/forecast.h"

#include <stdio.h>
#include <unistd.h>

#define EVERY_S 0.2
/* An estimate from less than this share of the tree says nothing yet. */
#define FRACTION_LEAST 1e-9

static void print_estimate(const struct search *search, uint64_t executions)
{
	double fraction = board_fraction(search->shared);

	if (search->options->strategy != STRATEGY_RANDOM && fraction >= FRACTION_LEAST)
		fprintf(stderr, ", about %.3g %% of an estimated %.3g", 100 * fraction,
			(double)executions / fraction);
	else if (search->options->executions_max)
		fprintf(stderr, " of %llu", (unsigned long long)search->options->executions_max);
}

void progress_show(struct progress *progress, const struct search *search)
{
	double now = clock_now(), elapsed_s = now - search->start_s;
	struct forecast forecast;
	uint64_t executions;

	if (elapsed_s < EVERY_S || now - progress->shown_s < EVERY_S || !isatty(STDERR_FILENO))
		return;
	progress->shown_s = now;
	executions = board_executions(search->shared);
	fputc('\r', stderr);
	if (forecast_make(&forecast, search, now)) {
		forecast_print(stderr, &forecast);
	} else {
		fprintf(stderr, "%llu executions", (unsigned long long)executions);
		print_estimate(search, executions);
	}
	fprintf(stderr, ", %.0f/s, %u failures\033[K", (double)executions / elapsed_s,
		search->shared->failure_count);
	fflush(stderr);
}

void progress_clear(struct progress *progress)
{
	if (progress->shown_s > 0)
		fputs("\r\033[K", stderr);
	progress->shown_s = 0;
}
