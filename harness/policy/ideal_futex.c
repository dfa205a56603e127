/* ideal_futex.c - who waits at futexes after a prefix. A requeue concerns two, so all are one
 * watch.
 */
#include "policy/futex_log.h"
#include "policy/ideal.h"

static void log_at(const struct ideals *ideals, uint32_t watch, const uint16_t *at,
		   struct futex_log *log)
{
	const struct ideal_watch *w = &ideals->watches[watch];

	futex_log_begin(log);
	for (uint32_t i = w->first; i < w->first + w->count; i++) {
		uint32_t index = ideals->relevant[i];
		const struct dpor_event *event = &ideals->dpor->events[index];

		if (ideal_has(ideals, event, at))
			futex_log_add(log, event, index);
	}
}

uint32_t ideal_futex_token(const struct ideals *ideals, uint32_t watch, const uint16_t *at,
			   uint32_t thread)
{
	struct futex_log log;

	log_at(ideals, watch, at, &log);
	return futex_log_token(&log, thread);
}

bool ideal_futex_is_contested(const struct ideals *ideals, uint32_t watch, const uint16_t *at,
			      uint32_t thread)
{
	struct futex_log log;

	log_at(ideals, watch, at, &log);
	return futex_log_is_contested(&log, thread);
}

void ideal_futex_place(const struct ideals *ideals, uint32_t watch, const uint16_t *at,
		       struct dpor_event *woken)
{
	struct futex_log log;

	log_at(ideals, watch, at, &log);
	futex_log_place(&log, woken);
}

bool ideal_futex_would_wake(const struct ideals *ideals, uint32_t watch, const uint16_t *at,
			    const struct dpor_event *wake)
{
	struct futex_log log;

	log_at(ideals, watch, at, &log);
	return futex_log_would_wake(&log, wake);
}
