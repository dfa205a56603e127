/*
 * test_classes.c - the partial-order reduction against exact numbers of classes.
 *
 * Programs are straight lines of reads, writes, locks and unlocks. How many classes of executions
 * such a program has is computed without executing it, by inclusion and exclusion over sets of
 * independent next events (Cartier and Foata, "Problemes combinatoires de commutation et
 * rearrangements", 1969), and has to be the number of executions of the search.
 */
#include "policy/dpor.h"

#include "base/rng.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define THREADS 4
#define LENGTH	12
#define OBJECTS 4

struct step {
	enum op op;
	int object;
};

struct program {
	int threads;
	int length[THREADS];
	struct step steps[THREADS][LENGTH];
};

static char objects[OBJECTS][64];

static const void *address(const struct step *step)
{
	return objects[step->object];
}

static void add(struct program *program, int thread, enum op op, int object)
{
	program->steps[thread][program->length[thread]++] =
		(struct step){.op = op, .object = object};
}

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
	return a->object == b->object && !(a->op == OP_READ && b->op == OP_READ);
}

static long memo[LENGTH + 1][LENGTH + 1][LENGTH + 1][LENGTH + 1];

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
	memset(memo, 0, sizeof(memo));
	return classes(program, (struct position){.at = {0}});
}

/* ---- the search ---- */

