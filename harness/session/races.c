/*
 * races.c - see races.h.
 *
 * The detector's memory is the process's own, outside the program's snapshot. What is found goes
 * into the worker's slot of the shared block, where a forked execution's parent finds it.
 *
 * An access of an execution that is carried out again is known by its thread, that thread's epoch
 * and its place: all accesses of one place in one epoch are ordered with others in the same way,
 * and the detector remembers one of them, in most cases the first.
 */
#include "session/races.h"

#include "detect/race.h"
#include "machine/fiber.h"
#include "machine/memory.h"
#include "session/access.h"
#include "session/allocations.h"
#include "session/note.h"
#include "session/race_tables.h"
#include "session/record.h"
#include "session/verdict.h"
#include "session/work.h"
#include "trace/event.h"

#define SEEN_SLOTS 1024u

bool races_are_on;
static bool have_started;

static struct race race;
/* The access that the detector is being told of. */
static const struct race_access *telling;
/* Signatures of the races of this execution, by hash; those of another execution are void. */
static struct {
	uint64_t signature, execution;
} seen[SEEN_SLOTS];
static uint64_t execution_number;
/* The race to stop at in an execution that is carried out again; the accesses to look at. */
static struct shared_race followed;
static bool is_looking;

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
	return hash ^ hash >> 29;
}

static uint64_t side_hash(const struct race_side *side)
{
	return mix(mix(VERDICT_DATA_RACE, side->pc), side->kind);
}

/* Which of the two came first is chance. */
static uint64_t signature_of(const struct race_found *found)
{
	return mix(VERDICT_DATA_RACE, side_hash(&found->first) + side_hash(&found->second));
}

/* True for the first of that signature in this execution. */
static bool is_new(uint64_t signature)
{
	for (uint32_t i = 0; i < SEEN_SLOTS; i++) {
		uint32_t at = (uint32_t)(signature + i) % SEEN_SLOTS;

		if (seen[at].execution != execution_number) {
			seen[at].execution = execution_number;
			seen[at].signature = signature;
			return true;
		}
		if (seen[at].signature == signature)
			return false;
	}
	return false;
}

static void note(const struct race_found *found, uint64_t signature)
{
	struct shared_worker *worker = session.worker;

	if (worker->race_count == SHARED_RACES_MAX)
		session.shared->races_full = 1;
	else
		worker->races[worker->race_count++] =
			(struct shared_race){.signature = signature, .found = *found};
}

/* A replay of the trace stands still there. */
static void flag(const struct race_found *found)
{
	record_flag_at(found->first.event, EVENT_RACE);
	record_flag_at(found->second.event, EVENT_RACE);
}

static void describe(const struct race_found *found)
{
	struct race_report *report = &session.worker->report.race;

	*report = (struct race_report){.first = found->first,
				       .second = found->second,
				       .address = telling->address,
				       .bytes = telling->bytes};
	allocations_find(found->address, &report->block);
	flag(found);
}

/* Stands still, so that the command can look at the thread. */
static void look(enum report_look what)
{
	session.worker->report.look = what;
	carrier_call(REQUEST_LOOK);
	session.worker->report.look = LOOK_NONE;
}

static void stop_at(const struct race_found *found, uint64_t signature)
{
	describe(found);
	/* A write has not been carried out. */
	record_unsettle();
	verdict_race(signature, (const void *)found->second.pc);
}

static void found_again(const struct race_found *found, uint64_t signature)
{
	if (!followed.signature)
		flag(found);
	if (signature == followed.signature && found->first.thread == followed.found.first.thread &&
	    found->first.clock == followed.found.first.clock)
		stop_at(found, signature);
}

static bool stops(void)
{
	return session.shared->config.races == RACES_STOP;
}

/* An exhaustive search has to try both orders: what is freed without an order is visible, and so is
 * that it is freed. */
static void found_freed(const struct race_found *found)
{
	uint64_t granule = found->address / SHARING_GRANULE_BYTES;
	uint32_t mask = found->mask << found->address % SHARING_GRANULE_BYTES | SHARING_FREED;

	if (!session.learned || !((found->first.kind | found->second.kind) & RACE_FREE) ||
	    sharing_is_marked(&session.sharing, granule, mask))
		return;
	sharing_mark(&session.sharing, granule, mask);
	work_found_visible(granule, mask);
}

static void on_found(const struct race_found *found)
{
	uint64_t signature = signature_of(found);

	found_freed(found);
	if (session.explore && session.recording) {
		found_again(found, signature);
		return;
	}
	if (session.replaying && stops()) {
		if (found->second.event == record_last_race() &&
		    record_was_race(found->first.event))
			stop_at(found, signature);
		return;
	}
	if (!is_new(signature))
		return;
	note(found, signature);
	if (stops())
		stop_at(found, signature);
	if (session.explore)
		return;
	describe(found);
	session.worker->report.signature = signature;
	look(LOOK_SECOND);
}

void races_init(void)
{
	if (session.shared->config.races == RACES_OFF)
		return;
	races_are_on = true;
	race_tables_init(&race);
	race.found = on_found;
	race_init(&race);
	allocations_init();
	execution_number = 1;
	session.worker->race_count = 0;
	is_looking = session.replaying;
}

void races_start(void)
{
	have_started = true;
	races_are_on &= access_has_modules() || session.shared->config.watch_count;
}

void races_come_late(const void *address)
{
	if (!have_started || races_are_on || session.shared->config.races == RACES_OFF)
		return;
	if (execution.threads == 1)
		races_are_on = true;
	else
		note_uncontrolled("data races of a library that was loaded late", address);
}

void races_save(void)
{
	if (!races_are_on)
		return;
	race_save(&race);
	allocations_mark();
}

