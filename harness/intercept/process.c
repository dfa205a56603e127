/* process.c - fork and exec: the child is a program of one thread, and another program is none of
 * ours; heddle leaves both alone, and says so where the program itself goes. */
#include "intercept/interpose.h"
#include "machine/real.h"
#include "session/note.h"
#include "session/session.h"

#include <unistd.h>

INTERPOSE pid_t fork(void)
{
	pid_t pid = real.fork();

	if (!pid)
		execution.current = 0;
	return pid;
}

INTERPOSE int execve(const char *path, char *const arguments[], char *const environment[])
{
	note_uncontrolled("execve", RETURN_PC);
	return real.execve(path, arguments, environment);
}

INTERPOSE int execv(const char *path, char *const arguments[])
{
	note_uncontrolled("execv", RETURN_PC);
	return real.execv(path, arguments);
}

INTERPOSE int execvp(const char *file, char *const arguments[])
{
	note_uncontrolled("execvp", RETURN_PC);
	return real.execvp(file, arguments);
}
