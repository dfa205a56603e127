/* children.c - waits for child processes: others go on meanwhile. */
#include "intercept/find.h"
#include "intercept/interpose.h"
#include "session/blocking.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>

/* 0 where the call is to be carried out: it would not wait any more. */
static int child_enter(struct thread *self, idtype_t type, id_t id, int options, const void *pc)
{
	struct blocking *blocking;

	if (!self)
		return 0;
	blocking = blocking_begin(self);
	blocking_want_used(self, CHANNEL_CHILDREN, files_channel_of(CHANNEL_CHILDREN));
	blocking->asks_children = blocking->outside = true;
	blocking->child_type = type;
	blocking->child = id;
	blocking->child_options = options & (WEXITED | WSTOPPED | WCONTINUED);
	return blocking_wait(self, OP_WAIT_CHILD, -1, DEADLINE_NONE, !(options & WNOHANG), pc);
}

static int pid_enter(struct thread *self, pid_t pid, int options, const void *pc)
{
	int what = WEXITED | (options & WNOHANG) | (options & WUNTRACED ? WSTOPPED : 0) |
		   (options & WCONTINUED);

	if (pid > 0)
		return child_enter(self, P_PID, (id_t)pid, what, pc);
	if (pid == -1)
		return child_enter(self, P_ALL, 0, what, pc);
	return child_enter(self, P_PGID, (id_t)-pid, what, pc);
}

/* X(name, parameters, arguments, process, options) */
#define WAITS(X)                                                                                   \
	X(wait, (int *status), (status), -1, 0)                                                    \
	X(waitpid, (pid_t pid, int *status, int options), (pid, status, options), pid, options)    \
	X(wait3, (int *status, int options, struct rusage *usage), (status, options, usage), -1,   \
	  options)                                                                                 \
	X(wait4, (pid_t pid, int *status, int options, struct rusage *usage),                      \
	  (pid, status, options, usage), pid, options)

#define X(name, parameters, arguments, process, asked)                                             \
	INTERPOSE pid_t name parameters                                                            \
	{                                                                                          \
		FIND(pid_t, name, parameters);                                                     \
		int error = pid_enter(thread_controlled(), process, asked, RETURN_PC);             \
                                                                                                   \
		errno = error ? error : errno;                                                     \
		return error ? -1 : real_one arguments;                                            \
	}
WAITS(X)
#undef X

INTERPOSE int waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
	FIND(int, waitid, (idtype_t, id_t, siginfo_t *, int));
	int error = child_enter(thread_controlled(), type, id, options, RETURN_PC);

	errno = error ? error : errno;
	return error ? -1 : real_one(type, id, info, options);
}

/* ---- what makes children that have the program's descriptors */

#define SPAWNS(X)                                                                                  \
	X(int, posix_spawn,                                                                        \
	  (pid_t *restrict pid, const char *restrict path,                                         \
	   const posix_spawn_file_actions_t *actions,                                              \
	   const posix_spawnattr_t *restrict attributes, char *const arguments[],                  \
	   char *const environment[]),                                                             \
	  (pid, path, actions, attributes, arguments, environment))                                \
	X(int, posix_spawnp,                                                                       \
	  (pid_t *restrict pid, const char *restrict path,                                         \
	   const posix_spawn_file_actions_t *actions,                                              \
	   const posix_spawnattr_t *restrict attributes, char *const arguments[],                  \
	   char *const environment[]),                                                             \
	  (pid, path, actions, attributes, arguments, environment))                                \
	X(FILE *, popen, (const char *command, const char *mode), (command, mode))

#define X(result, name, parameters, arguments)                                                     \
	INTERPOSE result name parameters                                                           \
	{                                                                                          \
		FIND(result, name, parameters);                                                    \
                                                                                                   \
		files_before_new();                                                                \
		if (thread_controlled())                                                           \
			files_shared();                                                            \
		return real_one arguments;                                                         \
	}
SPAWNS(X)
#undef X
