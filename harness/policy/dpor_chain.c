#include "policy/dpor_chain.h"

#include "policy/dpor.h"

#define EVERYTHING 0u /* the chain */

static bool is_everything(const struct footprint *foot)
{
	return foot->count && foot->feet[0].granule == FOOT_EVERYTHING;
}

static uint16_t chain_of(const struct foot *foot)
{
	if (foot->granule == FOOT_EVERYTHING)
		return EVERYTHING;
	return (uint16_t)(1 + (foot->granule * 0x9e3779b97f4a7c15u >> 32) % (DPOR_CHAINS - 1));
}

static bool is_alike(const struct foot *a, const struct foot *b)
{
	return a->granule == b->granule && a->mode == b->mode && a->mode != FOOT_WRITE;
}

/* Which of the event's granules is in the chain. */
static uint32_t place_in(const struct dpor_link *link, uint16_t chain)
{
	uint32_t k = 0;

	while (link->chain[k] != chain)
		k++;
	return k;
}

/* Two granules of an event in one chain would take it there twice. Then it is not told from what is
 * like it either. */
static bool has_chain(const struct dpor_link *link, uint16_t chain)
{
	for (uint32_t k = 0; k < link->count; k++)
		if (link->chain[k] == chain)
			return true;
	return false;
}

static void unlink_last(struct dpor *dpor)
{
	const struct dpor_link *link = &dpor->links[--dpor->linked];

	for (uint32_t k = 0; k < link->count; k++)
		dpor->chains[link->chain[k]] = link->before[k];
}

/* Where one like `foot`, which stands alone in its chain, need not look. */
static uint32_t unlike_of(const struct dpor *dpor, const struct foot *foot, uint16_t chain)
{
	uint32_t head = dpor->chains[chain];
	const struct dpor_event *event;
	const struct dpor_link *link;

	if (!head)
		return 0;
	event = &dpor->events[head - 1];
	link = &dpor->links[head - 1];
	if (link->count != event->foot.count)
		return head;
	return is_alike(&event->foot.feet[place_in(link, chain)], foot)
		       ? link->unlike[place_in(link, chain)]
		       : head;
}

void dpor_unlink(struct dpor *dpor, uint32_t from)
{
	while (dpor->linked > from)
		unlink_last(dpor);
}

static void link_next(struct dpor *dpor)
{
	uint32_t at = dpor->linked;
	const struct footprint *foot = &dpor->events[at].foot;
	struct dpor_link *link = &dpor->links[at];

	link->count = 0;
	link->everything = dpor->chains[EVERYTHING];
	for (uint32_t k = 0; k < foot->count; k++) {
		uint16_t chain = chain_of(&foot->feet[k]);

		if (has_chain(link, chain))
			continue;
		link->chain[link->count] = chain;
		link->before[link->count] = dpor->chains[chain];
		link->unlike[link->count] = unlike_of(dpor, &foot->feet[k], chain);
		link->count++;
	}
	for (uint32_t k = 0; k < link->count; k++)
		dpor->chains[link->chain[k]] = at + 1;
	dpor->linked = at + 1;
}

/* The last event before that one in the chain, plus 1. */
static uint32_t start_in(const struct dpor *dpor, uint16_t chain, uint32_t before)
{
	const struct dpor_link *link = &dpor->links[before];

	if (before >= dpor->linked)
		return dpor->chains[chain];
	return chain == EVERYTHING ? link->everything : link->before[place_in(link, chain)];
}

void dpor_walk_from_chains(struct dpor_walk *walk, struct dpor *dpor, const struct footprint *foot,
			   uint32_t before)
{
	/* That it touches everything it may not have known when it was put into its chains. */
	if (is_everything(foot))
		return;
	walk->dpor = dpor;
	walk->foot = foot;
	while (dpor->linked < before)
		link_next(dpor);
	for (uint32_t k = 0; k < foot->count; k++) {
		uint16_t chain = chain_of(&foot->feet[k]);

		if (before < dpor->linked && !has_chain(&dpor->links[before], chain))
			return;
		walk->chain[k] = chain;
		walk->at[k] = start_in(dpor, chain, before);
	}
	walk->chain[foot->count] = EVERYTHING;
	walk->at[foot->count] = start_in(dpor, EVERYTHING, before);
	walk->is_plain = false;
}

/* Goes on in the chain of granule `k` after the event. */
static void go_on(struct dpor_walk *walk, uint32_t k, uint32_t at)
{
	const struct dpor_link *link = &walk->dpor->links[at];
	const struct footprint *foot = &walk->dpor->events[at].foot;
	uint32_t place = place_in(link, walk->chain[k]);

	walk->at[k] = k < walk->foot->count && link->count == foot->count &&
				      is_alike(&foot->feet[place], &walk->foot->feet[k])
			      ? link->unlike[place]
			      : link->before[place];
}

uint32_t dpor_walk_chains(struct dpor_walk *walk)
{
	uint32_t latest = 0;

	for (uint32_t k = 0; k <= walk->foot->count; k++)
		latest = walk->at[k] > latest ? walk->at[k] : latest;
	if (!latest)
		return UINT32_MAX;
	for (uint32_t k = 0; k <= walk->foot->count; k++)
		if (walk->at[k] == latest)
			go_on(walk, k, latest - 1);
	return latest - 1;
}

static bool writes(const struct footprint *foot, const struct foot *wanted)
{
	for (uint32_t k = 0; k < foot->count; k++)
		if (foot->feet[k].granule == wanted->granule && foot->feet[k].mode == FOOT_WRITE &&
		    !(wanted->bytes & ~foot->feet[k].bytes))
			return true;
	return false;
}

void dpor_walk_leave_chains(struct dpor_walk *walk, uint32_t at)
{
	const struct footprint *foot = &walk->dpor->events[at].foot;
	bool is_end = footprint_is_end(foot), any = false;

	for (uint32_t k = 0; k < walk->foot->count; k++) {
		if (is_end || writes(foot, &walk->foot->feet[k]))
			walk->at[k] = 0;
		any |= walk->at[k] > 0;
	}
	/* Also what touches everything is before it. */
	if (!any && (is_end || walk->foot->count))
		walk->at[walk->foot->count] = 0;
}
