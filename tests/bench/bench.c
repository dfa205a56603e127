/*
 * bench.c - prints the figures that heddle has to reach, each as a ratio to something measured in
 * the same run or as a cost per event, beside its target. Judges nothing: the exit status is 0
 * whatever they are.
 *
 * Each figure is the median of several rounds; what is compared takes turns. Start-up is taken out
 * by running N and more and looking at the difference.
 *
 * Usage: bench BUILD
 */
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 5
#define FORKS  4000

static const char *build;

struct cost {
	double wall_s, cpu_s;
	long peak_kb;
};

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static void pin(void)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	sched_setaffinity(0, sizeof(one), &one);
}

/* Runs a shell command, pinned to one processor where `pinned`; its output goes to `out`, or
 * nowhere. */
static struct cost run(bool pinned, FILE *out, const char *format, ...)
{
	char command[1024];
	struct rusage used;
	struct cost cost;
	va_list arguments;
	double start;
	pid_t pid;

	va_start(arguments, format);
	vsnprintf(command, sizeof(command), format, arguments);
	va_end(arguments);
	fflush(stdout);
	start = now_s();
	pid = fork();
	if (!pid) {
		if (pinned)
			pin();
		if (out)
			dup2(fileno(out), 1);
		else if (!freopen("/dev/null", "w", stdout))
			_exit(127);
		execl("/bin/sh", "sh", "-c", command, (char *)0);
		_exit(127);
	}
	wait4(pid, 0, 0, &used);
	cost.wall_s = now_s() - start;
	cost.cpu_s = seconds(used.ru_utime) + seconds(used.ru_stime);
	cost.peak_kb = used.ru_maxrss;
	return cost;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, int count)
{
	qsort(values, (size_t)count, sizeof(*values), compare);
	return values[count / 2];
}

/* Executions a second of `explore OPTIONS PROGRAM`, from the difference of two numbers of them. */
static double rate(const char *options, long few, long many, const char *program)
{
	struct cost less = run(false, 0, "%s/heddle explore %s --executions %ld %s/bench/%s", build,
			       options, few, build, program);
	struct cost more = run(false, 0, "%s/heddle explore %s --executions %ld %s/bench/%s", build,
			       options, many, build, program);

	return (double)(many - few) / (more.wall_s - less.wall_s);
}

/* fork, exit and wait of a child that does nothing, on one processor. Run in a process of its own,
 * as small as can be. */
static int forks(void)
{
	double start;

	pin();
	start = now_s();
	for (int i = 0; i < FORKS; i++) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		waitpid(pid, 0, 0);
	}
	printf("%f\n", FORKS / (now_s() - start));
	return 0;
}

static double fork_rate(const char *self)
{
	FILE *out = tmpfile();
	double result = 0;

	run(false, out, "%s --forks", self);
	rewind(out);
	if (fscanf(out, "%lf", &result) != 1)
		result = 1;
	fclose(out);
	return result;
}

/* One row of the table; `reached` compares with the target. */
static void row(const char *what, const char *target, bool reached, const char *format, ...)
{
	va_list arguments;

	printf("| %s | ", what);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf(" | %s%s |\n", target, reached ? "" : ": not reached");
	fflush(stdout);
}

static void snapshot_figures(const char *self)
{
	double quiet[ROUNDS], printing[ROUNDS], forked[ROUNDS], empty[ROUNDS], f, q, p, k;

	for (int i = 0; i < ROUNDS; i++) {
		empty[i] = fork_rate(self);
		quiet[i] = rate("-j 1", 200000, 1000000, "counter");
		printing[i] = rate("-j 1", 200000, 1000000, "counter 2 print");
		forked[i] = rate("-j 1 --fork", 1000, 6000, "counter");
	}
	f = median(empty, ROUNDS);
	q = median(quiet, ROUNDS);
	p = median(printing, ROUNDS);
	k = median(forked, ROUNDS);
	row("executions a second, mutex counter 2x2, one worker", "500,000", q >= 500000, "%.0f",
	    q);
	row("the same with a printf at the end", "250,000", p >= 250000, "%.0f", p);
	row("fork + wait of an empty child, a second", "", true, "%.0f", f);
	row("executions from a snapshot to forks", "100", q / f >= 100, "%.0f", q / f);
	row("forked executions to forks", "0.6", k / f >= 0.6, "%.2f", k / f);
}

