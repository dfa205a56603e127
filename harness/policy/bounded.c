/*
 * bounded.c - the states that are known, and those that are to be executed.
 *
 * Invariant: the states from which a state comes, one before the other, are known, and lead to it
 * with as few preemptions as there can be.
 */
#include "policy/bounded.h"

#include "policy/dpor_choice.h"

#define ROOT	    1u
#define SLOTS_FIRST (1u << 12)
/* States beyond the bound at which it looks, of each class, to tell whether the bound has cut
 * anything off: all of them, where the classes are small. */
#define BEYOND_MAX 1024u

/* Put together with a name, for states that are none after a single event. */
#define OF_ROOT	 UINT64_C(1000)
#define OF_WHOLE UINT64_C(1001)

/* ---- the table of states */

static uint32_t *slot_of(struct bounded *bounded, struct digest name)
{
	uint32_t at = (uint32_t)name.half[1] & (bounded->slot_count - 1);

	while (bounded->slots[at] && !digest_is(bounded->states[bounded->slots[at]].name, name))
		at = (at + 1) & (bounded->slot_count - 1);
	return &bounded->slots[at];
}

/* Twice as many, so that half of them are free. The old ones are lost, as many as all before. */
static void slots_grow(struct bounded *bounded)
{
	bounded->slot_count *= 2;
	bounded->slots = bounded->take(bounded->slot_count * sizeof(*bounded->slots));
	for (uint32_t i = ROOT; i < bounded->states_used; i++)
		*slot_of(bounded, bounded->states[i].name) = i;
}

/* The state of that name, made where it is not there yet. 0 where there is no room. */
static uint32_t state_find(struct bounded *bounded, struct digest name)
{
	uint32_t *slot = slot_of(bounded, name);

	if (*slot)
		return *slot;
	if (bounded->states_used == BOUNDED_STATES_MAX) {
		bounded->exhausted = true;
		return 0;
	}
	if (bounded->states_used >= bounded->slot_count / 2) {
		slots_grow(bounded);
		slot = slot_of(bounded, name);
	}
	*slot = bounded->states_used;
	bounded->states[*slot] = (struct bounded_state){.name = name};
	return bounded->states_used++;
}

void bounded_init(struct bounded *bounded, struct dpor *dpor, uint32_t bound,
		  void *(*take)(size_t bytes))
{
	bounded->dpor = dpor;
	bounded->bound = bound;
	bounded->take = take;
	ideals_init(&bounded->ideals, take);
	walk_init(&bounded->walk, take);
	bounded->states = take(BOUNDED_STATES_MAX * sizeof(*bounded->states));
	bounded->lists = take(DPOR_EVENTS_MAX * sizeof(*bounded->lists));
	bounded->slot_count = SLOTS_FIRST;
	bounded->slots = take(SLOTS_FIRST * sizeof(*bounded->slots));
	bounded->items = take(BOUNDED_ITEMS_MAX * sizeof(*bounded->items));
	bounded->states_used = ROOT;
	state_find(bounded, digest_with((struct digest){{0, 0}}, OF_ROOT));
	bounded->left = bound;
}

/* ---- what a class tells */

/* Requires: the state that is visited is not the first. */
static const struct dpor_event *last_event(const struct bounded *bounded)
{
	const struct walk *walk = &bounded->walk;
	uint32_t at = bounded->ideals.first[walk->last] + walk_at(walk)[walk->last] - 1;

	return bounded->ideals.ops[at].event;
}

/* The state that is visited is known from now on, and so is the way to it. False where it was known
 * before. */
static bool become_known(struct bounded *bounded)
{
	struct walk *walk = &bounded->walk;
	bool is_root = walk->last == bounded->ideals.threads;
	uint32_t at = state_find(
		bounded, digest_with(walk->names[walk->ideal], is_root ? OF_ROOT : walk->last));
	struct bounded_state *state = &bounded->states[at];

	walk->tags[walk->state] = at;
	if (state->known || !at)
		return false;
	state->known = true;
	state->cost = (uint16_t)walk->cost;
	if (!is_root) {
		state->from = walk->tags[walk->from[walk->state]];
		state->label = (uint16_t)dpor_label(last_event(bounded));
	}
	return true;
}

static void item_add(struct bounded *bounded, uint32_t state, uint32_t cost)
{
	uint32_t item = bounded->items_free;

	if (item) {
		bounded->items_free = bounded->items[item].next;
	} else if (bounded->items_used + 1 == BOUNDED_ITEMS_MAX) {
		bounded->exhausted = true;
		return;
	} else {
		item = ++bounded->items_used;
	}
	bounded->items[item] = (struct bounded_item){.state = state, .next = bounded->lists[cost]};
	bounded->lists[cost] = item;
}

