#include "session/reduction.h"

#include "machine/layout.h"
#include "machine/memory.h"
#include "machine/syscall.h"
#include "policy/dpor.h"
#include "policy/dpor_choice.h"
#include "session/interrupt.h"
#include "session/lock.h"
#include "session/note.h"
#include "session/pending.h"
#include "session/preemptions.h"
#include "session/spin.h"
#include "session/verdict.h"
#include "session/work.h"

#include <time.h>

/* How often a lock is looked at before the processor is given up. */
#define LOOKS_MAX 200

static struct dpor *dpor;
/* This process carries out one execution. */
static bool is_forked;

static struct dpor_tree *tree(void)
{
	return &session.shared->tree;
}

static void tree_lock(uint32_t *word, uint32_t number)
{
	struct timespec pause = {.tv_nsec = 20000};
	uint32_t nobody = 0;

	for (int looks = 0; !__atomic_compare_exchange_n(word, &nobody, number, 0, __ATOMIC_ACQUIRE,
							 __ATOMIC_RELAXED);
	     looks++, nobody = 0) {
		__builtin_ia32_pause();
		if (looks >= LOOKS_MAX)
			sys_call2(SYS_nanosleep, &pause, 0);
	}
}

static void tree_unlock(uint32_t *word)
{
	__atomic_store_n(word, 0, __ATOMIC_RELEASE);
}

void reduction_init(void)
{
	dpor = memory_reserve_shared(sizeof(*dpor));
	dpor_init(dpor, tree(), session.worker_index, memory_reserve_shared);
	dpor->stop = &session.shared->stop;
	dpor->scarce_max = session.shared->config.spurious_max;
	if (session.shared->config.workers > 1) {
		dpor->hand.lock = tree_lock;
		dpor->hand.unlock = tree_unlock;
	}
	preemptions_init(dpor);
}

bool reduction_mend(void)
{
	return !tree()->generation || dpor_tree_mend(&dpor->hand);
}

/* Nobody may be in the middle of a change. */
static void tree_begin(void)
{
	dpor_tree_take(&dpor->hand, &tree()->lock);
	for (uint32_t i = 0; i < tree()->workers; i++)
		dpor_tree_take(&dpor->hand, &tree()->worker[i].lock);
	dpor_tree_reset(tree(), session.shared->config.workers, session.shared->generation,
			session.shared->config.nodes_max);
	for (uint32_t i = 0; i < tree()->workers; i++)
		dpor_tree_give(&dpor->hand, &tree()->worker[i].lock);
	dpor_tree_give(&dpor->hand, &tree()->lock);
}

void reduction_join(void)
{
	/* A search by preemptions begins anew in each worker. */
	if (tree()->generation != session.shared->generation || preemptions_search())
		tree_begin();
	dpor->generation = session.shared->generation;
	preemptions_join(dpor->generation);
}

static void reduction_begin(void *state, uint64_t index)
{
	(void)index;
	if (preemptions_search())
		bounded_begin(preemptions_search());
	else if (((struct dpor *)state)->marked)
		dpor_begin(state);
}

static uint32_t thread_named(uint32_t name)
{
	for (uint32_t i = 0; i < execution.threads; i++)
		if (threads[i].name_number == name)
			return i;
	return 0;
}

/* The thread of the last event has carried it out, and nobody else has run since. */
static void outcome_read(void)
{
	struct dpor_event *event = dpor_last(dpor);

	if (event && pending_has_value(event))
		event->after = pending_value(event);
}

/* A bit for each thread that waits for a guard. */
static uint64_t held(void)
{
	uint64_t mask = 0;

	for (uint32_t i = 0; i < execution.threads && execution.guarded; i++)
		if (threads[i].phase == PHASE_PENDING && spin_is_held(&threads[i]) &&
		    !interrupt_is_due(&threads[i]))
			mask |= 1ul << threads[i].name_number;
	return mask;
}

bool reduction_asks_at_exit(void)
{
	return session.reducing && !preemptions_search();
}

static uint32_t reduction_pick(void *state, const struct choice *choice, uint64_t *quantum)
{
	uint64_t mask = 0;

	for (uint32_t i = 0; i < execution.threads; i++)
		if (bitset_has(choice->enabled, i))
			mask |= 1ul << threads[i].name_number;
	*quantum = 0;
	dpor->held = held();
	dpor->yielding = (uint64_t)choice->yielding << threads[choice->current].name_number;
	outcome_read();
	if (preemptions_search()) {
		/* They do not commute with what lets the exiting thread go on, which is no part of
		 * this search's states. */
		if (execution.exiting && choice->enabled->count > 1)
			note_uncontrolled("others while an exit waits for them, by preemptions",
					  execution.exiting_thread->pc);
		return thread_named(bounded_pick(preemptions_search(), mask));
	}
	if (execution.exiting)
		dpor->exiting = pending_exit();
	if (dpor->exiting.goes_on)
		mask = 1ul << execution.exiting_thread->name_number;
	return thread_named(dpor_pick(state, mask));
}

