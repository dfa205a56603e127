/*
 * shrink.c - greedily: each simpler program that is still wrong is gone on with.
 *
 * A wait and its wake, an arrival and its passage, are dropped together, and the steps that others
 * skip are counted anew. What has no meaning as a whole, is_wrong() has to find out.
 */
#include "unit/shrink.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_second_half(const struct step *step)
{
	return step->op == OP_WAKE || step->op == OP_PASS || step->op == OP_FUTEX_WOKEN;
}

static bool is_first_half(const struct step *step)
{
	return step->op == OP_WAIT || step->op == OP_ARRIVE || step->op == OP_FUTEX_WAIT;
}

static void step_drop(struct program *program, int thread, int at)
{
	struct step *steps = program->steps[thread];

	for (int i = 0; i < at; i++)
		if (i + abs(steps[i].skip) >= at)
			steps[i].skip -= steps[i].skip > 0 ? 1 : -1;
	for (int i = at + 1; i < program->length[thread]; i++)
		steps[i - 1] = steps[i];
	program->length[thread]--;
}

/* False where it is half of a step that is dropped with the other. */
static bool unit_drop(struct program *program, int thread, int at)
{
	if (is_second_half(&program->steps[thread][at]))
		return false;
	if (is_first_half(&program->steps[thread][at]))
		step_drop(program, thread, at);
	step_drop(program, thread, at);
	return true;
}

static bool names_thread(enum op op)
{
	return op == OP_CREATE || op == OP_JOIN || op == OP_CANCEL || op == OP_KILL ||
	       op == OP_AWAIT_END;
}

static void thread_drop(struct program *program, int thread)
{
	for (int t = 0; t < program->threads; t++)
		for (int i = program->length[t]; i-- > 0;) {
			struct step *step = &program->steps[t][i];

			if (!names_thread(step->op))
				continue;
			if (step->object == thread)
				step_drop(program, t, i);
			else
				step->object -= step->object > thread;
		}
	for (int t = thread + 1; t < program->threads; t++) {
		program->length[t - 1] = program->length[t];
		memcpy(program->steps[t - 1], program->steps[t], sizeof(program->steps[t]));
	}
	program->threads--;
}

bool program_cut(struct program *program)
{
	int longest = 0, at;

	for (int t = 1; t < program->threads; t++)
		if (program->length[t] > program->length[longest])
			longest = t;
	at = program->length[longest] - 1;
	if (at < 0)
		return false;
	if (is_second_half(&program->steps[longest][at]))
		at--;
	return unit_drop(program, longest, at);
}

/* Becomes less with each step that is made simpler, so that this comes to an end. */
static uint64_t weight(const struct program *program)
{
	uint64_t sum = program->posts;

	for (int t = 0; t < program->threads; t++)
		for (int i = 0; i < program->length[t]; i++) {
			const struct step *step = &program->steps[t][i];

			sum += (uint64_t)(step->op + step->object + step->mutex + abs(step->skip)) +
			       (uint64_t)(step->bytes + step->offset + step->exchange) +
			       step->guard.op + (uint64_t)step->guard.object + step->guard.value +
			       step->pointer + step->end + step->expected + step->value +
			       (uint64_t)(step->interrupts + step->fails + step->cleanup);
		}
	return sum;
}

static bool try(struct program *program, const struct program *simpler, wrong_fn *is_wrong,
		bool exact)
{
	if (!is_wrong(simpler, exact))
		return false;
	*program = *simpler;
	return true;
}

static bool drop_some(struct program *program, wrong_fn *is_wrong, bool exact)
{
	for (int t = program->threads; program->threads > 1 && t-- > 0;) {
		struct program simpler = *program;

		thread_drop(&simpler, t);
		if (try(program, &simpler, is_wrong, exact))
			return true;
	}
	for (int t = 0; t < program->threads; t++)
		for (int i = program->length[t]; i-- > 0;) {
			struct program simpler = *program;

			if (unit_drop(&simpler, t, i) && try(program, &simpler, is_wrong, exact))
				return true;
		}
	return false;
}

#define SIMPLER_WAYS 16

