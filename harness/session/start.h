/* start.h - how a process comes under control. */
#ifndef HEDDLE_SESSION_START_H
#define HEDDLE_SESSION_START_H

#include <stdbool.h>

/* Attaches to the command's shared block when the environment names one, and puts the environment
 * back. Called first of all, by the library's constructor. */
void start_attach(void);

/* True when a session is attached: then start_main() is to run main. */
bool start_is_attached(void);

/* What start_main() is to run. */
void start_set_main(int (*function)(int, char **, char **));

/* Takes main's place: runs it under control. Does not return. */
int start_main(int argc, char **argv, char **envp);

#endif
