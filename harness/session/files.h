/* files.h - the program's descriptors: which of them lead to something by which threads wait for
 * each other, and what is known of that.
 *
 * A descriptor is plain (a file, a folder: nothing on it ever waits) or leads to an end of a
 * *source*: what the kernel has behind it, whichever and however many descriptors lead there. A
 * source is named by the thread that made it and how many that has made, so that it is the same in
 * all executions that are equivalent.
 */
#ifndef HEDDLE_SESSION_FILES_H
#define HEDDLE_SESSION_FILES_H

#include "model/channel.h"
#include "session/session.h"

#define FILES_MAX 65536

struct source {
	uint8_t kind; /* enum channel_kind */
	bool in_use;
	/* Somebody else than threads of this program may have an end of it. */
	bool outside;
	/* Descriptors of each end, and one of them, or -1. */
	int32_t count[CHANNEL_ENDS], fd[CHANNEL_ENDS];
	uint64_t inode;			/* of a named pipe */
	uint64_t next_ns, interval_ns;	/* CHANNEL_TIMER: virtual time; 0: none */
	bool has_expired, is_wall_time; /* ... its kernel's twin has been set off */
};

/* Prepares the tables. Call once. */
void files_init(void);

/* The source that a descriptor leads to; null where nothing on it waits, or it is none. Who asks
 * first has the kernel say what it is. */
struct source *files_source(int fd);

/* The same, but asks nobody: null also where it is not known yet. */
struct source *files_known(int fd);

/* Which end of it. */
unsigned files_end(int fd);

/* The word for its operations. */
struct channel *files_channel(const struct source *source);

/* Those for what has no descriptor: file locks, child processes. */
struct channel *files_channel_of(enum channel_kind kind);

/* The program is about to make a source: in a search each execution makes its own, so the first one
 * is the place from where all executions start. */
void files_before_new(void);

/* A new source of one end, or of two, at these descriptors. */
void files_made(enum channel_kind kind, int fd);
void files_made_pair(enum channel_kind kind, int first, int second);

/* That of the named pipe with that number, or null; it has been opened once more. */
struct source *files_fifo(uint64_t inode);
void files_made_fifo(int fd, struct source *source, bool writes);

/* `to` leads where `from` does; a descriptor is about to be closed. */
void files_copied(int from, int to);
void files_closed(int fd);

/* There is a child process, which has all that is open. */
void files_shared(void);

/* Something was done by way of the descriptor: looks at what it is like now. */
void files_used(struct source *source);

/* What a stream wrote is out by now, as far as it is going to be. */
void files_settle(void);

/* Looks at the kernel's things that threads wait for. */
void files_refresh(struct source *source);

/* Sources by number, while in use or not; how many there may be. */
struct source *files_at(uint32_t number);
uint32_t files_count(void);

#endif
