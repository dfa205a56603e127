/*
 * native.c - the figures of programs under heddle, or built by it, against the same programs
 * without: on one processor, because heddle uses one.
 *
 * Processor time, start-up included: nothing here waits for anything but the processor.
 */
#include "figures.h"
#include "measure.h"
#include "table.h"

#include <unistd.h>

#define INPUT_BYTES 10000000
#define INPUT	    "bench/input"

/* How much more processor time one command takes than another. */
static double ratio(const char *ours, const char *native)
{
	double ratios[MEASURE_ROUNDS];

	for (int i = 0; i < MEASURE_ROUNDS; i++) {
		struct cost theirs = measure_run(MEASURE_PINNED, NULL, "%s", native);

		ratios[i] = measure_run(MEASURE_PINNED, NULL, "%s", ours).cpu_s / theirs.cpu_s;
	}
	return measure_median(ratios);
}

void figures_of_locks(void)
{
	for (int threads = 1; threads <= 4; threads *= 2) {
		char ours[64], native[64], what[128];

		snprintf(ours, sizeof(ours), "./heddle run bench/locks %d", threads);
		snprintf(native, sizeof(native), "bench/locks %d", threads);
		snprintf(what, sizeof(what), "10,000,000 locks, %d thread%s, to native on one core",
			 threads, threads > 1 ? "s" : "");
		table_add(what, ratio(ours, native), 1, AT_MOST, 3);
	}
}

/* Words of a few letters, some more frequent than others: compresses about as text does. */
static void input_write(void)
{
	FILE *out = fopen(INPUT, "w");
	unsigned long state = 1;

	for (long i = 0; out && i < INPUT_BYTES; i++) {
		state = state * 6364136223846793005ul + 1442695040888963407ul;
		putc(state >> 61 ? 'a' + (int)(state >> 40 & state >> 45 & 15) : ' ', out);
	}
	if (out)
		fclose(out);
}

static void other_figure(const char *what, const char *program, const char *words, double most)
{
	char ours[256], native[256];

	if (access(program, X_OK)) {
		table_add_missing(what, "it is not installed");
		return;
	}
	snprintf(ours, sizeof(ours), "./heddle run %s %s", program, words);
	snprintf(native, sizeof(native), "%s %s", program, words);
	table_add(what, ratio(ours, native), 2, AT_MOST, most);
}

void figures_of_others(void)
{
	input_write();
	other_figure("pigz -p 4 on 10 MB, to native on one core", "/usr/bin/pigz", "-p 4 -c " INPUT,
		     1.3);
	unlink(INPUT);
	other_figure("CPython: two threads count to 1,000,000 each under a lock, the same",
		     "/usr/bin/python3", "bench/counter.py 1000000", 2);
	other_figure("two threads hand a turn to each other by a condition variable, the same",
		     "bench/pingpong", "", 1);
}

void figures_of_hooks(void)
{
	table_add("built with heddle-cc, without heddle, to plain gcc: loop over a table",
		  ratio("bench/hooked/native loop", "bench/native loop"), 2, NO_TARGET, 0);
	table_add("the same: search for repeated strings",
		  ratio("bench/hooked/native match", "bench/native match"), 2, NO_TARGET, 0);
}