void races_begin(void)
{
	if (!races_are_on)
		return;
	session.worker->race_count = 0;
	execution_number++;
	is_looking = followed.signature != 0;
	race_begin(&race);
	allocations_begin();
}

void races_follow(uint64_t signature)
{
	const struct shared_worker *worker = session.worker;

	followed.signature = 0;
	for (uint32_t i = 0; i < worker->race_count; i++)
		if (worker->races[i].signature == signature)
			followed = worker->races[i];
}

void races_created(const struct thread *parent, const struct thread *thread)
{
	if (races_are_on)
		race_create(&race, parent ? parent->number : RACE_NOBODY, thread->number);
}

void races_joined(const struct thread *joiner, const struct thread *ended)
{
	if (races_are_on)
		race_join(&race, joiner->number, ended->number);
}

/* It may be the first of the race that is followed; the last one before the second is. */
static bool is_first(const struct race_access *access)
{
	const struct race_side *side = &followed.found.first;
	uint64_t address = followed.found.address;

	return access->thread == side->thread && access->pc == side->pc &&
	       access->kind == side->kind && race_epoch(&race, access->thread) == side->clock &&
	       address >= access->address && address < access->address + access->bytes;
}

static void look_at(const struct race_access *access)
{
	if (session.replaying ? !record_was_race(access->event) : !is_first(access))
		return;
	session.worker->report.race.first = (struct race_side){
		.pc = access->pc, .thread = access->thread, .event = access->event};
	look(LOOK_FIRST);
}

void races_check(const struct thread *self, const volatile void *address, size_t bytes,
		 unsigned kind, const void *pc)
{
	struct race_access access = {.address = (uint64_t)address,
				     .pc = (uint64_t)pc,
				     .bytes = bytes,
				     .thread = self->number,
				     .kind = kind};

	if (session.recording)
		access.event = (uint32_t)record_count() - 1;
	telling = &access;
	if (race_access(&race, &access) && __builtin_expect(is_looking, 0))
		look_at(&access);
	if (race.full)
		session.shared->races_full = 1;
}

/* Consume is acquire, as gcc has it. */
static unsigned order_of(int order)
{
	switch (order & 0xff) {
	case __ATOMIC_CONSUME:
	case __ATOMIC_ACQUIRE:
		return RACE_ACQUIRE;
	case __ATOMIC_RELEASE:
		return RACE_RELEASE;
	case __ATOMIC_ACQ_REL:
	case __ATOMIC_SEQ_CST:
		return RACE_ACQUIRE | RACE_RELEASE;
	}
	return RACE_RELAXED;
}

void races_atomic(const struct thread *self, enum op op, const volatile void *address, int order)
{
	if (!races_matter())
		return;
	if (op == OP_ATOMIC_LOAD)
		race_load(&race, self->number, (uint64_t)address, order_of(order));
	else if (op == OP_ATOMIC_STORE)
		race_store(&race, self->number, (uint64_t)address, order_of(order));
	else
		race_update(&race, self->number, (uint64_t)address, order_of(order));
}

void races_fenced(const struct thread *self, int order)
{
	if (races_matter())
		race_fence(&race, self->number, order_of(order));
}

void races_take(const struct thread *self, const void *object)
{
	if (races_matter())
		race_load(&race, self->number, (uint64_t)object, RACE_ACQUIRE);
}

void races_give(const struct thread *self, const void *object)
{
	if (races_matter())
		race_store(&race, self->number, (uint64_t)object, RACE_RELEASE);
}

void races_give_more(const struct thread *self, const void *object)
{
	if (races_matter())
		race_update(&race, self->number, (uint64_t)object, RACE_RELEASE);
}

void races_freed(const struct thread *self, const void *block, size_t bytes, const void *pc)
{
	struct race_access access = {.address = (uint64_t)block,
				     .pc = (uint64_t)pc,
				     .bytes = bytes,
				     .thread = self->number,
				     .kind = RACE_WRITE | RACE_FREE};

	if (!races_matter())
		return;
	if (session.recording)
		access.event = (uint32_t)record_count() - 1;
	telling = &access;
	race_free(&race, &access);
	if (__builtin_expect(is_looking, 0))
		look_at(&access);
}

uint32_t races_epoch(const struct thread *self)
{
	return races_matter() ? race_epoch(&race, self->number) : 0;
}

void races_used_freed(const struct thread *self, const struct race_side *freed,
		      const volatile void *address, size_t bytes, unsigned kind, const void *pc)
{
	struct race_access access = {.address = (uint64_t)address,
				     .pc = (uint64_t)pc,
				     .bytes = bytes,
				     .thread = self->number,
				     .kind = kind};
	size_t left = SHARING_GRANULE_BYTES - access.address % SHARING_GRANULE_BYTES;
	struct race_found found = {.first = *freed, .address = access.address};

	if (!races_matter() || race_knows(&race, self->number, freed->thread, freed->clock))
		return;
	if (session.recording)
		access.event = (uint32_t)record_count() - 1;
	found.mask = (1u << (bytes < left ? bytes : left)) - 1;
	found.second = (struct race_side){.pc = access.pc,
					  .thread = access.thread,
					  .clock = race_epoch(&race, self->number),
					  .event = access.event,
					  .kind = kind};
	telling = &access;
	on_found(&found);
}

void races_forget_memory(const void *address, size_t bytes)
{
	if (races_matter())
		race_forget(&race, (uint64_t)address, bytes);
}

void races_allocated(const void *block, size_t bytes, const void *pc)
{
	if (races_are_on && session.recording && execution.current && block)
		allocations_add(&(struct block_report){.address = (uint64_t)block,
						       .bytes = bytes,
						       .pc = (uint64_t)pc,
						       .thread = execution.current->number});
}
