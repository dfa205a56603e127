#include "model/futex.h"

static struct futex_list *list_of(struct futexes *futexes, const void *word)
{
	return &futexes->lists[((uint64_t)word * 0x9e3779b97f4a7c15u) >> 58];
}

/* The first waiter at `word` from `from` on, or null. */
static struct futex_waiter *next_at(struct futex_waiter *from, const void *word)
{
	while (from && from->word != word)
		from = from->next;
	return from;
}

static struct futex_waiter *first_at(const struct futexes *futexes, const void *word)
{
	return next_at(list_of((struct futexes *)futexes, word)->first, word);
}

static void list_append(struct futex_list *list, struct futex_waiter *waiter)
{
	waiter->next = 0;
	waiter->before = list->last;
	*(list->last ? &list->last->next : &list->first) = waiter;
	list->last = waiter;
}

static void list_remove(struct futex_list *list, struct futex_waiter *waiter)
{
	*(waiter->before ? &waiter->before->next : &list->first) = waiter->next;
	*(waiter->next ? &waiter->next->before : &list->last) = waiter->before;
}

void futex_enqueue(struct futexes *futexes, struct futex_waiter *waiter, const void *word,
		   uint32_t bitset)
{
	waiter->word = word;
	waiter->bitset = bitset;
	waiter->tokens = 0;
	waiter->waits = true;
	waiter->contested = waiter->released = false;
	list_append(list_of(futexes, word), waiter);
}

/* Where the oldest token for the waiter lies, or null. */
static struct futex_waiter *token_of(struct futex_waiter *waiter)
{
	for (struct futex_waiter *at = waiter; at; at = next_at(at->next, waiter->word))
		if (at->tokens)
			return at;
	return 0;
}

bool futex_may_wake(const struct futex_waiter *waiter)
{
	return waiter->released || token_of((struct futex_waiter *)waiter);
}

/* Tokens that lie with it are for those before it. */
static void queue_leave(struct futexes *futexes, struct futex_waiter *waiter)
{
	struct futex_waiter *before = waiter->before;

	while (before && before->word != waiter->word)
		before = before->before;
	if (before)
		before->tokens += waiter->tokens;
	waiter->tokens = 0;
	waiter->waits = false;
	list_remove(list_of(futexes, waiter->word), waiter);
}

bool futex_leave(struct futexes *futexes, struct futex_waiter *waiter)
{
	struct futex_waiter *token = waiter->released ? 0 : token_of(waiter);

	if (waiter->released)
		return true;
	if (token)
		token->tokens--;
	queue_leave(futexes, waiter);
	return token;
}

static void release(struct futexes *futexes, struct futex_waiter *waiter)
{
	queue_leave(futexes, waiter);
	waiter->released = true;
}

/* How many at `word` have no token. */
static uint32_t without_token(const struct futexes *futexes, const void *word)
{
	uint32_t count = 0;

	for (struct futex_waiter *at = first_at(futexes, word); at; at = next_at(at->next, word))
		count += 1 - at->tokens;
	return count;
}

static void wake_all(struct futexes *futexes, const void *word, uint32_t count)
{
	struct futex_waiter *at = first_at(futexes, word), *next, *contested = 0;

	for (; at; at = next) {
		next = next_at(at->next, word);
		if (at->contested) {
			contested = at;
			continue;
		}
		release(futexes, at);
		count--;
	}
	if (contested)
		contested->tokens += count;
}

static void wake_some(struct futexes *futexes, const void *word, uint32_t count)
{
	struct futex_waiter *at = first_at(futexes, word), *last = 0;

	for (; at; at = next_at(at->next, word)) {
		at->contested = true;
		last = at;
	}
	if (last)
		last->tokens += count;
}

uint32_t futex_wake(struct futexes *futexes, const void *word, uint32_t count)
{
	uint32_t without = without_token(futexes, word);

	if (!count)
		return 0;
	if (count < without)
		wake_some(futexes, word, count);
	else
		wake_all(futexes, word, without);
	return count < without ? count : without;
}

/* The lowest at `word` up to `last`, or null. */
static struct futex_waiter *lowest(struct futexes *futexes, const void *word, uint32_t bitset,
				   const struct futex_waiter *last)
{
	struct futex_waiter *at = first_at(futexes, word), *best = 0;

	for (; at; at = at == last ? 0 : next_at(at->next, word))
		if (at->bitset & bitset && (!best || at->name < best->name))
			best = at;
	return best;
}

static uint32_t up_to(struct futexes *futexes, const void *word, const struct futex_waiter *last)
{
	struct futex_waiter *at = first_at(futexes, word);
	uint32_t count = 1;

	for (; at && at != last; at = next_at(at->next, word))
		count++;
	return count;
}

/* Gives the open tokens to the lowest of those that they are for. True where there was another one
 * for whom one was. */
static bool tokens_settle(struct futexes *futexes, const void *word)
{
	struct futex_waiter *at = first_at(futexes, word);
	bool chosen = false;

	while (at) {
		if (!at->tokens) {
			at = next_at(at->next, word);
			continue;
		}
		chosen |= up_to(futexes, word, at) > at->tokens;
		at->tokens--;
		release(futexes, lowest(futexes, word, FUTEX_ANY, at));
		at = first_at(futexes, word);
	}
	return chosen;
}

static uint32_t matching(const struct futexes *futexes, const void *word, uint32_t bitset)
{
	uint32_t count = 0;

	for (struct futex_waiter *at = first_at(futexes, word); at; at = next_at(at->next, word))
		count += (at->bitset & bitset) != 0;
	return count;
}

bool futex_has_waiter(const struct futexes *futexes, const void *word, uint32_t bitset)
{
	return bitset == FUTEX_ANY ? without_token(futexes, word) > 0
				   : matching(futexes, word, bitset) > 0;
}

/* Who was contested stays so: before, it could have gone on in somebody's stead. */
static void move_to(struct futexes *futexes, struct futex_waiter *waiter, const void *word)
{
	bool contested = waiter->contested;

	queue_leave(futexes, waiter);
	futex_enqueue(futexes, waiter, word, waiter->bitset);
	waiter->contested = contested;
}

struct futex_taken futex_take(struct futexes *futexes, const void *word, uint32_t bitset,
			      uint32_t count, const void *other, uint32_t move)
{
	struct futex_taken taken = {.chosen = false};
	uint32_t all = matching(futexes, word, bitset);

	if (!all)
		return taken;
	taken.any = true;
	taken.chosen = tokens_settle(futexes, word);
	all = matching(futexes, word, bitset);
	move = other ? move : 0;
	if (count > all)
		count = all;
	if (move > all - count)
		move = all - count;
	taken.chosen |= (count && count < all) || (move && count + move < all);
	taken.count = count + move;
	taken.moved = move;
	for (; count; count--)
		release(futexes, lowest(futexes, word, bitset, 0));
	for (struct futex_waiter *at; move; move--) {
		at = lowest(futexes, word, bitset, 0);
		move_to(futexes, at, other);
	}
	return taken;
}