static void *table(size_t bytes)
{
	void *at = mmap(0, bytes, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	cr_assert(at != MAP_FAILED);
	return at;
}

static struct dpor *search_make(const struct program *program)
{
	struct dpor *dpor = table(sizeof(*dpor));

	dpor_init(dpor, table);
	for (int t = 1; t <= program->threads; t++)
		dpor_created(dpor, 0, (uint32_t)t);
	dpor_mark_base(dpor);
	return dpor;
}

static void search_free(struct dpor *dpor)
{
	munmap(dpor->events, DPOR_EVENTS_MAX * sizeof(*dpor->events));
	munmap(dpor->clocks, DPOR_EVENTS_MAX * sizeof(*dpor->clocks));
	munmap(dpor->clocks_before, DPOR_EVENTS_MAX * sizeof(*dpor->clocks_before));
	munmap(dpor->nodes, DPOR_NODES_MAX * sizeof(*dpor->nodes));
	munmap(dpor->sleepers, DPOR_SLEEPERS_MAX * sizeof(*dpor->sleepers));
	munmap(dpor->path, DPOR_EVENTS_MAX * sizeof(*dpor->path));
	munmap(dpor->sleep_at, DPOR_EVENTS_MAX * sizeof(*dpor->sleep_at));
	munmap(dpor->races, DPOR_RACES_MAX * sizeof(*dpor->races));
	munmap(dpor->steps, DPOR_EVENTS_MAX * sizeof(*dpor->steps));
	munmap(dpor, sizeof(*dpor));
}

/* Thread t of the program is number t + 1 of the search. */
static void execute(struct dpor *dpor, const struct program *program)
{
	struct position p = {.at = {0}};

	dpor_begin(dpor);
	for (;;) {
		uint64_t enabled = 0;
		const struct step *step;
		struct dpor_event *event;
		uint32_t thread;

		for (int t = 0; t < program->threads; t++)
			enabled |= (uint64_t)is_enabled(program, &p, t) << (t + 1);
		if (!enabled)
			break;
		thread = dpor_pick(dpor, enabled);
		cr_assert(!dpor->asleep && !dpor->differs);
		step = &program->steps[thread - 1][p.at[thread - 1]++];
		event = dpor_event(dpor, thread, step->op);
		event->object = address(step);
		event->bytes = 8;
	}
	dpor->pending_count = 0;
	dpor->terminal = false;
	for (int t = 0; t < program->threads; t++) {
		const struct step *step = &program->steps[t][p.at[t]];

		if (p.at[t] < program->length[t])
			dpor->pending[dpor->pending_count++] =
				(struct dpor_event){.thread = (uint32_t)t + 1,
						    .op = step->op,
						    .object = address(step),
						    .bytes = 8,
						    .succeeded = true};
	}
}

static long executions_of(const struct program *program)
{
	struct dpor *dpor = search_make(program);
	long count = 0;

	do {
		execute(dpor, program);
		count++;
	} while (dpor_finish(dpor));
	cr_expect(!dpor->exhausted);
	search_free(dpor);
	return count;
}

/* ---- programs of known size (two ways) ---- */

static void check(const struct program *program, long known)
{
	cr_expect(classes_of(program) == known, "%ld classes computed", classes_of(program));
	cr_expect(executions_of(program) == known, "%ld executions", executions_of(program));
}

static struct program locks(int threads, int rounds)
{
	struct program program = {.threads = threads};

	for (int t = 0; t < threads; t++)
		for (int i = 0; i < rounds; i++) {
			add(&program, t, OP_LOCK, 0);
			add(&program, t, OP_UNLOCK, 0);
		}
	return program;
}

static struct program counters(int threads, int rounds)
{
	struct program program = {.threads = threads};

	for (int t = 0; t < threads; t++)
		for (int i = 0; i < rounds; i++) {
			add(&program, t, OP_READ, 0);
			add(&program, t, OP_WRITE, 0);
		}
	return program;
}

Test(classes, mutex_counters)
{
	static const int cases[][3] = {{2, 1, 2},  {2, 2, 6},	 {2, 5, 252}, {3, 1, 6},
				       {3, 2, 90}, {3, 3, 1680}, {4, 1, 24}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct program program = locks(cases[i][0], cases[i][1]);

		check(&program, cases[i][2]);
	}
}

Test(classes, unlocked_counters)
{
	static const int cases[][3] = {{2, 1, 4},    {2, 2, 34}, {2, 3, 328},
				       {2, 4, 3334}, {3, 1, 36}, {4, 1, 576}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct program program = counters(cases[i][0], cases[i][1]);

		check(&program, cases[i][2]);
	}
}

Test(classes, one_writer_and_readers)
{
	struct program program = {.threads = 4};

	add(&program, 0, OP_WRITE, 0);
	for (int t = 1; t < 4; t++)
		add(&program, t, OP_READ, 0);
	check(&program, 8);
}

Test(classes, locks_in_two_orders)
{
	struct program program = {.threads = 2};

	for (int t = 0; t < 2; t++) {
		add(&program, t, OP_LOCK, t);
		add(&program, t, OP_LOCK, !t);
		add(&program, t, OP_UNLOCK, !t);
		add(&program, t, OP_UNLOCK, t);
	}
	/* One of them is the deadlock. */
	check(&program, 3);
}

Test(classes, philosophers)
{
	for (int n = 2; n <= 4; n++) {
		struct program program = {.threads = n};

		for (int t = 0; t < n; t++) {
			add(&program, t, OP_LOCK, t);
			add(&program, t, OP_LOCK, (t + 1) % n);
			add(&program, t, OP_UNLOCK, (t + 1) % n);
			add(&program, t, OP_UNLOCK, t);
		}
		check(&program, (1 << n) - 1);
	}
}

static struct program random_program(struct rng *rng)
{
	struct program program = {.threads = 2 + (int)rng_below(rng, 3)};
	uint32_t most = program.threads == 2 ? 6 : program.threads == 3 ? 4 : 3;

	for (int t = 0; t < program.threads; t++) {
		uint32_t length = 1 + rng_below(rng, most);

		for (uint32_t i = 0; i < length; i++) {
			int variable = 2 + (int)rng_below(rng, 2), mutex = (int)rng_below(rng, 2);
			bool locked = !rng_below(rng, 3);

			if (locked)
				add(&program, t, OP_LOCK, mutex);
			add(&program, t, rng_below(rng, 2) ? OP_READ : OP_WRITE, variable);
			if (locked)
				add(&program, t, OP_UNLOCK, mutex);
			if (program.length[t] > LENGTH - 3)
				break;
		}
	}
	return program;
}

Test(classes, random_programs)
{
	struct rng rng = rng_stream(1, 1);
	int searched = 0;

	while (searched < 2000) {
		struct program program = random_program(&rng);
		long known = classes_of(&program);

		if (known > 3000)
			continue;
		cr_assert(executions_of(&program) == known, "program %d: %ld instead of %ld",
			  searched, executions_of(&program), known);
		searched++;
	}
}
