/*
 * dpor.c - an execution as it happens: picks, events, clocks, sleep sets.
 */
#include "policy/dpor.h"

#define ROOT 1u

void dpor_init(struct dpor *dpor, void *(*take)(size_t bytes))
{
	dpor->events = take(DPOR_EVENTS_MAX * sizeof(*dpor->events));
	dpor->clocks = take(DPOR_EVENTS_MAX * sizeof(*dpor->clocks));
	dpor->clocks_before = take(DPOR_EVENTS_MAX * sizeof(*dpor->clocks_before));
	dpor->nodes = take(DPOR_NODES_MAX * sizeof(*dpor->nodes));
	dpor->sleepers = take(DPOR_SLEEPERS_MAX * sizeof(*dpor->sleepers));
	dpor->path = take(DPOR_EVENTS_MAX * sizeof(*dpor->path));
	dpor->sleep_at = take(DPOR_EVENTS_MAX * sizeof(*dpor->sleep_at));
	dpor->races = take(DPOR_RACES_MAX * sizeof(*dpor->races));
	dpor->steps = take(DPOR_EVENTS_MAX * sizeof(*dpor->steps));
	dpor->guards = take(DPOR_GUARDS_MAX * sizeof(*dpor->guards));
}

static void clock_join(const struct dpor *dpor, uint32_t *to, const uint32_t *from)
{
	for (uint32_t i = 0; i < dpor->thread_count; i++)
		if (to[i] < from[i])
			to[i] = from[i];
}

static void clock_copy(const struct dpor *dpor, uint32_t *to, const uint32_t *from)
{
	for (uint32_t i = 0; i < dpor->thread_count; i++)
		to[i] = from[i];
}

static void thread_seen(struct dpor *dpor, uint32_t thread)
{
	for (; dpor->thread_count <= thread; dpor->thread_count++)
		for (uint32_t i = 0; i < DPOR_THREADS_MAX; i++) {
			dpor->current[dpor->thread_count][i] = 0;
			dpor->current[i][dpor->thread_count] = 0;
		}
}

bool dpor_happens_before(const struct dpor *dpor, uint32_t earlier, uint32_t later)
{
	const struct dpor_event *event = &dpor->events[earlier];

	return dpor->clocks[later][event->thread] >= event->ordinal;
}

/* To pass a barrier is after all arrivals of the generation, in every execution. */
static void arrivals_join(struct dpor *dpor, uint32_t at, uint32_t *clock)
{
	const struct dpor_event *pass = &dpor->events[at];

	for (uint32_t i = 0; i < at; i++) {
		const struct dpor_event *event = &dpor->events[i];

		if (event->op == OP_ARRIVE && event->object == pass->object &&
		    event->number == pass->number)
			clock_join(dpor, clock, dpor->clocks[i]);
	}
}

static void clocks_make(struct dpor *dpor, uint32_t at)
{
	struct dpor_event *event = &dpor->events[at];
	uint32_t *before = dpor->clocks_before[at], *clock = dpor->clocks[at];

	/* Whole, for threads that are created later: an earlier execution has been here. */
	for (uint32_t i = 0; i < DPOR_THREADS_MAX; i++)
		before[i] = clock[i] = 0;
	clock_copy(dpor, before, dpor->current[event->thread]);
	if (event->op == OP_PASS)
		arrivals_join(dpor, at, before);
	clock_copy(dpor, clock, before);
	clock[event->thread] = event->ordinal;
	if (event->op == OP_WAKE) {
		uint32_t token = dpor_token_of(dpor, at);

		if (token != UINT32_MAX)
			clock_join(dpor, clock, dpor->clocks[token]);
	}
	for (uint32_t i = at; i-- > 0;)
		if (clock[dpor->events[i].thread] < dpor->events[i].ordinal &&
		    footprint_is_dependent(&dpor->events[i].foot, &event->foot))
			clock_join(dpor, clock, dpor->clocks[i]);
	clock_copy(dpor, dpor->current[event->thread], clock);
}

