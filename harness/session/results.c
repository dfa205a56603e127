/*
 * results.c - the table of outcomes, and how many executions ended with each.
 *
 * Each worker has numbers of its own, so nobody waits for anybody, and a slot for each outcome that
 * any worker has seen. A worker can be killed at any moment, and its successor carries the
 * execution in flight out again unless it has been counted. So what its number is going to be is
 * written down before, with how many executions there were, and becomes the number after: whoever
 * finds it written down knows by the executions whether it counts.
 *
 * Numbers are of a generation of the search, as executions are; what has been seen stays.
 */
#include "session/results.h"

#include "base/text.h"
#include "machine/memory.h"
#include "session/lock.h"
#include "session/work.h"

_Static_assert((SHARED_RESULTS_ROOM & (SHARED_RESULTS_ROOM - 1)) == 0, "a mask of it makes slots");

/* Where the outcome is, or could be put. */
static uint32_t slot_find(uint64_t signature)
{
	const struct shared_result *results = session.shared->results;
	uint32_t slot = (uint32_t)signature & (SHARED_RESULTS_ROOM - 1);

	for (;;) {
		uint64_t there = __atomic_load_n(&results[slot].signature, __ATOMIC_ACQUIRE);

		if (!there || there == signature)
			return slot;
		slot = (slot + 1) & (SHARED_RESULTS_ROOM - 1);
	}
}

/* SHARED_RESULTS_ROOM where there are too many. */
static uint32_t slot_of(uint64_t signature)
{
	struct shared *shared = session.shared;
	uint32_t slot = slot_find(signature);
	struct text text;

	if (shared->results[slot].signature)
		return slot;
	lock_take();
	slot = slot_find(signature);
	if (!shared->results[slot].signature && shared->result_count == SHARED_RESULTS_MAX) {
		slot = SHARED_RESULTS_ROOM;
	} else if (!shared->results[slot].signature) {
		text = text_over(shared->results[slot].text, OUTCOME_BYTES);
		text_add(&text,
			 signature == SHARED_RESULT_ASSUMED ? "" : session.worker->outcome_text);
		shared->result_count++;
		__atomic_store_n(&shared->results[slot].signature, signature, __ATOMIC_RELEASE);
	}
	lock_release();
	return slot;
}

static uint64_t signature_of_end(void)
{
	switch ((enum verdict)session.worker->report.verdict) {
	case VERDICT_PASSED:
	case VERDICT_FORBIDDEN:
		return session.worker->outcome_signature;
	case VERDICT_ASSUMED:
		return SHARED_RESULT_ASSUMED;
	default: /* a failure, or no end */
		return 0;
	}
}

static bool is_wanted(uint32_t slot, uint64_t index)
{
	const struct shared *shared = session.shared;
	const struct shared_result *result = &shared->results[slot];

	if (slot == SHARED_RESULTS_ROOM || session.worker->report.verdict != VERDICT_PASSED)
		return false;
	if (!result->traced)
		return shared->results_traced < SHARED_RESULTS_TRACED;
	return shared->config.strategy == STRATEGY_RANDOM && index < result->execution;
}

bool results_take(uint64_t index)
{
	struct shared_worker *worker = session.worker;
	uint64_t signature = signature_of_end();
	uint32_t slot;

	if (!signature)
		return false;
	slot = slot_of(signature);
	worker->result_number = worker->results[slot] + 1;
	worker->result_executions = work_executions();
	__atomic_store_n(&worker->result_pending, slot + 1, __ATOMIC_RELEASE);
	return is_wanted(slot, index);
}

static void done(bool counts)
{
	struct shared_worker *worker = session.worker;

	if (worker->result_pending && counts)
		worker->results[worker->result_pending - 1] = worker->result_number;
	__atomic_store_n(&worker->result_pending, 0, __ATOMIC_RELEASE);
}

void results_done(void)
{
	done(work_executions() > session.worker->result_executions);
}

void results_done_alone(void)
{
	done(true);
}

void results_forget(void)
{
	session.worker->result_pending = 0;
	memory_zero(session.worker->results, sizeof(session.worker->results));
}

void results_mend(void)
{
	if (!work_executions())
		results_forget();
	results_done();
}
