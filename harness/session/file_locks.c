#include "session/file_locks.h"

#include "machine/syscall.h"
#include "session/blocking.h"

#include <errno.h>
#include <sys/file.h>

/* One turn: the first one is always possible. */
static int turn(struct thread *self, int fd, bool waits, const void *pc)
{
	struct blocking *blocking = blocking_begin(self);

	blocking_want_used(self, CHANNEL_LOCKS, files_channel_of(CHANNEL_LOCKS));
	blocking->retries = blocking->outside = true;
	return blocking_wait(self, OP_FILE_LOCK, fd, DEADLINE_NONE, waits, pc);
}

static bool is_held(int result)
{
	return result < 0 && (errno == EAGAIN || errno == EACCES);
}

int file_lock(struct thread *self, const struct file_lock_try *call, bool may_wait, const void *pc)
{
	bool waits = false;
	int result, error;

	/* Else the place from where all executions start would be in the middle of it. */
	files_before_new();
	do {
		error = turn(self, call->fd, waits, pc);
		if (error) {
			errno = error;
			return -1;
		}
		result = call->carry_out(call);
		waits = may_wait && is_held(result);
	} while (waits);
	if (!result)
		files_channel_of(CHANNEL_LOCKS)->uses++;
	return result;
}

void file_lock_closing(struct thread *self, int fd, const void *pc)
{
	struct channel *locks = files_channel_of(CHANNEL_LOCKS);

	if (!self || fd < 0 || !locks->uses)
		return;
	turn(self, fd, false, pc);
	locks->uses++;
	/* A forked execution's parent may have it open, too, and would keep the lock. */
	if (session.explore)
		sys_call2(SYS_flock, fd, LOCK_UN);
}
