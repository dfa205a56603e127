#include "session/allocations.h"

#include "machine/memory.h"

#define BLOCKS_MAX (4u << 20)

static struct block_report *blocks;
static uint32_t count, marked;

void allocations_init(void)
{
	blocks = memory_reserve(BLOCKS_MAX * sizeof(*blocks));
}

void allocations_mark(void)
{
	marked = count;
}

void allocations_begin(void)
{
	count = marked;
}

void allocations_add(const struct block_report *block)
{
	if (count < BLOCKS_MAX)
		blocks[count++] = *block;
}

void allocations_find(uint64_t address, struct block_report *block)
{
	*block = (struct block_report){.bytes = 0};
	for (uint32_t i = count; i-- > 0;) {
		if (address < blocks[i].address || address >= blocks[i].address + blocks[i].bytes)
			continue;
		*block = blocks[i];
		return;
	}
}
