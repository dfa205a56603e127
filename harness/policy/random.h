/* random.h - random choice among the enabled threads.
 *
 * Execution i of seed s is a function of (s, i) alone. In half of the executions each choice is
 * uniform; in the others a thread keeps on running for 4, 16 or 64 operations on average. A uniform
 * walk hardly ever lets one thread run far while another stands still, which is what many bugs need
 * (Thomson, Donaldson, Betts, "Concurrency testing using controlled schedulers", TOPC 2016, section
 * 6, finds uniform choice behind the others for that reason).
 *
 * Long executions get longer runs too: the mean doubles at 2^16 operations and whenever their
 * number doubles from there, up to 1,024, so that a program of millions of operations runs at about
 * the speed of its own code.
 */
#ifndef HEDDLE_POLICY_RANDOM_H
#define HEDDLE_POLICY_RANDOM_H

#include "base/rng.h"
#include "policy/policy.h"

struct random_state {
	uint64_t seed;
	struct rng rng;
	uint32_t stay_log; /* a thread runs for 2^stay_log operations on average; 0: uniform */
};

/* The policy over `state`, which has its seed set and stays with the caller. */
struct policy random_policy(struct random_state *state);

#endif
