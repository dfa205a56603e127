#include "cli/estimate.h"

#include <math.h>

/* How much of the change from one ratio to the next is carried on, between which bounds it is
 * believed, and how much of a ratio's logarithm where there is only one. Fitted, with SHARPNESS and
 * PENDING_WEIGHT, to 26 programs of 10^3 to 2 * 10^5 classes: mutexes, races, locks of all kinds.
 */
#define TREND	    0.5
#define TREND_LEAST 0.3
#define TREND_MOST  2.0
#define SINGLE	    0.7
/* The same for a ratio of events on other objects, which say less. */
#define WEAK 0.5
/* How suddenly the children of a node count for more than its predicted ratio as it gets done. */
#define SHARPNESS 3.0
/* Children get smaller from the first to the last, and not all that will come are planned. */
#define PENDING_WEIGHT 0.5
#define SHRINK_LEAST   0.4

/* The range is narrower than a factor of 4. On most programs the error is less than this from a
 * tenth of the search on; what was estimated to be less than EARLY of it is no basis. */
#define ERROR	   1.95
#define EARLY	   0.05
#define DONE_LEAST 32

/* ---- ratios by kind ---- */

enum { SAME, THREAD_OP, OTHER_OBJECT, OTHER_OP };

static uint64_t key_of(const struct estimate_kind *kind, uint32_t by)
{
	bool has_thread = by == SAME || by == THREAD_OP,
	     has_object = by == SAME || by == OTHER_OBJECT;
	uint64_t key = (uint64_t)by << 32 | (has_thread ? kind->thread : 0);

	key = (key ^ (uint64_t)kind->op << 48) * 0x9e3779b97f4a7c15u;
	key = (key ^ key >> 29 ^ (has_object ? kind->object : 0)) * 0xbf58476d1ce4e5b9u;
	key ^= key >> 31;
	return key ? key : 1;
}

/* The slot with that key, or the free one where it belongs. */
static uint32_t slot_find(const struct estimate *estimate, uint64_t key)
{
	uint32_t at = (uint32_t)key % ESTIMATE_SLOTS;

	while (estimate->slots[at].key && estimate->slots[at].key != key)
		at = (at + 1) % ESTIMATE_SLOTS;
	return at;
}

/* Returns true for the first of its key. */
static bool slot_add(struct estimate *estimate, uint64_t key, double ratio)
{
	struct estimate_slot *slot = &estimate->slots[slot_find(estimate, key)];
	bool is_new = !slot->key;

	if (is_new && estimate->used == ESTIMATE_SLOTS / 2) {
		estimate->is_full = true;
		return false;
	}
	estimate->used += is_new;
	*slot = (struct estimate_slot){.key = key, .last = ratio, .before = slot->last};
	return is_new;
}

void estimate_learn(struct estimate *estimate, const struct estimate_kind *kind, double ratio)
{
	/* Of the other threads the event nearest to their end is comparable. */
	if (slot_add(estimate, key_of(kind, SAME), ratio))
		slot_add(estimate, key_of(kind, OTHER_OBJECT), ratio);
	if (slot_add(estimate, key_of(kind, THREAD_OP), ratio))
		slot_add(estimate, key_of(kind, OTHER_OP), ratio);
}

double estimate_ratio(const struct estimate *estimate, const struct estimate_kind *kind)
{
	static const uint32_t order[] = {SAME, OTHER_OBJECT, OTHER_OP};

	for (uint32_t i = 0; i < sizeof(order) / sizeof(*order); i++) {
		const struct estimate_slot *slot =
			&estimate->slots[slot_find(estimate, key_of(kind, order[i]))];
		double trend;

		if (!slot->key)
			continue;
		if (slot->last <= 1)
			return 1;
		if (order[i] == OTHER_OP)
			return pow(slot->last, WEAK);
		if (slot->before <= 1)
			return pow(slot->last, SINGLE);
		trend = fmin(TREND_MOST, fmax(TREND_LEAST, slot->last / slot->before));
		return fmax(1, slot->last * pow(trend, TREND));
	}
	return 0;
}

double estimate_open_ratio(double ratio, uint32_t pending)
{
	return fmax(ratio, 1 + PENDING_WEIGHT * pending);
}

/* ---- the node that is being explored ---- */

/* Between two values by their logarithms. */
static double between(double a, double b, double share)
{
	return exp((1 - share) * log(a) + share * log(b));
}

/* What the children add up to, those that are not explored taken to be like the others. */
static double sum_of(const struct estimate_child *children, uint32_t count)
{
	double sum = 0, last = children[0].done, previous = last, usual, shrink = 1, total;
	uint32_t explored = 0;

	for (uint32_t i = 0; i < count; i++) {
		if (children[i].share < 1)
			continue;
		previous = explored ? last : children[i].done;
		last = children[i].done;
		sum += last;
		explored++;
	}
	if (last < previous)
		shrink = fmax(SHRINK_LEAST, last / previous);
	usual = shrink < 1 ? fmin(last, sum / explored) : sum / explored;
	total = sum;
	for (uint32_t i = 0; i < count; i++) {
		const struct estimate_child *child = &children[i];

		if (child->share >= 1)
			continue;
		usual = fmax(1, usual * shrink);
		total += child->done > 0 && child->share > 0
				 ? fmax(child->done,
					between(usual, child->done / child->share, child->share))
				 : usual;
	}
	return total;
}

double estimate_size(const struct estimate_child *children, uint32_t count, double ratio)
{
	double done = 0, predicted, least = 0;

	for (uint32_t i = 0; i < count; i++) {
		done += children[i].done;
		least += fmax(children[i].done, 1);
	}
	/* Also where it was predicted to have no other children, but has. */
	if (ratio <= 1 && count > 1)
		ratio = estimate_open_ratio(1, count - 1);
	predicted = fmax(least, children[0].done * fmax(ratio, 1));
	return fmax(done, between(predicted, sum_of(children, count),
				  fmin(1, pow(done / predicted, SHARPNESS))));
}

struct estimate_range estimate_range(double total, double done, double least)
{
	struct estimate_range range = {.low = fmax(least, total / ERROR),
				       .high = fmax(least, total * ERROR)};

	range.is_early = done < DONE_LEAST || done < EARLY * total;
	if (range.is_early)
		range.low = least;
	return range;
}