/* Goes to sleep at the next depth who sleeps at this one and does not depend on the event. */
static void sleep_make(struct dpor *dpor, uint32_t depth, const struct dpor_event *event)
{
	struct dpor_sleeper asleep[DPOR_THREADS_MAX * 2];
	uint32_t count = dpor_sleeping(dpor, depth, asleep), at = dpor->sleep_at[depth + 1];

	for (uint32_t i = 0; i < count; i++) {
		if (asleep[i].thread == event->thread ||
		    footprint_is_dependent(&asleep[i].foot, &event->foot))
			continue;
		if (at < DPOR_SLEEPERS_MAX)
			dpor->sleepers[at++] = asleep[i];
	}
	dpor->sleep_at[depth + 2] = at;
}

static void settle(struct dpor *dpor)
{
	uint32_t at = dpor->length - 1, depth;
	struct dpor_event *event;

	if (!dpor->open)
		return;
	dpor->open = false;
	event = &dpor->events[at];
	dpor_footprint(dpor, event, event->succeeded);
	clocks_make(dpor, at);
	if (!dpor->marked)
		return;
	depth = at - dpor->base;
	dpor->nodes[dpor->nodes[dpor->path[depth]].first].foot = event->foot;
	sleep_make(dpor, depth, event);
}

void dpor_mark_base(struct dpor *dpor)
{
	settle(dpor);
	dpor->marked = true;
	dpor->base = dpor->length;
	dpor->base_threads = dpor->thread_count;
	dpor->base_guards = dpor->guards_used;
	for (uint32_t i = 0; i < DPOR_THREADS_MAX; i++) {
		dpor->base_ordinals[i] = dpor->ordinals[i];
		for (uint32_t j = 0; j < DPOR_THREADS_MAX; j++)
			dpor->base_current[i][j] = dpor->current[i][j];
	}
	dpor->nodes_used = ROOT;
	dpor_node_new(dpor, 0, &(struct footprint){.count = 0});
	dpor->path[0] = ROOT;
	dpor->sleep_at[0] = dpor->sleep_at[1] = 0;
}

void dpor_begin(struct dpor *dpor)
{
	dpor->length = dpor->base;
	dpor->open = dpor->asleep = dpor->differs = false;
	dpor->thread_count = dpor->base_threads;
	dpor->guards_used = dpor->base_guards;
	for (uint32_t i = 0; i < dpor->base_threads; i++)
		clock_copy(dpor, dpor->current[i], dpor->base_current[i]);
	for (uint32_t i = 0; i < DPOR_THREADS_MAX; i++)
		dpor->ordinals[i] = dpor->base_ordinals[i];
}

static uint32_t pick_new(struct dpor *dpor, uint32_t depth, uint64_t enabled)
{
	struct dpor_sleeper asleep[DPOR_THREADS_MAX * 2];
	uint32_t count = dpor_sleeping(dpor, depth, asleep), thread;
	uint64_t awake = enabled;

	for (uint32_t i = 0; i < count; i++)
		awake &= ~(1ul << asleep[i].thread);
	dpor->asleep = !awake;
	if (!awake)
		return (uint32_t)__builtin_ctzl(enabled);
	thread =
		(uint32_t)__builtin_ctzl(awake & ~dpor->yielding ? awake & ~dpor->yielding : awake);
	dpor->nodes[dpor->path[depth]].first =
		dpor_node_new(dpor, thread, &(struct footprint){.count = 0});
	return thread;
}

