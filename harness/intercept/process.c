/* process.c - fork and exec: the child is a program of one thread, and another program is none of
 * ours; heddle leaves both alone, and says so where the program itself goes. */
#include "intercept/interpose.h"
#include "machine/real.h"
#include "session/files.h"
#include "session/note.h"
#include "session/session.h"

#include <unistd.h>

INTERPOSE pid_t fork(void)
{
	pid_t pid;

	files_before_new();
	pid = real.fork();
	if (!pid)
		execution.current = 0;
	else if (pid > 0)
		files_shared();
	return pid;
}

/* It would come back a second time into a frame that is gone. */
INTERPOSE pid_t vfork(void)
{
	return fork();
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
