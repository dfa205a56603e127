/* start.h - how a process comes under control. */
#ifndef HEDDLE_SESSION_START_H
#define HEDDLE_SESSION_START_H

#include "session/shared.h"

#include <stdbool.h>

/* Attaches to the command's shared block when the environment names one, and puts the environment
 * back. Called first of all, by the library's constructor. */
void start_attach(void);

/* Descriptors of a session. */
struct start_files {
	int shared, recording, output;
};

/* The same for a process that has begun without: what start_body() needs before. */
void start_attach_to(const struct start_files *files, unsigned worker);

/* Runs function(argument) under control as if it were main, and ends the process when it returns,
 * without what else is done at the end of a program. The calling thread is the only one; what lies
 * on its stack stays as it is; `caller` says which part of that is somebody's. */
void start_body(void (*function)(void *), void *argument, const struct stack_report *caller)
	__attribute__((noreturn));

/* True when a session is attached: then start_main() is to run main. */
bool start_is_attached(void);

/* What start_main() is to run. */
void start_set_main(int (*function)(int, char **, char **));

/* Takes main's place: runs it under control. Does not return. */
int start_main(int argc, char **argv, char **envp);

#endif
