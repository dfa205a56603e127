/*
 * choice.c - how a number is chosen that no other thread can depend on.
 *
 * Nobody has to be asked who goes before it, so in a depth-first and in a random search it is drawn
 * on the spot. Where the search reduces it is an event of its thread that depends on nothing, in as
 * many ways as there are numbers: the tree knows no other place for what is to be explored. So a
 * replay, which may be of either, takes a step for it.
 *
 * An event has at most 255 ways, so that large numbers are chosen in pieces: a part of the range,
 * then a part of that. Always, for a trace has to fit whoever made it.
 */
#include "session/choice.h"

#include "session/note.h"
#include "session/record.h"
#include "session/reduction.h"
#include "session/spin.h"
#include "session/step.h"

#define WAYS_MAX 128u

/* Beside the memory that there is: of each thread, what its choices write (model/footprint.c). */
#define OWN_ADDRESS (UINT64_C(1) << 54)

static void *own_object(const struct thread *self)
{
	return (void *)(OWN_ADDRESS + 8 * (uint64_t)reduction_thread(self));
}

/* What the trace says, where the last step was one of it. */
static uint32_t replayed(const struct thread *self, uint32_t ways)
{
	struct replay_state *replay = &session.replay;
	const struct replay_step *step;

	if (replay->diverged || !replay->at || replay->at > replay->count)
		return 0;
	step = &replay->steps[replay->at - 1];
	if (step->op != OP_CHOOSE || step->thread != self->number)
		return 0;
	if (step->chosen >= ways)
		replay->diverged = true;
	return step->chosen < ways ? step->chosen : 0;
}

static uint32_t searched(uint32_t ways, const void *pc)
{
	session.shared->chooses = 1;
	if (!session.shared->config.by_preemptions)
		return reduction_choose(ways, false);
	note_uncontrolled("heddle_choose, by preemptions", pc);
	return 0;
}

static uint32_t one_of(struct thread *self, uint32_t ways, const void *pc)
{
	uint32_t chosen;

	if (!session.reducing && !session.replaying) {
		chosen = session.policy.choose(session.policy.state, ways);
		if (session.recording)
			record_choice(self, chosen, pc);
		return chosen;
	}
	step_point(self, OP_CHOOSE, own_object(self), 0, pc, true);
	chosen = session.replaying ? replayed(self, ways) : searched(ways, pc);
	record_value(chosen);
	return chosen;
}

uint32_t choice_take(struct thread *self, uint32_t alternatives, const void *pc)
{
	uint64_t first = 0, end = alternatives;

	if (session.spins)
		spin_break(self);
	/* It is the same in each execution only up to here. */
	if (session.snapshot_wanted && alternatives > 1)
		carrier_call(REQUEST_SNAPSHOT);
	while (end - first > 1) {
		uint64_t count = end - first, ways = count < WAYS_MAX ? count : WAYS_MAX;
		uint64_t way = one_of(self, (uint32_t)ways, pc);

		end = first + count * (way + 1) / ways;
		first += count * way / ways;
	}
	return (uint32_t)first;
}
