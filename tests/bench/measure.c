/*
 * measure.c - owns the child processes whose cost is measured.
 *
 * The cost comes from the kernel's account of the child when it has ended, which includes what the
 * child has waited for. That account has the peak memory of the largest process only, and the
 * command may be larger than the program that it runs; therefore a watched command is looked at
 * through /proc every few milliseconds. The peak never falls, so no more than what happens after
 * the last look is missed.
 */
#include "measure.h"

#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COMMAND_BYTES 1024
#define LOOK_US	      2000

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

/* To the first processor that there is for us. */
static void pin(void)
{
	cpu_set_t all, one;
	int cpu = 0;

	sched_getaffinity(0, sizeof(all), &all);
	while (cpu < CPU_SETSIZE - 1 && !CPU_ISSET(cpu, &all))
		cpu++;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	sched_setaffinity(0, sizeof(one), &one);
}

void measure_become(FILE *out, const char *command)
{
	int nothing = open("/dev/null", O_RDWR);

	dup2(nothing, STDIN_FILENO);
	dup2(out ? fileno(out) : nothing, STDOUT_FILENO);
	dup2(nothing, STDERR_FILENO);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

/* The number after `key` in a file of /proc/PID; 0 where there is none. */
static long proc_number(const char *pid, const char *file, const char *key)
{
	char path[64], line[256];
	size_t length = strlen(key);
	long number = 0;
	FILE *in;

	snprintf(path, sizeof(path), "/proc/%.20s/%s", pid, file);
	in = fopen(path, "r");
	if (!in)
		return 0;
	while (!number && fgets(line, sizeof(line), in))
		if (!strncmp(line, key, length))
			number = atol(line + length);
	fclose(in);
	return number;
}

static double child_peak_kb(pid_t parent)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	long peak = 0, kb;

	while (proc && (entry = readdir(proc))) {
		if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
			continue;
		if (proc_number(entry->d_name, "status", "PPid:") != parent)
			continue;
		kb = proc_number(entry->d_name, "status", "VmHWM:");
		peak = kb > peak ? kb : peak;
	}
	if (proc)
		closedir(proc);
	return (double)peak;
}

static int wait_watching(pid_t pid, struct rusage *used, double *child_kb)
{
	int status = 0;
	double kb;

	while (!wait4(pid, &status, WNOHANG, used)) {
		kb = child_peak_kb(pid);
		if (!(kb <= *child_kb))
			*child_kb = kb;
		usleep(LOOK_US);
	}
	return status;
}

static void check(int status, unsigned how, const char *command, struct cost *cost)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) <= (how & MEASURE_FAILING ? 1 : 0))
		return;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 5 && how & MEASURE_LIMITED)
		return;
	fprintf(stderr, "bench: this failed with status %#x: %s\n", (unsigned)status, command);
	*cost = (struct cost){NAN, NAN, NAN};
}

struct cost measure_run(unsigned how, FILE *out, const char *format, ...)
{
	char command[COMMAND_BYTES] = "exec ";
	struct cost cost = {NAN, NAN, NAN};
	struct rusage used;
	double start;
	va_list arguments;
	int status = 0;
	pid_t pid;

	va_start(arguments, format);
	vsnprintf(command + 5, sizeof(command) - 5, format, arguments);
	va_end(arguments);
	start = now_s();
	pid = fork();
	if (!pid) {
		if (how & MEASURE_PINNED)
			pin();
		measure_become(out, command);
	}
	if (how & MEASURE_WATCHED)
		status = wait_watching(pid, &used, &cost.child_kb);
	else
		wait4(pid, &status, 0, &used);
	cost.wall_s = now_s() - start;
	cost.cpu_s = seconds(used.ru_utime) + seconds(used.ru_stime);
	check(status, how, command, &cost);
	return cost;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double measure_median(double values[MEASURE_ROUNDS])
{
	int count = 0;

	for (int i = 0; i < MEASURE_ROUNDS; i++)
		if (!isnan(values[i]))
			values[count++] = values[i];
	if (!count)
		return NAN;
	qsort(values, (size_t)count, sizeof(*values), compare);
	return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}
