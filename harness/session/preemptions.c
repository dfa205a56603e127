#include "session/preemptions.h"

#include "machine/memory.h"
#include "session/session.h"

static struct bounded *bounded;
/* Where classes are counted only. */
static struct ideals *ideals;
static struct walk *walk;

void preemptions_init(struct dpor *dpor)
{
	const struct shared_config *config = &session.shared->config;

	if (config->by_preemptions) {
		/* Forked executions follow its path; all tables are its parent's. */
		bounded = memory_reserve_shared(sizeof(*bounded));
		bounded_init(bounded, dpor, config->preemptions, memory_reserve_for_parent);
	} else if (config->count_preemptions) {
		ideals = memory_reserve_for_parent(sizeof(*ideals));
		walk = memory_reserve_for_parent(sizeof(*walk));
		ideals_init(ideals, memory_reserve_for_parent);
		walk_init(walk, memory_reserve_for_parent);
	}
}

void preemptions_join(uint32_t generation)
{
	struct shared_worker *worker = session.worker;

	if (!bounded && worker->preemptions_generation == generation)
		return;
	for (uint32_t i = 0; i < SHARED_PREEMPT_MAX; i++)
		worker->preemptions[i] = 0;
	worker->preemptions_generation = generation;
	session.shared->preemptions_cut = session.shared->preemptions_reached = 0;
}

struct bounded *preemptions_search(void)
{
	return bounded;
}

void preemptions_count(uint32_t minimum)
{
	if (minimum < SHARED_PREEMPT_MAX)
		session.worker->preemptions[minimum]++;
}

void preemptions_next(bool counts)
{
	struct dpor *dpor = bounded->dpor;
	bool more = bounded_finish(bounded), is_new = counts && bounded->visited;

	if (dpor->asleep || bounded->repeated) {
		dpor->hand.worker->redundant++;
	} else if (is_new) {
		dpor->hand.worker->executions++;
		dpor->hand.worker->executions_high += !dpor->hand.worker->executions;
		preemptions_count(bounded->minimum);
	}
	if (bounded->exhausted)
		session.shared->depth_cut = 1;
	if (bounded->cut)
		session.shared->preemptions_cut = 1;
	if (more)
		session.shared->preemptions_reached = bounded->cost;
	else
		session.shared->finished = 1;
}

uint32_t preemptions_minimum(struct dpor *dpor)
{
	if (!walk || dpor->asleep || dpor->differs || dpor->exhausted)
		return MINIMUM_UNKNOWN;
	dpor_settle(dpor);
	ideals_of(ideals, dpor);
	return minimum_of(walk, ideals);
}
