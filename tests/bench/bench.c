/*
 * bench.c - prints the figures that heddle has to reach, each beside its target: a ratio to
 * something measured in the same run wherever it is not the cost of one event. Judges nothing: the
 * exit status is 0 whatever they are.
 *
 * Each figure is the median of several rounds, in which what is compared takes turns.
 *
 * Usage: bench BUILD
 */
#include "figures.h"
#include "table.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Before anything is measured, for whoever wonders about the figures. */
static void tell_load(void)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	double load;

	if (getloadavg(&load, 1) == 1 && load > 0.5)
		fprintf(stderr,
			"bench: the machine is busy (load %.1f on %ld processors): the figure "
			"of two workers means little\n",
			load, processors);
}

int main(int argc, char **argv)
{
	if (argc != 2 || chdir(argv[1])) {
		fprintf(stderr, "usage: bench BUILD, the folder where heddle was built\n");
		return 2;
	}
	tell_load();
	figures_of_executions();
	figures_of_workers();
	figures_of_events();
	figures_of_system_calls();
	figures_of_locks();
	figures_of_memory();
	figures_of_pigz();
	figures_of_hooks();
	figures_of_classes();
	table_print();
	return 0;
}
