#include "cc/arguments.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *or_end(void *memory)
{
	if (memory)
		return memory;
	fprintf(stderr, "heddle-cc: no memory\n");
	exit(1);
}

void arguments_add(struct arguments *arguments, const char *argument)
{
	if (arguments->count == arguments->room) {
		arguments->room = arguments->room ? arguments->room * 2 : 64;
		arguments->list = or_end(
			realloc(arguments->list, arguments->room * sizeof(*arguments->list)));
	}
	arguments->list[arguments->count++] = argument;
}

void arguments_add_joined(struct arguments *arguments, const char *first, const char *second)
{
	size_t length = strlen(first) + strlen(second) + 1;
	char *joined = or_end(malloc(length));

	snprintf(joined, length, "%s%s", first, second);
	arguments_add(arguments, joined);
}