static void worker_figures(void)
{
	double ratio[ROUNDS], r;

	for (int i = 0; i < ROUNDS; i++) {
		double one = rate("-j 1", 200000, 2000000, "counter");

		ratio[i] = rate("-j 2", 400000, 4000000, "counter") / one;
	}
	r = median(ratio, ROUNDS);
	row("two workers to one", "1.8", r >= 1.8, "%.2f", r);
}

/* Nanoseconds an event, under heddle, from N and 3N. */
static double event_ns(const char *kind, long events)
{
	double cost[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		struct cost less = run(true, 0, "%s/heddle run %s/bench/events %s %ld", build,
				       build, kind, events);
		struct cost more = run(true, 0, "%s/heddle run %s/bench/events %s %ld", build,
				       build, kind, 3 * events);

		cost[i] = (more.cpu_s - less.cpu_s) / (double)(2 * events) * 1e9;
	}
	return median(cost, ROUNDS);
}

static void event_figures(void)
{
	double access = event_ns("access", 20000000), yield = event_ns("yield", 5000000);
	double shared = event_ns("shared", 5000000);

	row("instrumented access without a switch, ns", "50", access < 50, "%.1f", access);
	row("switch (sched_yield between two threads), ns", "50", yield < 50, "%.1f", yield);
	row("access that is a choice between two threads, ns", "", true, "%.1f", shared);
}

static void lock_figures(void)
{
	for (int threads = 1; threads <= 4; threads *= 2) {
		double ratio[ROUNDS], r;
		char what[100];

		for (int i = 0; i < ROUNDS; i++) {
			struct cost native = run(true, 0, "%s/bench/locks %d", build, threads);
			struct cost ours = run(true, 0, "%s/heddle run %s/bench/locks %d", build,
					       build, threads);

			ratio[i] = ours.wall_s / native.wall_s;
		}
		r = median(ratio, ROUNDS);
		snprintf(what, sizeof(what), "10 million locks, %d thread%s, to native on one core",
			 threads, threads > 1 ? "s" : "");
		row(what, "3", r <= 3, "%.1f", r);
	}
}

static void memory_figures(void)
{
	double ratio[ROUNDS], r;

	for (int i = 0; i < ROUNDS; i++) {
		struct cost few =
			run(false, 0, "%s/heddle explore -j 1 --executions 100000 %s/bench/counter",
			    build, build);
		struct cost many = run(
			false, 0, "%s/heddle explore -j 1 --executions 2000000 %s/bench/counter",
			build, build);

		ratio[i] = (double)many.peak_kb / (double)few.peak_kb;
	}
	r = median(ratio, ROUNDS);
	row("peak memory, 2,000,000 executions to 100,000", "1.1", r <= 1.1, "%.2f", r);
}

static void native_figures(void)
{
	double ratio[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		struct cost plain = run(true, 0, "%s/bench/events-plain loop 100000000", build);
		struct cost hooked = run(true, 0, "%s/bench/events loop 100000000", build);

		ratio[i] = hooked.cpu_s / plain.cpu_s;
	}
	row("memory-heavy loop built with heddle-cc, without heddle, to plain gcc", "", true,
	    "%.1f", median(ratio, ROUNDS));
}

/* Classes a second of a complete reduced search, start-up taken out with a small one. */
static void class_row(const char *what, const char *program, const char *small, long classes,
		      double target)
{
	double rates[ROUNDS], r;
	char text[32];

	for (int i = 0; i < ROUNDS; i++) {
		struct cost less = run(false, 0,
				       "%s/heddle explore --strategy dpor --keep-going "
				       "--out %s/bench %s/bench/%s 2>&1",
				       build, build, build, small);
		struct cost more = run(false, 0,
				       "%s/heddle explore --strategy dpor --keep-going "
				       "--out %s/bench %s/bench/%s 2>&1",
				       build, build, build, program);

		rates[i] = (double)classes / (more.wall_s - less.wall_s);
	}
	r = median(rates, ROUNDS);
	snprintf(text, sizeof(text), "%.0f", target);
	row(what, text, r >= target, "%.0f", r);
}

static void class_figures(void)
{
	class_row("dpor, classes a second, mutex counter 2x8 (12,870)", "counter 8", "counter 1",
		  12870, 300000);
	class_row("dpor, classes a second, unlocked counter 2x5 (34,904)", "unlocked 5",
		  "unlocked 1", 34904, 250000);
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--forks"))
		return forks();
	build = argc > 1 ? argv[1] : "build";
	printf("| what | measured | target |\n|---|---|---|\n");
	snapshot_figures(argv[0]);
	worker_figures();
	event_figures();
	lock_figures();
	memory_figures();
	native_figures();
	class_figures();
	return 0;
}
