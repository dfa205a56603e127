/*
 * verdict.c - the end of an execution, and the report about it.
 *
 * The verdict is written down at once, in the shared block; where each thread is only when someone
 * asks, on the carrier, since then every fiber is suspended and its registers lie on its stack.
 */
#include "session/verdict.h"

#include "base/text.h"
#include "machine/console.h"
#include "machine/fiber.h"
#include "machine/memory.h"
#include "machine/syscall.h"
#include "session/module.h"
#include "session/note.h"
#include "session/outcome.h"
#include "session/outside.h"
#include "session/record.h"
#include "session/spin.h"
#include "session/step.h"
#include "session/waiting.h"

#include <linux/futex.h>

/* Registers of the thread at fault where a signal stopped it; else it is suspended like the others.
 */
static bool stopped_by_signal;
static ucontext_t stopped_at;

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash ^= value;
	return hash * 0x100000001b3u;
}

static uint64_t mix_text(uint64_t hash, const char *text)
{
	while (*text)
		hash = mix(hash, (unsigned char)*text++);
	return hash;
}

static struct report *report_start(enum verdict verdict, const void *pc)
{
	struct report *report = &session.worker->report;

	report->verdict = verdict;
	report->pid = session.pid;
	report->exit_status = 0;
	report->signal = 0;
	report->fault_address = 0;
	report->thread = execution.current ? (int32_t)execution.current->number : -1;
	report->pc = (uint64_t)pc;
	report->step = 0;
	report->in_part = 0;
	report->spurious = execution.spurious;
	report->message[0] = '\0';
	/* A predecessor of this worker may have been killed in the middle of one. */
	report->look = LOOK_NONE;
	report->signature = mix(mix(0xcbf29ce484222325u, verdict), report->pc);
	stopped_by_signal = false;
	return report;
}

static void finish(void) __attribute__((noreturn));
static void finish(void)
{
	carrier_call(REQUEST_FINISH);
	__builtin_unreachable();
}

/* The process ends while some threads wait for each other for ever: also a deadlock. Those that
 * wait for anything else may be meant to be cut off. */
static bool deadlock_in_part(void)
{
	struct report *report = &session.worker->report;
	uint64_t places = 0;

	for (uint32_t i = 0; i < execution.threads; i++)
		if (waiting_for_good(&threads[i]))
			places += mix((uint64_t)threads[i].pc, threads[i].op);
	if (!places)
		return false;
	report_start(VERDICT_DEADLOCK, 0);
	report->thread = -1;
	report->in_part = 1;
	report->signature += places;
	return true;
}

void verdict_exit(int status)
{
	struct report *report = &session.worker->report;

	if (deadlock_in_part()) {
		report->exit_status = status;
		carrier_call(REQUEST_FINISH);
		return;
	}
	report_start(status ? VERDICT_EXIT_STATUS : outcome_close(), 0);
	report->exit_status = status;
	report->signature = mix(report->signature, (uint64_t)status);
	if (!status)
		outcome_describe(report);
	if (!session.explore && report->verdict == VERDICT_PASSED && !session.recording &&
	    !session.replaying) {
		execution.current = 0;
		return;
	}
	carrier_call(REQUEST_FINISH);
}

/* The end of the process is an event of its own, which depends on everything, so that the operation
 * that led to it does not: elsewhere that may find what does not end anything. */
void verdict_announce(enum op op, const void *pc)
{
	struct thread *self = execution.current;

	spin_break(self);
	/* Others may fail while the thread waits that is ending the process. */
	if (!execution.exiting || (op == OP_ABORT && self != execution.exiting_thread))
		step_point(self, op, 0, 0, pc, true);
}

/* What new threads would have touched is not known, so neither is what of that others can see. */
static void unbegun_note(const void *pc)
{
	if (session.learned && unannounced.count)
		note_uncontrolled("an end before a new thread has begun", pc);
}

void verdict_unannounced(const void *pc)
{
	unbegun_note(pc);
	if (!session.reducing || !session.shared->config.keep_going ||
	    (execution.exiting && execution.current == execution.exiting_thread))
		return;
	for (uint32_t i = 0; i < execution.threads; i++)
		if (threads[i].phase == PHASE_PENDING)
			note_uncontrolled("an end outside of the program's code, in dpor", pc);
}

void verdict_assertion(const char *message, const void *pc)
{
	struct report *report;
	struct text text;

	verdict_announce(OP_ABORT, pc);
	report = report_start(VERDICT_ASSERTION, pc);
	text = text_over(report->message, sizeof(report->message));
	text_add(&text, message);
	report->signature = mix_text(report->signature, message);
	finish();
}

