/*
 * dpor_races.c - which two events of an execution that is over could have come in the other order,
 * and the sequences that are to be explored for that.
 *
 * Races of the part that the execution has in common with the last one are not looked for again,
 * where they are the same: those of an event that waits depend on what came later. All are planned
 * again, for what comes after is part of the sequence to be planned.
 */
#include "policy/dpor_choice.h"

/* The event with which the process ended depends on everything: what others would still have done
 * was cut off there. */
static void terminal_make(struct dpor *dpor)
{
	uint32_t at = dpor->length - 1;
	struct dpor_event *event = &dpor->events[at];

	footprint_of(&event->foot, OP_EXIT, 0, 0, 0, true);
	dpor_unlink(dpor, at);
	/* A failure would be one before an exit, too. */
	if (dpor->ended_by == event->thread && !event->is_alone)
		event->is_apart = false;
	for (uint32_t i = dpor->base; i < at; i++)
		for (uint32_t t = 0; t < dpor->thread_count; t++)
			if (dpor->clocks[at][t] < dpor->clocks[i][t])
				dpor->clocks[at][t] = dpor->clocks[i][t];
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

static bool is_subsumed(const struct dpor *dpor, uint32_t event, const uint32_t *kept,
			uint32_t count)
{
	for (uint32_t k = 0; k < count; k++)
		if (dpor_happens_before(dpor, event, kept[k]))
			return true;
	return false;
}

/* Races of `event`, which is number `at` or, beyond all, a pending one. `before` is its clock
 * without its own edges. */
static void races_find(struct dpor *dpor, const struct dpor_event *event, uint32_t at,
		       uint32_t second, const uint32_t *before)
{
	uint32_t token = dpor_takes_token(event->op) && second < dpor->length
				 ? dpor_token_of(dpor, at)
				 : UINT32_MAX;
	uint64_t beyond = dpor_beyond(dpor, before, dpor->latest) & ~(1ul << event->thread);
	uint32_t kept[DPOR_THREADS_MAX], count = 0, i;
	struct dpor_event plain;
	struct dpor_walk walk;

	if (!beyond)
		return;

	dpor_walk_from(&walk, dpor, &event->foot, at);
	/* A signal and the wake touch nothing in common. */
	walk.is_plain |= token != UINT32_MAX;
	if (event->is_apart) {
		plain = *event;
		dpor_footprint(dpor, &plain, event->succeeded);
	}
	for (i = at; beyond && (i = dpor_walk_next(&walk, i)) != UINT32_MAX && i >= dpor->base;) {
		const struct dpor_event *earlier = &dpor->events[i];

		if (earlier->thread == event->thread ||
		    before[earlier->thread] >= earlier->ordinal) {
			beyond &= ~(1ul << earlier->thread);
			dpor_walk_leave(&walk, i);
			continue;
		}
		/* Before the exit it would let nobody go on. */
		if (event->is_apart && i < dpor->exit_at)
			event = &plain;
		if ((!footprint_is_dependent(&earlier->foot, &event->foot) && i != token) ||
		    earlier->is_alone)
			continue;
		if (!is_subsumed(dpor, i, kept, count)) {
			if (dpor_may_wait(event) && !could_go_without(dpor, i, event, second))
				continue;
			if (count < DPOR_THREADS_MAX)
				kept[count++] = i;
			race_add(dpor, i, second);
		}
		dpor_walk_leave(&walk, i);
	}
}

/* What is interrupted has no race with the events that kept the thread waiting until then: with its
 * operation they have one. Where an event is left out, and what interrupts it too, that may be
 * possible. */
static void meant_races_find(struct dpor *dpor, const struct dpor_event *event, uint32_t at,
			     uint32_t second, const uint32_t *before)
{
	uint32_t kept[DPOR_THREADS_MAX], count = 0;
	struct dpor_event meant = *event;

	if (!event->taken || !dpor_may_wait(event))
		return;
	dpor_footprint_meant(dpor, &meant);
	for (uint32_t i = at; i-- > dpor->base;) {
		const struct dpor_event *earlier = &dpor->events[i];

		if (earlier->thread == event->thread || earlier->is_alone ||
		    before[earlier->thread] >= earlier->ordinal ||
		    footprint_is_dependent(&earlier->foot, &event->foot) ||
		    !footprint_is_dependent(&earlier->foot, &meant.foot) ||
		    is_subsumed(dpor, i, kept, count) || !could_go_without(dpor, i, event, second))
			continue;
		if (count < DPOR_THREADS_MAX)
			kept[count++] = i;
		race_add(dpor, i, second);
	}
}

static void pending_races(struct dpor *dpor, uint32_t index)
{
	struct dpor_event *event = &dpor->pending[index];

	/* Who has locked it for reading unlocks it as a reader. */
	event->succeeded = event->op != OP_RWUNLOCK || event->number == DPOR_WRITTEN;
	dpor_footprint(dpor, event, event->succeeded);
	/* The events before the end may be of a thread that went on alone: it could have come
	 * before what let that go on. */
	if (!event->enabled || dpor->exit_at != UINT32_MAX) {
		races_find(dpor, event, dpor->length, dpor->length + index,
			   dpor->current[event->thread]);
		meant_races_find(dpor, event, dpor->length, dpor->length + index,
				 dpor->current[event->thread]);
	}
	if (dpor->terminal && dpor->length > dpor->base && dpor->exit_at == UINT32_MAX) {
		struct dpor_event there = *event;
		uint32_t last = dpor->length - 1;
		struct dpor_without left;

		if (dpor->events[last].thread != event->thread &&
		    (event->enabled ||
		     dpor_possible_without(dpor, last, &there, UINT32_MAX, &left)))
			race_add(dpor, last, dpor->length + index);
	}
}

/* What commutes with the later event alone, and so would cover it, is cut off by the end: by an
 * exit that it comes before; by what lets the exiting thread go on; or by what ended the process,
 * unless the later event is an exit, after which that may never come. */
static bool wants_end_again(const struct dpor *dpor, const struct dpor_race *race,
			    const struct dpor_event *second)
{
	struct dpor_event first;
	bool ends = dpor->terminal && race->first == dpor->length - 1;

	if (dpor->exit_at == UINT32_MAX)
		return race->second >= dpor->length && ends && second->op != OP_EXIT;
	if (race->first <= dpor->exit_at)
		return race->first == dpor->exit_at;
	first = dpor->events[race->first];
	if (!(first.is_apart || ends) || footprint_is_end(&second->foot))
		return false;
	/* Nor may it keep that from it. */
	dpor_footprint(dpor, &first, first.succeeded);
	return !dpor_may_wait(&first) || !footprint_is_dependent(&first.foot, &second->foot);
}

/* The earlier event is left out, with all that happens after it; then the later one comes. */
uint32_t dpor_race_plan(struct dpor *dpor, const struct dpor_race *race)
{
	bool executed = race->second < dpor->length;
	struct dpor_event event;
	struct dpor_without left;
	uint32_t count = 0;

	if (race->second & DPOR_WAY)
		return dpor_way_plan(dpor, race->first, race->second & ~DPOR_WAY);
	event = executed ? dpor->events[race->second] : dpor->pending[race->second - dpor->length];
	dpor_possible_without(dpor, race->first, &event, executed ? race->second : UINT32_MAX,
			      &left);
	for (uint32_t k = race->first + 1; k < dpor->length; k++)
		if (!dpor_is_without(dpor, &left, k))
			dpor->steps[count++] =
				(struct dpor_step){.label = dpor_label(&dpor->events[k]),
						   .foot = dpor->events[k].foot};
	dpor->steps[count++] = (struct dpor_step){.label = dpor_label(&event), .foot = event.foot};
	if (wants_end_again(dpor, race, &event))
		dpor->steps[count++] =
			(struct dpor_step){.label = dpor_label(&dpor->events[race->first]),
					   .foot = dpor->events[race->first].foot};
	return count;
}

/* The races of the event depend on nothing that comes after it. */
static bool is_settled(const struct dpor_event *event)
{
	return !dpor_may_wait(event) || (!event->guard_count && !event->interrupts &&
					 (event->op == OP_LOCK || event->op == OP_SPIN_LOCK));
}

/* Those of one first event, in the order in which they were found. */
static void races_link(struct dpor *dpor)
{
	for (uint32_t i = dpor->base; i < dpor->length; i++)
		dpor->race_of[i] = 0;
	for (uint32_t r = dpor->race_count; r-- > 0;) {
		struct dpor_race *race = &dpor->races[r];

		race->is_covered = false;
		race->next = dpor->race_of[race->first];
		dpor->race_of[race->first] = r + 1;
	}
}

void dpor_races(struct dpor *dpor)
{
	uint32_t from = dpor->base;

	if (dpor->terminal)
		terminal_make(dpor);
	while (from < dpor->raced && is_settled(&dpor->events[from]))
		from++;
	dpor->race_count = from > dpor->base ? dpor->race_end[from - 1] : 0;
	for (uint32_t t = 0; t < dpor->thread_count; t++)
		dpor->latest[t] = dpor->base_ordinals[t];
	for (uint32_t j = dpor->base; j < from; j++)
		dpor->latest[dpor->events[j].thread] = dpor->events[j].ordinal;
	for (uint32_t j = from; j < dpor->length && !dpor_is_stopped(dpor); j++) {
		/* Who goes on alone has done so as soon as he could. */
		if (!dpor->events[j].is_alone) {
			races_find(dpor, &dpor->events[j], j, j, dpor->clocks_before[j]);
			meant_races_find(dpor, &dpor->events[j], j, j, dpor->clocks_before[j]);
		}
		dpor->latest[dpor->events[j].thread] = dpor->events[j].ordinal;
		/* The first way was taken; the others are planned from here. */
		for (uint32_t way = 1; !dpor->events[j].way && way < dpor->events[j].ways; way++)
			race_add(dpor, j, DPOR_WAY | way);
		dpor->race_end[j] = dpor->race_count;
	}
	dpor->raced = dpor->length;
	for (uint32_t i = 0; i < dpor->pending_count && !dpor_is_stopped(dpor); i++)
		pending_races(dpor, i);
	races_link(dpor);
}
