/* nearest.h - which known word was probably meant by an unknown one. */
#ifndef HEDDLE_CLI_NEAREST_H
#define HEDDLE_CLI_NEAREST_H

#include <stddef.h>

/* The number of single letters to insert, delete or replace to make one word of the other
 * (Levenshtein distance). Words are looked at up to their 63rd letter. */
size_t nearest_distance(const char *a, const char *b);

/* Keeps in `*best` the one of `*best` and `candidate` that is nearer to `word`; null where none is
 * near enough to be worth a suggestion. Call it for each candidate, `*best` being null at first. */
void nearest_offer(const char **best, const char *candidate, const char *word);

#endif
