/*
 * snapshot.c - the copy of the program's memory, and the pages that differ from it.
 *
 * Invariant while a snapshot is active: a page of a tracked region is either write-protected and
 * equal to the copy, or in `hot`. So putting back the hot pages puts back everything.
 *
 * Why mprotect and a fault for the first write, and not the kernel's lists of written pages
 * (soft-dirty, PAGEMAP_SCAN over userfaultfd): asking for a list costs 8 us an execution even when
 * six pages were written, more than a whole execution of a small program; a page that is written in
 * every execution costs one fault in the whole search, and then a comparison of 4 KB, some 50 ns.
 */
#include "machine/snapshot.h"

#include "base/check.h"
#include "machine/heap.h"
#include "machine/layout.h"
#include "machine/maps.h"
#include "machine/memory.h"
#include "machine/pages.h"
#include "machine/syscall.h"

#include <stdint.h>
#include <sys/mman.h>

/* Twice as many mappings as the kernel allows by default; each thread has two. */
#define REGIONS_MAX (1u << 17)
#define HOT_MAX	    16384u
/* Above so many hot pages it pays to find out anew which ones are written in most executions. */
#define HOT_COMFORTABLE 256u
#define REPROTECT_EVERY 64u

struct region {
	unsigned long start, end;
	int protection;
	/* For page i where the copy is; null: it was all zero. `known` entries, beyond them all is
	 * zero. */
	const void **copies;
	unsigned long known;
};

struct hot {
	unsigned long at;
	const void *copy;
	uint32_t bytes;
};

bool snapshot_active;
static bool full;
static struct region *regions;
static unsigned region_count, hot_count, hot_fixed, restores;
static struct hot *hot;
static unsigned long store, store_end;
static unsigned long program_stack, own_start, own_end;

/* Memory for copies: one reservation that grows by being touched, and starts again with each
 * snapshot. */
static void *store_take(size_t bytes)
{
	void *at = (void *)store;

	store += bytes;
	CHECK(store <= store_end && "the program is too large for a snapshot");
	return at;
}

static struct region *region_find(unsigned long address)
{
	unsigned low = 0, high = region_count;