uint32_t reduction_choose(uint32_t ways, bool last_is_scarce)
{
	return dpor_choose(dpor, ways, last_is_scarce);
}

/* No other choice of value is part of an exhaustive search yet. */
static uint32_t choose_nothing(void *state, uint32_t alternatives)
{
	(void)state;
	(void)alternatives;
	return 0;
}

struct policy reduction_policy(void)
{
	return (struct policy){.state = dpor,
			       .begin = reduction_begin,
			       .pick = reduction_pick,
			       .choose = choose_nothing};
}

/* In a child that may die at once: the next event finds the same guards unused. */
static void collect_beforehand(void)
{
	uint32_t used = dpor->guards_used;

	pending_collect(dpor);
	dpor->guards_used = used;
}

void reduction_event(const struct thread *self)
{
	struct dpor_event *event;

	if (!session.reducing)
		return;
	outcome_read();
	if (dpor_is_known(dpor)) {
		if (!dpor_repeat(dpor, self->name_number, pending_op(self), pending_object(self),
				 pending_bytes(self)))
			verdict_redundant();
		return;
	}
	event = dpor_event(dpor, self->name_number, self->op);
	pending_fill(dpor, event, self);
	event->has_values = pending_has_value(event);
	if (event->has_values)
		event->before = pending_value(event);
	if (is_forked)
		collect_beforehand();
}

/* The last event, while its outcome is open and where it was on `object`: operations that nobody
 * else can see are none. */
static struct dpor_event *event_on(const void *object)
{
	struct dpor_event *event = session.reducing ? dpor_last(dpor) : 0;

	return event && event->object == object ? event : 0;
}

void reduction_failed(const void *object)
{
	struct dpor_event *event = event_on(object);

	if (event)
		event->succeeded = false;
}

void reduction_void(const void *object)
{
	struct dpor_event *event = session.reducing ? dpor_last(dpor) : 0;

	if (event && (event->object == object || event->mutex == object))
		event->is_void = true;
}

void reduction_set(const void *object, uint64_t value)
{
	struct dpor_event *event = event_on(object);

	if (event)
		event->after = value;
}

void reduction_number(const void *object, uint32_t number)
{
	struct dpor_event *event = event_on(object);

	if (event)
		event->number = number;
}

void reduction_exchange(const void *object, uint64_t expected, bool succeeded)
{
	struct dpor_event *event = event_on(object);

	if (!event)
		return;
	event->expected = expected;
	event->succeeded = succeeded;
}

static uint64_t granule_of(const void *object)
{
	return (uint64_t)object / SHARING_GRANULE_BYTES;
}

void reduction_contended(const void *object)
{
	if (!session.reducing || reduction_is_contended(object))
		return;
	sharing_mark(&session.sharing, granule_of(object), SHARING_CONTENDED);
	work_found_visible(granule_of(object), SHARING_CONTENDED);
}

bool reduction_is_contended(const void *object)
{
	return session.reducing &&
	       sharing_is_marked(&session.sharing, granule_of(object), SHARING_CONTENDED);
}

/* The arena, or the next one that belongs to no other name. */
static uint32_t arena_for(uint32_t arena)
{
	for (uint32_t name = 0; name < tree()->name_count; name++)
		if (tree()->names[name].arena == arena)
			return arena_for((arena + 1) % HEAP_THREAD_ARENAS);
	return arena;
}

/* The number of that name among the first `count`, from `from` on, or `count`. */
static uint32_t name_find(const struct dpor_name *wanted, uint32_t from, uint32_t count)
{
	while (from < count && (tree()->names[from].parent != wanted->parent ||
				tree()->names[from].child != wanted->child))
		from++;
	return from;
}

/* The number for that name; DPOR_NAMES_MAX where there is no room for another. */
static uint32_t name_of(const struct dpor_name *wanted)
{
	uint32_t count = __atomic_load_n(&tree()->name_count, __ATOMIC_ACQUIRE);
	uint32_t name = name_find(wanted, 1, count);

	if (name < count)
		return name;
	lock_take();
	name = name_find(wanted, count, tree()->name_count);
	if (name == tree()->name_count && name < DPOR_NAMES_MAX) {
		tree()->names[name] = *wanted;
		tree()->names[name].arena = arena_for(wanted->arena);
		__atomic_store_n(&tree()->name_count, name + 1, __ATOMIC_RELEASE);
	}
	lock_release();
	return name;
}

