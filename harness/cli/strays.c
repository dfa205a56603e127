#include "cli/strays.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Killed processes leave children of their own to the command, each time fewer. */
#define ROUNDS_MAX 64

static size_t list_children(pid_t *children, size_t room)
{
	char name[64];
	size_t count = 0;
	FILE *file;

	snprintf(name, sizeof(name), "/proc/self/task/%d/children", (int)getpid());
	file = fopen(name, "re");
	while (file && count < room && fscanf(file, "%d", &children[count]) == 1)
		count++;
	if (file)
		fclose(file);
	return count;
}

static bool is_known(const struct strays *strays, pid_t pid)
{
	for (size_t i = 0; i < strays->count; i++)
		if (strays->known[i] == pid)
			return true;
	return false;
}

void strays_begin(struct strays *strays)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	strays->count = list_children(strays->known, STRAYS_KNOWN_MAX);
}

static size_t end_round(const struct strays *strays)
{
	pid_t children[STRAYS_KNOWN_MAX];
	size_t count = list_children(children, STRAYS_KNOWN_MAX), ended = 0;

	for (size_t i = 0; i < count; i++) {
		if (is_known(strays, children[i]))
			continue;
		kill(children[i], SIGKILL);
		waitpid(children[i], NULL, 0);
		ended++;
	}
	return ended;
}

void strays_end(const struct strays *strays)
{
	for (int round = 0; round < ROUNDS_MAX && end_round(strays); round++)
		continue;
}