void verdict_abort(const void *pc)
{
	verdict_announce(OP_ABORT, pc);
	report_start(VERDICT_ABORT, pc);
	finish();
}

/* One of the C library holds locks that are not modelled: nobody else can go there. */
void verdict_heap(enum verdict verdict, const struct heap_report *heap, const void *pc)
{
	struct report *report;

	if (module_is_program((unsigned long)pc))
		verdict_announce(OP_ABORT, pc);
	else
		verdict_unannounced(pc);
	report = report_start(verdict, pc);
	report->heap = *heap;
	report->signature = mix(mix(report->signature, heap->allocated.pc), heap->freed.pc);
	finish();
}

void verdict_object_misuse(const struct misuse_report *misuse, const void *pc)
{
	struct report *report;

	verdict_announce(OP_ABORT, pc);
	report = report_start(VERDICT_MISUSE, pc);
	report->misuse = *misuse;
	report->signature = mix(report->signature, misuse->op);
	finish();
}

void verdict_assumed(const void *pc)
{
	struct report *report;

	verdict_announce(OP_ABORT, pc);
	report = report_start(VERDICT_ASSUMED, pc);
	report->signature = SHARED_RESULT_ASSUMED;
	finish();
}

void verdict_redundant(void)
{
	report_start(VERDICT_DISCARDED, 0);
	finish();
}

void verdict_untimely(void)
{
	report_start(VERDICT_DISCARDED, 0)->in_part = 1;
	finish();
}

void verdict_endless(void)
{
	session.shared->depth_cut = 1;
	report_start(VERDICT_DISCARDED, 0);
	finish();
}

void verdict_deadlock(void)
{
	struct report *report = report_start(
		execution.guarded > execution.blocked ? VERDICT_LIVELOCK : VERDICT_DEADLOCK, 0);

	report->thread = -1;
	/* The same one is the same set of waiting places, whoever came first. */
	for (uint32_t i = 0; i < execution.threads; i++)
		if (threads[i].phase == PHASE_PENDING)
			report->signature += mix((uint64_t)threads[i].pc, threads[i].op);
	finish();
}

void verdict_diverged(void)
{
	struct report *report = report_start(VERDICT_DIVERGED, 0);

	report->step = session.replay.at;
	finish();
}

static void stopped(const ucontext_t *context)
{
	memory_copy(&stopped_at, context, sizeof(stopped_at));
	stopped_by_signal = true;
}

void verdict_fault(int signal, const siginfo_t *info, const ucontext_t *context)
{
	const void *pc = (const void *)context->uc_mcontext.gregs[REG_RIP];
	bool overflow = signal == SIGSEGV && fiber_is_guard((unsigned long)info->si_addr);
	enum verdict verdict = overflow		   ? VERDICT_STACK_OVERFLOW
			       : signal == SIGABRT ? VERDICT_ABORT
						   : VERDICT_CRASH;
	/* A recursion ends in a random one of its functions. */
	struct report *report = report_start(verdict, pc);

	report->signal = signal;
	report->fault_address = (uint64_t)info->si_addr;
	stopped(context);
	finish();
}

/* It is nobody's fault: all threads wait, and some of them for the outside. */
static void waits_outside(struct report *report)
{
	struct text text = text_over(report->message, sizeof(report->message));

	text_add(&text, "no thread can go on before something comes from outside of the program");
	report->thread = -1;
	report->pc = 0;
	report->signature = VERDICT_STUCK;
	for (uint32_t i = 0; i < execution.threads; i++)
		if (threads[i].phase == PHASE_PENDING)
			report->signature += mix((uint64_t)threads[i].pc, threads[i].op);
}

void verdict_stuck(const ucontext_t *context)
{
	struct report *report =
		report_start(VERDICT_STUCK, (const void *)context->uc_mcontext.gregs[REG_RIP]);

	verdict_unannounced(execution.current->pc);
	if (outside_is_waiting()) {
		waits_outside(report);
		finish();
	}
	/* Where in its loop it was caught is chance; where it came from is not. */
	report->signature =
		mix(mix(VERDICT_STUCK, execution.current->number), (uint64_t)execution.current->pc);
	stopped(context);
	finish();
}

void verdict_race(uint64_t signature, const void *pc)
{
	unbegun_note(pc);
	report_start(VERDICT_DATA_RACE, pc)->signature = signature;
	finish();
}

static uint16_t state_of(const struct thread *thread)
{
	switch (thread->phase) {
	case PHASE_UNANNOUNCED:
		return THREAD_UNSTARTED;
	case PHASE_RUNNING:
		return THREAD_RUNNING;
	case PHASE_PENDING:
		return step_is_enabled(thread) ? THREAD_PENDING : THREAD_BLOCKED;
	case PHASE_JOINING:
		return THREAD_BLOCKED;
	case PHASE_ENDED:
		return THREAD_ENDED;
	}
	return THREAD_ENDED;
}

