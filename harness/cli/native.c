/*
 * native.c - the program on the real processors, beside what a search says of it.
 *
 * A search executes all interleavings of a machine with sequentially consistent memory. What a real
 * machine shows, and how often, is another question: this answers it, and finds out where the two
 * contradict each other.
 */
#include "base/rng.h"
#include "cli/clock.h"
#include "cli/commands.h"
#include "cli/native_table.h"
#include "cli/say.h"
#include "cli/summary.h"

#include <sched.h>
#include <stdio.h>

static unsigned processors(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) == 0 ? (unsigned)CPU_COUNT(&set) : 1;
}

/* False with `error` where it cannot be run. */
static bool run_all(struct native_run *run, const struct options *options,
		    struct native_table *table, bool *interrupted, struct error *error)
{
	double end_s = options->time_s > 0 ? clock_now() + options->time_s : 0;

	for (uint64_t i = 0; i < options->runs; i++) {
		struct rng rng = rng_stream(options->seed, i);
		struct native_end end;

		if (native_run(run, rng_next(&rng), &end, error) != 0)
			return false;
		*interrupted = end.interrupted;
		if (end.interrupted)
			break;
		native_table_add(table, &end);
		if (end_s > 0 && clock_now() >= end_s)
			break;
	}
	return true;
}

static enum status print(const struct options *options, struct native_table *table,
			 const struct native_board *board, const struct search *search,
			 bool interrupted)
{
	bool bad;

	printf("heddle: %llu runs of %s on %u processor%s, free of control",
	       (unsigned long long)(table->runs + table->assumed), options->program[0],
	       processors(), processors() == 1 ? "" : "s");
	if (table->assumed)
		printf(", %llu assumed away", (unsigned long long)table->assumed);
	puts(interrupted ? ", interrupted by a signal" : "");
	bad = native_table_print(stdout, table, board, search);
	if (bad || (search && search_status(search) == STATUS_FAILURE))
		return STATUS_FAILURE;
	return interrupted ? STATUS_INCOMPLETE : STATUS_OK;
}

static enum status run(const struct options *options, const struct search *search)
{
	static struct target target;
	struct native_run native = {.launch = {.target = &target, .words = options->program},
				    .board_fd = -1,
				    .signals_fd = -1,
				    .hang_s = options->hang_s};
	struct native_table table = {.count = 0};
	enum status status = STATUS_UNABLE;
	bool interrupted = false;
	struct error error;

	if (native_run_open(&native, &error) == 0 &&
	    target_find(&target, options->program[0], &error) == 0 &&
	    library_find(&native.launch.library, &error) == 0 &&
	    run_all(&native, options, &table, &interrupted, &error))
		status = print(options, &table, native.board, search, interrupted);
	else
		say("%s", error.text);
	native_table_free(&table);
	native_run_close(&native);
	return status;
}

static enum status run_both(const struct options *given)
{
	struct options options = *given;
	static struct search search;
	enum status status = STATUS_UNABLE;
	struct error error;

	options.strategy = STRATEGY_DPOR;
	options.keep_going = true;
	if (search_run(&search, &options, &error) == 0) {
		summary_print(stdout, &search);
		putchar('\n');
		status = run(given, &search);
	} else {
		say("%s", error.text);
	}
	search_free(&search);
	return status;
}

enum status command_native(const struct options *options)
{
	return options->search ? run_both(options) : run(options, NULL);
}
