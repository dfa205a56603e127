#include "cli/stacks.h"

size_t stacks_find(const struct report *report, struct symbols_stack *stacks)
{
	size_t count = 0;

	for (uint32_t i = 0; i < report->stack_count && i < SHARED_THREADS_MAX; i++)
		stacks[count++] = (struct symbols_stack){.thread = report->stacks[i].thread,
							 .low = report->stacks[i].low,
							 .high = report->stacks[i].high,
							 .control = report->stacks[i].control,
							 .frame = report->stacks[i].frame,
							 .start = report->stacks[i].start};
	return count;
}
