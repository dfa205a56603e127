/* tables.h - zeroed memory for the tables of searches. */
#ifndef HEDDLE_TESTS_TABLES_H
#define HEDDLE_TESTS_TABLES_H

#include <stddef.h>

void *table(size_t bytes);

/* Tables of a single search, and the end of it. */
void *table_for_now(size_t bytes);
void tables_drop(void);

#endif
