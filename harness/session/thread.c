/*
 * thread.c - create, run, end, join.
 *
 * A new thread exists at once. Whether its start is a choice depends on the search: an exhaustive
 * one runs it to its first visible operation, since nothing before that can matter to others; a
 * random one lets the start itself wait its turn, which reaches orders in code that was not
 * instrumented.
 */
#include "session/thread.h"

#include "base/rng.h"
#include "machine/fiber.h"
#include "machine/layout.h"
#include "machine/memory.h"
#include "machine/real.h"
#include "session/misuse.h"
#include "session/objects.h"
#include "session/record.h"
#include "session/interrupt.h"
#include "session/note.h"
#include "session/races.h"
#include "session/reduction.h"
#include "session/spin.h"
#include "session/step.h"
#include "session/timeouts.h"
#include "session/sync.h"
#include "session/verdict.h"

#include <dlfcn.h>
#include <errno.h>
#include <setjmp.h>
#include <stdlib.h>

/* POSIX: PTHREAD_DESTRUCTOR_ITERATIONS rounds at least. */
#define DESTRUCTOR_ROUNDS 4

struct main_call {
	int (*function)(int, char **, char **);
	int argc;
	char **argv, **envp;
};

static struct main_call main_call;

static uint32_t *clocks(uint32_t count)
{
	return room_take(count * sizeof(uint32_t));
}

/* An address in a heap must not depend on what other threads have done, so an arena goes by the
 * path. Main's children, which are nearly always all, have one half, each its own; those of others
 * the other half. Two that meet there change each other's addresses in a search that is not
 * reducing; there all have different ones (reduction_name()). */
static uint32_t arena_of(const struct thread *parent, const struct thread *thread)
{
	uint32_t half = HEAP_THREAD_ARENAS / 2;

	if (!parent->number)
		return 1 + thread->child % (half - 1);
	/* HEAP_ARENA_BEFORE is nobody's. */
	return half + (uint32_t)(thread->path % (half - session.is_body));
}

static void name(struct thread *parent, struct thread *thread)
{
	struct rng rng;

	thread->child = parent->children++;
	rng = rng_stream(parent->path, thread->child);
	thread->path = rng_next(&rng);
	thread->arena = arena_of(parent, thread);
}

static struct thread *thread_new(struct thread *parent)
{
	struct thread *thread = &threads[execution.threads];

	memory_zero(thread, sizeof(*thread));
	thread->number = execution.threads++;
	thread->deadline_ns = DEADLINE_NONE;
	if (parent)
		name(parent, thread);
	if (session.learned)
		sharing_create(parent, thread, clocks);
	races_created(parent, thread);
	execution.live++;
	return thread;
}

static void thread_put(struct thread *thread, struct fiber *fiber)
{
	thread->fiber = fiber;
	fiber->state.user = thread;
}

struct thread *thread_of(pthread_t thread)
{
	struct fiber *fiber = fiber_of(thread);

	return fiber && fiber->state.in_use ? fiber->state.user : 0;
}

/* The thread that has the handle, or had it last. */
static struct thread *thread_last_of(pthread_t thread)
{
	struct fiber *fiber = fiber_of(thread);

	return fiber ? fiber->state.user : 0;
}

/* Also before there is a session: heddle_explore() may be called later. */
void thread_key_destructor(pthread_key_t key, void (*destructor)(void *))
{
	if (key >= KEYS_MAX)
		return;
	session.key_destructors[key] = destructor;
	if (destructor && key >= session.keys)
		session.keys = key + 1;
}

static void keys_destroy(void)
{
	bool again = true;

	for (int round = 0; again && round < DESTRUCTOR_ROUNDS; round++) {
		again = false;
		for (pthread_key_t key = 0; key < session.keys; key++) {
			void *value;

			if (!session.key_destructors[key])
				continue;
			value = pthread_getspecific(key);
			if (!value)
				continue;
			pthread_setspecific(key, 0);
			session.key_destructors[key](value);
			again = true;
		}
	}
}

/* Who waits for its end, as a thread that joins or as one that may be interrupted, can go. */
static void joiner_wake(const struct thread *self)
{
	if (self->joiner && self->joiner->phase == PHASE_JOINING)
		step_ready(self->joiner);
	step_changed(self->sent);
}

static void thread_end(struct thread *self) __attribute__((noreturn));
static void thread_end(struct thread *self)
{
	spin_break(self);
	interrupt_end(self);
	sync_onces_leave(self);
	if (real.__call_tls_dtors)
		real.__call_tls_dtors();
	keys_destroy();
	object_owner_ends(self);
	if (execution.live == 1)
		/* The last thread's end is the process's. */
		exit(execution.status);
	record_note(self, OP_END, 0, 0, 0);
	self->phase = PHASE_ENDED;
	execution.live--;
	joiner_wake(self);
	if (self->detached)
		fiber_give_back(self->fiber);
	step_reschedule(self);
	__builtin_unreachable();
}

