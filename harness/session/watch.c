/*
 * watch.c - see watch.h.
 *
 * A watchpoint tells of an access when it has happened, and a choice belongs before it. So
 * watchpoints only *find* the instructions; each one found gets a breakpoint, and from then on its
 * accesses are announced before they happen, with their address, size and kind, as those of
 * instrumented code are. Those that name the variable in themselves are found before the program
 * begins, by looking through its code. In a search, an execution in which one is found is given up
 * and carried out again; executions before it had no access there, so nothing of them changes. In a
 * run and in a replay the access is recorded where it has happened, and there was no choice before
 * that one; a trace says which instructions were found.
 *
 * An instruction that reads and writes (`add $1, counter`) without a lock prefix is two accesses,
 * as it is to another processor: when the second one's turn has come, what the first one had read
 * is put back before the instruction is carried out.
 *
 * Whether a plain move is meant to be atomic, an instruction does not say: the variable's type
 * does, and so does any instruction with a lock prefix.
 */
#include "session/watch.h"

#include "machine/breakpoint.h"
#include "machine/insn.h"
#include "machine/memory.h"
#include "machine/watchpoint.h"
#include "session/access.h"
#include "session/code.h"
#include "session/lock.h"
#include "session/note.h"
#include "session/point.h"
#include "session/races.h"
#include "session/record.h"
#include "session/restart.h"
#include "session/spin.h"
#include "session/step.h"
#include "trace/event.h"

#include <errno.h>

struct range {
	unsigned long start, end;
	bool is_atomic, is_volatile;
};

static struct range ranges[SHARED_WATCHES_MAX];
static uint32_t range_count, adopted;

/* What an instruction accesses of a range. */
struct access {
	struct range *range;
	unsigned long address, bytes;
	enum insn_access kind;
	bool locked;
};

static bool insn_at(struct insn *insn, unsigned long address)
{
	unsigned char bytes[INSN_BYTES_MAX];

	breakpoint_read(address, bytes, sizeof(bytes));
	return insn_decode(insn, bytes, sizeof(bytes));
}

static unsigned long control_block(void)
{
	unsigned long address;

	__asm__("mov %%fs:0, %0" : "=r"(address));
	return address;
}

/* In the order of the numbers in instructions. */
static const uint8_t places[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP,
				   REG_RSI, REG_RDI, REG_R8,  REG_R9,  REG_R10, REG_R11,
				   REG_R12, REG_R13, REG_R14, REG_R15};

/* The part of [address, address + bytes) that is watched. False where none is. */
static bool clip(struct access *access, unsigned long address, unsigned long bytes)
{
	unsigned long end = address + bytes;

	for (uint32_t i = 0; i < range_count; i++) {
		struct range *range = &ranges[i];

		if (address >= range->end || end <= range->start)
			continue;
		access->range = range;
		access->address = address < range->start ? range->start : address;
		access->bytes = (end > range->end ? range->end : end) - access->address;
		return true;
	}
	return false;
}

#define DIRECTION_FLAG 0x400

/* How the instruction at `at` accesses what is watched by its operand `number`. */
static bool access_of(struct access *access, const struct insn *insn, uint32_t number,
		      unsigned long at, const greg_t *registers)
{
	const struct insn_operand *operand = &insn->operand[number];
	unsigned long address, bytes = operand->bytes, fs = operand->fs ? control_block() : 0;
	uint64_t values[16];

	for (unsigned i = 0; i < sizeof(places); i++)
		values[i] = (uint64_t)registers[places[i]];
	address = insn_address(operand, values, at + insn->length, fs);
	if (insn->rep) {
		bytes *= (unsigned long)registers[REG_RCX];
		if (registers[REG_EFL] & DIRECTION_FLAG)
			address -= bytes ? bytes - operand->bytes : 0;
	}
	access->kind = operand->access;
	access->locked = insn->locked;
	return bytes && clip(access, address, bytes);
}

bool watch_concerns(unsigned long address, const greg_t *registers)
{
	struct access access;
	struct insn insn;

	if (!range_count || !insn_at(&insn, address) || insn.unclear)
		return false;
	for (uint32_t i = 0; i < insn.operands; i++)
		if (access_of(&access, &insn, i, address, registers))
			return true;
	return false;
}

/* ------- events ------- */

