/*
 * dpor.c - an execution as it happens: picks, events, clocks, sleep sets.
 */
#include "policy/dpor.h"

#include "policy/dpor_choice.h"

void dpor_init(struct dpor *dpor, struct dpor_tree *tree, uint32_t number,
	       void *(*take)(size_t bytes))
{
	dpor->hand = (struct dpor_hand){
		.tree = tree, .worker = &tree->worker[number], .number = number + 1};
	dpor->events = take(DPOR_EVENTS_MAX * sizeof(*dpor->events));
	dpor->clocks = take(DPOR_EVENTS_MAX * sizeof(*dpor->clocks));
	dpor->clocks_before = take(DPOR_EVENTS_MAX * sizeof(*dpor->clocks_before));
	dpor->links = take(DPOR_EVENTS_MAX * sizeof(*dpor->links));
	dpor->sleepers = take(DPOR_SLEEPERS_MAX * sizeof(*dpor->sleepers));
	dpor->path = take(DPOR_EVENTS_MAX * sizeof(*dpor->path));
	dpor->entered = take(DPOR_EVENTS_MAX * sizeof(*dpor->entered));
	dpor->sleep_at = take(DPOR_EVENTS_MAX * sizeof(*dpor->sleep_at));
	dpor->exitings = take(DPOR_EVENTS_MAX * sizeof(*dpor->exitings));
	dpor->races = take(DPOR_RACES_MAX * sizeof(*dpor->races));
	dpor->race_of = take(DPOR_EVENTS_MAX * sizeof(*dpor->race_of));
	dpor->race_end = take(DPOR_EVENTS_MAX * sizeof(*dpor->race_end));
	dpor->steps = take(DPOR_EVENTS_MAX * sizeof(*dpor->steps));
	dpor->guards = take(DPOR_GUARDS_MAX * sizeof(*dpor->guards));
	dpor->exit_at = UINT32_MAX;
	dpor->few = DPOR_FEW;
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
	/* Events so far have come after nothing of a thread that was never there. */
	for (; dpor->threads_ever <= thread; dpor->threads_ever++)
		for (uint32_t i = 0; i < dpor->length || i < dpor->valid; i++)
			dpor->clocks[i][dpor->threads_ever] =
				dpor->clocks_before[i][dpor->threads_ever] = 0;
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
	uint32_t *before = dpor->clocks_before[at], *clock = dpor->clocks[at], i;
	struct dpor_walk walk;
	uint64_t beyond;

	/* Also for threads that are created later: an earlier execution has been here. */
	for (i = dpor->thread_count; i < dpor->threads_ever; i++)
		before[i] = clock[i] = 0;
	clock_copy(dpor, before, dpor->current[event->thread]);
	if (event->op == OP_PASS)
		arrivals_join(dpor, at, before);
	if (event->op == OP_AWAIT_END)
		clock_join(dpor, before, dpor->current[event->number]);
	clock_copy(dpor, clock, before);
	clock[event->thread] = event->ordinal;
	if (dpor_takes_token(event->op)) {
		uint32_t token = dpor_token_of(dpor, at);

		if (token != UINT32_MAX)
			clock_join(dpor, clock, dpor->clocks[token]);
	}
	dpor_walk_from(&walk, dpor, &event->foot, at);
	beyond = dpor_beyond(dpor, clock, dpor->ordinals);
	for (i = at; beyond && (i = dpor_walk_next(&walk, i)) != UINT32_MAX;) {
		const struct dpor_event *earlier = &dpor->events[i];

		if (clock[earlier->thread] < earlier->ordinal) {
			if (!footprint_is_dependent(&earlier->foot, &event->foot))
				continue;
			clock_join(dpor, clock, dpor->clocks[i]);
			beyond = dpor_beyond(dpor, clock, dpor->ordinals);
		}
		beyond &= ~(1ul << earlier->thread);
		dpor_walk_leave(&walk, i);
	}
	clock_copy(dpor, dpor->current[event->thread], clock);
}

/* Goes to sleep at the next depth who sleeps at this one and does not depend on the event. */
static void sleep_make(struct dpor *dpor, uint32_t depth, const struct dpor_event *event)
{
	struct dpor_sleeper asleep[DPOR_THREADS_MAX * 2];
	uint32_t count = dpor_sleeping(dpor, depth, asleep), at = dpor->sleep_at[depth + 1];
	uint32_t node = dpor->path[depth + 1];
	bool is_source = node && dpor->hand.tree->nodes[node].step.is_source;

	for (uint32_t i = 0; i < count; i++) {
		if (asleep[i].label == dpor_label(event) ||
		    footprint_is_dependent(&asleep[i].foot, &event->foot))
			continue;
		asleep[i].is_before_source |= is_source;
		if (at < DPOR_SLEEPERS_MAX)
			dpor->sleepers[at++] = asleep[i];
	}
	dpor->sleep_at[depth + 2] = at;
}

