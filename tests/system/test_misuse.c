/* Misuse of synchronisation objects and of threads' handles is a failure, with both places; what
 * looks like it and is right is none. Each case of tests/system/programs/misuse.c, with its right
 * twin, at random and exhaustively, with hooks and without: an exhaustive search finds the same
 * failures with the reduction as by every interleaving. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static void program_build(void)
{
	struct child child;

	folder_make();
	child = child_run("gcc -g -D_GNU_SOURCE -pthread -o \"$T/plain\" "
			  "tests/system/programs/misuse.c tests/system/programs/misuse_ends.c && "
			  "\"$B/heddle-cc\" -g -D_GNU_SOURCE "
			  "-pthread -o \"$T/hooks\" tests/system/programs/misuse.c "
			  "tests/system/programs/misuse_ends.c");
	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
}

TestSuite(misuse, .init = program_build, .fini = folder_remove);

/* What is said first of a case: a message, and who did before where what makes it a misuse. */
static const struct {
	const char *name, *message, *evidence;
} cases[] = {
	{"foreign_unlock", "misuse: T1 unlock_m unlocks the mutex `m`, which T0 main holds",
	 "T0 main locked M1 `m` at tests/system/programs/misuse"},
	{"unlock_twice", "misuse: T0 main unlocks the mutex `m`, which nobody holds", ""},
	{"foreign_rwunlock",
	 "misuse: T1 rwunlock unlocks the read-write lock `rw`, which T0 main holds",
	 "T0 main locked R1 `rw` at tests/system/programs/misuse"},
	{"foreign_wrunlock",
	 "misuse: T1 rwunlock_written unlocks the read-write lock `rw`, which T0 main holds",
	 "T0 main locked R1 `rw` at tests/system/programs/misuse"},
	{"rwunlock_twice", "misuse: T0 main unlocks the read-write lock `rw`, which nobody holds",
	 ""},
	{"spin_unlock_free", "misuse: T0 main unlocks the spin lock `spin`, which nobody holds",
	 ""},
	{"wait_unlocked",
	 "misuse: T0 main waits on the condition variable `c` with the mutex `m`, which nobody "
	 "holds",
	 ""},
	{"two_mutexes",
	 "misuse: T2 wait_m2 waits on the condition variable `c`, where T1 wait_m waits with "
	 "another mutex",
	 "T1 wait_m waits on C1 `c` with M1 `m` at tests/system/programs/misuse"},
	{"mutex_after_mutex",
	 "misuse: T0 main waits on the condition variable `c`, where T1 wait_c waits with another "
	 "mutex",
	 "T1 wait_c waits on C1 `c` with M1 `m` at tests/system/programs/misuse"},
	{"destroy_used", "misuse: T1 use_m locks the mutex `m`, which T0 main has destroyed",
	 "T0 main destroyed M1 `m` at tests/system/programs/misuse"},
	{"destroy_last", "which T1 use_and_tell", "M1 `m` at tests/system/programs/misuse"},
	{"destroy_held", "misuse: T0 main destroys the mutex `m`, which it holds itself",
	 "T0 main locked M1 `m` at tests/system/programs/misuse"},
	{"lock_destroyed", "misuse: T0 main locks the mutex `m`, which it has destroyed itself",
	 "T0 main destroyed M1 `m` at tests/system/programs/misuse"},
	{"destroy_twice", "misuse: T0 main destroys the mutex `m`, which it has destroyed itself",
	 "T0 main destroyed M1 `m` at tests/system/programs/misuse"},
	{"init_held", "misuse: T0 main initialises the mutex `m`, which it holds itself",
	 "T0 main locked M1 `m` at tests/system/programs/misuse"},
	{"init_in_heap", "misuse: T0 main destroys the mutex `", "T0 main locked "},
	{"stack", "misuse: T0 main broadcasts the condition variable `", "T0 main destroyed "},
	{"destroy_waited",
	 "misuse: T0 main destroys the condition variable `c`, which T1 wait_c waits for",
	 "T1 wait_c waits on C1 `c` at tests/system/programs/misuse"},
	{"destroy_barrier", "the barrier `b`, which ", ""},
	{"barrier_again", "abort: ", ""},
	{"barrier_unmade",
	 "misuse: T0 main waits on the barrier `b`, which has never been initialised", ""},
	{"destroy_sem",
	 "misuse: T1 wait_sem waits on the semaphore `sem`, which T0 main has destroyed",
	 "T0 main destroyed S3 `sem` at tests/system/programs/misuse"},
	{"post_destroyed",
	 "misuse: T0 main posts the semaphore `sem`, which it has destroyed itself",
	 "T0 main destroyed S3 `sem` at tests/system/programs/misuse"},
	{"destroy_rwlock", "the read-write lock `rw`, which ", "R1 `rw` at tests/system/programs/"},
	{"destroy_spin", "misuse: T0 main destroys the spin lock `spin`, which it holds itself",
	 "T0 main locked L1 `spin` at tests/system/programs/misuse"},
	{"spin_destroyed", "misuse: T0 main locks the spin lock `spin`, which has been destroyed",
	 "T0 main destroyed L1 `spin` at tests/system/programs/misuse"},
	{"c11", "misuse: T0 main locks the mutex `mtx`, which it has destroyed itself",
	 "T0 main destroyed M1 `mtx` at tests/system/programs/misuse"},
	{"join_twice", "misuse: T0 main joins T1 nothing, which it has joined itself",
	 "T0 main joined T1 nothing at tests/system/programs/misuse"},
	{"join_detached", "misuse: T0 main joins T1 nothing, which it has detached itself",
	 "T0 main detached T1 nothing at tests/system/programs/misuse"},
	{"detach_joined", "misuse: T1 detach_self detaches itself, which T0 main joins",
	 "T0 main joins T1 detach_self at tests/system/programs/misuse"},
	{"detach_twice", "misuse: T0 main detaches T1 nothing, which it has detached itself",
	 "T0 main detached T1 nothing at tests/system/programs/misuse"},
	{"relock", "deadlock: no thread can run: T0 main waits for itself",
	 "waits for M1 `m` (tests/system/programs/misuse"},
	{"write_reader", "deadlock: no thread can run: T0 main waits for itself",
	 "held by itself since tests/system/programs/misuse"},
};

