#include "cli/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

double clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

bool clock_of_process(pid_t pid, double *used_s, bool *waits)
{
	char name[64], line[1024];
	unsigned long user, system;
	const char *fields;
	FILE *file;
	char state;

	snprintf(name, sizeof(name), "/proc/%d/stat", (int)pid);
	file = fopen(name, "re");
	if (!file)
		return false;
	if (!fgets(line, sizeof(line), file))
		line[0] = 0;
	fclose(file);
	/* The second field is the program's name in brackets, and may hold anything. */
	fields = strrchr(line, ')');
	if (!fields || sscanf(fields, ") %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
			      &state, &user, &system) != 3)
		return false;
	*used_s = (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
	if (state == 'Z' || state == 'X')
		return false;
	*waits = state == 'S' || state == 'D';
	return true;
}