static void exit_note(struct dpor *dpor, enum op op)
{
	if (op == OP_EXIT && dpor->exit_at > dpor->length)
		dpor->exit_at = dpor->length;
}

void dpor_settle(struct dpor *dpor)
{
	uint32_t at = dpor->length - 1, depth;
	struct dpor_event *event;

	if (!dpor->open)
		return;
	dpor->open = false;
	event = &dpor->events[at];
	dpor_footprint(dpor, event, event->succeeded);
	if (event->is_apart)
		footprint_of(&event->foot, OP_EXIT, 0, 0, 0, true);
	clocks_make(dpor, at);
	if (!dpor->marked)
		return;
	depth = at - dpor->base;
	sleep_make(dpor, depth, event);
}

/* Once the process has begun to end, the thread that ends it goes on alone whenever it can. So what
 * it does is ordered with all that others do, and so is the event that lets it go on: what has not
 * come by then comes later, or never. Only others' events while it waits are as independent as
 * ever. Those of threads that the event's has gone on to create, or that have joined it, come after
 * all of that, too. */
static void set_apart(struct dpor *dpor)
{
	uint32_t at = dpor->length - 1;
	struct dpor_event *event = &dpor->events[at];

	if (at < dpor->base || at <= dpor->exit_at || event->is_apart)
		return;
	event->is_apart = true;
	footprint_of(&event->foot, OP_EXIT, 0, 0, 0, true);
	dpor_unlink(dpor, at);
	for (uint32_t i = at; i-- > 0;)
		clock_join(dpor, dpor->clocks[at], dpor->clocks[i]);
	for (uint32_t t = 0; t < dpor->thread_count; t++)
		if (dpor->current[t][event->thread] >= event->ordinal)
			clock_join(dpor, dpor->current[t], dpor->clocks[at]);
	sleep_make(dpor, at - dpor->base, event);
}

void dpor_look_apart(struct dpor *dpor)
{
	uint32_t joins = dpor->exiting.joins, joined = dpor->joined_then;

	if (dpor->exiting.goes_on || (joined && joined != joins))
		set_apart(dpor);
	dpor->joined_then = joins;
}

void dpor_mark_base(struct dpor *dpor)
{
	dpor_settle(dpor);
	dpor->marked = true;
	dpor->base = dpor->length;
	dpor->base_threads = dpor->thread_count;
	dpor->base_guards = dpor->guards_used;
	for (uint32_t i = 0; i < DPOR_THREADS_MAX; i++) {
		dpor->base_ordinals[i] = dpor->ordinals[i];
		for (uint32_t j = 0; j < DPOR_THREADS_MAX; j++)
			dpor->base_current[i][j] = dpor->current[i][j];
	}
	dpor->path[0] = DPOR_ROOT;
	dpor->known = 0;
	dpor->valid = dpor->base;
	dpor->sleep_at[0] = dpor->sleep_at[1] = 0;
}

void dpor_begin(struct dpor *dpor)
{
	dpor->length = dpor->base;
	dpor->joined_then = 0;
	dpor->exiting = (struct dpor_exiting){.goes_on = false};
	if (dpor->exit_at >= dpor->base)
		dpor->exit_at = UINT32_MAX;
	if (dpor->raced > dpor->valid)
		dpor->raced = dpor->valid;
	dpor->open = dpor->asleep = dpor->blocked = dpor->differs = false;
	dpor->thread_count = dpor->base_threads;
	dpor->guards_used = dpor->base_guards;
	for (uint32_t i = 0; i < dpor->base_threads; i++)
		clock_copy(dpor, dpor->current[i], dpor->base_current[i]);
	for (uint32_t i = 0; i < DPOR_THREADS_MAX; i++)
		dpor->ordinals[i] = dpor->base_ordinals[i];
}

/* The lowest that is awake, but those who want others to go first. */
static uint32_t pick_new(struct dpor *dpor, uint32_t depth, uint64_t enabled)
{
	struct dpor_sleeper asleep[DPOR_THREADS_MAX * 2];
	uint32_t count = dpor_sleeping(dpor, depth, asleep);
	uint64_t awake = enabled;

	/* Other ways than the first are planned where that was taken, and nowhere else. */
	for (uint32_t i = 0; i < count; i++)
		if (dpor_is_first_way(asleep[i].label))
			awake &= ~(1ul << asleep[i].label);
	dpor->asleep = dpor->blocked = !awake;
	if (!awake)
		return (uint32_t)__builtin_ctzl(enabled);
	return (uint32_t)__builtin_ctzl(awake & ~dpor->yielding ? awake & ~dpor->yielding : awake);
}