	while (low < high) {
		unsigned middle = (low + high) / 2;

		if (regions[middle].end <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low < region_count && regions[low].start <= address ? &regions[low] : 0;
}

static struct region *region_insert(unsigned long start, unsigned long end, int protection)
{
	unsigned at = region_count++;

	CHECK(region_count <= REGIONS_MAX);
	for (; at && regions[at - 1].start > start; at--)
		regions[at] = regions[at - 1];
	regions[at] = (struct region){.start = start, .end = end, .protection = protection};
	return &regions[at];
}

static void page_copy(unsigned long page, void *argument)
{
	struct region *region = argument;
	void *copy = store_take(PAGE_BYTES);

	memory_copy(copy, (void *)page, PAGE_BYTES);
	region->copies[(page - region->start) / PAGE_BYTES] = copy;
}

static void hot_add(unsigned long at, const void *copy, uint32_t bytes)
{
	CHECK(hot_count < HOT_MAX);
	hot[hot_count++] = (struct hot){.at = at, .copy = copy, .bytes = bytes};
}

/* Takes [start, end) in; beyond `extent` bytes it is all zero. */
static void region_copy(unsigned long start, unsigned long end, unsigned long extent, bool file,
			bool executable)
{
	int protection = PROT_READ | PROT_WRITE | (executable ? PROT_EXEC : 0);
	struct region *region = region_insert(start, end, protection);

	region->known = extent / PAGE_BYTES;
	region->copies = store_take((region->known * sizeof(*region->copies) + 63) & -64ul);
	memory_zero((void *)region->copies, region->known * sizeof(*region->copies));
	if (file)
		for (unsigned long page = start; page < end; page += PAGE_BYTES)
			page_copy(page, region);
	else
		maps_each_present(start, start + extent, page_copy, region);
}

/* Arenas are taken one by one, with what is used of their 64 GB; the kernel may show several as one
 * mapping. */
static void arena_copy(unsigned long at, unsigned long used, unsigned long mapped)
{
	region_copy(at, at + mapped, (used + PAGE_BYTES - 1) & -PAGE_BYTES, false, false);
}

/* The kernel-made stack: below `program_stack` are the carrier's own frames. */
static void outer_stack_copy(const struct mapping *mapping)
{
	uint32_t bytes = (uint32_t)(mapping->end - program_stack);
	void *copy = store_take((bytes + 63) & -64ul);

	memory_copy(copy, (void *)program_stack, bytes);
	hot_add(program_stack, copy, bytes);
}

/* Heddle's own, or an arena: not to be taken in as a mapping. Ascending. */
struct apart {
	unsigned long start, end;
};

static bool is_apart(unsigned long address, const struct apart *parts, unsigned count,
		     unsigned long *next)
{
	bool inside = false;

	for (unsigned i = 0; i < count; i++) {
		if (address >= parts[i].start && address < parts[i].end) {
			inside = true;
			*next = parts[i].end < *next ? parts[i].end : *next;
		} else if (address < parts[i].start && parts[i].start < *next) {
			*next = parts[i].start;
		}
	}
	return inside;
}

static void mapping_consider(const struct mapping *mapping, void *argument)
{
	const struct apart parts[] = {
		{HEAP_BASE, HEAP_END},
		{own_start, own_end},
		{POOL_BASE, LIBRARY_HEAP_BASE + LIBRARY_HEAP_BYTES},
		{LARGE_POOL_BASE, FILES_END},
	};
	unsigned long at = mapping->start, next;

	(void)argument;
	if (!mapping->writable || !mapping->readable || mapping->kernel_own)
		return;
	if (mapping->kernel_stack && program_stack) {
		outer_stack_copy(mapping);
		return;
	}
	/* Neighbours of different owners may be one mapping to the kernel. */
	for (; at < mapping->end; at = next) {
		next = mapping->end;
		if (!is_apart(at, parts, sizeof(parts) / sizeof(*parts), &next))
			region_copy(at, next, next - at, mapping->file, mapping->executable);
	}
}

static void regions_protect(int without)
{
	for (unsigned i = 0; i < region_count; i++) {
		struct region *r = &regions[i];

		sys_call3(SYS_mprotect, r->start, r->end - r->start, r->protection & ~without);
	}
}

static void tables_reserve(void)
{
	/* As much as the largest program that one would want to copy: touched only as far as
	 * needed. */
	const size_t store_bytes = 64ul << 30;

	if (regions)
		return;
	regions = memory_reserve_for_parent(REGIONS_MAX * sizeof(*regions));
	hot = memory_reserve_for_parent(HOT_MAX * sizeof(*hot));
	store_end = (unsigned long)memory_reserve_for_parent(store_bytes) + store_bytes;
	store = store_end - store_bytes;
	pages_init();
	library_bounds(&own_start, &own_end);
}

void snapshot_take(unsigned long outer_stack)
{
	static unsigned long store_start;

	if (snapshot_active)
		snapshot_drop();
	tables_reserve();
	if (!store_start)
		store_start = store;
	store = store_start;
	region_count = hot_count = restores = 0;
	full = false;
	program_stack = outer_stack;
	maps_each(mapping_consider, 0);
	heap_each_arena(arena_copy);
	hot_fixed = hot_count;
	snapshot_active = true;
	regions_protect(PROT_WRITE);
}

void snapshot_drop(void)
{
	regions_protect(0);
	snapshot_active = false;
	region_count = hot_count = 0;
}

static void hot_cool(void)
{
	regions_protect(PROT_WRITE);
	hot_count = hot_fixed;
	restores = 0;
}

void snapshot_restore(void)
{
	for (unsigned i = 0; i < hot_count; i++)
		pages_put_back((void *)hot[i].at, hot[i].copy, hot[i].bytes);
	if (hot_count > HOT_COMFORTABLE && ++restores >= REPROTECT_EVERY)
		hot_cool();
}

bool snapshot_fault(unsigned long address)
{
	unsigned long page = address & -PAGE_BYTES, index;
	struct region *region;

	if (!snapshot_active)
		return false;
	region = region_find(page);
	if (!region)
		return false;
	index = (page - region->start) / PAGE_BYTES;
	if (hot_count == HOT_MAX || sys_call3(SYS_mprotect, page, PAGE_BYTES, region->protection)) {
		full = true;
		return false;
	}
	hot_add(page, index < region->known ? region->copies[index] : 0, PAGE_BYTES);
	return true;
}

void snapshot_touch(const void *at, size_t bytes)
{
	unsigned long page = (unsigned long)at & -PAGE_BYTES;

	if (!snapshot_active || !at)
		return;
	for (; page < (unsigned long)at + bytes; page += PAGE_BYTES) {
		volatile char *byte =
			(volatile char *)(page < (unsigned long)at ? (unsigned long)at : page);

		*byte = *byte;
	}
}

void snapshot_add_zero(unsigned long at, size_t bytes)
{
	if (!snapshot_active)
		return;
	region_insert(at, at + bytes, PROT_READ | PROT_WRITE);
	sys_call3(SYS_mprotect, at, bytes, PROT_READ);
}

bool snapshot_is_full(void)
{
	return full;
}
