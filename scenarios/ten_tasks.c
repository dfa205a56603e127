/*
 * ten_tasks.c - ten tasks in ten threads, each with its own arguments and its own result.
 *
 * Shows: heddle_thread(), which starts a thread on any C function, and heddle_thread_join(), which
 * gives its result back by type: no void pointers, no struct for the arguments, no global for the
 * result.
 * Bug: none.
 *
 * Verdict: passed, under random, dfs and dpor.
 * Interleavings: 1. No task touches what another one does, so their order cannot matter.
 * Classes: 1.
 */
#include <heddle.h>

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#define TASKS 10

/* The sum of 1 to `last`, each times `weight`. */
static double task(int last, double weight)
{
	double sum = 0;

	for (int i = 1; i <= last; i++)
		sum += i * weight;
	return sum;
}

int main(void)
{
	heddle_thread_t *threads[TASKS];
	double total = 0;

	for (int i = 0; i < TASKS; i++) {
		if (heddle_thread(&threads[i], task, "double(int, double)", i + 1, 0.5)) {
			fprintf(stderr, "%s\n", heddle_thread_error());
			abort();
		}
	}
	for (int i = 0; i < TASKS; i++) {
		double result;
		int code = heddle_thread_join(threads[i], &result);

		assert(!code);
		total += result;
	}
	/* 1 + 3 + 6 + ... + 55 = 10 * 11 * 12 / 6 = 220, halved. */
	assert(total == 110);
	printf("total %g\n", total);
	return 0;
}
