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
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc != 2 || chdir(argv[1])) {
		fprintf(stderr, "usage: bench BUILD, the folder where heddle was built\n");
		return 2;
	}
	figures_of_executions();
	figures_of_workers();
	figures_of_events();
	figures_of_system_calls();
	figures_of_locks();
	figures_of_memory();
	figures_of_others();
	figures_of_hooks();
	figures_of_classes();
	figures_of_growth();
	figures_of_width();
	figures_of_estimates();
	table_print();
	return 0;
}
