/* dfs.h - every raw interleaving, none skipped, none twice: depth-first search over the choices.
 *
 * The path of the execution in flight is an array of frames, which the caller keeps (in memory that
 * outlives a killed worker). A frame is a range of alternatives still to be taken, so that a
 * subtree can be given away by shortening one.
 */
#ifndef HEDDLE_POLICY_DFS_H
#define HEDDLE_POLICY_DFS_H

#include "policy/policy.h"

struct dfs_frame {
	uint16_t chosen;      /* the alternative taken now */
	uint16_t limit;	      /* alternatives up to here, exclusive, are this search's own */
	uint16_t count;	      /* how many there are in all */
	uint16_t fingerprint; /* of what there was to choose from */
};

struct dfs_state {
	struct dfs_frame *frames;
	uint32_t room;	/* frames that there is memory for */
	uint32_t depth; /* frames in use: the path */
	uint32_t at;	/* choices made in this execution */
	bool cut;	/* a path was longer than `room`: not everything of it is explored */
	bool differs;	/* a choice on a path taken before had other alternatives: the program is
			   not deterministic */
	double weight;	/* product of 1/count over the choices of this execution */
};

struct policy dfs_policy(struct dfs_state *state);

/* Moves to the next path: returns false when there is none left. `depth` is then 0. */
bool dfs_advance(struct dfs_state *state);

#endif
