#include "trace/way.h"

#include <string.h>

static const char *const words[WAY_COUNT] = {
	[WAY_SIGNAL] = "", [WAY_TIMEOUT] = "timeout", [WAY_SPURIOUS] = "spurious"};

const char *way_word(uint64_t way)
{
	return way < WAY_COUNT ? words[way] : "";
}

bool way_find(const char *word, uint64_t *way)
{
	for (*way = WAY_SIGNAL + 1; *way < WAY_COUNT; ++*way)
		if (!strcmp(words[*way], word))
			return true;
	return false;
}
