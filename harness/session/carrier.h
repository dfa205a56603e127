/* carrier.h - the loop on the process's first kernel thread: it runs the program's fibers until one
 * asks for something. */
#ifndef HEDDLE_SESSION_CARRIER_H
#define HEDDLE_SESSION_CARRIER_H

#include "session/session.h"

/* Runs main on a fiber under control, as the session's kind wants it. Does not return: the process
 * ends. */
void carrier_main(int (*main_function)(int, char **, char **), int argc, char **argv, char **envp)
	__attribute__((noreturn));

/* Lets the program run until its next request. */
enum request carrier_resume(void);

/* The same, answering REQUEST_GROW on the spot. */
enum request carrier_resume_growing(void);

/* Makes fibers as the last REQUEST_GROW wants. */
void carrier_grow(void);

#endif
