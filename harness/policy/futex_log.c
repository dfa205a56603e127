#include "policy/futex_log.h"

#include "model/futex.h"

#define NONE UINT32_MAX

void futex_log_begin(struct futex_log *log)
{
	log->count = 0;
	for (uint32_t t = 0; t < DPOR_THREADS_MAX; t++)
		log->threads[t] = (struct futex_log_thread){.released = NONE};
}

static uint64_t waiting_at(const struct futex_log *log, const void *word, uint32_t bitset)
{
	uint64_t waiting = 0;

	for (uint32_t t = 0; t < DPOR_THREADS_MAX; t++)
		if (log->threads[t].word == word && log->threads[t].bitset & bitset)
			waiting |= 1ul << t;
	return waiting;
}

static uint32_t tokens_at(const struct futex_log *log, const void *word)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < log->count; i++)
		count += log->tokens[i].word == word;
	return count;
}

static uint32_t without_token(const struct futex_log *log, const void *word)
{
	return (uint32_t)__builtin_popcountl(waiting_at(log, word, FUTEX_ANY)) -
	       tokens_at(log, word);
}

static uint32_t token_find(const struct futex_log *log, uint32_t thread)
{
	for (uint32_t i = 0; i < log->count; i++)
		if (log->tokens[i].whom >> thread & 1)
			return i;
	return NONE;
}

static uint32_t token_remove(struct futex_log *log, uint32_t index)
{
	uint32_t from = log->tokens[index].from;

	for (log->count--; index < log->count; index++)
		log->tokens[index] = log->tokens[index + 1];
	return from;
}

static void queue_leave(struct futex_log *log, uint32_t thread)
{
	log->threads[thread].word = 0;
	for (uint32_t i = 0; i < log->count; i++)
		log->tokens[i].whom &= ~(1ul << thread);
}

static void release(struct futex_log *log, uint32_t thread, uint32_t from)
{
	queue_leave(log, thread);
	log->threads[thread].released = from;
}

static void token_leave(struct futex_log *log, const void *word, uint64_t whom, uint32_t from)
{
	if (log->count < DPOR_THREADS_MAX)
		log->tokens[log->count++] =
			(struct futex_log_token){.word = word, .whom = whom, .from = from};
}

static void wake(struct futex_log *log, const void *word, uint32_t count, uint32_t from)
{
	uint32_t without = without_token(log, word);
	bool all = count >= without;

	if (!count)
		return;
	count = all ? without : count;
	for (uint32_t t = 0; t < DPOR_THREADS_MAX; t++) {
		if (log->threads[t].word != word)
			continue;
		if (!all) {
			log->threads[t].contested = true;
		} else if (!log->threads[t].contested) {
			release(log, t, from);
			count--;
		}
	}
	while (count--)
		token_leave(log, word, waiting_at(log, word, FUTEX_ANY), from);
}

static void tokens_settle(struct futex_log *log, const void *word)
{
	for (uint32_t i = 0; i < log->count;) {
		uint32_t lowest = (uint32_t)__builtin_ctzl(log->tokens[i].whom);

		if (log->tokens[i].word == word)
			release(log, lowest, token_remove(log, i));
		else
			i++;
	}
}

static void thread_move(struct futex_log_thread *thread, const void *word)
{
	if (thread->contested && word != thread->word)
		thread->origin = thread->word;
	thread->word = thread->announced = word;
}

/* The lowest are woken, those after them are moved to `other`. */
static void take(struct futex_log *log, const struct dpor_event *event, uint32_t from,
		 uint32_t bitset, const void *other)
{
	uint32_t count = futex_first(event->number), move = futex_second(event->number);
	uint64_t whom = waiting_at(log, event->object, bitset);

	if (!whom)
		return;
	tokens_settle(log, event->object);
	whom = waiting_at(log, event->object, bitset);
	for (; whom && count + (other ? move : 0); whom &= whom - 1) {
		uint32_t thread = (uint32_t)__builtin_ctzl(whom);

		if (count) {
			count--;
			release(log, thread, from);
		} else {
			move--;
			thread_move(&log->threads[thread], other);
		}
	}
}

static void leave(struct futex_log *log, uint32_t thread)
{
	uint32_t token = token_find(log, thread);

	if (log->threads[thread].released == NONE && token != NONE)
		token_remove(log, token);
	queue_leave(log, thread);
	log->threads[thread] = (struct futex_log_thread){.released = NONE};
}

void futex_log_add(struct futex_log *log, const struct dpor_event *event, uint32_t index)
{
	switch (event->op) {
	case OP_FUTEX_WAIT:
		if (event->succeeded)
			log->threads[event->thread] =
				(struct futex_log_thread){.word = event->object,
							  .bitset = event->number,
							  .announced = event->object,
							  .released = NONE};
		break;
	case OP_FUTEX_WOKEN:
		leave(log, event->thread);
		break;
	case OP_FUTEX_WAKE:
		wake(log, event->object, event->number, index);
		break;
	case OP_FUTEX_WAKE_BITSET:
		take(log, event, index, (uint32_t)event->expected, 0);
		break;
	case OP_FUTEX_REQUEUE:
		if (event->succeeded)
			take(log, event, index, FUTEX_ANY, event->mutex);
		break;
	case OP_FUTEX_WAKE_OP:
		wake(log, event->mutex, futex_first(event->number), index);
		wake(log, event->object, futex_second(event->number), index);
		break;
	default: /* all others leave futexes alone */
		break;
	}
}

uint32_t futex_log_token(const struct futex_log *log, uint32_t thread)
{
	uint32_t token = token_find(log, thread);

	if (log->threads[thread].released != NONE)
		return log->threads[thread].released;
	return token == NONE ? NONE : log->tokens[token].from;
}

bool futex_log_is_contested(const struct futex_log *log, uint32_t thread)
{
	return log->threads[thread].contested;
}

void futex_log_place(const struct futex_log *log, struct dpor_event *woken)
{
	const struct futex_log_thread *thread = &log->threads[woken->thread];

	if (!thread->announced)
		return;
	woken->object = thread->announced;
	woken->mutex = thread->origin;
}

bool futex_log_would_wake(const struct futex_log *log, const struct dpor_event *event)
{
	if (event->op == OP_FUTEX_WAKE)
		return without_token(log, event->object) > 0;
	return waiting_at(log, event->object, (uint32_t)event->expected) != 0;
}
