/* maps.h - the mappings of a process, as /proc/PID/maps had them when it was asked. */
#ifndef HEDDLE_REPORT_MAPS_H
#define HEDDLE_REPORT_MAPS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct map {
	uint64_t low, high;
	bool writable;
	char *path;	 /* "" for anonymous memory */
	unsigned number; /* given by the caller to one that has no other name; 0 until then */
};

struct maps {
	struct map *maps; /* in ascending order */
	size_t count;
};

int maps_read(struct maps *maps, int pid, struct error *error);
void maps_free(struct maps *maps);

/* The mapping with `address` in it, or null. */
struct map *maps_find(const struct maps *maps, uint64_t address);

#endif
