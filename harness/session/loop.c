/*
 * loop.c - see loop.h.
 *
 * Only code of the program and its libraries is kept waiting; the C library's is gone through, and
 * heddle's own is passed over where all that it did was to give others a turn. What else heddle's
 * functions do (the clock, the heap) they may do differently the next time.
 *
 * Instructions carried out one by one take a thousand times as long, and mostly for nothing: a
 * computation that takes long is no loop that waits. So they come out of an allowance, which grows
 * by less than a hundredth of the time that passes; what was found is given back.
 *
 * To wait for the next tick takes as long as a million instructions. So the heads of the loops that
 * were found have breakpoints, where threads are looked at when they get there, for as long as that
 * is worth its time.
 */
#include "session/loop.h"

#include "machine/breakpoint.h"
#include "machine/cycle.h"
#include "machine/fiber.h"
#include "machine/probe.h"
#include "machine/syscall.h"
#include "machine/tick.h"
#include "session/code.h"
#include "session/note.h"
#include "session/outside.h"
#include "session/spin.h"
#include "session/step.h"

#include <errno.h>

#define TRAP_FLAG	 0x100ll
#define STACK_LEFT_BYTES (32ul << 10)

/* An instruction takes about 4 us so: each tick adds 0.6 % of its time. */
#define ALLOWANCE_OF_A_TICK 6u
#define ALLOWANCE_FIRST	    1024u
#define ALLOWANCE_MAX	    8192u
#define ALLOWANCE_MIN	    64u
/* Instructions that a search may take, the first time; then four times as many each time. */
#define SEARCH_FIRST 256u
/* Of heddle's own code in one call. */
#define OWN_MAX 2000u

/* Loops whose heads are remembered. Threads that come by one and do not wait there, in a row, after
 * which its breakpoint is taken away: each costs about a hundredth of what a tick does. */
#define HEADS_MAX 64u

/* How often a thread yields with nobody else to go until it is looked at, and again after twice as
 * many; for how long. */
#define YIELDS_FIRST  256u
#define YIELDS_SEARCH 1024u
/* Until unused parts of the stack are as they were a turn before. */
#define HEAD_TURNS 4u
#define FUTILE_MAX 64u

/* How far the program is: all of that stays while a thread is without an event. */
struct progress {
	const struct thread *current;
	uint64_t step, quantum;
};

struct loop {
	struct guard guards[CYCLE_READS_MAX];
};

struct head {
	unsigned long address;
	uint32_t length, futile;
};

static struct head heads[HEADS_MAX];
static uint32_t head_count;

static struct {
	struct progress seen;
	/* Ticks since then; how many of them have looked. */
	uint32_t ticks, looks;
	uint32_t allowance;
	bool stepping, yielded;
	bool counted; /* loop_is_silent() */
	bool flagged; /* the processor was told to trap after each instruction */
	uint32_t traps, traps_seen, own_steps;
	struct head *head; /* that the search began at, or null */
	int32_t pid;	   /* the process that gets ticks */
} watch;

static struct progress progress(void)
{
	return (struct progress){
		.current = execution.current, .step = execution.step, .quantum = execution.quantum};
}

static bool is_progress(const struct progress *seen)
{
	struct progress now = progress();

	return now.current == seen->current && now.step == seen->step &&
	       now.quantum == seen->quantum;
}

/* Code that is not known is the program's: loaded later, or made by it. */
static bool may_wait_at(unsigned long address)
{
	enum code_kind kind = code_kind(address);

	return kind != CODE_LIBRARY && kind != CODE_OWN;
}

void loop_init(void)
{
	cycle_init(may_wait_at);
	watch.allowance = ALLOWANCE_FIRST;
}

void loop_begin(void)
{
	watch.stepping = false;
	watch.head = 0;
	watch.ticks = 0;
	if (watch.pid == session.pid)
		return;
	watch.pid = session.pid;
	tick_start();
}

/* ------- when to look ------- */

static bool is_on_own_stack(const ucontext_t *context)
{
	const struct fiber *fiber = execution.current->fiber;
	unsigned long sp = (unsigned long)context->uc_mcontext.gregs[REG_RSP];

	return sp < (unsigned long)fiber->stack_high &&
	       sp > (unsigned long)fiber->stack_low + FIBER_GUARD_BYTES + STACK_LEFT_BYTES;
}

static bool may_look(const ucontext_t *context)
{
	return watch.allowance >= ALLOWANCE_MIN && is_on_own_stack(context) && !spin_is_trying() &&
	       !(context->uc_mcontext.gregs[REG_EFL] & TRAP_FLAG);
}

