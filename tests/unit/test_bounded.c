/*
 * test_bounded.c - the search by preemptions against exact numbers of classes, and against all
 * interleavings of random programs.
 */
#include "policy/bounded.h"
#include "unit/misuse.h"
#include "unit/parts.h"
#include "unit/searches.h"
#include "unit/shrink.h"

#include <criterion/criterion.h>
#include <string.h>

#define SEED	 2
#define PROGRAMS 500 /* of each test */

/* ---- how many preemptions the classes need, found by trying all interleavings */

static struct {
	const struct program *program;
	struct set met; /* classes of prefixes, with the thread that ran last and the preemptions */
	struct set whole;
	uint64_t names[SET_SIZE];
	int minima[SET_SIZE];
	bool left; /* too many, or steps without a meaning: not compared */
} tried;

static uint64_t mix(uint64_t name, uint64_t number)
{
	struct rng rng = rng_stream(name, number);

	return rng_next(&rng);
}

static void end(const struct run *run, int preemptions)
{
	uint64_t name = class_of(run);
	long i = 0;

	if (set_add(&tried.whole, name, 0, NULL)) {
		tried.names[tried.whole.count - 1] = name;
		tried.minima[tried.whole.count - 1] = preemptions;
		return;
	}
	while (tried.names[i] != name)
		i++;
	if (preemptions < tried.minima[i])
		tried.minima[i] = preemptions;
}

static void go_on(const struct run *run, int last, int preemptions);

static void go_each_way(const struct run *run, int thread, int preemptions)
{
	uint32_t ways = state_ways(&run->state, tried.program, thread);

	for (uint32_t way = 0; way < ways; way++) {
		struct run next = *run;

		next.state.way = (uint8_t)way;
		run_step(&next, thread);
		go_on(&next, thread, preemptions);
	}
}

static void go_on(const struct run *run, int last, int preemptions)
{
	uint64_t name = mix(mix(class_of(run), (uint64_t)last + 1), (uint64_t)preemptions);
	bool over = true;
	bool last_enabled = last >= 0 && state_is_enabled(&run->state, tried.program, last);

	if (tried.left || !set_add(&tried.met, name, 0, NULL))
		return;
	tried.left = tried.met.count > SET_SIZE / 2 || run->state.misuse;
	for (int t = 0; t < tried.program->threads; t++) {
		if (!state_is_enabled(&run->state, tried.program, t))
			continue;
		over = false;
		go_each_way(run, t, preemptions + (last_enabled && t != last));
	}
	if (over)
		end(run, preemptions);
}

/* False where it is not to be compared. */
static bool try_all(const struct program *program, long classes[PREEMPTIONS_MAX])
{
	static struct run start;

	tried.program = program;
	tried.left = false;
	set_clear(&tried.met);
	set_clear(&tried.whole);
	run_init(program, &start);
	go_on(&start, -1, 0);
	if (tried.left)
		return false;
	memset(classes, 0, PREEMPTIONS_MAX * sizeof(*classes));
	for (long i = 0; i < tried.whole.count; i++)
		classes[tried.minima[i]]++;
	return true;
}

/* ---- numbers that are known */

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

/* `known`: of classes with at most 0, 1, ... preemptions, up to the number of all. */
static void check_bounds(const struct program *program, const int *known)
{
	for (uint32_t bound = 0; known[bound]; bound++) {
		struct bounded_result result;

		search_bounded(program, bound, &result);
		cr_expect(result.executions == known[bound], "%ld of %d with %u", result.executions,
			  known[bound], bound);
		cr_expect(!result.repeated && result.ordered && !result.lost);
		cr_expect(result.cut == (known[bound + 1] != 0), "%u", bound);
		for (uint32_t k = 0; k <= bound; k++)
			cr_expect(result.classes[k] == known[k] - (k ? known[k - 1] : 0));
	}
}

Test(bounded, unlocked_counters, .init = search_init)
{
	static const struct {
		int threads, rounds, known[10];
	} cases[] = {
		{2, 1, {2, 4}},
		{2, 2, {2, 8, 22, 32, 34}},
		{2, 3, {2, 12, 56, 132, 236, 304, 326, 328}},
		{3, 1, {6, 24, 36}},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct program program =
			same(cases[i].threads, cases[i].rounds, OP_ATOMIC_LOAD, OP_ATOMIC_STORE);

		check_bounds(&program, cases[i].known);
	}
}

/* To switch away from a thread that waits for the lock is free. */
Test(bounded, locked_counter, .init = search_init)
{
	struct program program = same(2, 3, OP_LOCK, OP_UNLOCK);

	check_bounds(&program, (const int[]){2, 6, 14, 18, 20, 0});
}

/* ---- random programs */

static bool has_end(const struct program *program)
{
	for (int t = 0; t < program->threads; t++)
		for (int i = 0; i < program->length[t]; i++)
			if (program->steps[t][i].end != STEP_GOES_ON)
				return true;
	return false;
}

static bool has_yield(const struct program *program)
{
	for (int t = 0; t < program->threads; t++)
		for (int i = 0; i < program->length[t]; i++)
			if (program->steps[t][i].op == OP_YIELD)
				return true;
	return false;
}