bool reduction_name(const struct thread *parent, struct thread *thread)
{
	const struct dpor_name name = {
		.parent = parent->name_number, .child = thread->child, .arena = thread->arena};

	if (!session.reducing)
		return true;
	thread->name_number = name_of(&name);
	if (thread->name_number == DPOR_NAMES_MAX)
		return false;
	thread->arena = tree()->names[thread->name_number].arena;
	outcome_read();
	dpor_created(dpor, parent->name_number, thread->name_number);
	return true;
}

void reduction_joined(const struct thread *joiner, const struct thread *ended)
{
	if (!session.reducing)
		return;
	outcome_read();
	dpor_joined(dpor, joiner->name_number, ended->name_number);
}

void reduction_mark(void)
{
	if (!session.reducing)
		return;
	outcome_read();
	if (preemptions_search()) {
		bounded_mark_base(preemptions_search());
		return;
	}
	dpor_mark_base(dpor);
	dpor_resume(dpor);
}

void reduction_collect(void)
{
	const struct report *report = &session.worker->report;
	bool is_untimely = report->verdict == VERDICT_DISCARDED && report->in_part,
	     is_wait = report->verdict == VERDICT_DEADLOCK || report->verdict == VERDICT_LIVELOCK ||
		       is_untimely;

	if (!session.reducing)
		return;
	outcome_read();
	if (execution.exiting)
		dpor->exiting = pending_exit();
	pending_collect(dpor);
	dpor->terminal = (!is_wait || (report->in_part && !is_untimely)) && dpor->pending_count;
	dpor->ended_by = UINT32_MAX;
	if (!is_wait && report->verdict != VERDICT_PASSED && execution.current)
		dpor->ended_by = execution.current->name_number;
}

void reduction_is_forked(void)
{
	is_forked = true;
}

void reduction_forget(void)
{
	if (session.reducing)
		dpor->pending_count = 0;
}

void reduction_died(void)
{
	struct dpor_event *last;

	if (!session.reducing)
		return;
	session.shared->died = 1;
	last = dpor_last(dpor);
	if (last)
		last->has_values = false;
	dpor->terminal = dpor->pending_count;
	dpor->ended_by = dpor->length ? dpor->events[dpor->length - 1].thread : UINT32_MAX;
}

uint64_t reduction_executions(void)
{
	const struct dpor_worker *worker = dpor->hand.worker;

	return worker->executions | (uint64_t)worker->executions_high << 32;
}

enum reduction_work reduction_work(void)
{
	if (preemptions_search())
		return session.shared->finished ? REDUCTION_OVER : REDUCTION_READY;
	if (dpor->hand.worker->task && dpor_release(dpor))
		return REDUCTION_WAIT;
	if (dpor->hand.worker->task || dpor_claim(dpor))
		return dpor_must_wait(dpor) ? REDUCTION_WAIT : REDUCTION_READY;
	return dpor_is_over(dpor) ? REDUCTION_OVER : REDUCTION_WAIT;
}

void reduction_next(bool counts)
{
	if (preemptions_search()) {
		preemptions_next(counts);
	} else {
		uint32_t minimum = preemptions_minimum(dpor);

		dpor_finish(dpor, counts);
		if (counts && !dpor->asleep)
			preemptions_count(minimum);
	}
	if (dpor->exhausted)
		session.shared->depth_cut = 1;
}

void reduction_leave_out(void)
{
	if (!preemptions_search())
		dpor_leave_out(dpor);
}

void reduction_donate(void)
{
	dpor_donate(dpor);
}

bool reduction_is_full(void)
{
	uint64_t most = session.shared->config.depth_max;

	return session.reducing &&
	       (dpor->exhausted || (most && dpor->marked && dpor->length - dpor->base > most));
}

bool reduction_is_redundant(void)
{
	return session.reducing && (dpor->asleep || dpor->differs);
}

bool reduction_differs(void)
{
	return session.reducing && dpor->differs;
}

static struct shared_event event_of(const struct dpor_event *event)
{
	uint32_t number = thread_named(event->thread);

	if (threads[number].name_number != event->thread)
		number = event->thread;
	/* No other thread, and no person, knows its object. */
	if (event->op == OP_CHOOSE)
		return (struct shared_event){.thread = number, .op = event->op};
	return (struct shared_event){
		.thread = number, .op = event->op, .address = (uint64_t)event->object};
}

void reduction_difference(struct shared_event *expected, struct shared_event *got)
{
	*got = event_of(&dpor->differs_got);
	if (dpor->differs_at != UINT32_MAX)
		*expected = event_of(&dpor->events[dpor->differs_at]);
}
