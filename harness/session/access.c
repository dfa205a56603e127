#include "session/access.h"

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

/* Where not every access is an event. True where it was recorded. */
static bool learned_point(struct thread *self, enum op op, const void *address, size_t size,
			  const void *pc)
{
	switch (spin_access(self, op, address, size, pc)) {
	case SPIN_SILENT:
		return false;
	case SPIN_PRIVATE:
		record_unannounced(self, op, address, (uint32_t)size, pc);
		return true;
	case SPIN_EVENT:
		break;
	}
	step_point(self, op, (void *)(uintptr_t)address, (uint32_t)size, pc, !self->guard_count);
	self->yielding = false;
	if (op == OP_WRITE || op == OP_ATOMIC_STORE)
		spin_break(self);
	else
		spin_add(self, op, address, size, pc);
	return true;
}

static inline bool access_point(enum op op, const volatile void *address, size_t size,
				const void *pc)
{
	struct thread *self = execution.current;

	/* Before the first thread is created nobody else can see anything. */
	if (!self || execution.threads == 1)
		return false;
	if (session.spins)
		return learned_point(self, op, (const void *)address, size, pc);
	step_point(self, op, (void *)address, (uint32_t)size, pc, true);
	return true;
}

void access_read(const volatile void *address, size_t size, const void *pc)
{
	access_point(OP_READ, address, size, pc);
}

void access_write(const volatile void *address, size_t size, const void *pc)
{
	access_point(OP_WRITE, address, size, pc);
}

void access_read_volatile(const volatile void *address, size_t size, const void *pc)
{
	if (access_point(OP_READ, address, size, pc))
		record_flag(EVENT_VOLATILE);
}

void access_write_volatile(const volatile void *address, size_t size, const void *pc)
{
	if (access_point(OP_WRITE, address, size, pc))
		record_flag(EVENT_VOLATILE);
}

void access_atomic(enum op op, const volatile void *address, size_t size, const void *pc)
{
	access_point(op, address, size, pc);
}

void access_exchange(const volatile void *address, size_t size, uint64_t expected, const void *pc)
{
	if (execution.current)
		execution.current->expected = expected;
	access_point(OP_ATOMIC_CAS, address, size, pc);
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

void access_exchange_done(const volatile void *address, uint64_t expected, bool done)
{
	if (execution.current && !spin_is_trying())
		reduction_exchange((const void *)address, expected, done);
}

void access_fence(const void *pc)
{
	struct thread *self = execution.current;

	if (self && session.recording && !spin_is_trying())
		record_note(self, OP_FENCE, 0, 0, pc);
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
