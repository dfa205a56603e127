/* file_locks.c - flock, lockf, and fcntl: session/file_locks.h. */
#include "session/file_locks.h"

#include "intercept/find.h"
#include "intercept/interpose.h"
#include "session/files.h"

#include <fcntl.h>
#include <stdarg.h>
#include <sys/file.h>
#include <unistd.h>

static int flock_try(const struct file_lock_try *call)
{
	FIND(int, flock, (int, int));

	return real_one(call->fd, call->command | LOCK_NB);
}

INTERPOSE int flock(int fd, int operation)
{
	FIND(int, flock, (int, int));
	struct thread *self = thread_controlled();
	struct file_lock_try call = {.carry_out = flock_try, .fd = fd, .command = operation};

	if (!self)
		return real_one(fd, operation);
	return file_lock(self, &call, !(operation & LOCK_NB), RETURN_PC);
}

static int lockf_try(const struct file_lock_try *call)
{
	FIND(int, lockf, (int, int, off_t));

	return real_one(call->fd, call->command == F_LOCK ? F_TLOCK : call->command, call->bytes);
}

#define LOCKFS(X) X(lockf) X(lockf64)
#define X(name)                                                                                    \
	INTERPOSE int name(int fd, int command, off_t bytes)                                       \
	{                                                                                          \
		FIND(int, name, (int, int, off_t));                                                \
		struct thread *self = thread_controlled();                                         \
		struct file_lock_try call = {                                                      \
			.carry_out = lockf_try, .fd = fd, .command = command, .bytes = bytes};     \
                                                                                                   \
		if (!self)                                                                         \
			return real_one(fd, command, bytes);                                       \
		return file_lock(self, &call, command == F_LOCK, RETURN_PC);                       \
	}
LOCKFS(X)
#undef X

/* ---- fcntl */

static int fcntl_real(int fd, int command, void *argument)
{
	FIND(int, fcntl, (int, int, ...));

	return real_one(fd, command, argument);
}

static int fcntl_try(const struct file_lock_try *call)
{
	int command = call->command == F_SETLKW	      ? F_SETLK
		      : call->command == F_OFD_SETLKW ? F_OFD_SETLK
						      : call->command;

	return fcntl_real(call->fd, command, call->argument);
}

static int control(struct thread *self, int fd, int command, void *argument, const void *pc)
{
	struct file_lock_try call = {
		.carry_out = fcntl_try, .fd = fd, .command = command, .argument = argument};
	int result;

	switch (command) {
	case F_SETLK:
	case F_OFD_SETLK:
		return self ? file_lock(self, &call, false, pc) : fcntl_real(fd, command, argument);
	case F_SETLKW:
	case F_OFD_SETLKW:
		return self ? file_lock(self, &call, true, pc) : fcntl_real(fd, command, argument);
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
		result = fcntl_real(fd, command, argument);
		files_copied(fd, result);
		return result;
	default:
		return fcntl_real(fd, command, argument);
	}
}

#define FCNTLS(X) X(fcntl) X(fcntl64)
#define X(name)                                                                                    \
	INTERPOSE int name(int fd, int command, ...)                                               \
	{                                                                                          \
		va_list list;                                                                      \
		void *argument;                                                                    \
                                                                                                   \
		va_start(list, command);                                                           \
		argument = va_arg(list, void *);                                                   \
		va_end(list);                                                                      \
		return control(thread_controlled(), fd, command, argument, RETURN_PC);             \
	}
FCNTLS(X)
#undef X
