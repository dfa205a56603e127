#include "cli/forecast.h"
#include "cli/outlook.h"

#include <math.h>

/* The tree is still for most of the time, so it can be read while it changes. */
#define TRIES 20
/* A range is told with so many digits. */
#define DIGITS 3

/* A range is as wide after that, or wider by a hundredth. */
static double rounded(double value, bool up)
{
	double unit = pow(10, floor(log10(fmax(value, 1))) + 1 - DIGITS);

	if (unit < 1)
		unit = 1;
	return (up ? ceil(value / unit) : floor(value / unit)) * unit;
}

static void range_fill(struct forecast *forecast, const struct outlook *outlook, double rate)
{
	double done = (double)forecast->done, least = done + (double)forecast->planned;
	struct estimate_range range = estimate_range(outlook->total, done, least);

	forecast->has_range = !range.is_early;
	range.low = range.low > least ? fmax(least, rounded(range.low, false)) : least;
	range.high = fmax(least, rounded(range.high, true));
	forecast->range = range;
	forecast->left_low_s = (range.low - done) / rate;
	forecast->left_high_s = (range.high - done) / rate;
}

bool forecast_make(struct forecast *forecast, const struct search *search, double now_s)
{
	static struct estimate memory;
	const struct options *options = search->options;
	struct outlook outlook;
	double rate;
	int tries = 0;

	*forecast = (struct forecast){.done = 0};
	if (options->strategy != STRATEGY_DPOR || options->by_preemptions)
		return false;
	while (!outlook_read(&search->shared->tree, &memory, &outlook))
		if (++tries == TRIES)
			return false;
	if (!outlook.planned)
		return false;
	forecast->done = outlook.done;
	forecast->planned = outlook.planned;
	rate = (double)(outlook.done - search->executions_before) / (now_s - search->start_s);
	if (outlook.has_total && rate > 0)
		range_fill(forecast, &outlook, rate);
	return true;
}

/* "40 s", "25 min", "3.5 h" */
static void print_time(FILE *out, double s)
{
	if (s < 100)
		fprintf(out, "%.*f s", s < 10, s);
	else if (s < 6000)
		fprintf(out, "%.0f min", s / 60);
	else
		fprintf(out, "%.*f h", s < 36000, s / 3600);
}

void forecast_print(FILE *out, const struct forecast *forecast)
{
	fprintf(out, "%llu classes so far, at least %llu more, ",
		(unsigned long long)forecast->done, (unsigned long long)forecast->planned);
	if (!forecast->has_range) {
		fputs("too early to tell how many in all", out);
		return;
	}
	fprintf(out, "between %.0f and %.0f in all (estimate), time left between ",
		forecast->range.low, forecast->range.high);
	print_time(out, forecast->left_low_s);
	fputs(" and ", out);
	print_time(out, forecast->left_high_s);
}
