/*
 * demo.c - what `make demo` shows: a counter that loses an update, how, the same once more, and the
 * counter that does not.
 *
 * Usage: demo BUILD. Each step says what is to be seen and insists on it: the exit status is 0 only
 * when all of it happened. Writes into BUILD/demo only.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define PATH_BYTES   1024
#define OUTPUT_BYTES 65536

static const char *build;
static char printed[OUTPUT_BYTES];

static void fail(const char *what, const char *detail)
{
	printf("\ndemo: %s%s\n", what, detail);
	exit(1);
}

/* Shows a command, carries it out, shows what it prints, and insists on its exit status. */
static void step(int expected, const char *command)
{
	char full[2 * PATH_BYTES];
	size_t length;
	FILE *pipe;
	int status;

	printf("\n$ %s\n", command);
	fflush(stdout);
	snprintf(full, sizeof(full), "%s 2>&1", command);
	pipe = popen(full, "r");
	if (!pipe)
		fail("cannot start a shell", "");
	length = fread(printed, 1, sizeof(printed) - 1, pipe);
	printed[length] = '\0';
	fputs(printed, stdout);
	status = pclose(pipe);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != expected)
		fail("another exit status than expected from: ", command);
}

static void insist(const char *text)
{
	if (!strstr(printed, text))
		fail("this is missing above: ", text);
}

/* The trace of what comes first above: that of the assertion. */
static void trace_find(char *trace)
{
	const char *name = strstr(printed, " show ");

	if (!name)
		fail("no trace was written", "");
	name += strlen(" show ");
	snprintf(trace, PATH_BYTES, "%.*s", (int)strcspn(name, "\n"), name);
}

static void folder_empty(void)
{
	char command[2 * PATH_BYTES];

	snprintf(command, sizeof(command), "rm -rf %s/demo && mkdir -p %s/demo", build, build);
	if (system(command))
		fail("cannot make the folder: ", build);
}

static void unlocked(void)
{
	char command[4 * PATH_BYTES], trace[PATH_BYTES];

	puts("Two threads add one to a counter, without a lock. heddle tries the orders that make "
	     "a\n"
	     "difference, one after the other, up to the first that fails. Behind the failure are\n"
	     "data races: nothing orders what the two threads do to the counter.");
	snprintf(command, sizeof(command),
		 "%s/heddle explore --out %s/demo %s/scenarios/counter_unlocked 1", build, build,
		 build);
	step(1, command);
	insist("heddle: assertion: ");
	insist("heddle: data race: ");
	trace_find(trace);

	puts("\nThe schedule that did it. Read it downwards: each line is one event, each thread "
	     "has\n"
	     "its column. Both threads read 0, so both write 1.");
	snprintf(command, sizeof(command), "%s/heddle show %s", build, trace);
	step(0, command);
	insist("T1 work");

	puts("\nThe same execution again, event by event, as often as you like.");
	snprintf(command, sizeof(command), "%s/heddle replay %s", build, trace);
	step(1, command);
	insist("the same as in the trace");
}

static void locked(void)
{
	char command[4 * PATH_BYTES];

	puts("\nThe same counter with a lock around it, three increments in each thread: every\n"
	     "order that makes a difference, so this is a proof.");
	snprintf(command, sizeof(command),
		 "%s/heddle explore --out %s/demo %s/scenarios/counter_locked 3", build, build,
		 build);
	step(0, command);
	insist("heddle: 20 executions of ");
	insist("complete: one execution of every class was executed, 0 redundant");
}

int main(int argc, char **argv)
{
	build = argc > 1 ? argv[1] : "build";
	folder_empty();
	unlocked();
	locked();
	printf("\nNow your own program. Compile it with heddle-cc instead of cc, and search:\n\n"
	       "  %s/heddle-cc -g -pthread prog.c -o prog     (or: make CC=$PWD/%s/heddle-cc)\n"
	       "  %s/heddle explore ./prog\n",
	       build, build, build);
	return 0;
}
