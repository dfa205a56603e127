#include "policy/minimum.h"

#define SLOTS_FIRST 256u

void walk_init(struct walk *walk, void *(*take)(size_t bytes))
{
	walk->at = take(WALK_STATES_MAX * sizeof(*walk->at));
	walk->follow = take(WALK_IDEALS_MAX * sizeof(*walk->follow));
	walk->names = take(WALK_IDEALS_MAX * sizeof(*walk->names));
	walk->costs = take(WALK_STATES_MAX * sizeof(*walk->costs));
	walk->visited = take(WALK_STATES_MAX * sizeof(*walk->visited));
	walk->from = take(WALK_STATES_MAX * sizeof(*walk->from));
	walk->tags = take(WALK_STATES_MAX * sizeof(*walk->tags));
	/* A state is met at most twice: at one preemption more than the fewest, and at the fewest.
	 */
	walk->now = take(2 * WALK_STATES_MAX * sizeof(*walk->now));
	walk->later = take(2 * WALK_STATES_MAX * sizeof(*walk->later));
	walk->slots = take(WALK_SLOTS * sizeof(*walk->slots));
}

static uint32_t width(const struct walk *walk)
{
	return walk->ideals->threads + 1;
}

static uint16_t *at_of(const struct walk *walk, uint32_t ideal)
{
	return &walk->at[ideal * walk->ideals->threads];
}

uint32_t walk_ideal_of(const struct walk *walk, uint32_t state)
{
	return state / width(walk);
}

const uint16_t *walk_at(const struct walk *walk)
{
	return at_of(walk, walk->ideal);
}

/* A prefix without states. Its numbers are those of `from`, and one more of the thread, unless that
 * is none. */
static uint32_t ideal_new(struct walk *walk, struct digest name, const uint16_t *from,
			  uint32_t thread)
{
	uint32_t ideal = walk->ideal_count, first = ideal * width(walk);

	if (ideal == WALK_IDEALS_MAX || first + width(walk) > WALK_STATES_MAX) {
		walk->exhausted = true;
		return UINT32_MAX;
	}
	walk->ideal_count++;
	walk->names[ideal] = name;
	for (uint32_t t = 0; t < walk->ideals->threads; t++)
		at_of(walk, ideal)[t] = (uint16_t)((from ? from[t] : 0) + (t == thread));
	walk->follow[ideal] = 0;
	for (uint32_t t = 0; t < walk->ideals->threads; t++)
		walk->follow[ideal] |=
			(uint64_t)ideal_may_follow(walk->ideals, t, at_of(walk, ideal)) << t;
	for (uint32_t i = first; i < first + width(walk); i++) {
		walk->costs[i] = 0;
		walk->visited[i] = false;
	}
	return ideal;
}

/* Where the prefix is, or would be. */
static struct walk_slot *slot_of(const struct walk *walk, struct digest name)
{
	uint32_t slot = (uint32_t)name.half[0] & (walk->slot_count - 1);

	while (walk->slots[slot].stamp == walk->stamp &&
	       !digest_is(walk->names[walk->slots[slot].ideal], name))
		slot = (slot + 1) & (walk->slot_count - 1);
	return &walk->slots[slot];
}

static void slots_grow(struct walk *walk)
{
	walk->slot_count *= 2;
	walk->stamp++;
	for (uint32_t i = 0; i < walk->ideal_count; i++)
		*slot_of(walk, walk->names[i]) =
			(struct walk_slot){.stamp = walk->stamp, .ideal = i};
}

static uint32_t ideal_find(struct walk *walk, struct digest name, const uint16_t *from,
			   uint32_t thread)
{
	struct walk_slot *slot = slot_of(walk, name);

	if (slot->stamp == walk->stamp)
		return slot->ideal;
	if (walk->ideal_count >= walk->slot_count / 2 && walk->slot_count < WALK_SLOTS) {
		slots_grow(walk);
		slot = slot_of(walk, name);
	}
	*slot = (struct walk_slot){.stamp = walk->stamp, .ideal = walk->ideal_count};
	return ideal_new(walk, name, from, thread);
}

void walk_begin(struct walk *walk, const struct ideals *ideals)
{
	walk->ideals = ideals;
	walk->stamp++;
	walk->slot_count = SLOTS_FIRST;
	walk->ideal_count = walk->now_count = walk->later_count = 0;
	walk->cost = 0;
	walk->exhausted = ideals->exhausted;
	if (walk->exhausted)
		return;
	walk->state = ideal_find(walk, (struct digest){{0, 0}}, 0, UINT32_MAX) + ideals->threads;
	walk->costs[walk->state] = 1;
	walk->now[walk->now_count++] = walk->state;
}

/* The thread's next event comes after the state that is visited. */
static void follow(struct walk *walk, uint32_t thread)
{
	const struct ideals *ideals = walk->ideals;
	const uint16_t *at = walk_at(walk);
	struct digest event = ideals->ops[ideals->first[thread] + at[thread]].name;
	uint32_t ideal = ideal_find(walk, digest_sum(walk->names[walk->ideal], event), at, thread);
	bool preempts = walk->last_enabled && thread != walk->last;
	uint32_t state = ideal * width(walk) + thread, cost = walk->cost + preempts;

	if (ideal == UINT32_MAX || (walk->costs[state] && walk->costs[state] <= cost + 1))
		return;
	walk->costs[state] = (uint16_t)(cost + 1);
	walk->from[state] = walk->state;
	if (preempts)
		walk->later[walk->later_count++] = state;
	else
		walk->now[walk->now_count++] = state;
}

/* False where the next level has nothing either. */
static bool level_next(struct walk *walk)
{
	uint32_t *spare = walk->now;

	walk->now = walk->later;
	walk->later = spare;
	walk->now_count = walk->later_count;
	walk->later_count = 0;
	walk->cost++;
	return walk->now_count > 0;
}

/* Moves to an unvisited state. */
static bool state_next(struct walk *walk)
{
	do {
		if (!walk->now_count && !level_next(walk))
			return false;
		walk->state = walk->now[--walk->now_count];
	} while (walk->visited[walk->state]);
	walk->visited[walk->state] = true;
	return true;
}

/* True where the last thread could go on: most often within the class. */
static bool last_is_enabled(const struct walk *walk)
{
	if (walk->last == walk->ideals->threads)
		return false;
	return walk->follow[walk->ideal] >> walk->last & 1 ||
	       ideal_is_enabled(walk->ideals, walk->last, walk_at(walk));
}

bool walk_next(struct walk *walk)
{
	if (walk->exhausted || !state_next(walk))
		return false;
	walk->ideal = walk->state / width(walk);
	walk->last = walk->state % width(walk);
	walk->last_enabled = last_is_enabled(walk);
	for (uint64_t left = walk->follow[walk->ideal]; left; left &= left - 1)
		follow(walk, (uint32_t)__builtin_ctzl(left));
	return !walk->exhausted;
}

uint32_t minimum_of(struct walk *walk, const struct ideals *ideals)
{
	walk_begin(walk, ideals);
	while (walk_next(walk))
		if (ideal_is_whole(ideals, walk_at(walk)))
			return walk->cost;
	return MINIMUM_UNKNOWN;
}