/* What is wrong about the program's search with each bound, or null. */
static const char *wrong(const struct program *program, long *executions)
{
	long known[PREEMPTIONS_MAX], sum = 0, all = 0;
	struct bounded_result minima;

	if (!try_all(program, known))
		return NULL;
	for (int k = 0; k < PREEMPTIONS_MAX; k++)
		all += known[k];
	search_minima(program, &minima);
	/* Where a step ends the process, how far others have got is no matter to the reduction. */
	if (!has_end(program) && memcmp(minima.classes, known, sizeof(known)) != 0)
		return "the minima of the reduction's classes";
	for (uint32_t bound = 0; sum < all; bound++) {
		struct bounded_result result;

		search_bounded(program, bound, &result);
		sum += known[bound];
		*executions += result.executions;
		if (result.lost)
			return "it lost its way";
		for (uint32_t k = 0; k <= bound; k++)
			if (result.classes[k] != known[k])
				return result.classes[k] < known[k] ? "a class is missed"
								    : "a class is none";
		if (result.executions != sum)
			return "an execution is redundant";
		/* Who yields is left where the bound allows it. */
		if (!result.ordered && !has_yield(program))
			return "the order is wrong";
		if (result.cut < (sum < all))
			return "it does not say what it left out";
	}
	return NULL;
}

static bool is_wrong(const struct program *program, bool exact)
{
	long executions = 0;

	(void)exact;
	return wrong(program, &executions) != NULL;
}

/* As a failed assertion does. */
static void end_somewhere(struct rng *rng, struct program *program)
{
	uint32_t t = rng_below(rng, (uint32_t)program->threads);
	struct step *step;

	if (!program->length[t])
		return;
	step = &program->steps[t][rng_below(rng, (uint32_t)program->length[t])];
	if (step->op != OP_CREATE && step->op != OP_JOIN)
		step->end = any(rng) ? STEP_ENDS : STEP_ENDS_WHERE_IT_FAILS;
}

typedef struct program program_fn(struct rng *rng);

static void check_random(program_fn *program_from, uint64_t count, bool ends, long executions_each)
{
	long executions = 0;

	search_init();
	for (uint64_t i = 0; i < count; i++) {
		struct rng rng = rng_stream(SEED, i);
		struct program program = program_from(&rng);
		const char *what;

		if (ends)
			end_somewhere(&rng, &program);
		what = wrong(&program, &executions);

		if (!what)
			continue;
		program_shrink(&program, is_wrong, true);
		program_print(&program);
		cr_assert_fail("%s", wrong(&program, &executions));
	}
	cr_expect(executions > executions_each * (long)count, "%ld executions", executions);
}

/* What nobody has tried to take by the end of a class was there all the time, or was not. */
Test(bounded, end_before_it_is_tried, .init = search_init)
{
	for (uint32_t posts = 0; posts <= 1; posts++) {
		struct program program = {
			.threads = 3,
			.posts = posts,
			.length = {1, 1, 1},
			.steps = {{{.op = OP_EXIT}},
				  {{.op = OP_SEM_TRYWAIT}},
				  {{.op = OP_WRITE, .object = 1}}},
		};
		long executions = 0;
		const char *what = wrong(&program, &executions);

		cr_expect(!what && executions, "%s", what);
	}
}

Test(bounded, random_programs)
{
	check_random(program_of_any, PROGRAMS, false, 50);
}

Test(bounded, random_programs_that_end)
{
	check_random(program_of_any, PROGRAMS, true, 50);
}

/* Whether the process ends by a misuse is a matter of order. */
Test(bounded, random_programs_of_misuse)
{
	check_random(program_of_misuse, 3 * PROGRAMS, false, 8);
}

/* Waits that end by their deadline, or by nothing so many times in all. */
static struct program program_of_ways(struct rng *rng)
{
	struct program program = program_of(rng, part_way_and_other, 2);

	program.spurious = (uint8_t)rng_below(rng, 3);
	return program;
}

/* Threads that signal and cancel each other. */
Test(bounded, random_programs_of_interrupts)
{
	check_random(program_of_interrupts, 2 * PROGRAMS, false, 5);
}

/* What interrupts a thread that waits for another's end, or in a loop, may come before that. */
Test(bounded, interrupts_of_what_is_not_over, .init = search_init)
{
	static const struct program end = {
		.threads = 3,
		.length = {1, 2, 1},
		.steps = {{{.op = OP_AWAIT_END, .object = 1, .interrupts = SENT_CANCEL}},
			  {{.op = OP_WRITE}, {.op = OP_WRITE, .value = 1}},
			  {{.op = OP_CANCEL}}},
	};
	static const struct program loop = {
		.threads = 3,
		.length = {2, 1, 1},
		.steps = {{{.op = OP_READ, .skip = 1, .expected = 0},
			   {.op = OP_READ, .interrupts = SENT_CANCEL, .guard = {.op = OP_READ}}},
			  {{.op = OP_WRITE, .value = 1}},
			  {{.op = OP_CANCEL}}},
	};
	long executions = 0;
	const char *what = wrong(&end, &executions);

	cr_expect(!what, "%s", what);
	what = wrong(&loop, &executions);
	cr_expect(!what, "%s", what);
	cr_expect(executions > 0);
}

Test(bounded, random_programs_of_ways)
{
	check_random(program_of_ways, 2 * PROGRAMS, false, 8);
}
