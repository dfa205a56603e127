#include "model/cond.h"

static struct cond_tokens *entry(const struct cond *cond, uint32_t index)
{
	if (index < COND_TOKENS_INLINE)
		return (struct cond_tokens *)&cond->list[index];
	return &cond->more->list[index - COND_TOKENS_INLINE];
}

static uint32_t room(const struct cond *cond)
{
	return COND_TOKENS_INLINE + (cond->more ? cond->more->room : 0);
}

/* The oldest entry for `number`, or null. Entries ascend, but for the free ones. */
static struct cond_tokens *oldest_for(const struct cond *cond, uint32_t number)
{
	struct cond_tokens *best = 0;

	for (uint32_t i = 0; i < room(cond); i++) {
		struct cond_tokens *tokens = entry(cond, i);

		if (tokens->count && tokens->last >= number && (!best || tokens->last < best->last))
			best = tokens;
	}
	return best;
}

uint32_t cond_enqueue(struct cond *cond)
{
	cond->waiters++;
	return ++cond->numbers;
}

bool cond_may_wake(const struct cond *cond, uint32_t number)
{
	return cond->tokens && oldest_for(cond, number);
}

uint32_t cond_tokens_from(const struct cond *cond, uint32_t number)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < room(cond); i++)
		if (entry(cond, i)->last >= number)
			count += entry(cond, i)->count;
	return count;
}

void cond_wake(struct cond *cond, uint32_t number)
{
	oldest_for(cond, number)->count--;
	cond->tokens--;
	cond->waiters--;
}

void cond_leave(struct cond *cond)
{
	cond->waiters--;
}

static struct cond_tokens *entry_for_new(struct cond *cond)
{
	struct cond_tokens *vacant = 0;

	for (uint32_t i = 0; i < room(cond); i++) {
		struct cond_tokens *tokens = entry(cond, i);

		if (tokens->count && tokens->last == cond->numbers)
			return tokens;
		if (!tokens->count && !vacant)
			vacant = tokens;
	}
	return vacant;
}

int cond_issue(struct cond *cond, uint32_t count)
{
	struct cond_tokens *tokens;
	uint32_t without = cond->waiters - cond->tokens;

	if (count > without)
		count = without;
	if (!count)
		return 0;
	tokens = entry_for_new(cond);
	if (!tokens)
		return -1;
	tokens->last = cond->numbers;
	tokens->count += count;
	cond->tokens += count;
	return 0;
}
