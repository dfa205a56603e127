#include "cli/stacks.h"

#include <inttypes.h>
#include <stdio.h>

static void offer(const struct report *report, uint64_t low, uint64_t high,
		  struct symbols_stack *stacks, size_t *count)
{
	for (uint32_t i = 0; i < report->thread_count && i < SHARED_THREADS_MAX; i++) {
		const struct thread_report *thread = &report->threads[i];

		if (thread->rsp < low || thread->rsp >= high || *count == SHARED_THREADS_MAX)
			continue;
		stacks[(*count)++] =
			(struct symbols_stack){.thread = thread->thread, .low = low, .high = high};
	}
}

size_t stacks_find(const struct report *report, struct symbols_stack *stacks)
{
	char name[64], line[5000];
	size_t count = 0;
	FILE *maps;

	snprintf(name, sizeof(name), "/proc/%d/maps", (int)report->pid);
	maps = fopen(name, "re");
	while (maps && fgets(line, sizeof(line), maps)) {
		uint64_t low, high;

		if (sscanf(line, "%" SCNx64 "-%" SCNx64, &low, &high) == 2)
			offer(report, low, high, stacks, &count);
	}
	if (maps)
		fclose(maps);
	return count;
}
