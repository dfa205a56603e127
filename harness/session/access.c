#include "session/access.h"

#include "detect/race.h"
#include "machine/fiber.h"
#include "session/races.h"
#include "session/record.h"
#include "session/reduction.h"
#include "session/step.h"
#include "trace/event.h"

#define MODULES_MAX 64u
/* A loop of so many rounds may wait; a round has at most so many other reads. */
#define ROUNDS_OF_A_LOOP 1000000u
#define READS_OF_A_ROUND 1000u

struct range {
	unsigned long start, end;
};

/* Code that was compiled with the hooks. */
static struct range modules[MODULES_MAX];
static unsigned module_count;

/* A thread that reads the same place again and again and writes nothing but its stack may wait for
 * another, which cannot come before the thread reaches an event. So one of its reads is made one.
 * Where another thread then writes what it reads, that is seen to be visible, and the search starts
 * anew. */
static bool is_spinning(struct thread *self, enum op op, const volatile void *address)
{
	const char *at = (const char *)address;

	/* What it does on its own stack is nothing that it could wait for. */
	if (at >= self->fiber->stack_low && at < self->fiber->stack_high)
		return false;
	if (!op_is_load(op)) {
		self->rereads = 0;
	} else if (at == self->reread) {
		self->rereads++;
		self->other_reads = 0;
	} else if (++self->other_reads > READS_OF_A_ROUND) {
		self->reread = at;
		self->rereads = self->other_reads = 0;
	}
	return self->rereads >= ROUNDS_OF_A_LOOP;
}

static bool is_visible(struct thread *self, enum op op, const volatile void *address, size_t size)
{
	if (sharing_access(&session.sharing, self, (uint64_t)address, size, !op_is_load(op))) {
		self->rereads = 0;
		return true;
	}
	if (!is_spinning(self, op, address))
		return false;
	self->rereads = 0;
	return true;
}

/* Returns true where the race detector has to know of the access: what an exhaustive search takes
 * for private cannot race. */
static inline bool access_point(enum op op, const volatile void *address, size_t size,
				unsigned race, const void *pc)
{
	struct thread *self = execution.current;

	/* Before the first thread is created nobody else can see anything. */
	if (!self || execution.threads == 1)
		return false;
	if (session.learned && !is_visible(self, op, address, size)) {
		record_unannounced(self, op, (const void *)address, (uint32_t)size, pc);
		if (race & RACE_VOLATILE)
			record_flag(EVENT_VOLATILE);
		return false;
	}
	step_point(self, op, (void *)address, (uint32_t)size, pc, true);
	if (race & RACE_VOLATILE)
		record_flag(EVENT_VOLATILE);
	return true;
}

static inline void access_tell(enum op op, const volatile void *address, size_t size, unsigned race,
			       const void *pc)
{
	if (access_point(op, address, size, race, pc))
		races_access(execution.current, address, size, race, pc);
}

void access_read(const volatile void *address, size_t size, const void *pc)
{
	access_tell(OP_READ, address, size, 0, pc);
}

void access_write(const volatile void *address, size_t size, const void *pc)
{
	access_tell(OP_WRITE, address, size, RACE_WRITE, pc);
}

void access_read_volatile(const volatile void *address, size_t size, const void *pc)
{
	access_tell(OP_READ, address, size, RACE_VOLATILE, pc);
}

void access_write_volatile(const volatile void *address, size_t size, const void *pc)
{
	access_tell(OP_WRITE, address, size, RACE_WRITE | RACE_VOLATILE, pc);
}

/* Whether a compare-exchange reads or writes shows when it is done. */
static bool exchange_is_seen;

void access_atomic(enum op op, const volatile void *address, size_t size, int order, const void *pc)
{
	unsigned race = op == OP_ATOMIC_LOAD ? RACE_ATOMIC : RACE_ATOMIC | RACE_WRITE;

	if (op == OP_ATOMIC_CAS) {
		exchange_is_seen = access_point(op, address, size, 0, pc);
		return;
	}
	access_tell(op, address, size, race, pc);
	if (execution.current)
		races_atomic(execution.current, op, address, order);
}

void access_atomic_done(uint64_t before, uint64_t after)
{
	if (!execution.current || execution.threads == 1)
		return;
	record_before(before);
	record_value(after);
}

void access_exchange_done(const struct access_exchange *exchange)
{
	struct thread *self = execution.current;

	if (!self)
		return;
	reduction_exchange((const void *)exchange->address, exchange->expected, exchange->done);
	if (exchange_is_seen)
		races_access(self, exchange->address, exchange->size,
			     RACE_ATOMIC | (exchange->done ? RACE_WRITE : 0), exchange->pc);
	races_atomic(self, exchange->done ? OP_ATOMIC_RMW : OP_ATOMIC_LOAD, exchange->address,
		     exchange->order);
}

void access_fence(int order, const void *pc)
{
	struct thread *self = execution.current;

	if (!self)
		return;
	if (session.recording)
		record_note(self, OP_FENCE, 0, 0, pc);
	races_fenced(self, order);
}

void access_module_add(unsigned long start, unsigned long end)
{
	for (unsigned i = 0; i < module_count; i++)
		if (modules[i].start == start)
			return;
	if (module_count < MODULES_MAX)
		modules[module_count++] = (struct range){.start = start, .end = end};
}

bool access_is_instrumented(const void *pc)
{
	if (!execution.current || execution.threads == 1)
		return false;
	for (unsigned i = 0; i < module_count; i++)
		if ((unsigned long)pc >= modules[i].start && (unsigned long)pc < modules[i].end)
			return true;
	return false;
}
