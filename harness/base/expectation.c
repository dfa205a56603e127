#include "base/expectation.h"

#include <stddef.h>

bool expectation_fits(const char *pattern, const char *outcome)
{
	const char *star = NULL, *retry = NULL;

	while (*outcome) {
		if (*pattern == '*') {
			star = pattern++;
			retry = outcome;
		} else if (*pattern == *outcome) {
			pattern++;
			outcome++;
		} else if (star) {
			/* The last star takes one byte more. */
			pattern = star + 1;
			outcome = ++retry;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}

/* A declaration without a star fits one outcome only, and no other has as many bytes. */
static uint32_t weight(const char *pattern)
{
	uint32_t bytes = 0, stars = 0;

	for (; *pattern; pattern++) {
		stars += *pattern == '*';
		bytes += *pattern != '*';
	}
	return 2 * bytes + !stars;
}

static bool is_better(const struct expectation *fresh, const struct expectation *best)
{
	uint32_t a, b;

	if (!best)
		return true;
	a = weight(fresh->text);
	b = weight(best->text);
	return a != b ? a > b : fresh->grade > best->grade;
}

const struct expectation *expectation_find(const struct expectation *list, uint32_t count,
					   const char *outcome)
{
	const struct expectation *best = NULL;

	for (uint32_t i = 0; i < count; i++)
		if (expectation_fits(list[i].text, outcome) && is_better(&list[i], best))
			best = &list[i];
	return best;
}
