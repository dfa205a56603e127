/* comparisons.c - the search of a program, compared with all its interleavings. */
#include "unit/searches.h"
#include "unit/shrink.h"

#include <criterion/criterion.h>

const char *const difference_words[] = {
	[SAME] = "the same",
	[MISSED] = "a class is missed",
	[INVENTED] = "a class is none",
	[TWICE] = "a class is executed twice",
	[IN_VAIN] = "an execution was in vain",
	[STATES] = "not the same states at the end",
	[FAILED] = "the search lost its way",
	[UNSOUND] = "one class, and different states",
	[TOO_LARGE] = "too many interleavings",
	[MISUSE] = "misuse",
};

static bool is_subset(const struct set *a, const struct set *b)
{
	for (uint32_t i = 0; i < SET_SIZE; i++)
		if (a->stamps[i] == a->stamp && !set_has(b, a->names[i]))
			return false;
	return true;
}

static enum difference difference_of(const struct all *all, const struct found *result, bool exact)
{
	if (all->unsound)
		return UNSOUND;
	if (result->lost)
		return FAILED;
	if (result->classes.count < all->classes.count)
		return MISSED;
	if (!is_subset(&result->classes, &all->classes))
		return INVENTED;
	if (exact && result->executions != result->classes.count)
		return TWICE;
	if (exact && result->asleep && !search_is_short())
		return IN_VAIN;
	if (exact && (result->finals.count != all->finals.count ||
		      !is_subset(&result->finals, &all->finals)))
		return STATES;
	return SAME;
}

struct comparison compare(const struct program *program, bool exact)
{
	static struct found result;
	static struct all all;
	name_fn *name = exact ? class_of : ending_of;

	if (!program_is_meaningful(program))
		return (struct comparison){.difference = MISUSE};
	interleave(program, name, false, &all);
	if (all.misuse || all.too_many)
		return (struct comparison){.difference = all.misuse ? MISUSE : TOO_LARGE};
	search_without_bound(program, name, 2 * PREFIXES_MAX, &result);
	return (struct comparison){.difference = difference_of(&all, &result, exact),
				   .classes = all.classes.count,
				   .executions = result.executions,
				   .asleep = result.asleep,
				   .finals = all.finals.count,
				   .stuck = all.stuck};
}

static bool is_wrong(const struct program *program, bool exact)
{
	enum difference difference = compare(program, exact).difference;

	return difference != SAME && difference < TOO_LARGE;
}

struct comparison check(const struct program *program, bool exact)
{
	struct comparison result = compare(program, exact);

	if (result.difference < TOO_LARGE && result.difference != SAME) {
		struct program smallest = *program;

		program_shrink(&smallest, is_wrong, exact);
		result = compare(&smallest, exact);
		program_print(&smallest);
		cr_assert_fail("%s: %ld classes, %ld executions, %ld in vain",
			       difference_words[result.difference], result.classes,
			       result.executions, result.asleep);
	}
	return result;
}

struct comparison check_cut(struct program *program, bool exact)
{
	struct comparison result;

	while ((result = check(program, exact)).difference == TOO_LARGE)
		cr_assert(program_cut(program));
	cr_assert(result.difference == SAME, "%s", difference_words[result.difference]);
	return result;
}
