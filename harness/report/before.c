#include "report/before.h"

#include "machine/heap_parts.h"
#include "trace/store.h"

#include <stdbool.h>
#include <sys/uio.h>

/* A larger block is named as a whole with its neighbours. */
#define LOOK_BACK_BYTES (16ul << 20)
#define PART_BYTES	4096ul

static bool is_header(const struct header *header)
{
	return header->arena == HEAP_ARENA_BEFORE && header->class < CLASSES &&
	       (header->magic == MAGIC_USED || header->magic == MAGIC_FREE);
}

/* Blocks lie one after the other, so the next header below is that of the block. */
static uint64_t block_of(const struct symbols *symbols, uint64_t address)
{
	struct header part[PART_BYTES / sizeof(struct header)];
	uint64_t page = address & -PART_BYTES;

	for (; address - page < LOOK_BACK_BYTES; page -= PART_BYTES) {
		struct iovec local = {.iov_base = part, .iov_len = sizeof(part)};
		struct iovec remote = {.iov_base = (void *)page, .iov_len = sizeof(part)};
		size_t i = sizeof(part) / sizeof(*part);

		if (process_vm_readv(symbols->pid, &local, 1, &remote, 1, 0) != sizeof(part))
			break;
		while (i-- > 0) {
			uint64_t block = page + (i + 1) * sizeof(*part);

			if (block <= address && is_header(&part[i]))
				return block;
		}
	}
	return HEAP_BASE + HEAP_ARENA_BEFORE * HEAP_ARENA_SPAN;
}

const char *before_name(struct symbols *symbols, uint64_t address)
{
	uint64_t block = block_of(symbols, address);
	size_t at = 0;

	while (at < symbols->before_count && symbols->before[at] != block)
		at++;
	if (at == symbols->before_count) {
		symbols->before = store_room(symbols->before, at, sizeof(*symbols->before));
		symbols->before[symbols->before_count++] = block;
	}
	return inside_text(symbols, "before(%zu+0x%lx)", at + 1, (unsigned long)(address - block));
}
