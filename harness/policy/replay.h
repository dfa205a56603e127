/* replay.h - follows a list of (thread, operation) pairs. */
#ifndef HEDDLE_POLICY_REPLAY_H
#define HEDDLE_POLICY_REPLAY_H

#include "policy/policy.h"

struct replay_step {
	uint32_t thread;
	uint16_t op;	 /* enum op, a visible one */
	uint16_t chosen; /* OP_CHOOSE: the alternative */
};

struct replay_state {
	const struct replay_step *steps;
	uint64_t count, at;
	/* The program is not the one that the list is of: what does not fit is skipped, or done
	 * beside it, and nothing is a divergence. Whether that led anywhere is for others to say.
	 */
	bool is_loose;
	uint64_t beside; /* so many picks since the last one that was in the list */
	/* Set when the program went another way than the list: at step `at`. From then on the
	 * lowest thread goes on. */
	bool diverged;
	/* Tells what `thread` has announced. */
	enum op (*announced)(uint32_t thread);
};

/* The running thread has carried out `op`, which is in the list, without the policy having been
 * asked: as in the execution that the list is of. */
void replay_pass(struct replay_state *state, uint32_t thread, enum op op);

/* The policy over `state`. Beyond the list's end the lowest thread goes on; that is no divergence
 * by itself. */
struct policy replay_policy(struct replay_state *state);

#endif
