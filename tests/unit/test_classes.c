/*
 * test_classes.c - the partial-order reduction against exact numbers of classes.
 *
 * Programs are straight lines of reads, writes, locks and unlocks. How many classes of executions
 * such a program has is computed without executing it, by inclusion and exclusion over sets of
 * independent next events (Cartier and Foata, "Problemes combinatoires de commutation et
 * rearrangements", 1969), and has to be the number of executions of the search.
 */
#include "unit/searches.h"

#include <criterion/criterion.h>
#include <string.h>

#define STEPS_MAX 12 /* of a thread, for there is a number for each position */

/* ---- the number of classes, computed ---- */

struct position {
	int at[THREADS];
};

static int holder(const struct program *program, const struct position *p, int object)
{
	for (int t = 0; t < program->threads; t++) {
		int depth = 0;

		for (int i = 0; i < p->at[t]; i++) {
			const struct step *step = &program->steps[t][i];

			if (step->object != object)
				continue;
			depth += step->op == OP_LOCK ? 1 : step->op == OP_UNLOCK ? -1 : 0;
		}
		if (depth)
			return t;
	}
	return -1;
}

static bool is_enabled(const struct program *program, const struct position *p, int thread)
{
	const struct step *step = &program->steps[thread][p->at[thread]];

	if (p->at[thread] == program->length[thread])
		return false;
	return step->op != OP_LOCK || holder(program, p, step->object) < 0;
}

static bool depend(const struct step *a, const struct step *b)
{
	return op_letter(a->op) == op_letter(b->op) && a->object == b->object &&
	       !(a->op == OP_READ && b->op == OP_READ);
}

static long memo[STEPS_MAX + 1][STEPS_MAX + 1][STEPS_MAX + 1][STEPS_MAX + 1];

static bool is_independent(const struct program *program, const struct position *p, unsigned set)
{
	for (int a = 0; a < program->threads; a++)
		for (int b = a + 1; b < program->threads; b++)
			if (set >> a & 1 && set >> b & 1 &&
			    depend(&program->steps[a][p->at[a]], &program->steps[b][p->at[b]]))
				return false;
	return true;
}

static long classes(const struct program *program, struct position p)
{
	long *known = &memo[p.at[0]][p.at[1]][p.at[2]][p.at[3]], sum = 0;
	unsigned enabled = 0;

	if (*known)
		return *known;
	for (int t = 0; t < program->threads; t++)
		enabled |= (unsigned)is_enabled(program, &p, t) << t;
	for (unsigned set = 1; set < 1u << program->threads; set++) {
		struct position next = p;

		if (set & ~enabled || !is_independent(program, &p, set))
			continue;
		for (int t = 0; t < program->threads; t++)
			next.at[t] += set >> t & 1;
		sum += (__builtin_popcount(set) & 1 ? 1 : -1) * classes(program, next);
	}
	/* The end, or a deadlock. */
	*known = enabled ? sum : 1;
	return *known;
}

static long classes_of(const struct program *program)
{
	for (int t = 0; t < program->threads; t++)
		cr_assert(program->length[t] <= STEPS_MAX);
	memset(memo, 0, sizeof(memo));
	return classes(program, (struct position){.at = {0}});
}

/* ---- programs of known size (two ways) ---- */

static void check_both(const struct program *program, long known)
{
	cr_expect(classes_of(program) == known, "%ld classes computed", classes_of(program));
	check_known(program, known);
}

static struct program same(int threads, int rounds, enum op first, enum op second)
{
	struct program program = {.threads = threads};

	for (int t = 0; t < threads; t++)
		for (int i = 0; i < rounds; i++) {
			add_op(&program, t, first, 0);
			add_op(&program, t, second, 0);
		}
	return program;
}

/* n threads with k rounds each: (nk)! / (k!)^n orders. */
Test(classes, mutex_counters, .init = search_init)
{
	static const int cases[][3] = {{2, 1, 2},  {2, 2, 6},	 {2, 3, 20}, {2, 5, 252}, {3, 1, 6},
				       {3, 2, 90}, {3, 3, 1680}, {4, 1, 24}, {4, 2, 2520}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct program program = same(cases[i][0], cases[i][1], OP_LOCK, OP_UNLOCK);

		check_both(&program, cases[i][2]);
	}
}

Test(classes, unlocked_counters, .init = search_init)
{
	static const int cases[][3] = {{2, 1, 4},    {2, 2, 34}, {2, 3, 328},
				       {2, 4, 3334}, {3, 1, 36}, {4, 1, 576}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct program program = same(cases[i][0], cases[i][1], OP_READ, OP_WRITE);

		check_both(&program, cases[i][2]);
	}
}

/* Each reader comes before the writer or after it. */
Test(classes, one_writer_and_readers, .init = search_init)
{
	for (int readers = 1; readers < THREADS; readers++) {
		struct program program = {.threads = readers + 1};

		add_op(&program, 0, OP_WRITE, 0);
		for (int t = 1; t <= readers; t++)
			add_op(&program, t, OP_READ, 0);
		check_both(&program, 1 << readers);
	}
}

Test(classes, nothing_shared_is_one_class, .init = search_init)
{
	struct program program = {.threads = 3};

	for (int t = 0; t < 3; t++)
		for (int i = 0; i < 4; i++)
			add_op(&program, t, OP_WRITE, t);
	check_both(&program, 1);
}

/* Each lock is first taken by the one or by the other of its two threads. One of the classes is the
 * deadlock. (With two threads: locks in two orders.) */
Test(classes, philosophers, .init = search_init)
{
	for (int n = 2; n <= 4; n++) {
		struct program program = {.threads = n};

		for (int t = 0; t < n; t++) {
			add_op(&program, t, OP_LOCK, t);
			add_op(&program, t, OP_LOCK, (t + 1) % n);
			add_op(&program, t, OP_UNLOCK, (t + 1) % n);
			add_op(&program, t, OP_UNLOCK, t);
		}
		check_both(&program, (1 << n) - 1);
	}
}

static struct program random_program(struct rng *rng)
{
	struct program program = {.threads = 2 + (int)rng_below(rng, 3)};
	uint32_t most = program.threads == 2 ? 6 : program.threads == 3 ? 4 : 3;

	for (int t = 0; t < program.threads; t++) {
		uint32_t length = 1 + rng_below(rng, most);

		for (uint32_t i = 0; i < length; i++) {
			int variable = any(rng), mutex = any(rng);
			bool locked = !rng_below(rng, 3);

			if (locked)
				add_op(&program, t, OP_LOCK, mutex);
			add_op(&program, t, any(rng) ? OP_READ : OP_WRITE, variable);
			if (locked)
				add_op(&program, t, OP_UNLOCK, mutex);
			if (program.length[t] > STEPS_MAX - 3)
				break;
		}
	}
	return program;
}

Test(classes, random_programs, .init = search_init)
{
	struct rng rng = rng_stream(1, 1);

	for (int searched = 0; searched < 2000;) {
		struct program program = random_program(&rng);
		long known = classes_of(&program);

		if (known > 3000)
			continue;
		check_known(&program, known);
		searched++;
	}
}
