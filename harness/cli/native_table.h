/* native_table.h - what was seen on the machine, beside what a search has found. */
#ifndef HEDDLE_CLI_NATIVE_TABLE_H
#define HEDDLE_CLI_NATIVE_TABLE_H

#include "cli/native_run.h"

#include <stddef.h>
#include <stdio.h>

/* So many distinct ends are told apart. */
#define NATIVE_ROWS_MAX 4096

struct native_row {
	enum outcome_kind kind;
	char *text;
	uint64_t runs;
};

struct native_table {
	struct native_row *rows;
	size_t count;
	uint64_t runs;	  /* that count: all but those assumed away */
	uint64_t assumed; /* of no interest */
	uint64_t others;  /* with ends beyond NATIVE_ROWS_MAX */
};

/* The zeroed table takes up one run. */
void native_table_add(struct native_table *table, const struct native_end *end);
void native_table_free(struct native_table *table);

/* Prints the table. `search`: what came of a search of the same program, or null; `board`: what the
 * program declares. Then what the machine has shown although a complete search calls it impossible.
 * True where there is such an outcome, a run failed, or had a forbidden one. */
bool native_table_print(FILE *out, struct native_table *table, const struct native_board *board,
			const struct search *search);

#endif