/* A state is to be executed, which comes after another with an event of that label. It may be in
 * the list of a greater number, too, where it will be known. */
static void plan(struct bounded *bounded, uint32_t at, uint32_t from, uint32_t label, uint32_t cost)
{
	struct bounded_state *state = &bounded->states[at];

	if (state->listed && state->cost <= cost)
		return;
	state->from = from;
	state->label = (uint16_t)label;
	state->cost = (uint16_t)cost;
	state->listed = true;
	item_add(bounded, at, cost);
}

static bool is_known(const struct bounded *bounded, uint32_t at)
{
	const struct bounded_state *state = &bounded->states[at];

	return state->known || bounded->states[state->other].known;
}

/* The thread could go on after the state that is visited, but not within this class. */
static void leave_class(struct bounded *bounded, uint32_t thread)
{
	struct walk *walk = &bounded->walk;
	struct digest names[2];
	uint32_t count = ideal_name_next(&bounded->ideals, thread, walk_at(walk), names), at, other;
	bool preempts = walk->last_enabled && thread != walk->last;

	for (uint32_t i = 0; i < count; i++)
		names[i] = digest_with(digest_sum(walk->names[walk->ideal], names[i]), thread);
	at = state_find(bounded, names[0]);
	other = count > 1 ? state_find(bounded, names[1]) : 0;
	if (!at || (count > 1 && !other))
		return;
	bounded->states[at].other = other;
	if (!is_known(bounded, at))
		plan(bounded, at, walk->tags[walk->state], thread, walk->cost + preempts);
}

/* The last event has gone its first way. */
static void plan_other_ways(struct bounded *bounded, const struct dpor_event *event)
{
	const struct walk *walk = &bounded->walk;
	const struct ideals *ideals = &bounded->ideals;
	uint32_t from = walk->from[walk->state], ways = event->ways;
	uint16_t before[DPOR_THREADS_MAX];

	for (uint32_t t = 0; t < ideals->threads; t++)
		before[t] = (uint16_t)(walk_at(walk)[t] - (t == walk->last));
	if (event->last_is_scarce && ideal_scarce(ideals, before) >= ideals->dpor->scarce_max)
		ways--;
	for (uint32_t way = 1; way < ways; way++) {
		struct digest name = ideal_name_way(ideals, walk->last, before, way);
		uint32_t at;

		name = digest_sum(walk->names[walk_ideal_of(walk, from)], name);
		at = state_find(bounded, digest_with(name, walk->last));
		if (at && !is_known(bounded, at))
			plan(bounded, at, walk->tags[from], walk->last | way << DPOR_THREAD_BITS,
			     walk->cost);
	}
}

/* The thread's next event goes its first way within this class, or does not come next in it. */
static bool goes_first_way(const struct bounded *bounded, uint32_t thread)
{
	const struct walk *walk = &bounded->walk;
	const struct ideals *ideals = &bounded->ideals;
	uint32_t at = ideals->first[thread] + walk_at(walk)[thread];

	return walk->follow[walk->ideal] >> thread & 1 && !ideals->ops[at].event->way;
}

static void state_visit(struct bounded *bounded)
{
	const struct walk *walk = &bounded->walk;
	const struct dpor_event *last;

	/* Else all that could come after it has been looked at in another class. */
	if (!become_known(bounded))
		return;
	for (uint32_t t = 0; t < bounded->ideals.threads; t++)
		if (!goes_first_way(bounded, t) &&
		    ideal_is_enabled(&bounded->ideals, t, walk_at(walk)))
			leave_class(bounded, t);
	if (walk->last == bounded->ideals.threads)
		return;
	last = last_event(bounded);
	if (last->ways > 1 && !last->way)
		plan_other_ways(bounded, last);
}

/* Whether the class had been executed: also where it is too large to be gone through. */
static bool was_executed(struct bounded *bounded)
{
	const struct ideals *ideals = &bounded->ideals;
	struct digest whole = {{0, 0}};
	bool was_known;
	uint32_t at;

	for (uint32_t t = 0; t < ideals->threads; t++)
		for (uint32_t i = 0; i < ideals->executed[t]; i++)
			whole = digest_sum(whole, ideals->ops[ideals->first[t] + i].name);
	at = state_find(bounded, digest_with(whole, OF_WHOLE));
	was_known = bounded->states[at].known;
	bounded->states[at].known = at != 0;
	return was_known;
}

static void class_visit(struct bounded *bounded)
{
	struct walk *walk = &bounded->walk;
	uint32_t beyond = 0;

	bounded->minimum = MINIMUM_UNKNOWN;
	ideals_of(&bounded->ideals, bounded->dpor);
	bounded->repeated = was_executed(bounded);
	walk_begin(walk, &bounded->ideals);
	while (walk_next(walk)) {
		if (walk->cost > bounded->bound && beyond++ == BEYOND_MAX) {
			bounded->cut = true;
			break;
		}
		state_visit(bounded);
		if (bounded->minimum == MINIMUM_UNKNOWN &&
		    ideal_is_whole(&bounded->ideals, walk_at(walk)))
			bounded->minimum = walk->cost;
	}
	bounded->exhausted |= walk->exhausted;
}