static void tell_races(struct thread *self, enum op op, const struct access *access, const void *pc)
{
	unsigned race = op_is_load(op) ? 0 : RACE_WRITE;

	if (op >= OP_ATOMIC_LOAD)
		race |= RACE_ATOMIC;
	if (access->range->is_volatile) {
		race |= RACE_VOLATILE;
		record_flag(EVENT_VOLATILE);
	}
	races_access(self, (void *)access->address, access->bytes, race, pc);
	if (op >= OP_ATOMIC_LOAD)
		races_atomic(self, op, (void *)access->address, __ATOMIC_SEQ_CST);
}

static void announce(struct thread *self, enum op op, const struct access *access, const void *pc)
{
	void *object = (void *)access->address;
	uint32_t bytes = (uint32_t)access->bytes;

	/* Of a turn of a loop in such code it is not known what else it has changed. */
	if (session.spins)
		spin_break(self);
	if (!session.learned ||
	    sharing_access(&session.sharing, self, access->address, bytes, !op_is_load(op)))
		step_point(self, op, object, bytes, pc, !self->guard_count);
	else
		record_unannounced(self, op, object, bytes, pc);
	tell_races(self, op, access, pc);
}

static enum op op_for(const struct access *access, enum insn_access kind)
{
	if (access->locked)
		return OP_ATOMIC_RMW;
	if (access->range->is_atomic)
		return kind == INSN_READ ? OP_ATOMIC_LOAD : OP_ATOMIC_STORE;
	return kind == INSN_READ ? OP_READ : OP_WRITE;
}

static void announce_all(struct thread *self, const struct access *access, const void *pc)
{
	unsigned char read[SHARED_WATCHES_MAX * 8];

	if (access->kind != INSN_BOTH || access->locked) {
		announce(self, op_for(access, access->kind), access, pc);
		return;
	}
	announce(self, op_for(access, INSN_READ), access, pc);
	memory_copy(read, (void *)access->address, access->bytes);
	announce(self, op_for(access, INSN_WRITE), access, pc);
	memory_copy((void *)access->address, read, access->bytes);
}

void watch_before(struct thread *self, unsigned long address, const greg_t *registers)
{
	struct access access;
	struct insn insn;

	if (!range_count || !insn_at(&insn, address) || insn.unclear)
		return;
	for (uint32_t i = 0; i < insn.operands; i++)
		if (access_of(&access, &insn, i, address, registers))
			announce_all(self, &access, (void *)(address + 1));
}

/* ------- finding ------- */

/* Whatever the instruction says of the variable. */
static void learn(const struct insn *insn, struct access *access)
{
	if (insn->locked)
		access->range->is_atomic = true;
}

/* The instruction that ends at `next`; 0 where that is not clear. */
static unsigned long insn_before(unsigned long next, struct insn *insn)
{
	struct code_function function;
	unsigned long at;

	if (!code_function(next - 1, &function))
		return 0;
	for (at = function.start; at < next && insn_at(insn, at); at += insn->length)
		if (at + insn->length == next)
			return at;
	return 0;
}

/* For all workers, and for a trace. */
static bool site_add(unsigned long address)
{
	struct shared *shared = session.shared;
	struct shared_place place = {.offset = 0};
	bool added;

	code_place(address, &place);
	lock_take();
	added = shared->site_count < SHARED_SITES_MAX;
	if (added) {
		shared->sites[shared->site_count] = place;
		__atomic_store_n(&shared->site_count, shared->site_count + 1, __ATOMIC_RELEASE);
	}
	lock_release();
	return added && breakpoint_set(address);
}

void watch_adopt(void)
{
	uint32_t count = __atomic_load_n(&session.shared->site_count, __ATOMIC_ACQUIRE);

	for (; adopted < count; adopted++) {
		unsigned long address = code_address(&session.shared->sites[adopted]);

		if (code_is_executable(address) && code_kind(address) == CODE_PROGRAM)
			breakpoint_set(address);
	}
}

static void happened_as(struct thread *self, enum op op, const struct access *access,
			const void *pc)
{
	record_unannounced(self, op, (void *)access->address, (uint32_t)access->bytes, pc);
	/* What is there now is not what was read. */
	if (op_is_load(op) && access->kind == INSN_BOTH)
		record_forget_value();
	/* It is written already. */
	if (!op_is_load(op))
		record_forget_before();
	if (session.replaying)
		replay_pass(&session.replay, self->number, op);
	tell_races(self, op, access, pc);
}

/* Registers that the instruction has changed may have been part of the address: then it is taken
 * to be what the watchpoint says, that is some of what is watched. */
