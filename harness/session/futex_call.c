/*
 * futex_call.c - what the arguments of a call say, and which of them the kernel refuses, in its
 * order: a bad timeout first, then an operation that there is not, then the word.
 */
#include "session/futex_call.h"

#include "machine/maps.h"
#include "machine/probe.h"
#include "model/futex.h"
#include "session/clock.h"
#include "session/futex_step.h"
#include "session/note.h"

#include <errno.h>
#include <linux/futex.h>
#include <time.h>

bool futex_call_is_modelled(const struct futex_call *call, const void *pc)
{
	switch (call->operation & FUTEX_CMD_MASK) {
	case FUTEX_WAIT:
	case FUTEX_WAIT_BITSET:
	case FUTEX_WAKE:
	case FUTEX_WAKE_BITSET:
	case FUTEX_REQUEUE:
	case FUTEX_CMP_REQUEUE:
	case FUTEX_WAKE_OP:
		return true;
	default: /* with priority inheritance, or what came later */
		note_uncontrolled("syscall(SYS_futex) of that operation", pc);
		return false;
	}
}

/* ---- memory that other processes may see, too */

struct search {
	unsigned long address;
	bool found;
};

static void look(const struct mapping *mapping, void *argument)
{
	struct search *search = argument;

	if (mapping->start <= search->address && search->address < mapping->end)
		search->found = mapping->shared;
}

/* The words of a page are asked for once in a while, not at every call. */
static bool is_shared(const uint32_t *word)
{
	static unsigned long last_page;
	static bool last_found;
	struct search search = {.address = (unsigned long)word};

	if (last_page == (search.address | 4095))
		return last_found;
	maps_each(look, &search);
	last_page = search.address | 4095;
	last_found = search.found;
	return search.found;
}

static void other_processes_note(const struct futex_call *call, const void *pc)
{
	if (!(call->operation & FUTEX_PRIVATE_FLAG) && is_shared(call->word))
		note_uncontrolled("a futex that other processes may share", pc);
}

/* ---- arguments */

static bool has_timeout(const struct futex_call *call, int command)
{
	return call->timeout && (command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET);
}

/* The virtual time at which the wait ends. Requires: it is to end. */
static uint64_t deadline_of(const struct futex_call *call, int command)
{
	const struct timespec *time = (const struct timespec *)call->timeout;

	if (command == FUTEX_WAIT)
		return clock_after(time);
	return clock_deadline(
		call->operation & FUTEX_CLOCK_REALTIME ? CLOCK_REALTIME : CLOCK_MONOTONIC, time);
}

static long timeout_error(const struct futex_call *call)
{
	const struct timespec *time = (const struct timespec *)call->timeout;
	unsigned long value;

	if (!probe_read(&time->tv_sec, sizeof(value), &value) ||
	    !probe_read(&time->tv_nsec, sizeof(value), &value))
		return -EFAULT;
	return clock_is_duration(time) ? 0 : -EINVAL;
}

/* Memory need not be there for a wake, only an address. */
static long word_error(const uint32_t *word, bool is_read)
{
	unsigned long value;

	if ((unsigned long)word % FUTEX_BYTES)
		return -EINVAL;
	return is_read && !probe_read(word, FUTEX_BYTES, &value) ? -EFAULT : 0;
}

static bool has_operation(uint32_t coded)
{
	return (coded >> 28 & 7) <= FUTEX_OP_XOR;
}

static bool has_comparison(uint32_t coded)
{
	return (coded >> 24 & 15) <= FUTEX_OP_CMP_GE;
}

/* What it is about the other word and the second number. */
static long other_error(const struct futex_call *call, int command)
{
	if (command == FUTEX_WAKE_OP) {
		long error = word_error(call->other, true);

		return error || has_operation(call->third) ? error : -ENOSYS;
	}
	if (command != FUTEX_REQUEUE && command != FUTEX_CMP_REQUEUE)
		return 0;
	if ((int32_t)call->value < 0 || (int32_t)call->timeout < 0)
		return -EINVAL;
	return word_error(call->other, false);
}

static long error_of(const struct futex_call *call, int command)
{
	bool is_wait = command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET;
	bool has_bitset = command == FUTEX_WAIT_BITSET || command == FUTEX_WAKE_BITSET;
	long error = has_timeout(call, command) ? timeout_error(call) : 0;

	if (error)
		return error;
	if (call->operation & FUTEX_CLOCK_REALTIME && command != FUTEX_WAIT_BITSET)
		return -ENOSYS;
	if (has_bitset && !call->third)
		return -EINVAL;
	error = word_error(call->word, is_wait || command == FUTEX_CMP_REQUEUE);
	return error ? error : other_error(call, command);
}

static uint32_t clamped(uint32_t count)
{
	return count > FUTEX_COUNT_MAX ? FUTEX_COUNT_MAX : count;
}

/* The kernel looks at the count when it has woken one. */
static uint32_t at_least_one(uint32_t count)
{
	return (int32_t)count < 1 ? 1 : clamped(count);
}

/* ---- the call */

static long wait_call(struct thread *self, const struct futex_call *call, int command,
		      const void *pc)
{
	uint64_t deadline_ns =
		has_timeout(call, command) ? deadline_of(call, command) : DEADLINE_NONE;

	return futex_step_wait(self, call->word, call->value,
			       command == FUTEX_WAIT ? FUTEX_ANY : call->third, deadline_ns, pc);
}

static long wake_call(struct thread *self, const struct futex_call *call, int command,
		      const void *pc)
{
	uint32_t count = at_least_one(call->value);

	if (command == FUTEX_WAKE || call->third == FUTEX_ANY)
		return futex_step_wake(self, call->word, count, pc);
	return futex_step_wake_bitset(self, call->word, count, call->third, pc);
}

static long requeue_call(struct thread *self, const struct futex_call *call, int command,
			 const void *pc)
{
	const struct futex_requeue how = {.word = call->word,
					  .other = call->other,
					  .wake = clamped(call->value),
					  .move = clamped((uint32_t)call->timeout),
					  .value = command == FUTEX_CMP_REQUEUE ? &call->third : 0};

	return futex_step_requeue(self, &how, pc);
}

static long wake_op_call(struct thread *self, const struct futex_call *call, const void *pc)
{
	/* A comparison that there is not is noticed when the word has been changed. */
	bool goes_on = has_comparison(call->third);
	const struct futex_wake_op how = {
		.word = call->word,
		.other = call->other,
		.wake = goes_on ? at_least_one(call->value) : 0,
		.wake_other = goes_on ? at_least_one((uint32_t)call->timeout) : 0,
		.coded = call->third};
	long count = futex_step_wake_op(self, &how, pc);

	return goes_on ? count : -ENOSYS;
}

long futex_call(struct thread *self, const struct futex_call *call, const void *pc)
{
	int command = (int)(call->operation & FUTEX_CMD_MASK);
	long error = error_of(call, command);

	if (error)
		return error;
	other_processes_note(call, pc);
	switch (command) {
	case FUTEX_WAIT:
	case FUTEX_WAIT_BITSET:
		return wait_call(self, call, command, pc);
	case FUTEX_REQUEUE:
	case FUTEX_CMP_REQUEUE:
		return requeue_call(self, call, command, pc);
	case FUTEX_WAKE_OP:
		return wake_op_call(self, call, pc);
	default: /* FUTEX_WAKE, FUTEX_WAKE_BITSET */
		return wake_call(self, call, command, pc);
	}
}