static void registers_from_signal(struct thread_report *report)
{
	const greg_t *g = stopped_at.uc_mcontext.gregs;

	report->rip = (uint64_t)g[REG_RIP];
	report->rsp = (uint64_t)g[REG_RSP];
	report->rbp = (uint64_t)g[REG_RBP];
	report->rbx = (uint64_t)g[REG_RBX];
	report->r12 = (uint64_t)g[REG_R12];
	report->r13 = (uint64_t)g[REG_R13];
	report->r14 = (uint64_t)g[REG_R14];
	report->r15 = (uint64_t)g[REG_R15];
}

static void registers_from_stack(struct thread_report *report, const struct fiber *fiber)
{
	const struct fiber_frame *frame = fiber->state.sp;

	if (!frame)
		return;
	report->rip = frame->rip;
	report->rsp = (uint64_t)(frame + 1);
	report->rbp = frame->rbp;
	report->rbx = frame->rbx;
	report->r12 = frame->r12;
	report->r13 = frame->r13;
	report->r14 = frame->r14;
	report->r15 = frame->r15;
}

static void thread_describe(struct thread_report *report, const struct thread *thread)
{
	*report = (struct thread_report){
		.thread = thread->number,
		.state = state_of(thread),
		.op = (uint16_t)thread->op,
		.address = (uint64_t)thread->object,
		.pc = (uint64_t)thread->pc,
		.start = (uint64_t)thread->start,
		.holder = waiting_for(thread),
		.for_good = waiting_for_good(thread),
		.arena = thread->arena,
		.size = thread->size,
	};
	memory_copy(report->name, thread->name, sizeof(report->name));
	if (thread->phase == PHASE_PENDING && thread->guard_count &&
	    !op_is_on_channel(thread->op)) {
		report->loops = 1;
		report->address = (uint64_t)thread->guards[0].object;
		report->op = (uint16_t)thread->guards[0].op;
		report->holder = -1;
	}
	if (thread->phase == PHASE_ENDED)
		return;
	if (stopped_by_signal && (int32_t)thread->number == session.worker->report.thread)
		registers_from_signal(report);
	else
		registers_from_stack(report, thread->fiber);
}

static bool is_only_one(const struct thread *thread)
{
	for (uint32_t i = 0; i < execution.threads; i++)
		if (&threads[i] != thread && threads[i].fiber == thread->fiber)
			return false;
	return true;
}

/* The stacks in the order of their addresses, with who has them or had them last. */
static void stacks_describe(struct report *report)
{
	report->stack_count = 0;
	report->caller = session.caller;
	for (uint32_t i = 0; i < fiber_count() && i < SHARED_THREADS_MAX; i++) {
		const struct fiber *fiber = fiber_at(i);
		const struct thread *thread = fiber->state.user;
		struct stack_report *stack;

		if (!thread)
			continue;
		stack = &report->stacks[report->stack_count++];
		*stack = (struct stack_report){
			.low = (uint64_t)fiber->stack_low,
			.high = (uint64_t)fiber->stack_high,
			.control = fiber->fs_base,
			.thread = thread->number,
		};
		if (thread->start_frame && is_only_one(thread)) {
			stack->frame = thread->start_frame;
			stack->start = thread->start_code;
		}
	}
}

static void threads_describe(struct report *report)
{
	stacks_describe(report);
	report->thread_count = execution.threads;
	for (uint32_t i = 0; i < execution.threads && i < SHARED_THREADS_MAX; i++)
		thread_describe(&report->threads[i], &threads[i]);
}

void verdict_look(void)
{
	struct report *report = &session.worker->report;
	const struct thread *thread = session.requester->state.user;

	stopped_by_signal = false;
	report->pid = session.pid;
	report->thread = (int32_t)thread->number;
	threads_describe(report);
	report->event_count = record_count();
	verdict_hand_over();
}

void verdict_threads(void)
{
	struct report *report = &session.worker->report;

	threads_describe(report);
	/* Also at the end of a replay, when nothing more is recorded. */
	if (session.recording || session.replaying) {
		record_settle();
		record_pending();
	}
	report->event_count = record_count();
}

void verdict_hand_over(void)
{
	uint32_t *state = &session.worker->state;

	__atomic_store_n(state, WORKER_REPORTING, __ATOMIC_RELEASE);
	while (__atomic_load_n(state, __ATOMIC_ACQUIRE) == WORKER_REPORTING)
		sys_call4(SYS_futex, state, FUTEX_WAIT, WORKER_REPORTING, 0);
}