uint32_t dpor_pick(struct dpor *dpor, uint64_t enabled)
{
	uint32_t depth, first, thread;

	settle(dpor);
	depth = dpor->length - dpor->base;
	first = dpor->nodes[dpor->path[depth]].first;
	thread = first ? dpor->nodes[first].thread : pick_new(dpor, depth, enabled);
	if (!(enabled >> thread & 1)) {
		/* Whether a guard would be open is not always known when the execution is planned.
		 */
		if (dpor->held >> thread & 1)
			dpor->asleep = true;
		else
			dpor->differs = true;
		return (uint32_t)__builtin_ctzl(enabled);
	}
	dpor->path[depth + 1] = dpor->nodes[dpor->path[depth]].first;
	return thread;
}

struct dpor_event *dpor_event(struct dpor *dpor, uint32_t thread, enum op op)
{
	struct dpor_event *event;

	settle(dpor);
	thread_seen(dpor, thread);
	/* Room for the tables by depth, which go a little further. */
	if (dpor->length + 4 >= DPOR_EVENTS_MAX) {
		dpor->exhausted = true;
		dpor->length--;
	}
	event = &dpor->events[dpor->length++];
	*event = (struct dpor_event){
		.thread = thread, .ordinal = ++dpor->ordinals[thread], .op = op, .succeeded = true};
	dpor->open = true;
	return event;
}

void dpor_guard(struct dpor *dpor, struct dpor_event *event, const struct guard *guards,
		uint32_t count)
{
	if (dpor->guards_used + count > DPOR_GUARDS_MAX) {
		dpor->exhausted = true;
		return;
	}
	event->guard_first = dpor->guards_used;
	event->guard_count = count;
	for (uint32_t i = 0; i < count; i++)
		dpor->guards[dpor->guards_used++] = guards[i];
}

struct dpor_event *dpor_last(struct dpor *dpor)
{
	return dpor->open ? &dpor->events[dpor->length - 1] : 0;
}

void dpor_created(struct dpor *dpor, uint32_t parent, uint32_t child)
{
	settle(dpor);
	thread_seen(dpor, child);
	thread_seen(dpor, parent);
	clock_copy(dpor, dpor->current[child], dpor->current[parent]);
}

void dpor_joined(struct dpor *dpor, uint32_t joiner, uint32_t ended)
{
	settle(dpor);
	thread_seen(dpor, joiner);
	thread_seen(dpor, ended);
	clock_join(dpor, dpor->current[joiner], dpor->current[ended]);
}

/* The event with which the process ended depends on everything: what others would still have done
 * was cut off there. */
static void terminal_make(struct dpor *dpor)
{
	uint32_t at = dpor->length - 1;
	struct dpor_event *event = &dpor->events[at];

	footprint_of(&event->foot, OP_EXIT, 0, 0, 0, true);
	for (uint32_t i = dpor->base; i < at; i++)
		clock_join(dpor, dpor->clocks[at], dpor->clocks[i]);
	dpor->nodes[dpor->nodes[dpor->path[at - dpor->base]].first].foot = event->foot;
}

static void race_add(struct dpor *dpor, uint32_t first, uint32_t second)
{
	if (dpor->race_count == DPOR_RACES_MAX) {
		dpor->exhausted = true;
		return;
	}
	dpor->races[dpor->race_count++] = (struct dpor_race){.first = first, .second = second};
}

static bool could_go_without(const struct dpor *dpor, uint32_t without,
			     const struct dpor_event *event, uint32_t skip)
{
	struct dpor_event there = *event;
	struct dpor_without left;

	return dpor_possible_without(dpor, without, &there, skip, &left);
}

/* Races of `event`, which is number `at` or, beyond all, a pending one. `before` is its clock
 * without its own edges. */