static void *call_start(struct thread *self, const void *function, void *a, void *b, void *c)
{
	self->start_code = (unsigned long)function;
	return fiber_call(function, a, b, c, &self->start_frame);
}

static void thread_body(void *argument)
{
	struct thread *self = argument;

	step_started(self);
	/* pthread_exit() comes back here a second time. */
	if (!__sigsetjmp_cancel(self->fiber->unwind->__cancel_jmp_buf, 0))
		self->result = call_start(self, (const void *)self->start, self->argument, 0, 0);
	if (!execution.current->is_ending)
		interrupt_last(execution.current);
	thread_end(execution.current);
}

static void main_body(void *argument)
{
	struct thread *self = argument;

	execution.current = self;
	if (!__sigsetjmp_cancel(self->fiber->unwind->__cancel_jmp_buf, 0)) {
		int status = (int)(long)call_start(self, (const void *)main_call.function,
						   (void *)(long)main_call.argc, main_call.argv,
						   main_call.envp);

		if (!session.shared->config.wait_for_threads || execution.live == 1)
			exit(status);
		execution.status = status;
	}
	thread_end(execution.current);
}

struct fiber *thread_main(struct fiber *fiber, int (*function)(int, char **, char **), int argc,
			  char **argv, char **envp)
{
	struct thread *self = thread_new(0);

	interrupt_begin(self, 0);
	thread_put(self, fiber);
	main_call =
		(struct main_call){.function = function, .argc = argc, .argv = argv, .envp = envp};
	self->phase = PHASE_RUNNING;
	fiber_prepare(fiber, 0, main_body, self);
	return fiber;
}

struct attributes {
	size_t stack_bytes;
	void *stack_top;
	int detach_state;
};

static struct attributes attributes_of(const pthread_attr_t *attr)
{
	struct attributes attributes = {.detach_state = PTHREAD_CREATE_JOINABLE};
	void *address = 0;
	size_t bytes = 0;

	if (!attr)
		return attributes;
	pthread_attr_getdetachstate(attr, &attributes.detach_state);
	pthread_attr_getstacksize(attr, &attributes.stack_bytes);
	/* Without a stack of its own an attribute object gives an address that is just the size
	 * below zero. */
	if (!pthread_attr_getstack(attr, &address, &bytes) && address &&
	    (char *)address + bytes > (char *)address)
		attributes.stack_top = (char *)address + bytes;
	return attributes;
}

/* A stack's address must not depend on others either: where the search reduces, each thread has the
 * one of its number that is the same in all executions, as far as it is large enough. */
static struct fiber *fiber_find(const struct thread *thread, size_t stack_bytes)
{
	if (!session.reducing)
		return fiber_take(stack_bytes);
	if (thread->name_number >= fiber_count())
		return 0;
	return fiber_take_from(thread->name_number, stack_bytes);
}

static struct fiber *fiber_get(const struct thread *thread, size_t stack_bytes)
{
	struct fiber *fiber;

	while (!(fiber = fiber_find(thread, stack_bytes))) {
		unsigned count = fiber_count();

		session.grow_stack = stack_bytes;
		carrier_call(REQUEST_GROW);
		if (fiber_count() == count)
			return 0;
	}
	return fiber;
}

int thread_create(struct thread *self, pthread_t *created, const pthread_attr_t *attr,
		  void *(*start)(void *), void *argument, const void *pc)
{
	struct attributes attributes = attributes_of(attr);
	struct fiber *fiber;
	struct thread *thread;

	spin_break(self);
	if (execution.threads == THREADS_MAX)
		return EAGAIN;
	thread = thread_new(self);
	if (!reduction_name(self, thread)) {
		note_uncontrolled("more than 64 threads in all, in dpor", pc);
		session.shared->stop = 1;
		verdict_redundant();
	}
	interrupt_begin(thread, self);
	fiber = fiber_get(thread, attributes.stack_top ? 0 : attributes.stack_bytes);
	if (!fiber) {
		execution.threads--;
		execution.live--;
		return EAGAIN;
	}
	if (fiber->state.user)
		races_forget_memory(fiber->stack_low,
				    (size_t)(fiber->stack_high - fiber->stack_low));
	thread_put(thread, fiber);
	thread->start = start;
	thread->argument = argument;
	thread->detached = attributes.detach_state == PTHREAD_CREATE_DETACHED;
	thread->pc = pc;
	fiber_prepare(fiber, attributes.stack_top, thread_body, thread);
	*created = fiber->fs_base;
	record_note(self, OP_CREATE, (void *)(unsigned long)start, thread->number, pc);
	step_start(thread);
	return 0;
}

