#include "policy/dpor_choice.h"

/* How many scarce events there are that do not come after `at`. */
static uint32_t scarce_without(const struct dpor *dpor, uint32_t at)
{
	uint32_t count = 0;

	for (uint32_t i = dpor->base; i < dpor->length; i++)
		count += dpor->events[i].is_scarce && !(i > at && dpor_happens_before(dpor, at, i));
	return count;
}

uint32_t dpor_way_plan(struct dpor *dpor, uint32_t event, uint32_t way)
{
	struct dpor_event other = dpor->events[event];
	uint32_t count = 0;

	if (other.last_is_scarce && way + 1u == other.ways &&
	    scarce_without(dpor, event) >= dpor->scarce_max)
		return 0;
	/* First, for it touches no more than the first way does: it is what the others are planned
	 * for, also where there is room for one step only. */
	other.way = (uint8_t)way;
	dpor_footprint(dpor, &other, false);
	dpor->steps[count++] = (struct dpor_step){.label = dpor_label(&other), .foot = other.foot};
	for (uint32_t i = event + 1; i < dpor->length; i++)
		if (!dpor_happens_before(dpor, event, i))
			dpor->steps[count++] =
				(struct dpor_step){.label = dpor_label(&dpor->events[i]),
						   .foot = dpor->events[i].foot};
	return count;
}