static void races_find(struct dpor *dpor, const struct dpor_event *event, uint32_t at,
		       uint32_t second, const uint32_t *before)
{
	uint32_t token = event->op == OP_WAKE && second < dpor->length ? dpor_token_of(dpor, at)
								       : UINT32_MAX;
	uint32_t kept[DPOR_THREADS_MAX], count = 0;

	for (uint32_t i = at; i-- > dpor->base;) {
		const struct dpor_event *earlier = &dpor->events[i];
		bool subsumed = false;

		if (earlier->thread == event->thread || before[earlier->thread] >= earlier->ordinal)
			continue;
		if (!footprint_is_dependent(&earlier->foot, &event->foot) && i != token)
			continue;
		for (uint32_t k = 0; k < count && !subsumed; k++)
			subsumed = dpor_happens_before(dpor, i, kept[k]);
		if (subsumed)
			continue;
		if (dpor_may_wait(event) && !could_go_without(dpor, i, event, second))
			continue;
		if (count < DPOR_THREADS_MAX)
			kept[count++] = i;
		race_add(dpor, i, second);
	}
}

static void pending_races(struct dpor *dpor, uint32_t index)
{
	struct dpor_event *event = &dpor->pending[index];

	dpor_footprint(dpor, event, true);
	if (!event->enabled)
		races_find(dpor, event, dpor->length, dpor->length + index,
			   dpor->current[event->thread]);
	if (dpor->terminal && dpor->length > dpor->base) {
		struct dpor_event there = *event;
		uint32_t last = dpor->length - 1;
		struct dpor_without left;

		if (dpor->events[last].thread != event->thread &&
		    (event->enabled ||
		     dpor_possible_without(dpor, last, &there, UINT32_MAX, &left)))
			race_add(dpor, last, dpor->length + index);
	}
}

/* The earlier event is left out, with all that happens after it; then the later one comes. */
static void race_plan(struct dpor *dpor, const struct dpor_race *race)
{
	bool executed = race->second < dpor->length;
	struct dpor_event event =
		executed ? dpor->events[race->second] : dpor->pending[race->second - dpor->length];
	struct dpor_without left;
	uint32_t count = 0;

	dpor_possible_without(dpor, race->first, &event, executed ? race->second : UINT32_MAX,
			      &left);
	for (uint32_t k = race->first + 1; k < dpor->length; k++)
		if (!dpor_is_without(dpor, &left, k))
			dpor->steps[count++] = (struct dpor_step){.thread = dpor->events[k].thread,
								  .foot = dpor->events[k].foot};
	dpor->steps[count++] = (struct dpor_step){.thread = event.thread, .foot = event.foot};
	/* The end again, right after it: what commutes with the pending one alone, and so would
	 * cover it, is cut off by the end. */
	if (!executed && dpor->terminal && race->first == dpor->length - 1)
		dpor->steps[count++] =
			(struct dpor_step){.thread = dpor->events[race->first].thread,
					   .foot = dpor->events[race->first].foot};
	dpor_insert(dpor, race->first - dpor->base, dpor->steps, count);
}

/* By the first event, those of one event in the order in which they were found: insertion, since
 * they are nearly in order. */
static void races_sort(struct dpor *dpor)
{
	for (uint32_t i = 1; i < dpor->race_count; i++) {
		struct dpor_race race = dpor->races[i];
		uint32_t at = i;

		for (; at && dpor->races[at - 1].first > race.first; at--)
			dpor->races[at] = dpor->races[at - 1];
		dpor->races[at] = race;
	}
}

bool dpor_finish(struct dpor *dpor)
{
	settle(dpor);
	if (dpor->asleep || dpor->length == dpor->base)
		return dpor_backtrack(dpor);
	if (dpor->terminal)
		terminal_make(dpor);
	dpor->race_count = 0;
	/* All of them, also those between events that the last execution had too: what comes after
	 * is part of the sequence to be planned, and that is another one now. */
	for (uint32_t j = dpor->base; j < dpor->length; j++)
		races_find(dpor, &dpor->events[j], j, j, dpor->clocks_before[j]);
	for (uint32_t i = 0; i < dpor->pending_count; i++)
		pending_races(dpor, i);
	races_sort(dpor);
	for (uint32_t r = 0; r < dpor->race_count; r++)
		race_plan(dpor, &dpor->races[r]);
	return dpor_backtrack(dpor);
}
