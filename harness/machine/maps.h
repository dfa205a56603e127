/* maps.h - the process's memory map as the kernel tells it, read without the C library. */
#ifndef HEDDLE_MACHINE_MAPS_H
#define HEDDLE_MACHINE_MAPS_H

#include <stdbool.h>

struct mapping {
	unsigned long start, end;
	bool readable, writable, executable, shared, file, kernel_stack, kernel_own;
};

/* Calls `each` for every mapping in ascending order. */
void maps_each(void (*each)(const struct mapping *mapping, void *argument), void *argument);

/* Which of the pages of [start, end) are in memory: calls `each` with the address of every one. */
void maps_each_present(unsigned long start, unsigned long end,
		       void (*each)(unsigned long page, void *argument), void *argument);

#endif
