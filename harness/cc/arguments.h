/* arguments.h - a list of arguments that grows. Ends the process when memory is used up. */
#ifndef HEDDLE_CC_ARGUMENTS_H
#define HEDDLE_CC_ARGUMENTS_H

#include <stddef.h>

struct arguments {
	const char **list;
	size_t count, room;
};

/* Adds `argument`, which stays the caller's; null ends the list. */
void arguments_add(struct arguments *arguments, const char *argument);

/* Adds a copy of the two put together. */
void arguments_add_joined(struct arguments *arguments, const char *first, const char *second);

#endif