/* One way in which a step can be simpler. Both halves of a step have their object in common. */
static void simplify(struct program *program, int thread, int at, int way)
{
	struct step *step = &program->steps[thread][at];
	bool is_thread = names_thread(step->op);

	switch (way) {
	case 0:
		step->object -= step->object > 0 && !is_thread;
		if (is_first_half(step))
			step[1].object = step->object;
		return;
	case 1:
		step->mutex = 0;
		if (is_first_half(step))
			step[1].mutex = 0;
		return;
	case 2:
		step->skip = 0;
		return;
	case 3:
		step->expected = 0;
		return;
	case 4:
		step->value = 0;
		return;
	case 5:
		step->bytes = step->offset = 0;
		return;
	case 6:
		step->exchange = false;
		return;
	case 7:
		step->pointer = false;
		return;
	case 8:
		step->end = STEP_GOES_ON;
		return;
	case 10:
		step->guard = (struct step_guard){.op = OP_NONE};
		return;
	case 11:
		step->guard.object = 0;
		return;
	case 12:
		step->guard.value = 0;
		return;
	case 13:
		step->interrupts &= ~SENT_SIGNAL;
		return;
	case 14:
		step->interrupts &= ~SENT_CANCEL;
		return;
	case 15:
		step->fails = false;
		return;
	case 9:
		if (op_is_access(step->op))
			step->op = op_is_load(step->op) ? OP_READ : OP_WRITE;
		return;
	}
}

static bool simplify_some(struct program *program, wrong_fn *is_wrong, bool exact)
{
	struct program simpler = *program;

	simpler.posts = 0;
	if (program->posts && try(program, &simpler, is_wrong, exact))
		return true;
	for (int t = 0; t < program->threads; t++)
		for (int i = 0; i < program->length[t]; i++)
			for (int way = 0; way < SIMPLER_WAYS; way++) {
				simpler = *program;
				if (is_second_half(&simpler.steps[t][i]) && way < 13)
					continue;
				simplify(&simpler, t, i, way);
				if (weight(&simpler) < weight(program) &&
				    try(program, &simpler, is_wrong, exact))
					return true;
			}
	return false;
}

void program_shrink(struct program *program, wrong_fn *is_wrong, bool exact)
{
	while (drop_some(program, is_wrong, exact) || simplify_some(program, is_wrong, exact))
		continue;
}

/* ---- as text */

static const char *enumerator(enum op op)
{
	static const char *const names[] = {
#define X(name, word, visible, letter) [name] = #name,
		OPS(X)
#undef X
	};

	return names[op];
}

static void number_print(const char *name, uint64_t value)
{
	if (value)
		fprintf(stderr, ", .%s = %lu", name, (unsigned long)value);
}

static void step_print(const struct step *step)
{
	static const char *const ends[] = {"STEP_GOES_ON", "STEP_ENDS", "STEP_ENDS_WHERE_IT_FAILS",
					   "STEP_GOES_ON_ALONE"};

	fprintf(stderr, "{.op = %s", enumerator(step->op));
	number_print("object", (uint64_t)step->object);
	number_print("mutex", (uint64_t)step->mutex);
	if (step->skip)
		fprintf(stderr, ", .skip = %d", step->skip);
	number_print("expected", step->expected);
	number_print("value", step->value);
	number_print("bytes", (uint64_t)step->bytes);
	number_print("offset", (uint64_t)step->offset);
	number_print("exchange", step->exchange);
	number_print("pointer", step->pointer);
	number_print("interrupts", (uint64_t)step->interrupts);
	number_print("fails", step->fails);
	number_print("cleanup", (uint64_t)step->cleanup);
	if (step->guard.op)
		fprintf(stderr, ", .guard = {.op = %s, .object = %d, .value = %lu}",
			enumerator(step->guard.op), step->guard.object,
			(unsigned long)step->guard.value);
	if (step->end)
		fprintf(stderr, ", .end = %s", ends[step->end]);
	fprintf(stderr, "},");
}

void program_print(const struct program *program)
{
	fprintf(stderr, "{.threads = %d", program->threads);
	number_print("posts", program->posts);
	number_print("arrivals", program->arrivals);
	number_print("contended", program->contended);
	fprintf(stderr, ", .length = {");
	for (int t = 0; t < program->threads; t++)
		fprintf(stderr, "%s%d", t ? ", " : "", program->length[t]);
	fprintf(stderr, "}, .steps = {\n");
	for (int t = 0; t < program->threads; t++) {
		fprintf(stderr, "\t{");
		for (int i = 0; i < program->length[t]; i++)
			step_print(&program->steps[t][i]);
		fprintf(stderr, "},\n");
	}
	fprintf(stderr, "}}\n");
}
