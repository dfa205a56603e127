/*
 * heap_check.c - see heap_check.h.
 *
 * Each allocation and free has its number in the execution, which is put back with it. An execution
 * that is carried out again makes the same ones, so a number is all that is needed to find again
 * where a block came from.
 */
#include "session/heap_check.h"

#include "machine/heap.h"
#include "session/access.h"
#include "session/races.h"
#include "session/record.h"
#include "session/spin.h"
#include "session/step.h"
#include "session/verdict.h"

/* Numbers of the calls to stand still at; 0: none. */
static struct {
	uint32_t allocated, freed;
} followed;

/* Memory. */
struct heap_part {
	uint64_t at, bytes;
};

static struct site_report site_of(const struct heap_site *site)
{
	return (struct site_report){.pc = site->pc, .thread = site->thread, .number = site->number};
}

/* Of the block that lies nearest to `address`. */
static enum heap_state describe(struct heap_report *report, unsigned long address)
{
	struct heap_found found;

	heap_find(address, &found);
	report->is_there = found.state != HEAP_NOWHERE;
	report->block = found.at;
	report->block_bytes = found.bytes;
	if (found.record) {
		report->allocated = site_of(&found.record->allocated);
		report->freed = site_of(&found.record->freed);
	}
	return found.state;
}

static enum verdict verdict_on(const struct heap_report *report, enum heap_state state,
			       unsigned long address)
{
	if (state == HEAP_FREED)
		return VERDICT_USE_AFTER_FREE;
	return report->is_there && address < report->block ? VERDICT_HEAP_UNDERFLOW
							   : VERDICT_HEAP_OVERFLOW;
}

static unsigned race_kind(enum op op)
{
	if (op == OP_FREE)
		return RACE_WRITE | RACE_FREE;
	if (op == OP_READ || op == OP_WRITE)
		return op == OP_WRITE ? RACE_WRITE : 0;
	if (!op_is_access(op))
		return RACE_ATOMIC | RACE_OBJECT;
	return op_is_load(op) ? RACE_ATOMIC : RACE_ATOMIC | RACE_WRITE;
}

/* Memory that was freed is used by `op`: perhaps with no order between the two. */
static void tell_race(enum op op, unsigned long at, size_t bytes, const void *pc)
{
	struct heap_found found;
	struct race_side freed;

	heap_find(at, &found);
	if (!found.record || !access_is_instrumented((const void *)found.record->freed.pc))
		return;
	freed = (struct race_side){.pc = found.record->freed.pc,
				   .thread = found.record->freed.thread,
				   .clock = found.record->freed_epoch,
				   .event = found.record->freed_event,
				   .kind = RACE_WRITE | RACE_FREE};
	races_used_freed(execution.current, &freed, (const void *)at, bytes, race_kind(op), pc);
}

void heap_bad_access(enum op op, const void *address, size_t bytes, const void *pc)
{
	unsigned long at = (unsigned long)address, bad = heap_first_bad(at, at + bytes);
	struct heap_report report = {.address = at, .bytes = bytes, .op = op};
	enum heap_state state;

	if (!heap_watched || !execution.current || spin_is_trying())
		return;
	state = describe(&report, bad);
	if (state == HEAP_FREED)
		tell_race(op, bad, at + bytes - bad, pc);
	/* A write has not been carried out. */
	record_unsettle();
	verdict_heap(verdict_on(&report, state, bad), &report, pc);
}

/* Of whom to tell: the program that has called C++'s operator, or `pc`. */
static const void *caller(const void *pc)
{
	const struct thread *self = execution.current;

	return self && self->heap_caller ? self->heap_caller : pc;
}

/* Operations on an object are ordered by it; with a free, or a write over it, by other means. */
void heap_check_object(const struct thread *self, enum op op, const void *object, const void *pc)
{
	if (access_is_instrumented(pc))
		races_access(self, object, 1, race_kind(op), pc);
	heap_check(op, object, 1, pc);
}

void heap_bad_free(const void *block, const void *pc)
{
	unsigned long at = (unsigned long)block;
	struct heap_report report = {.address = at, .op = OP_FREE};
	enum heap_state state;

	if (!execution.current)
		return;
	pc = caller(pc);
	state = describe(&report, at);
	if (state == HEAP_FREED)
		tell_race(OP_FREE, at, 1, pc);
	verdict_heap(state == HEAP_FREED && report.block == at ? VERDICT_DOUBLE_FREE
							       : VERDICT_INVALID_FREE,
		     &report, pc);
}

