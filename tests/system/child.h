/* child.h - runs a command as a child and tells what became of it. Shared by the system tests. */
#ifndef HEDDLE_TESTS_SYSTEM_CHILD_H
#define HEDDLE_TESTS_SYSTEM_CHILD_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct child {
	int status;	 /* exit status, or 128 + signal */
	char *out, *err; /* what it wrote; empty strings where nothing */
};

/* Runs `sh -c COMMAND` made as by printf, with B set to the build folder and T to the test's
 * temporary folder, and waits for it. A command that runs for two minutes is killed with all that
 * it has started, and the test fails: that is a hang guard, no measure. Free with child_free(). */
struct child child_run(const char *format, ...) __attribute__((format(printf, 1, 2)));
void child_free(struct child *child);

/* The same without waiting; the command is its own process group. */
pid_t child_start(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Waits for it, under the same guard: exit status, or 128 + signal. */
int child_wait(pid_t pid);

/* The JSON object on the last line of `text`; null where there is none. The caller decrefs it. */
json_t *child_json(const char *text);

/* A folder for this test, removed at its end by folder_remove(). */
void folder_make(void);
void folder_remove(void);

/* True when both files (in the test's folder) can be read and are equal. */
bool files_equal(const char *one, const char *other);

/* How many processes run the program `name` (as /proc/PID/comm has it). */
int processes_of(const char *name);

#endif
