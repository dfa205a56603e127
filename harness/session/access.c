#include "session/access.h"

#include "detect/race.h"
#include "machine/heap_watch.h"
#include "session/heap_check.h"
#include "session/races.h"
#include "session/record.h"
#include "session/reduction.h"
#include "session/spin.h"
#include "session/step.h"
#include "trace/event.h"

#define MODULES_MAX 64u

struct range {
	unsigned long start, end;
};

/* Code that was compiled with the hooks. */
static struct range modules[MODULES_MAX];
static unsigned module_count;

/* Where not every access is an event. True where it was one, or may race. */
static bool learned_point(struct thread *self, enum op op, const void *address, size_t size,
			  unsigned race, const void *pc)
{
	switch (spin_access(self, op, address, size, pc)) {
	case SPIN_SILENT:
		return false;
	case SPIN_PRIVATE:
		record_unannounced(self, op, address, (uint32_t)size, pc);
		if (race & RACE_VOLATILE)
			record_flag(EVENT_VOLATILE);
		/* The heap is freed by who may never have accessed it. */
		return heap_has((unsigned long)address);
	case SPIN_EVENT:
		break;
	}
	step_point(self, op, (void *)(uintptr_t)address, (uint32_t)size, pc, !self->guard_count);
	self->yielding = false;
	if (race & RACE_VOLATILE)
		record_flag(EVENT_VOLATILE);
	if (op == OP_WRITE || op == OP_ATOMIC_STORE)
		spin_break(self);
	else
		spin_add(self, op, address, size, pc);
	return true;
}

/* Returns true where the race detector has to know of the access: what an exhaustive search takes
 * for private cannot race, but with a free. */
static inline bool access_point(enum op op, const volatile void *address, size_t size,
				unsigned race, const void *pc)
{
	struct thread *self = execution.current;

	/* Before the first thread is created nobody else can see anything. */
	if (!self || execution.threads == 1)
		return false;
	if (session.spins)
		return learned_point(self, op, (const void *)address, size, race, pc);
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
	heap_check(op, address, size, pc);
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

/* Whether weaker memory than heddle's could show what no execution does. */
static void order_note(int order)
{
	if (order != __ATOMIC_SEQ_CST && !session.shared->weak_orders)
		session.shared->weak_orders = 1;
}

void access_atomic(enum op op, const volatile void *address, size_t size, int order, const void *pc)
{
	unsigned race = op == OP_ATOMIC_LOAD ? RACE_ATOMIC : RACE_ATOMIC | RACE_WRITE;

	access_tell(op, address, size, race, pc);
	if (!execution.current || spin_is_trying())
		return;
	order_note(order);
	races_atomic(execution.current, op, address, order);
}

void access_exchange(const volatile void *address, size_t size, uint64_t expected, const void *pc)
{
	if (execution.current)
		execution.current->expected = expected;
	exchange_is_seen = access_point(OP_ATOMIC_CAS, address, size, 0, pc);
	heap_check(OP_ATOMIC_CAS, address, size, pc);
}

void access_atomic_done(uint64_t before, uint64_t after)
{
	if (!execution.current || execution.threads == 1)
		return;
	if (session.spins && before != after)
		spin_break(execution.current);
	if (spin_is_trying())
		return;
	record_before(before);
	record_value(after);
}

void access_exchange_done(const struct access_exchange *exchange)
{
	struct thread *self = execution.current;

	if (!self || spin_is_trying())
		return;
	reduction_exchange((const void *)exchange->address, exchange->expected, exchange->done);
	if (exchange_is_seen)
		races_access(self, exchange->address, exchange->size,
			     RACE_ATOMIC | (exchange->done ? RACE_WRITE : 0), exchange->pc);
	order_note(exchange->order);
	races_atomic(self, exchange->done ? OP_ATOMIC_RMW : OP_ATOMIC_LOAD, exchange->address,
		     exchange->order);
}

void access_fence(int order, const void *pc)
{
	struct thread *self = execution.current;

	if (!self || spin_is_trying())
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
	races_come_late((const void *)start);
	heap_watch();
	if (module_count < MODULES_MAX)
		modules[module_count++] = (struct range){.start = start, .end = end};
}

bool access_has_modules(void)
{
	return module_count > 0;
}

bool access_has_hooks(unsigned long address)
{
	for (unsigned i = 0; i < module_count; i++)
		if (address >= modules[i].start && address < modules[i].end)
			return true;
	return false;
}

bool access_is_instrumented(const void *pc)
{
	return execution.threads > 1 && access_is_watched(pc);
}

bool access_is_watched(const void *pc)
{
	if (!execution.current)
		return false;
	return access_has_hooks((unsigned long)pc);
}