/* Where the wait may be interrupted, or ends at a deadline, to have waited is an event. */
static bool await_is_event(const struct thread *self, uint64_t deadline_ns)
{
	return interrupt_is_seen(self) || deadline_ns != DEADLINE_NONE ||
	       interrupt_is_planned(self, OP_AWAIT_END);
}

/* Nobody is asked when it ends or something is sent: the thread runs to its next operation. */
static void join(struct thread *self, const struct thread *thread, const void *pc)
{
	while (thread->phase != PHASE_ENDED) {
		step_join(self, pc);
		if (*self->sent & self->interrupts &
		    (thread->phase == PHASE_ENDED ? ~INTERRUPT_CANCEL : UINT64_MAX))
			interrupt_take(self);
	}
}

/* Waits for the end of `thread`. False where the deadline has come first. */
static bool await_end(struct thread *self, struct thread *thread, uint64_t deadline_ns,
		      const void *pc)
{
	thread->joiner = self;
	self->joining = thread;
	interrupt_point_begin(self, INTERRUPT_GOES_ON);
	if (await_is_event(self, deadline_ns)) {
		self->deadline_ns = deadline_ns;
		self->timed_out = false;
		if (session.learned && deadline_ns != DEADLINE_NONE)
			note_uncontrolled("a join with a deadline, in dpor and dfs", pc);
		step_point(self, OP_AWAIT_END, thread->sent, 0, pc, false);
		self->deadline_ns = DEADLINE_NONE;
	} else {
		join(self, thread, pc);
	}
	interrupt_point_end(self);
	self->joining = 0;
	if (thread->phase == PHASE_ENDED)
		return true;
	thread->joiner = 0;
	record_value(ETIMEDOUT);
	timeout_passed(deadline_ns);
	return false;
}

static int join_error(struct thread *self, struct thread *thread, const void *pc)
{
	if (!thread)
		return ESRCH;
	if (thread == self)
		return EDEADLK;
	misuse_of_thread(self, OP_JOIN, thread, pc);
	return self->joiner == thread ? EDEADLK : 0;
}

int thread_join(struct thread *self, pthread_t joined, void **result, uint64_t deadline_ns,
		const void *pc)
{
	struct thread *thread = thread_last_of(joined);
	int error = join_error(self, thread, pc);

	spin_break(self);
	if (error)
		return error;
	if ((thread->phase != PHASE_ENDED || interrupt_is_seen(self) ||
	     interrupt_is_planned(self, OP_AWAIT_END)) &&
	    !await_end(self, thread, deadline_ns, pc))
		return ETIMEDOUT;
	thread->joined = true;
	thread->left_at = pc;
	thread->left_by = self->number;
	if (result)
		*result = thread->result;
	if (session.learned)
		sharing_join(self, thread, clocks);
	races_joined(self, thread);
	reduction_joined(self, thread);
	record_note(self, OP_JOIN, 0, thread->number, pc);
	fiber_give_back(thread->fiber);
	return 0;
}

int thread_try_join(struct thread *self, pthread_t joined, void **result, const void *pc)
{
	struct thread *thread = thread_last_of(joined);
	int error = join_error(self, thread, pc);

	if (error)
		return error;
	if (session.learned)
		note_uncontrolled("pthread_tryjoin_np, in dpor and dfs", pc);
	if (thread->phase == PHASE_ENDED)
		return thread_join(self, joined, result, DEADLINE_NONE, pc);
	step_yield(self, pc);
	return EBUSY;
}

int thread_detach(struct thread *self, pthread_t detached, const void *pc)
{
	struct thread *thread = thread_last_of(detached);

	if (!thread)
		return ESRCH;
	misuse_of_thread(self, OP_DETACH, thread, pc);
	thread->left_at = pc;
	thread->left_by = self->number;
	record_note(self, OP_DETACH, 0, thread->number, pc);
	thread->detached = true;
	if (thread->phase == PHASE_ENDED)
		fiber_give_back(thread->fiber);
	return 0;
}

void thread_exit_process(struct thread *self, int status, const void *pc)
{
	bool is_first = !execution.exiting;

	verdict_announce(OP_EXIT, pc);
	if (is_first)
		record_value((uint64_t)status);
	execution.exiting = true;
	execution.exiting_thread = self;
}
