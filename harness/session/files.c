/*
 * files.c - descriptors and what is behind them.
 *
 * The tables are the harness's own and no part of a snapshot: what changes the kernel's descriptors
 * is never carried out under one (kernel.c), so neither do these change there.
 *
 * What the kernel writes to lies here, too: pages of the program cannot be written by the kernel
 * under a snapshot.
 */
#include "session/files.h"

#include "machine/memory.h"
#include "machine/syscall.h"
#include "session/reduction.h"

#include <poll.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* So many sources for each thread before they share numbers, and numbers in all. */
#define SOURCES_OF_THREAD 128u
#define SOURCES_MAX	  8192u
/* The first ones are for what has no descriptor. */
#define SOURCES_FIRST ((uint32_t)CHANNEL_KINDS_COUNT)

#define MEMORY_DEVICES 1u /* /dev/null and the like: Documentation/admin-guide/devices.txt */

enum file_state { FILE_UNKNOWN, FILE_PLAIN, FILE_SOURCE };

struct file {
	uint8_t state; /* enum file_state */
	uint8_t end;
	uint16_t source;
};

static struct file *files;
static struct source *sources;
static struct channel *channels;
static uint32_t sources_used = SOURCES_FIRST;
static struct stat answer;
static int highest; /* descriptor that was ever in the table */

void files_init(void)
{
	files = memory_reserve(FILES_MAX * sizeof(*files));
	sources = memory_reserve(SOURCES_MAX * sizeof(*sources));
	channels = memory_reserve(SOURCES_MAX * sizeof(*channels));
}

static bool is_number(int fd)
{
	return files && fd >= 0 && fd < FILES_MAX;
}

struct source *files_at(uint32_t number)
{
	return &sources[number];
}

uint32_t files_count(void)
{
	return sources_used;
}

/* Where many are made and dropped a number is used again. */
static uint32_t source_number(struct thread *self)
{
	uint32_t first =
		reduction_thread(self) * SOURCES_OF_THREAD + self->channels++ % SOURCES_OF_THREAD;

	for (uint32_t i = 0; i < SOURCES_MAX; i++) {
		uint32_t number = SOURCES_FIRST + (first + i) % (SOURCES_MAX - SOURCES_FIRST);

		if (!sources[number].in_use)
			return number;
	}
	return 0;
}

/* Null where there are too many. */
static struct source *source_new(enum channel_kind kind)
{
	struct thread *self = thread_controlled();
	uint32_t number = self ? source_number(self) : 0;
	struct source *source = &sources[number];

	if (!number)
		return 0;
	*source = (struct source){.kind = (uint8_t)kind, .in_use = true, .fd = {-1, -1}};
	source->outside = kind == CHANNEL_OTHER || kind == CHANNEL_SOCKET || kind == CHANNEL_FIFO;
	memory_zero(&channels[number], sizeof(channels[number]));
	if (number >= sources_used)
		sources_used = number + 1;
	return source;
}

static void bind(int fd, struct source *source, unsigned end)
{
	if (!is_number(fd))
		return;
	/* The C library may have closed it by itself. */
	files_closed(fd);
	files[fd] = (struct file){.state = source ? FILE_SOURCE : FILE_UNKNOWN,
				  .end = (uint8_t)end,
				  .source = source ? (uint16_t)(source - sources) : 0};
	if (fd > highest)
		highest = fd;
	if (!source)
		return;
	source->count[end]++;
	if (source->fd[end] < 0)
		source->fd[end] = fd;
}

/* Also what the C library has opened for itself. */
static void classify(int fd)
{
	long error = sys_call2(SYS_fstat, fd, &answer);
	bool memory = S_ISCHR(answer.st_mode) && major(answer.st_rdev) == MEMORY_DEVICES;

	if (error < 0)
		return;
	if (S_ISREG(answer.st_mode) || S_ISDIR(answer.st_mode) || S_ISBLK(answer.st_mode) || memory)
		files[fd].state = FILE_PLAIN;
	else
		bind(fd, source_new(CHANNEL_OTHER), 0);
}

/* The console's output is kept back in a search, whatever it is. */
static bool is_console(int fd)
{
	return session.explore && (fd == 1 || fd == 2) && files[fd].state != FILE_SOURCE;
}