static uint32_t search_limit(void)
{
	uint32_t limit = watch.looks < 3 ? SEARCH_FIRST << 2 * watch.looks : ALLOWANCE_MAX;

	return limit < watch.allowance ? limit : watch.allowance;
}

static void look_begin(bool counted)
{
	watch.stepping = watch.flagged = true;
	watch.counted = counted;
	watch.own_steps = watch.traps = 0;
	watch.traps_seen = UINT32_MAX;
}

static void look(ucontext_t *context)
{
	look_begin(false);
	context->uc_mcontext.gregs[REG_EFL] |= TRAP_FLAG;
}

/* In code of heddle's. */
static void look_from_here(void)
{
	look_begin(true);
	watch.own_steps = 1;
	watch.yielded = true;
	/* Not in what the function may have below its stack pointer. */
	__asm__ volatile("lea -128(%%rsp), %%rsp\n\t"
			 "pushfq\n\t"
			 "orq %0, (%%rsp)\n\t"
			 "popfq\n\t"
			 "lea 128(%%rsp), %%rsp"
			 :
			 : "i"(TRAP_FLAG)
			 : "memory", "cc");
}

void loop_tick(ucontext_t *context)
{
	if (watch.allowance < ALLOWANCE_MAX)
		watch.allowance += ALLOWANCE_OF_A_TICK;
	/* Nothing has come of it since: the code was left without an end of the steps. */
	if (watch.stepping && watch.traps == watch.traps_seen) {
		watch.stepping = false;
		breakpoint_lower();
	}
	watch.traps_seen = watch.traps;
	if (watch.stepping || !execution.current)
		return;
	if (!is_progress(&watch.seen)) {
		watch.seen = progress();
		watch.ticks = watch.looks = 0;
		return;
	}
	watch.ticks++;
	if (watch.ticks & (watch.ticks - 1) || !may_look(context))
		return;
	cycle_begin(search_limit(), 0);
	watch.looks++;
	look(context);
}

/* ------- heads ------- */

static struct head *head_at(unsigned long address)
{
	for (uint32_t i = 0; i < head_count; i++)
		if (heads[i].address == address)
			return &heads[i];
	return 0;
}

static struct head *head_add(unsigned long address)
{
	struct head *head = head_at(address);

	if (!head && head_count < HEADS_MAX) {
		head = &heads[head_count++];
		head->address = address;
	}
	return head;
}

/* A thread waits there. */
static void head_found(unsigned long address)
{
	struct head *head = head_add(address);

	if (!head)
		return;
	head->length = cycle_length();
	head->futile = 0;
	breakpoint_set(address);
}

bool loop_looks_at(unsigned long address, ucontext_t *context)
{
	struct head *head = head_at(address);

	if (!head || !is_on_own_stack(context) || spin_is_trying())
		return false;
	watch.seen = progress();
	watch.head = head;
	cycle_begin(HEAD_TURNS * head->length, head->length);
	look(context);
	return true;
}

/* ------- looking ------- */

static void look_end(ucontext_t *context)
{
	watch.stepping = watch.flagged = false;
	context->uc_mcontext.gregs[REG_EFL] &= ~TRAP_FLAG;
	breakpoint_lower();
}

/* It came to nothing. */
void loop_abandon(ucontext_t *context)
{
	struct head *head = watch.head;

	if (!watch.stepping)
		return;
	look_end(context);
	watch.head = 0;
	if (!head)
		watch.allowance -=
			cycle_steps() < watch.allowance ? cycle_steps() : watch.allowance;
	else if (++head->futile == FUTILE_MAX)
		breakpoint_clear(head->address);
}

static void look_found(ucontext_t *context)
{
	look_end(context);
	watch.head = 0;
	watch.looks = 0;
	head_found((unsigned long)context->uc_mcontext.gregs[REG_RIP]);
	breakpoint_detour(context);
}

void loop_has_yielded(void)
{
	watch.yielded = true;
}

/* In a replay who sleeps may go, because it may be that the trace wants it to. */
static bool any_could_go(void)
{
	for (uint32_t i = 0; i < enabled.count; i++) {
		const struct thread *thread = &threads[bitset_at(&enabled, i)];

		if (thread->op != OP_YIELD || thread->deadline_ns == DEADLINE_NONE ||
		    thread->deadline_ns <= execution.now_ns)
			return true;
	}
	return false;
}

