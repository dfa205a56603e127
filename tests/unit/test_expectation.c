/* Which declaration counts for an outcome. */
#include "base/expectation.h"

#include <criterion/criterion.h>
#include <string.h>

/* By the definition: a star is nothing, or a byte and a star. */
static bool fits_slowly(const char *pattern, const char *outcome)
{
	if (!*pattern)
		return !*outcome;
	if (*pattern == '*')
		return fits_slowly(pattern + 1, outcome) ||
		       (*outcome && fits_slowly(pattern, outcome + 1));
	return *pattern == *outcome && fits_slowly(pattern + 1, outcome + 1);
}

/* The number-th text of letters a, b and, for a pattern, stars. */
static void text_make(char *text, unsigned number, unsigned letters)
{
	for (; number; number = (number - 1) / letters)
		*text++ = "ab*"[(number - 1) % letters];
	*text = '\0';
}

Test(expectation, patterns_fit_as_defined)
{
	unsigned fit = 0;

	for (unsigned i = 0; i < 364; i++)
		for (unsigned j = 0; j < 63; j++) {
			char pattern[8], outcome[8];

			text_make(pattern, i, 3);
			text_make(outcome, j, 2);
			cr_expect(expectation_fits(pattern, outcome) ==
					  fits_slowly(pattern, outcome),
				  "`%s` and `%s`", pattern, outcome);
			fit += fits_slowly(pattern, outcome);
		}
	cr_expect(fit > 1000, "%u", fit);
}

/* Whatever the order in which they were declared. */
Test(expectation, the_closest_counts)
{
	static const struct expectation list[] = {
		{.grade = GRADE_FORBIDDEN, .text = "*"},
		{.grade = GRADE_ACCEPTABLE, .text = "1 *"},
		{.grade = GRADE_INTERESTING, .text = "1 1"},
		{.grade = GRADE_INTERESTING, .text = "1 1*"},
		{.grade = GRADE_FORBIDDEN, .text = "2 2"},
		{.grade = GRADE_ACCEPTABLE, .text = "2 2"},
	};
	static const struct {
		const char *outcome;
		int index;
	} expected[] = {{"0 0", 0}, {"1 0", 1}, {"1 1", 2}, {"1 12", 3}, {"2 2", 4}, {"", 0}};
	struct expectation turned[6];

	for (int i = 0; i < 6; i++)
		turned[i] = list[5 - i];
	for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++) {
		const char *outcome = expected[i].outcome;

		cr_expect(expectation_find(list, 6, outcome) == &list[expected[i].index], "%s",
			  outcome);
		cr_expect(expectation_find(turned, 6, outcome) == &turned[5 - expected[i].index],
			  "%s", outcome);
	}
	cr_expect(!expectation_find(list + 1, 5, "0 0"));
}