struct source *files_source(int fd)
{
	if (!is_number(fd) || is_console(fd))
		return 0;
	if (files[fd].state == FILE_UNKNOWN && thread_controlled())
		classify(fd);
	return files_known(fd);
}

struct source *files_known(int fd)
{
	return is_number(fd) && files[fd].state == FILE_SOURCE ? &sources[files[fd].source] : 0;
}

unsigned files_end(int fd)
{
	return files[fd].end;
}

/* What is sent by one socket arrives at another one, and which that is nobody says: in a search
 * that reduces all of them are one thing. */
struct channel *files_channel(const struct source *source)
{
	if (session.reducing && source->kind == CHANNEL_SOCKET)
		return &channels[CHANNEL_SOCKET];
	return &channels[source - sources];
}

struct channel *files_channel_of(enum channel_kind kind)
{
	return &channels[kind];
}

void files_before_new(void)
{
	if (!thread_controlled() || !session.explore || !session.snapshot_wanted)
		return;
	session.starts_early = true;
	carrier_call(REQUEST_SNAPSHOT);
}

void files_made(enum channel_kind kind, int fd)
{
	struct source *source = fd >= 0 && thread_controlled() ? source_new(kind) : 0;

	bind(fd, source, 0);
	if (source)
		files_refresh(source);
}

void files_made_pair(enum channel_kind kind, int first, int second)
{
	struct source *source = thread_controlled() ? source_new(kind) : 0;

	bind(first, source, 0);
	bind(second, source, 1);
	if (source)
		files_refresh(source);
}

struct source *files_fifo(uint64_t inode)
{
	struct source *made;

	for (uint32_t i = SOURCES_FIRST; i < sources_used; i++)
		if (sources[i].in_use && sources[i].kind == CHANNEL_FIFO &&
		    sources[i].inode == inode)
			return &sources[i];
	made = source_new(CHANNEL_FIFO);
	if (made)
		made->inode = inode;
	return made;
}

void files_made_fifo(int fd, struct source *source, bool writes)
{
	bind(fd, source, writes);
	files_used(source);
}

void files_copied(int from, int to)
{
	struct source *source = files_source(from);

	if (to < 0 || from == to)
		return;
	files_closed(to);
	bind(to, source, source ? files_end(from) : 0);
}

/* Another descriptor that leads to the end. */
static int find_other(const struct source *source, unsigned end)
{
	for (int fd = 0; fd <= highest; fd++)
		if (files[fd].state == FILE_SOURCE && &sources[files[fd].source] == source &&
		    files[fd].end == end)
			return fd;
	return -1;
}

void files_closed(int fd)
{
	struct source *source;
	unsigned end;

	if (!is_number(fd))
		return;
	source = files_known(fd);
	end = files[fd].end;
	files[fd] = (struct file){.state = FILE_UNKNOWN};
	if (!source)
		return;
	source->count[end]--;
	if (source->fd[end] == fd)
		source->fd[end] = source->count[end] ? find_other(source, end) : -1;
	source->in_use = source->count[0] + source->count[1] > 0;
}

void files_shared(void)
{
	for (uint32_t i = SOURCES_FIRST; i < sources_used; i++)
		sources[i].outside = true;
}

void files_refresh(struct source *source)
{
	static struct pollfd looks[CHANNEL_ENDS];
	struct channel *channel = files_channel(source);

	for (unsigned end = 0; end < CHANNEL_ENDS; end++)
		looks[end] = (struct pollfd){.fd = source->fd[end], .events = POLLIN | POLLOUT};
	if (!session.reducing || channel == &channels[CHANNEL_SOCKET] ||
	    sys_call3(SYS_poll, looks, CHANNEL_ENDS, 0) < 0)
		return;
	for (unsigned end = 0; end < CHANNEL_ENDS; end++) {
		short found = looks[end].revents;

		channel->ready[end][CHANNEL_IN] = found & (POLLIN | POLLHUP | POLLERR) ? 1 : 0;
		channel->ready[end][CHANNEL_OUT] = found & (POLLOUT | POLLHUP | POLLERR) ? 1 : 0;
	}
}

void files_settle(void)
{
	struct source *source = files_source(execution.stream_written - 1);

	execution.stream_written = 0;
	if (source)
		files_used(source);
}

void files_used(struct source *source)
{
	files_channel(source)->uses++;
	execution.files_changed = true;
	if (execution.blocked)
		execution.quantum = 0;
	files_refresh(source);
}
