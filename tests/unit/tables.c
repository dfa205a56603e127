#include "unit/tables.h"

#include <criterion/criterion.h>
#include <sys/mman.h>

void *table(size_t bytes)
{
	void *at = mmap(0, bytes, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	cr_assert(at != MAP_FAILED);
	return at;
}

static struct {
	void *at;
	size_t bytes;
} tables[64];
static int table_count;

void *table_for_now(size_t bytes)
{
	cr_assert(table_count < 64);
	tables[table_count].at = table(bytes);
	tables[table_count].bytes = bytes;
	return tables[table_count++].at;
}

void tables_drop(void)
{
	while (table_count) {
		table_count--;
		munmap(tables[table_count].at, tables[table_count].bytes);
	}
}
