#include "table.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define ROWS_MAX   64
#define TEXT_BYTES 160

struct row {
	char what[TEXT_BYTES], measured[TEXT_BYTES], target[TEXT_BYTES];
};

static struct row rows[ROWS_MAX];
static int row_count;

/* 1234567.8 as 1,234,567.8. */
static void number_write(char *to, size_t size, double value, int decimals)
{
	char plain[64];
	size_t whole, used = 0;

	if (fabs(value) < 0.5 * pow(10, -decimals))
		value = 0; /* and not -0 */
	snprintf(plain, sizeof(plain), "%.*f", decimals, value);
	whole = strcspn(plain, ".");
	for (size_t i = 0; plain[i] && used + 2 < size; i++) {
		if (i && i < whole && (whole - i) % 3 == 0 && plain[i - 1] != '-')
			to[used++] = ',';
		to[used++] = plain[i];
	}
	to[used] = '\0';
}

static bool is_reached(double value, enum bound bound, double target)
{
	switch (bound) {
	case NO_TARGET:
		return true;
	case AT_LEAST:
		return value >= target;
	case AT_MOST:
		return value <= target;
	case UNDER:
		return value < target;
	}
	return false;
}

static void row_add(const char *what, const char *measured, const char *target)
{
	struct row *row = &rows[row_count];

	fprintf(stderr, "  %s: %s%s%s\n", what, measured, *target ? ", target: " : "", target);
	if (row_count == ROWS_MAX)
		return;
	row_count++;
	snprintf(row->what, sizeof(row->what), "%s", what);
	snprintf(row->measured, sizeof(row->measured), "%s", measured);
	snprintf(row->target, sizeof(row->target), "%s", target);
}

/* As many as a target needs, which is a round number. */
static int decimals_of(double target)
{
	int decimals = 0;

	while (decimals < 6 && fabs(target - round(target)) > 1e-9) {
		target *= 10;
		decimals++;
	}
	return decimals;
}

void table_add(const char *what, double value, int decimals, enum bound bound, double target)
{
	static const char *const words[] = {"", "at least ", "at most ", "under "};
	char measured[64] = "failed", number[64] = "", text[128];

	if (!isnan(value))
		number_write(measured, sizeof(measured) - 16, value, decimals);
	if (!is_reached(value, bound, target))
		strcat(measured, ", not reached");
	if (bound != NO_TARGET)
		number_write(number, sizeof(number), target, decimals_of(target));
	snprintf(text, sizeof(text), "%s%s", words[bound], number);
	row_add(what, measured, text);
}

void table_add_missing(const char *what, const char *why)
{
	row_add(what, why, "");
}

void table_print(void)
{
	printf("| what | measured | target |\n|---|---|---|\n");
	for (int i = 0; i < row_count; i++)
		printf("| %s | %s | %s |\n", rows[i].what, rows[i].measured, rows[i].target);
}
