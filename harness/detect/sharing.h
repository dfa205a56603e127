/* sharing.h - which memory can two threads reach at once?
 *
 * An exhaustive search branches only before *visible* accesses: those to bytes that two threads can
 * access concurrently, at least one of them writing, where concurrent means not ordered by program
 * order, thread creation and join alone. Nothing else can be reordered, in any execution.
 *
 * Which bytes these are is found out while executions run: each access is compared with the earlier
 * ones of the execution (as FastTrack does it, Flanagan and Freund 2009, section 3, with the edges
 * of create and join only). A byte that turns out to be visible stays so, and the search starts
 * anew, since choices before earlier accesses to it were not explored. A search that completes
 * without finding another one has explored every interleaving: had some interleaving a conflict on
 * a byte taken for private, take the first one; up to there it is equivalent to an execution in
 * which the private accesses follow their thread's last visible event at once, which was explored,
 * and in which the conflict would have been seen.
 *
 * Pure: memory is handed in.
 */
#ifndef HEDDLE_DETECT_SHARING_H
#define HEDDLE_DETECT_SHARING_H

#include "model/thread.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHARING_GRANULE_BYTES 8u

/* A mark beside those of a granule's bytes: the object there is used in a way that orders its
 * operations where they would commute otherwise. */
#define SHARING_CONTENDED (1u << 8)
/* The granule lies in a block that is freed without an order with some other use of it, so that
 * such a free is an event. */
#define SHARING_FREED (1u << 9)

struct sharing_cell {
	uint64_t granule; /* address / 8, or 0 for a free cell */
	uint32_t entries; /* index of the first access of this execution, 0: none */
	uint32_t execution;
	uint32_t visible; /* a bit for each byte, and the marks */
	uint32_t reserved;
};

struct sharing_entry {
	uint32_t thread, clock, next;
	uint8_t mask;
	bool write;
};

/* A cell and its list of accesses at the time of the snapshot. */
struct sharing_base {
	uint32_t cell, entries;
};

struct sharing {
	struct sharing_cell *cells; /* 2^cells_log */
	uint32_t cells_log, cells_used;
	struct sharing_entry *entries; /* entries[0] is never used */
	uint32_t entries_room, entries_used;
	uint32_t execution;
	/* What the part of the execution before the snapshot left: part of every execution after
	 * it. */
	struct sharing_entry *base_entries; /* as many as `entries` */
	struct sharing_base *base;	    /* as many as `entries` */
	uint32_t base_used, base_count;
	/* Some granule has the mark SHARING_FREED. */
	bool has_freed;
	/* Called for bytes that have just been found visible. */
	void (*found)(uint64_t granule, uint32_t mask);
};

/* All executions from now on go on from here: what has been accessed so far stays known. */
void sharing_save(struct sharing *sharing);

/* Starts the next execution: accesses of the last one are forgotten, visible bytes are not. */
void sharing_begin(struct sharing *sharing);

/* Marks bytes of a granule, which makes them visible, or the object in it, with SHARING_CONTENDED.
 * Does not call found(). */
void sharing_mark(struct sharing *sharing, uint64_t granule, uint32_t mask);

bool sharing_is_marked(struct sharing *sharing, uint64_t granule, uint32_t mask);

/* True for a granule that was accessed or marked in any execution. */
bool sharing_is_known(const struct sharing *sharing, uint64_t granule);

/* Tells of an access and returns true when any byte of it is visible. Where there is no memory to
 * remember the access, it counts as visible: that costs choices, never misses any. */
bool sharing_access(struct sharing *sharing, const struct thread *thread, uint64_t address,
		    size_t bytes, bool write);

/* The clocks of create and join. `room_for(n)` gives zeroed memory for n clocks that lives as long
 * as the execution. */
void sharing_create(struct thread *parent, struct thread *child,
		    uint32_t *(*room_for)(uint32_t count));
void sharing_join(struct thread *joiner, const struct thread *ended,
		  uint32_t *(*room_for)(uint32_t count));

#endif