static void look(const struct heap_site *site)
{
	struct report *report = &session.worker->report;

	report->heap.freed = site_of(site);
	report->look = LOOK_BLOCK;
	carrier_call(REQUEST_LOOK);
	report->look = LOOK_NONE;
}

static struct heap_site site_now(const void *pc)
{
	const struct thread *self = execution.current;

	return (struct heap_site){.pc = self ? (uint64_t)pc : 0,
				  .thread = self ? self->number : 0,
				  .number = ++execution.heap_calls};
}

static bool is_followed(uint32_t number)
{
	return execution.current && (number == followed.allocated || number == followed.freed);
}

void heap_allocated(void *block, size_t bytes, const void *pc)
{
	struct heap_record *record = heap_watched && block ? heap_record_of(block) : 0;

	pc = caller(pc);
	races_allocated(block, bytes, pc);
	if (!record)
		return;
	record->allocated = site_now(pc);
	record->born = record_count();
	if (__builtin_expect(is_followed(record->allocated.number), 0))
		look(&record->allocated);
}

/* Whether somebody else's use of the granule may come before or after the free. Where nobody looks
 * for races, any that is not ordered by create and join alone may. */
static bool matters(struct thread *self, uint64_t granule)
{
	if (races_are_on)
		return sharing_is_marked(&session.sharing, granule, SHARING_FREED);
	return sharing_access(&session.sharing, self, granule * SHARING_GRANULE_BYTES,
			      SHARING_GRANULE_BYTES, true);
}

/* The part of the block that the others may see freed: from the first to the last granule of which
 * that matters. Of one that nobody has accessed, its beginning stands for it, for others may free
 * it. */
static bool visible_part(struct thread *self, const char *block, size_t bytes,
			 struct heap_part *part)
{
	uint64_t first = (uint64_t)block / SHARING_GRANULE_BYTES;
	uint64_t last = ((uint64_t)block + (bytes ? bytes - 1 : 0)) / SHARING_GRANULE_BYTES;

	part->bytes = 0;
	if (!session.learned || (races_are_on && !session.sharing.has_freed))
		return false;
	for (uint64_t granule = first; granule <= last; granule++) {
		if (granule != first && !sharing_is_known(&session.sharing, granule))
			continue;
		if (!matters(self, granule))
			continue;
		if (!part->bytes)
			part->at = granule * SHARING_GRANULE_BYTES;
		part->bytes = (granule + 1) * SHARING_GRANULE_BYTES - part->at;
	}
	return part->bytes;
}

/* The next thing that a replay has planned for the thread is to free something. */
static bool is_planned(const struct thread *self)
{
	const struct replay_state *replay = &session.replay;

	for (uint64_t i = replay->at; session.replaying && i < replay->count; i++)
		if (replay->steps[i].thread == self->number)
			return replay->steps[i].op == OP_FREE;
	return false;
}

void heap_free_point(void *block, const void *pc)
{
	struct thread *self = execution.current;
	struct heap_part part;

	pc = caller(pc);
	if (!access_is_instrumented(pc) || !heap_was_block(block))
		return;
	if (is_planned(self)) {
		step_point(self, OP_FREE, block, 1, pc, true);
	} else if (visible_part(self, block, heap_usable(block), &part)) {
		step_point(self, OP_FREE, (void *)part.at, (uint32_t)part.bytes, pc, true);
	} else {
		record_unannounced(self, OP_FREE, block, 0, pc);
	}
}

void heap_freed(void *block, const void *pc)
{
	struct heap_record *record = heap_watched ? heap_record_of(block) : 0;

	pc = caller(pc);
	if (access_is_instrumented(pc))
		races_freed(execution.current, block, heap_usable(block), pc);
	races_forget_memory(block, heap_usable(block));
	if (!record)
		return;
	if (execution.current) {
		record->freed_epoch = races_epoch(execution.current);
		record->freed_event = (uint32_t)record_count() - 1;
	}
	record->freed = site_now(pc);
	if (__builtin_expect(is_followed(record->freed.number), 0))
		look(&record->freed);
}

void heap_follow(void)
{
	const struct heap_report *report = &session.worker->report.heap;

	switch ((enum verdict)session.worker->report.verdict) {
	case VERDICT_USE_AFTER_FREE:
	case VERDICT_HEAP_OVERFLOW:
	case VERDICT_HEAP_UNDERFLOW:
	case VERDICT_DOUBLE_FREE:
	case VERDICT_INVALID_FREE:
		followed.allocated = report->allocated.number;
		followed.freed = report->freed.number;
		break;
	default: /* of no block */
		break;
	}
}

void heap_follow_end(void)
{
	followed.allocated = followed.freed = 0;
}