static void happened(const struct insn *insn, unsigned long at, const greg_t *registers)
{
	struct thread *self = execution.current;
	const void *pc = (void *)(at + 1);
	struct access access;

	if (!access_of(&access, insn, 0, at, registers) &&
	    !clip(&access, ranges[0].start, ranges[0].end - ranges[0].start))
		return;
	if (access.kind & INSN_READ && !access.locked)
		happened_as(self, op_for(&access, INSN_READ), &access, pc);
	if (access.kind & INSN_WRITE)
		happened_as(self, op_for(&access, INSN_WRITE), &access, pc);
}

static void found(unsigned long at, const struct insn *insn, const greg_t *registers)
{
	struct access access;

	if (!site_add(at)) {
		note_uncontrolled("more instructions that access what is watched",
				  (void *)(at + 1));
		return;
	}
	if (access_of(&access, insn, 0, at, registers))
		learn(insn, &access);
	if (!execution.current || execution.threads == 1)
		return;
	if (session.explore && session.snapshot_wanted)
		restart_now();
	if (session.explore)
		carrier_call(REQUEST_AGAIN);
	happened(insn, at, registers);
}

void watch_after(unsigned long next, const greg_t *registers)
{
	enum code_kind kind = code_kind(next - 1);
	struct insn insn;
	unsigned long at;

	if (kind == CODE_OWN || access_has_hooks(next - 1))
		return;
	at = insn_before(next, &insn);
	if (at && breakpoint_is_set(at))
		return;
	if (!execution.current || execution.threads == 1) {
		if (at && kind == CODE_PROGRAM && !insn.unclear && insn.operands)
			found(at, &insn, registers);
	} else if (kind == CODE_LIBRARY) {
		note_uncontrolled("access to what is watched, in the C library", (void *)next);
	} else if (!at || insn.unclear || !insn.operands) {
		note_uncontrolled("access to what is watched, not understood", (void *)next);
	} else {
		found(at, &insn, registers);
	}
}

/* ------- the start ------- */

/* An operand that does not depend on registers. */
static bool is_direct(const struct insn_operand *operand)
{
	return (operand->base == INSN_RIP || operand->base == INSN_NO_REGISTER) &&
	       operand->index == INSN_NO_REGISTER && !operand->fs;
}

static void look_through(const struct code_function *function)
{
	static const uint64_t none[16];
	struct access access;
	struct insn insn;

	if (access_has_hooks(function->start))
		return;
	for (unsigned long at = function->start; at < function->end && insn_at(&insn, at);
	     at += insn.length) {
		const struct insn_operand *operand = &insn.operand[0];

		if (!insn.operands || insn.string || insn.unclear || !is_direct(operand) ||
		    !clip(&access, insn_address(operand, none, at + insn.length, 0),
			  operand->bytes))
			continue;
		learn(&insn, &access);
		breakpoint_set(at);
	}
}

static const char *reason_of(int error)
{
	switch (error) {
	case EACCES:
	case EPERM:
		return "--watch: the kernel does not allow watchpoints: set "
		       "kernel.perf_event_paranoid "
		       "to 2 or less (sysctl), and allow perf_event_open where a container forbids "
		       "it";
	case ENOSPC:
		return "--watch: all of the processor's watchpoints are in use: end the debugger "
		       "that "
		       "uses them, or watch less";
	case ENOSYS:
		return "--watch: the kernel has no perf_event_open: it needs CONFIG_PERF_EVENTS, "
		       "and a "
		       "container has to allow it";
	}
	return "--watch: neither the kernel nor the processor has watchpoints for a program: Linux "
	       "5.13 is needed, with hardware breakpoints (some virtual machines have none)";
}

static void range_set(const struct shared_watch *watch)
{
	unsigned long address = code_address(&watch->place);
	int error;

	if (!address)
		point_refuse("--watch: the program starts without ", watch->place.module);
	ranges[range_count++] = (struct range){.start = address,
					       .end = address + watch->bytes,
					       .is_atomic = watch->is_atomic,
					       .is_volatile = watch->is_volatile};
	error = watchpoint_set(address, watch->bytes);
	if (error)
		point_refuse(reason_of(error), "");
}

void watch_start(void)
{
	const struct shared_config *config = &session.shared->config;

	for (uint32_t i = 0; i < config->watch_count; i++)
		range_set(&config->watches[i]);
	if (range_count)
		code_each_function(look_through);
}