#define CASES (sizeof(cases) / sizeof(*cases))

static json_t *explore(const char *program, const char *strategy, const char *name,
		       const char *twin)
{
	struct child child =
		child_run("cd \"$T\" && \"$B/heddle\" explore --races=off --strategy %s %s "
			  "--keep-going --json ./%s %s %s",
			  strategy, !strcmp(strategy, "random") ? "--executions 200" : "", program,
			  name, twin);
	json_t *result = child_json(child.out);

	cr_assert(result, "%s %s: %s", name, strategy, child.err);
	child_free(&child);
	return result;
}

static const char *text_of(const json_t *failure, const char *key)
{
	return json_string_value(json_object_get(failure, key));
}

/* "misuse misuse.c:12, misuse misuse.c:30": the failures in the order of their places. */
static void failures_text(const json_t *result, char text[1024])
{
	const json_t *failures = json_object_get(result, "failures");
	const char *last = "";

	for (text[0] = '\0';;) {
		const char *next = NULL, *kind = NULL;

		for (size_t i = 0; i < json_array_size(failures); i++) {
			const json_t *failure = json_array_get(failures, i);
			const char *where = text_of(failure, "where");

			if (strcmp(where, last) > 0 && (!next || strcmp(where, next) < 0)) {
				next = where;
				kind = text_of(failure, "kind");
			}
		}
		if (!next)
			return;
		snprintf(text + strlen(text), 1024 - strlen(text), "%s %s, ", kind, next);
		last = next;
	}
}

static void check_search(const char *program, const char *strategy, const char *name,
			 const char *twin, char failures[1024])
{
	json_t *result = explore(program, strategy, name, twin);
	bool exhaustive = strcmp(strategy, "random");

	failures_text(result, failures);
	cr_expect(!exhaustive || json_is_true(json_object_get(result, "complete")),
		  "%s %s %s %s: incomplete", program, strategy, name, twin);
	cr_expect(json_integer_value(json_object_get(result, "redundant")) == 0,
		  "%s %s %s %s: executions in vain", program, strategy, name, twin);
	cr_expect(json_array_size(json_object_get(result, "uncontrolled")) == 0);
	json_decref(result);
}

static void check_case(const char *program, const char *name)
{
	char reduced[1024], all[1024], at_random[1024], right[1024];
	const char *strategies[] = {"dpor", "dfs", "random"};

	check_search(program, "dpor", name, "", reduced);
	check_search(program, "dfs", name, "", all);
	check_search(program, "random", name, "", at_random);
	cr_expect(*all && *at_random && !strcmp(reduced, all), "%s %s: dpor %s; dfs %s; random %s",
		  program, name, reduced, all, at_random);
	for (int i = 0; i < 3; i++) {
		check_search(program, strategies[i], name, "right", right);
		cr_expect(!*right, "%s %s %s right: %s", program, strategies[i], name, right);
	}
}

Test(misuse, in_every_order)
{
	for (size_t i = 0; i < CASES; i++)
		check_case("plain", cases[i].name);
}

Test(misuse, in_every_order_with_hooks)
{
	for (size_t i = 0; i < CASES; i++)
		check_case("hooks", cases[i].name);
}

static void check_words(size_t i, const char *said)
{
	cr_expect(strstr(said, cases[i].message), "%s: %s", cases[i].name, said);
	cr_expect(strstr(said, cases[i].evidence), "%s: %s", cases[i].name, said);
}

/* Also in the execution that its trace repeats. */
Test(misuse, with_both_places)
{
	for (size_t i = 0; i < CASES; i++) {
		struct child child =
			child_run("cd \"$T\" && rm -f ./*.trace && \"$B/heddle\" explore -j 1 "
				  "--races=off --strategy dpor ./plain %s",
				  cases[i].name);

		cr_expect(child.status == 1, "%s: %d", cases[i].name, child.status);
		check_words(i, child.out);
		child_free(&child);
		child = child_run("cd \"$T\" && \"$B/heddle\" replay ./*.trace");
		cr_expect(child.status == 1, "%s: %d", cases[i].name, child.status);
		check_words(i, child.err);
		cr_expect(strstr(child.err, "the same as in the trace"), "%s", child.err);
		child_free(&child);
	}
}

/* A single execution knows them, too, without a trace. */
Test(misuse, run)
{
	struct child child = child_run("\"$B/heddle\" run \"$T/plain\" foreign_unlock");

	cr_expect(child.status == 1, "%d", child.status);
	cr_expect(strstr(child.err, "T0 main locked m at tests/system/programs/misuse"), "%s",
		  child.err);
	child_free(&child);
	child = child_run("\"$B/heddle\" run \"$T/plain\" foreign_unlock right");
	cr_expect(child.status == 0, "%s", child.err);
	child_free(&child);
}