/* The planned node after the event at this depth, or 0. */
static uint32_t planned(struct dpor *dpor, uint32_t depth)
{
	uint32_t node = dpor->path[depth];

	if (depth >= dpor->known) {
		dpor->path[depth + 1] = node ? dpor_tree_open(dpor->hand.tree, node) : 0;
		dpor->entered[depth + 1] = dpor->executions;
	}
	return dpor->path[depth + 1];
}

/* Goes another way than an execution that began in the same way. */
static void differ(struct dpor *dpor)
{
	dpor->differs = true;
	dpor->differs_got = (struct dpor_event){.op = OP_NONE};
	dpor->differs_at = dpor->length < dpor->valid ? dpor->length : UINT32_MAX;
}

uint32_t dpor_choose(struct dpor *dpor, uint32_t ways, bool last_is_scarce)
{
	struct dpor_event *event = dpor_last(dpor);

	if (dpor->picked_way >= ways) {
		differ(dpor);
		return 0;
	}
	if (event) {
		event->ways = (uint8_t)ways;
		event->way = (uint8_t)dpor->picked_way;
		event->last_is_scarce = last_is_scarce;
		event->is_scarce = last_is_scarce && event->way == ways - 1;
		event->succeeded = !event->way;
	}
	return dpor->picked_way;
}

uint32_t dpor_pick(struct dpor *dpor, uint64_t enabled)
{
	uint32_t depth, node, thread;

	dpor_settle(dpor);
	if (dpor->exit_at < dpor->length)
		dpor_look_apart(dpor);
	depth = dpor->length - dpor->base;
	node = planned(dpor, depth);
	dpor->picked_way = node ? dpor->hand.tree->nodes[node].step.label >> DPOR_THREAD_BITS : 0;
	thread = node ? dpor->hand.tree->nodes[node].step.label & DPOR_THREAD_MASK
		      : pick_new(dpor, depth, enabled);
	if (enabled >> thread & 1)
		return thread;
	/* Whether a guard would be open is not always known when the execution is planned. */
	if (dpor->held >> thread & 1)
		dpor->asleep = true;
	else
		differ(dpor);
	return (uint32_t)__builtin_ctzl(enabled);
}

bool dpor_is_known(const struct dpor *dpor)
{
	return dpor->marked && dpor->length < dpor->valid;
}

bool dpor_repeat(struct dpor *dpor, uint32_t thread, enum op op, const void *object, uint32_t bytes)
{
	const struct dpor_event *event = &dpor->events[dpor->length];

	if (event->thread != thread || event->op != op || event->object != object ||
	    event->bytes != bytes) {
		differ(dpor);
		dpor->differs_got =
			(struct dpor_event){.thread = thread, .op = op, .object = object};
		return false;
	}
	thread_seen(dpor, thread);
	exit_note(dpor, op);
	dpor->ordinals[thread]++;
	if (event->guard_count)
		dpor->guards_used = event->guard_first + event->guard_count;
	clock_copy(dpor, dpor->current[thread], dpor->clocks[dpor->length]);
	dpor->length++;
	return true;
}

struct dpor_event *dpor_event(struct dpor *dpor, uint32_t thread, enum op op)
{
	struct dpor_event *event;

	dpor_settle(dpor);
	thread_seen(dpor, thread);
	/* Room for the tables by depth, which go a little further. */
	if (dpor->length + 4 >= DPOR_EVENTS_MAX) {
		dpor->exhausted = true;
		dpor->length--;
	}
	exit_note(dpor, op);
	if (dpor->linked > dpor->length)
		dpor_unlink(dpor, dpor->length);
	event = &dpor->events[dpor->length++];
	*event = (struct dpor_event){
		.thread = thread, .ordinal = ++dpor->ordinals[thread], .op = op, .succeeded = true};
	if (dpor->exit_at < dpor->length && dpor->marked) {
		dpor->exitings[dpor->length - 1] = dpor->exiting;
		event->is_alone = dpor->exiting.goes_on;
		event->is_apart = event->is_alone || dpor->exiting.waits_for_many;
	}
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
	dpor_settle(dpor);
	thread_seen(dpor, child);
	thread_seen(dpor, parent);
	clock_copy(dpor, dpor->current[child], dpor->current[parent]);
}

void dpor_joined(struct dpor *dpor, uint32_t joiner, uint32_t ended)
{
	dpor_settle(dpor);
	thread_seen(dpor, joiner);
	thread_seen(dpor, ended);
	clock_join(dpor, dpor->current[joiner], dpor->current[ended]);
}
