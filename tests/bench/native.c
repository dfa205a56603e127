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

void figures_of_pigz(void)
{
	static const char what[] = "pigz -p 4 on 10 MB, to native on one core";

	if (access("/usr/bin/pigz", X_OK)) {
		table_add_missing(what, "pigz is not installed");
		return;
	}
	input_write();
	table_add(
		what,
		ratio("./heddle run /usr/bin/pigz -p 4 -c " INPUT, "/usr/bin/pigz -p 4 -c " INPUT),
		2, NO_TARGET, 0);
	unlink(INPUT);
}

void figures_of_hooks(void)
{
	table_add("built with heddle-cc, without heddle, to plain gcc: loop over a table",
		  ratio("bench/hooked/native loop", "bench/native loop"), 2, NO_TARGET, 0);
	table_add("the same: search for repeated strings",
		  ratio("bench/hooked/native match", "bench/native match"), 2, NO_TARGET, 0);
}
