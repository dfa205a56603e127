/*
 * fifos.c - a named pipe is opened without waiting, and then the other end is waited for.
 *
 * Who reads has its end at once, so that a writer finds it; whether there is a writer is seen from
 * what threads of the program have opened, or from what another program has written. Who writes can
 * only try. So both look again when an end was opened here, or after a while.
 */
#include "session/fifos.h"

#include "machine/syscall.h"
#include "session/blocking.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

static int open_as(const struct fifo_open *open, int flags)
{
	int fd = open->carry_out(open->folder, open->path, flags, open->mode);

	/* Whatever had that number before. */
	files_closed(fd);
	return fd;
}

/* One that this call would wait for; its number, or 0. */
static uint64_t inode_of(const struct fifo_open *open)
{
	static struct stat found;
	int way = open->flags & O_ACCMODE;

	if (open->flags & (O_NONBLOCK | O_PATH) || (way != O_RDONLY && way != O_WRONLY) ||
	    sys_call4(SYS_newfstatat, open->folder, open->path, &found, 0) ||
	    !S_ISFIFO(found.st_mode))
		return 0;
	return found.st_ino;
}

/* A look at it: the first one is always possible. */
static int turn(struct thread *self, struct source *source, bool waits, const void *pc)
{
	struct blocking *blocking = blocking_begin(self);

	blocking_want_used(self, CHANNEL_FIFO, files_channel(source));
	blocking->retries = blocking->outside = true;
	return blocking_wait(self, OP_RECEIVE, -1, DEADLINE_NONE, waits, pc);
}

static bool has_writer(const struct source *source, int fd)
{
	static struct pollfd look;

	look = (struct pollfd){.fd = fd, .events = POLLIN};
	return source->count[1] || sys_call3(SYS_poll, &look, 1, 0) > 0;
}

static int open_to_read(struct thread *self, const struct fifo_open *open, struct source *source,
			const void *pc)
{
	int fd = open_as(open, open->flags | O_NONBLOCK), error = 0;

	if (fd < 0)
		return fd;
	files_made_fifo(fd, source, false);
	while (!error && !has_writer(source, fd))
		error = turn(self, source, true, pc);
	sys_call3(SYS_fcntl, fd, F_SETFL, open->flags);
	return fd;
}

static int open_to_write(struct thread *self, const struct fifo_open *open, struct source *source,
			 const void *pc)
{
	int fd, error = 0;

	while ((fd = open_as(open, open->flags | O_NONBLOCK)) < 0 && errno == ENXIO && !error)
		error = turn(self, source, true, pc);
	if (fd < 0)
		return fd;
	files_made_fifo(fd, source, true);
	sys_call3(SYS_fcntl, fd, F_SETFL, open->flags);
	return fd;
}

int fifo_open(struct thread *self, const struct fifo_open *open, const void *pc)
{
	uint64_t inode = self ? inode_of(open) : 0;
	struct source *source;

	if (!inode)
		return open_as(open, open->flags);
	files_before_new();
	source = files_fifo(inode);
	if (!source || turn(self, source, false, pc))
		return open_as(open, open->flags);
	if ((open->flags & O_ACCMODE) == O_RDONLY)
		return open_to_read(self, open, source, pc);
	return open_to_write(self, open, source, pc);
}
