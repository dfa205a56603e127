/*
 * pages.c - the inner loop of a restore.
 *
 * Comparing and copying read the same bytes, but comparing writes nothing where nothing has
 * changed, which is nearly everywhere: a thread's control block page of 4 KB changes in a handful
 * of words.
 */
#include "machine/pages.h"

#include "machine/layout.h"

#include <link.h>
#include <stdint.h>

typedef uint64_t vector __attribute__((vector_size(32), aligned(8), may_alias));

#define LINE 128ul

static void (*put_back)(char *at, const char *copy, size_t bytes);

static inline __attribute__((always_inline)) void lines_put_back(char *at, const char *copy,
								 size_t bytes)
{
	for (size_t i = 0; i < bytes; i += LINE) {
		vector *to = (vector *)(at + i);
		const vector *from = (const vector *)(copy + i);
		vector d = (to[0] ^ from[0]) | (to[1] ^ from[1]) | (to[2] ^ from[2]) |
			   (to[3] ^ from[3]);

		if (__builtin_expect(d[0] | d[1] | d[2] | d[3], 0)) {
			to[0] = from[0];
			to[1] = from[1];
			to[2] = from[2];
			to[3] = from[3];
		}
	}
}

__attribute__((target("avx2"))) static void put_back_avx2(char *at, const char *copy, size_t bytes)
{
	lines_put_back(at, copy, bytes);
}

static void put_back_plain(char *at, const char *copy, size_t bytes)
{
	lines_put_back(at, copy, bytes);
}

static const char zeros[PAGE_BYTES] __attribute__((aligned(64)));

void pages_init(void)
{
	__builtin_cpu_init();
	put_back = __builtin_cpu_supports("avx2") ? put_back_avx2 : put_back_plain;
}

void pages_put_back(void *at, const void *copy, size_t bytes)
{
	size_t lines = bytes & -LINE;

	put_back(at, copy ? copy : zeros, lines);
	for (size_t i = lines; i < bytes; i++)
		((char *)at)[i] = copy ? ((const char *)copy)[i] : 0;
}

static int bounds_of_object(struct dl_phdr_info *info, size_t size, void *argument)
{
	unsigned long *bounds = argument, own = (unsigned long)&put_back;

	(void)size;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
		unsigned long start = info->dlpi_addr + segment->p_vaddr;

		if (segment->p_type != PT_LOAD || own < start || own >= start + segment->p_memsz)
			continue;
		bounds[0] = start & -PAGE_BYTES;
		bounds[1] = (start + segment->p_memsz + PAGE_BYTES - 1) & -PAGE_BYTES;
		return 1;
	}
	return 0;
}

void library_bounds(unsigned long *start, unsigned long *end)
{
	unsigned long bounds[2] = {0, 0};

	dl_iterate_phdr(bounds_of_object, bounds);
	*start = bounds[0];
	*end = bounds[1];
}
