#include "report/select.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* The number at `*at`, which is moved behind it and behind a comma. False where there is none. */
static bool next_number(const char **at, unsigned long *number)
{
	char *end;

	if (**at == 'T')
		(*at)++;
	if (!isdigit((unsigned char)**at))
		return false;
	*number = strtoul(*at, &end, 10);
	if (*end && (*end != ',' || !end[1]))
		return false;
	*at = *end ? end + 1 : end;
	return true;
}

bool select_has_thread(const char *threads, uint32_t thread)
{
	unsigned long number;

	while (*threads && next_number(&threads, &number))
		if (number == thread)
			return true;
	return false;
}

bool select_is_list(const char *threads, const struct trace *trace)
{
	unsigned long number;

	if (!*threads)
		return false;
	while (*threads)
		if (!next_number(&threads, &number) || number >= trace->thread_count)
			return false;
	return true;
}

/* The next name at or behind `at` that ends where a part's name may begin. */
static bool is_name(const char *at, size_t left, const char *wanted)
{
	size_t length = strlen(wanted);

	return left >= length && !strncmp(at, wanted, length) &&
	       (left == length || strchr(".[+(#", at[length]));
}

static bool is_one(const char *object, size_t length, const char *wanted)
{
	if (is_name(object, length, wanted))
		return true;
	for (size_t i = 0; i + 1 < length; i++)
		if (object[i] == ':' && is_name(object + i + 1, length - i - 1, wanted))
			return true;
	return false;
}

bool select_is_object(const char *object, const char *wanted)
{
	size_t length = strcspn(object, ",");

	if (!*object || !*wanted)
		return false;
	return is_one(object, strlen(object), wanted) ||
	       (object[length] &&
		(is_one(object, length, wanted) ||
		 is_one(object + length + 1, strlen(object + length + 1), wanted)));
}
