#include "cli/nearest.h"

#include <string.h>

#define LETTERS_MAX 63

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t nearest_distance(const char *a, const char *b)
{
	size_t row[LETTERS_MAX + 1], length = strnlen(b, LETTERS_MAX);

	for (size_t j = 0; j <= length; j++)
		row[j] = j;
	for (size_t i = 0; i < LETTERS_MAX && a[i]; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < length; j++) {
			size_t replaced = diagonal + (a[i] != b[j]);

			diagonal = row[j + 1];
			row[j + 1] = least(replaced, 1 + least(row[j], row[j + 1]));
		}
	}
	return row[length];
}

void nearest_offer(const char **best, const char *candidate, const char *word)
{
	size_t distance = nearest_distance(word, candidate);

	/* Half of a word may be wrong, or it may break off: `exec` for `executions`. */
	if (distance > (strlen(candidate) + 1) / 2 && strncmp(word, candidate, strlen(word)) != 0)
		return;
	if (!*best || distance < nearest_distance(word, *best))
		*best = candidate;
}