/* ---- executions */

void bounded_mark_base(struct bounded *bounded)
{
	dpor_mark_base(bounded->dpor);
	/* The tree is not used. */
	bounded->dpor->marked = false;
	bounded->marked = true;
}

void bounded_begin(struct bounded *bounded)
{
	if (bounded->marked)
		dpor_begin(bounded->dpor);
	/* One that was too long is no reason to cut all others short. */
	bounded->dpor->exhausted = bounded->repeated = false;
	/* Where the process dies at once nobody tells how it ended. */
	bounded->dpor->pending_count = 0;
	bounded->dpor->ended_by = UINT32_MAX;
	bounded->left_now = bounded->left;
}

/* Without a preemption. But who has asked that others go first comes last, as far as the bound
 * allows: a loop that does not end would never let them. Then the class may need more preemptions
 * than others that are still to be executed. */
static uint32_t pick_new(struct bounded *bounded, uint64_t enabled)
{
	const struct dpor *dpor = bounded->dpor;
	bool is_first = dpor->length == dpor->base;
	uint64_t last = is_first ? 0 : enabled & 1ul << dpor->events[dpor->length - 1].thread;
	uint64_t others = enabled & ~dpor->yielding;

	if (last & others || (last && (!others || !bounded->left_now)))
		return (uint32_t)__builtin_ctzl(last);
	bounded->left_now -= last != 0;
	return (uint32_t)__builtin_ctzl(others ? others : enabled);
}

static void differ(struct dpor *dpor)
{
	dpor->differs = true;
	dpor->differs_at = UINT32_MAX;
	dpor->differs_got = (struct dpor_event){.op = OP_NONE};
}

uint32_t bounded_pick(struct bounded *bounded, uint64_t enabled)
{
	struct dpor *dpor = bounded->dpor;
	uint32_t depth = dpor->length - dpor->base, thread;

	dpor_settle(dpor);
	dpor->picked_way = 0;
	if (depth >= bounded->path_length)
		return pick_new(bounded, enabled);
	thread = bounded->path[depth] & DPOR_THREAD_MASK;
	dpor->picked_way = bounded->path[depth] >> DPOR_THREAD_BITS;
	if (enabled >> thread & 1)
		return thread;
	/* Whether a loop still waits is not always known when the execution is planned. */
	if (dpor->held >> thread & 1)
		dpor->asleep = true;
	else
		differ(dpor);
	return (uint32_t)__builtin_ctzl(enabled);
}

static void path_make(struct bounded *bounded, uint32_t leaf)
{
	uint32_t length = 0;

	for (uint32_t at = leaf; at != ROOT; at = bounded->states[at].from)
		length++;
	bounded->leaf = leaf;
	bounded->cost = bounded->states[leaf].cost;
	bounded->left = bounded->bound - bounded->cost;
	bounded->path_length = length;
	for (uint32_t at = leaf; at != ROOT; at = bounded->states[at].from)
		bounded->path[--length] = bounded->states[at].label;
}

/* Takes a state out of the list that is not known: 0 where there is none. */
static uint32_t list_take(struct bounded *bounded, uint32_t cost)
{
	uint32_t *first = &bounded->lists[cost];

	while (*first) {
		uint32_t item = *first, at = bounded->items[item].state;

		*first = bounded->items[item].next;
		bounded->items[item].next = bounded->items_free;
		bounded->items_free = item;
		if (!is_known(bounded, at))
			return at;
	}
	return 0;
}

static bool has_room(const struct bounded *bounded)
{
	return bounded->states_used < BOUNDED_STATES_MAX;
}

bool bounded_finish(struct bounded *bounded)
{
	const struct dpor *dpor = bounded->dpor;

	dpor_settle(bounded->dpor);
	bounded->visited =
		!dpor->asleep && !dpor->differs && !dpor->exhausted && dpor->length > dpor->base;
	if (bounded->visited)
		class_visit(bounded);
	/* Also where it proved to be another one. */
	bounded->states[bounded->leaf].known = bounded->leaf != 0;
	for (uint32_t cost = 0; cost < DPOR_EVENTS_MAX && has_room(bounded); cost++) {
		uint32_t at = list_take(bounded, cost);

		if (at && cost > bounded->bound)
			bounded->cut = true;
		else if (at)
			path_make(bounded, at);
		if (at)
			return cost <= bounded->bound;
	}
	return false;
}
