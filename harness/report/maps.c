#include "report/maps.h"

#include "trace/store.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void map_add(struct maps *maps, const char *line)
{
	struct map map = {.low = 0};
	char access[8] = "";
	int at = 0;

	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s %*s %*s %*s %n", &map.low, &map.high, access,
		   &at) < 3)
		return;
	map.writable = access[1] == 'w';
	map.path = strdup(at ? line + at : "");
	if (!map.path)
		return;
	map.path[strcspn(map.path, "\n")] = '\0';
	maps->maps = store_room(maps->maps, maps->count, sizeof(*maps->maps));
	maps->maps[maps->count++] = map;
}

int maps_read(struct maps *maps, int pid, struct error *error)
{
	char path[64], *line = NULL;
	size_t room = 0;
	FILE *file;

	*maps = (struct maps){.maps = NULL};
	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	file = fopen(path, "re");
	if (!file)
		return error_set(error, "cannot read the memory map of process %d: %s", pid,
				 strerror(errno));
	while (getline(&line, &room, file) > 0)
		map_add(maps, line);
	free(line);
	fclose(file);
	if (!maps->count)
		return error_set(error, "process %d has no memory left: it has ended", pid);
	return 0;
}

void maps_free(struct maps *maps)
{
	for (size_t i = 0; i < maps->count; i++)
		free(maps->maps[i].path);
	free(maps->maps);
	*maps = (struct maps){.maps = NULL};
}

struct map *maps_find(const struct maps *maps, uint64_t address)
{
	size_t low = 0, high = maps->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct map *map = &maps->maps[middle];

		if (address >= map->low && address < map->high)
			return map;
		if (address < map->low)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}