/* In a trace the number of yields must not depend on when a tick comes, so they are counted. */
void loop_yield_ends(void)
{
	uint32_t times = ++execution.lone_yields;

	if (any_could_go())
		execution.lone_yields = 0;
	if (execution.lone_yields < YIELDS_FIRST || times & (times - 1) || watch.stepping)
		return;
	watch.seen = progress();
	watch.head = 0;
	cycle_begin(YIELDS_SEARCH, 0);
	look_from_here();
}

bool loop_is_silent(void)
{
	return watch.stepping && watch.counted;
}

/* The thread is in heddle's own code: false where there is no use in waiting for it to come back.
 */
static bool pass_over(const ucontext_t *context)
{
	if (!watch.own_steps)
		watch.yielded = false;
	return ++watch.own_steps <= OWN_MAX && is_on_own_stack(context);
}

bool loop_trap_late(const siginfo_t *info, ucontext_t *context)
{
	if (!watch.flagged || info->si_code != TRAP_TRACE)
		return false;
	look_end(context);
	return true;
}

static bool is_waiting_so_far(const ucontext_t *context, enum cycle_answer *answer)
{
	*answer = CYCLE_ON;
	if (!is_progress(&watch.seen))
		return false;
	if (code_kind((unsigned long)context->uc_mcontext.gregs[REG_RIP]) == CODE_OWN)
		return pass_over(context);
	if (watch.own_steps && !watch.yielded)
		return false;
	watch.own_steps = 0;
	*answer = cycle_step(context);
	return *answer == CYCLE_ON;
}

bool loop_trap(const siginfo_t *info, ucontext_t *context)
{
	enum cycle_answer answer;

	if (!watch.stepping)
		return false;
	watch.traps++;
	/* An instruction that has its own trap. */
	if (info->si_code != TRAP_TRACE) {
		loop_abandon(context);
		return false;
	}
	if (is_waiting_so_far(context, &answer))
		return true;
	if (answer == CYCLE_FOUND)
		look_found(context);
	else
		loop_abandon(context);
	return true;
}

/* ------- waiting ------- */

static struct guard guard_of(const struct cycle_read *read)
{
	struct guard guard = {
		.object = (const void *)read->address, .op = OP_READ, .bytes = read->bytes};
	unsigned long value = 0;

	probe_read(guard.object, guard.bytes, &value);
	guard.value = value;
	return guard;
}

static bool is_on_stack(const struct thread *self, const struct cycle_read *read)
{
	return read->address >= (uint64_t)self->fiber->stack_low &&
	       read->address < (uint64_t)self->fiber->stack_high;
}

/* First what the thread most likely waits for: what is at the highest addresses has been reached by
 * what is at lower ones, tables of addresses and pointers. Last its own stack. */
static uint32_t guards_take(const struct thread *self, struct guard *guards)
{
	uint32_t count, taken = 0;
	const struct cycle_read *reads = cycle_reads(&count);

	for (int on_stack = 0; on_stack < 2; on_stack++)
		for (uint32_t i = count; i-- > 0;)
			if (is_on_stack(self, &reads[i]) == on_stack)
				guards[taken++] = guard_of(&reads[i]);
	return taken;
}

/* A loop that reads nothing waits for ever: for a change of itself. */
static uint32_t guards_or_itself(const struct thread *self, struct guard *guards,
				 unsigned long address)
{
	const struct cycle_read itself = {.address = address, .bytes = 1};
	uint32_t count = guards_take(self, guards);

	if (!count)
		guards[count++] = guard_of(&itself);
	return count;
}

void loop_wait(unsigned long address)
{
	struct thread *self = execution.current;
	const void *pc = (const void *)(address + 1);

	if (!self->loop)
		self->loop = room_take_as_is(sizeof(*self->loop));
	if (session.spins)
		spin_break(self);
	/* Which of the other threads' operations changes what it reads is not known. */
	if (session.reducing)
		note_uncontrolled("a loop without hooks that waits, in dpor", pc);
	self->guards = self->loop->guards;
	self->guard_count = guards_or_itself(self, self->loop->guards, address);
	step_point(self, OP_POINT, 0, 0, pc, false);
}

/* ------- the outside ------- */

static const struct thread *waiting_thread(void)
{
	for (uint32_t i = 0; i < execution.threads; i++)
		if (threads[i].phase == PHASE_PENDING && threads[i].op == OP_POINT &&
		    threads[i].guard_count)
			return &threads[i];
	return 0;
}

bool loop_wait_outside(void)
{
	const struct thread *thread = waiting_thread();

	if (!thread || !outside_may_act())
		return false;
	note_uncontrolled("a loop that waits for the outside", thread->pc);
	outside_pause();
	return true;
}
