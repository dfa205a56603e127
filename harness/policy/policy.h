/* policy.h - who runs next? One small interface, one file for each strategy.
 *
 * A policy sees the set of threads whose announced operation could go next and picks one. It knows
 * nothing of machines, files or what operations mean. All its state is in the object behind
 * `state`.
 */
#ifndef HEDDLE_POLICY_POLICY_H
#define HEDDLE_POLICY_POLICY_H

#include "base/bitset.h"
#include "model/op.h"

#include <stdbool.h>
#include <stdint.h>

struct choice {
	const struct bitset *enabled; /* at least two members, for replay at least one */
	uint32_t current;	      /* the thread that ran last */
	bool current_enabled;	      /* it could go on */
	bool yielding;		      /* ... but has asked that others go first */
	uint64_t step;		      /* operations so far in this execution, about */
	/* Of what the enabled threads have announced: differs where these are others. */
	uint16_t fingerprint;
};

struct policy {
	void *state;
	/* Starts execution `index`. */
	void (*begin)(void *state, uint64_t index);
	/* Returns a member of choice->enabled. `*quantum` is set to the number of further
	 * operations that the thread may carry out without asking again, whoever else becomes
	 * enabled meanwhile. */
	uint32_t (*pick)(void *state, const struct choice *choice, uint64_t *quantum);
	/* One of `alternatives` (at least 2) for a choice of value. */
	uint32_t (*choose)(void *state, uint32_t alternatives);
};

#endif
