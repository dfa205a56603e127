/* dpor_chain.h - the earlier events on which an event may depend, the latest first, without looking
 * at all others.
 *
 * Events that touch a granule are chained, each to the one before it, and those that depend on
 * everything are chained, too. What a chain gives may depend; whether it does, the caller asks. A
 * chain can be left where all that is further back happens before what it gave: that writes all
 * that the event touches there.
 */
#ifndef HEDDLE_POLICY_DPOR_CHAIN_H
#define HEDDLE_POLICY_DPOR_CHAIN_H

#include "model/footprint.h"

#include <stdbool.h>
#include <stdint.h>

struct dpor;

/* To look at so many events is no more work than to put them into chains. */
#define DPOR_FEW 64u

/* By the hash of a granule; the first one is of what touches everything. */
#define DPOR_CHAINS 4096u

/* Of an event: its chains, one for each granule that it touches. `before`: the event before it in
 * the chain, plus 1, or 0. `unlike`: the same, but further back where those between touch the same
 * in the same mode and commute. */
struct dpor_link {
	uint32_t before[FOOTPRINT_MAX], unlike[FOOTPRINT_MAX];
	uint32_t everything; /* the last one before it that touches everything, plus 1 */
	uint16_t chain[FOOTPRINT_MAX];
	uint16_t count;
};

/* A way back. */
struct dpor_walk {
	const struct dpor *dpor;
	const struct footprint *foot;
	/* By granule of `foot`, and for everything: the next event, plus 1. */
	uint32_t at[FOOTPRINT_MAX + 1];
	uint16_t chain[FOOTPRINT_MAX + 1];
	bool is_plain; /* it looks at all events */
};

/* Events from that one on are others now, or touch something else. */
void dpor_unlink(struct dpor *dpor, uint32_t from);

/* Of a walk that would look at all events: goes by chains instead. */
void dpor_walk_from_chains(struct dpor_walk *walk, struct dpor *dpor, const struct footprint *foot,
			   uint32_t before);
uint32_t dpor_walk_chains(struct dpor_walk *walk);
void dpor_walk_leave_chains(struct dpor_walk *walk, uint32_t at);

/* The next event on which one with that footprint may depend, after the last one that it gave, or
 * where it started; UINT32_MAX where there is none. */
static inline uint32_t dpor_walk_next(struct dpor_walk *walk, uint32_t last)
{
	if (walk->is_plain)
		return last - 1;
	return dpor_walk_chains(walk);
}

/* The event that it gave is before the one from which it started, or needs not be told from what
 * is before it: leaves the chains in which all the others come before it. */
static inline void dpor_walk_leave(struct dpor_walk *walk, uint32_t at)
{
	if (!walk->is_plain)
		dpor_walk_leave_chains(walk, at);
}

#endif
