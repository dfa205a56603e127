/* heddle.h - the public interface of heddle, a deterministic thread-scheduling test harness.
 *
 * Programs need nothing of this to run under heddle. What is here makes threads easier to start: a
 * thread on any C function, with its own arguments and its own result, as Python's `Thread(target,
 * args)` does it. It works under heddle and without it alike. Link with -lheddle_call -lffi
 * -pthread, or build with heddle-cc, which does so by itself. And, at the end, it explores a
 * function of the program that calls.
 *
 * And it lets a program say more to heddle: heddle_assert() to heddle_expect() below. They need no
 * library at all.
 *
 * All functions are safe to call from any thread.
 */
#ifndef HEDDLE_H
#define HEDDLE_H

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A thread with a typed result. Opaque; owned by the caller from heddle_thread() to
 * heddle_thread_join(). */
typedef struct heddle_thread heddle_thread_t;

/* Any function: heddle_thread() calls it with the signature you give. The macro below casts the
 * function you have. */
typedef void (*heddle_function_t)(void);

/*
 * Starts a thread that calls `function` with the arguments that follow.
 *
 * `signature` is "RESULT(ARGUMENT, ...)" in C's own words, such as "int(int, double)", "void()",
 * "char *(const char *)", "struct{int;double}(long)". Types: void (result only), _Bool or bool,
 * char, signed char, unsigned char, short, int, long, long long and their unsigned forms, int8_t to
 * int64_t and uint8_t to uint64_t, size_t, ssize_t, intptr_t, uintptr_t, intmax_t, uintmax_t,
 * ptrdiff_t, wchar_t, enum NAME, float, double, long double and their _Complex forms, pointers to
 * anything (TYPE *, TYPE (*)(...)), and structures by value as "struct{TYPE; TYPE; ...}" (arrays in
 * them as TYPE[N]). const, volatile and names of the function, of arguments and of members may
 * stand where C has them. Arguments are copied before the call returns; what a pointer points to is
 * not.
 *
 * Returns 0 and stores the thread in `*thread`; EINVAL when the signature cannot be read, names a
 * type that is not known or does not fit, as far as that can be told (see below), EAGAIN or ENOMEM
 * when no thread can be started. On error `*thread` is null, nothing was called, and
 * heddle_thread_error() says what was wrong and where.
 *
 * What is noticed: the compiler tells number, kind and size of the arguments you pass, so an `int`
 * where the signature says `long` is an error (write 5L, or a cast), as is one argument too few.
 * Where the program's own file has debug information (-g), the signature is compared with the
 * function itself. It is not where the function lives in a shared library, or where
 * HEDDLE_SIGNATURES=trust is in the environment when the program starts.
 *
 * Requires: `signature` fits the function; no more than 16 arguments; a structure written out in
 * the call stands in parentheses of its own: ((struct point){1, 2}).
 */
int heddle_thread(heddle_thread_t **thread, heddle_function_t function, const char *signature, ...);

/*
 * Waits until the thread has ended, stores what the function returned in `*result` and frees the
 * thread.
 *
 * `result` points to an object of the result's type, or is null to drop it (and for void). Returns
 * 0; ECANCELED when the thread ended without returning from the function (pthread_exit,
 * cancellation): `*result` is then left alone. Two errors leave the thread as it is: EDEADLK when a
 * thread joins itself, ESRCH when `thread` is null.
 * Requires: no other thread joins the same one.
 */
int heddle_thread_join(heddle_thread_t *thread, void *result);

/* Says in a sentence what was wrong with the last heddle_thread() call of this thread. Empty when
 * it succeeded. Valid until its next call. Never null. */
const char *heddle_thread_error(void);

/* What the macro heddle_thread() calls: `kinds` is what the compiler knows of the arguments. Not to
 * be called by hand. */
int heddle_thread_checked(heddle_thread_t **thread, heddle_function_t function,
			  unsigned long long kinds, const char *signature, ...);

#ifdef __cplusplus
}
#endif

/* How an argument travels through `...`, four bits each, the first argument lowest; 0 ends the
 * list. */
#define HEDDLE_KIND_INT		  1ull /* an integer no wider than int */
#define HEDDLE_KIND_LONG	  2ull /* an integer of eight bytes */
#define HEDDLE_KIND_POINTER	  3ull
#define HEDDLE_KIND_DOUBLE	  4ull /* float and double */
#define HEDDLE_KIND_LONG_DOUBLE	  5ull
#define HEDDLE_KIND_STRUCT	  6ull
#define HEDDLE_KIND_OTHER	  7ull /* not compared */
#define HEDDLE_KIND_FLOAT_COMPLEX 8ull
#define HEDDLE_KIND_COMPLEX	  9ull
#define HEDDLE_KIND_LONG_COMPLEX  10ull

/* `number` is what __builtin_classify_type says of the argument, `size` its bytes. */
static inline unsigned long long heddle_kind(int number, unsigned long size)
{
	if (number >= 1 && number <= 4)
		return size <= 4   ? HEDDLE_KIND_INT
		       : size == 8 ? HEDDLE_KIND_LONG
				   : HEDDLE_KIND_OTHER;
	if (number == 5)
		return HEDDLE_KIND_POINTER;
	if (number == 8)
		return size <= 8    ? HEDDLE_KIND_DOUBLE
		       : size == 16 ? HEDDLE_KIND_LONG_DOUBLE
				    : HEDDLE_KIND_OTHER;
	if (number == 9)
		return size == 8    ? HEDDLE_KIND_FLOAT_COMPLEX
		       : size == 16 ? HEDDLE_KIND_COMPLEX
				    : HEDDLE_KIND_LONG_COMPLEX;
	return number == 12 ? HEDDLE_KIND_STRUCT : HEDDLE_KIND_OTHER;
}

#ifdef __GNUC__
/* Evaluates no x. `1 ? x : x` is x as `...` takes it, even where x is an array or a bit-field. */
#define HEDDLE_KIND(x) heddle_kind(__builtin_classify_type(x), sizeof(__typeof__(1 ? (x) : (x))))
#else
#define HEDDLE_KIND(x) HEDDLE_KIND_OTHER
#endif

/* HEDDLE_KINDS(signature, a, b, ...): the kinds of a, b, ... in one number. */
#define HEDDLE_KINDS(...)                                                                          \
	HEDDLE_KINDS_PICK(__VA_ARGS__, HEDDLE_KINDS_16, HEDDLE_KINDS_15, HEDDLE_KINDS_14,          \
			  HEDDLE_KINDS_13, HEDDLE_KINDS_12, HEDDLE_KINDS_11, HEDDLE_KINDS_10,      \
			  HEDDLE_KINDS_9, HEDDLE_KINDS_8, HEDDLE_KINDS_7, HEDDLE_KINDS_6,          \
			  HEDDLE_KINDS_5, HEDDLE_KINDS_4, HEDDLE_KINDS_3, HEDDLE_KINDS_2,          \
			  HEDDLE_KINDS_1, HEDDLE_KINDS_0, 0)                                       \
	(__VA_ARGS__, 0)
#define HEDDLE_KINDS_PICK(s, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, pick, ...) pick

#define HEDDLE_KINDS_0(s, ...)	   0ull
#define HEDDLE_KINDS_1(s, x, ...)  HEDDLE_KIND(x)
#define HEDDLE_KINDS_2(s, x, ...)  (HEDDLE_KIND(x) | HEDDLE_KINDS_1(s, __VA_ARGS__) << 4)
#define HEDDLE_KINDS_3(s, x, ...)  (HEDDLE_KIND(x) | HEDDLE_KINDS_2(s, __VA_ARGS__) << 4)
#define HEDDLE_KINDS_4(s, x, ...)  (HEDDLE_KIND(x) | HEDDLE_KINDS_3(s, __VA_ARGS__) << 4)
#define HEDDLE_KINDS_5(s, x, ...)  (HEDDLE_KIND(x) | HEDDLE_KINDS_4(s, __VA_ARGS__) << 4)
#define HEDDLE_KINDS_6(s, x, ...)  (HEDDLE_KIND(x) | HEDDLE_KINDS_5(s, __VA_ARGS__) << 4)
#define HEDDLE_KINDS_7(s, x, ...)  (HEDDLE_KIND(x) | HEDDLE_KINDS_6(s, __VA_ARGS__) << 4)
#define HEDDLE_KINDS_8(s, x, ...)  (HEDDLE_KIND(x) | HEDDLE_KINDS_7(s, __VA_ARGS__) << 4)
#define HEDDLE_KINDS_9(s, x, ...)  (HEDDLE_KIND(x) | HEDDLE_KINDS_8(s, __VA_ARGS__) << 4)
#define HEDDLE_KINDS_10(s, x, ...) (HEDDLE_KIND(x) | HEDDLE_KINDS_9(s, __VA_ARGS__) << 4)
#define HEDDLE_KINDS_11(s, x, ...) (HEDDLE_KIND(x) | HEDDLE_KINDS_10(s, __VA_ARGS__) << 4)
#define HEDDLE_KINDS_12(s, x, ...) (HEDDLE_KIND(x) | HEDDLE_KINDS_11(s, __VA_ARGS__) << 4)
#define HEDDLE_KINDS_13(s, x, ...) (HEDDLE_KIND(x) | HEDDLE_KINDS_12(s, __VA_ARGS__) << 4)
#define HEDDLE_KINDS_14(s, x, ...) (HEDDLE_KIND(x) | HEDDLE_KINDS_13(s, __VA_ARGS__) << 4)
#define HEDDLE_KINDS_15(s, x, ...) (HEDDLE_KIND(x) | HEDDLE_KINDS_14(s, __VA_ARGS__) << 4)
#define HEDDLE_KINDS_16(s, x, ...) (HEDDLE_KIND(x) | HEDDLE_KINDS_15(s, __VA_ARGS__) << 4)

#define heddle_thread(thread, function, ...)                                                       \
	heddle_thread_checked((thread), (heddle_function_t)(function), HEDDLE_KINDS(__VA_ARGS__),  \
			      __VA_ARGS__)

/* ---- what a program says to heddle ----
 *
 * These are macros over functions that are looked for when the program runs: it can be built by any
 * compiler, with no library of heddle's, and works without heddle as is said at each. From C and
 * C++.
 *
 * heddle_assert(condition): where it is false the execution is a failure, with the condition's text
 * and its place, also under -DNDEBUG. Without heddle it prints that and calls abort().
 *
 * heddle_assume(condition): where it is false the execution is of no interest: it ends there,
 * without a failure, and is counted apart as "assumed away". Without heddle the process ends by
 * exit(0). What has happened before has happened: a failure of another thread is one.
 *
 * int heddle_choose(int n): a number from 0 to n - 1. An exhaustive search tries each of them,
 * wherever it makes a difference to the thread; else the seed decides. It is in the trace, and a
 * replay gives it again. Without heddle: 0, or where HEDDLE_SEED is in the environment when the
 * program first asks, numbers that are drawn from that one (which of two threads draws first is not
 * decided). Requires: n is at least 1.
 *
 * heddle_name_thread(name): names the calling thread in traces and reports, as pthread_setname_np()
 * does; more than 15 bytes are cut. Without heddle it does that.
 *
 * heddle_label(text): a mark in the trace and in its table, at this point of the calling thread. It
 * changes nothing about what is explored. So many bytes of it are kept: HEDDLE_LABEL_BYTES; 64
 * different ones. Without heddle it does nothing.
 *
 * heddle_outcome(format, ...): what this execution ends with, as by printf: "r1=%d r2=%d". A search
 * lists all outcomes, with how many executions ended so. Several calls in one execution are joined
 * by ", ": those of main() first, then those of the other threads, in the order in which main()
 * has created them. Tell results, no addresses or times. Outcomes that differ behind the first
 * HEDDLE_OUTCOME_BYTES are different, and are printed alike. Without heddle it does nothing.
 *
 * heddle_expect(grade, format, ...): declares an outcome, best at the beginning of main(). `*`
 * stands for any bytes; where several declarations fit, the one with the most other bytes counts,
 * and of these the one of the worse grade. The end of an execution with a forbidden outcome is a
 * failure. A declared outcome that is not among those of a search is listed, too, and where the
 * search was complete as unreachable. Up to 64. Without heddle it does nothing.
 */
enum heddle_grade {
	HEDDLE_ACCEPTABLE = 1,
	HEDDLE_INTERESTING, /* right, but worth to be looked at */
	HEDDLE_FORBIDDEN,
};

#define HEDDLE_OUTCOME_BYTES 223
#define HEDDLE_LABEL_BYTES   63

#define heddle_assert(condition)                                                                   \
	((condition) ? (void)0                                                                     \
		     : heddle_find_fail()(#condition, __FILE__, (unsigned)__LINE__, __func__))
#define heddle_assume(condition)  ((condition) ? (void)0 : heddle_find_discard()())
#define heddle_choose(n)	  (heddle_find_choose()(n))
#define heddle_name_thread(name)  (heddle_find_name()(name))
#define heddle_label(text)	  (heddle_find_label()(text))
#define heddle_outcome(...)	  (heddle_find_outcome()(__VA_ARGS__))
#define heddle_expect(grade, ...) (heddle_find_expect()((int)(grade), __VA_ARGS__))

/* How the macros come to the library: not to be used by hand. Its table is looked for by this name;
 * one of another layout has another name. */
#define HEDDLE_SAY_TABLE "heddle_say_1"

typedef void (*heddle_fail_t)(const char *condition, const char *file, unsigned line,
			      const char *function);
typedef void (*heddle_discard_t)(void);
typedef int (*heddle_choose_t)(int n);
typedef void (*heddle_text_t)(const char *text);
typedef void (*heddle_outcome_t)(const char *format, ...) __attribute__((format(printf, 1, 2)));
typedef void (*heddle_expect_t)(int grade, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

struct heddle_say {
	heddle_fail_t fail;
	heddle_discard_t discard;
	heddle_choose_t choose;
	heddle_text_t name, label;
	heddle_outcome_t outcome;
	heddle_expect_t expect;
};

/* What the program does there is no access of its own. */
#define HEDDLE_OWN __attribute__((unused, noinline, no_sanitize("thread")))

HEDDLE_OWN static void heddle_alone_fail(const char *condition, const char *file, unsigned line,
					 const char *function)
{
	fprintf(stderr, "%s:%u: %s: Assertion `%s' failed.\n", file, line, function, condition);
	abort();
}

HEDDLE_OWN static void heddle_alone_discard(void)
{
	exit(0);
}

HEDDLE_OWN static int heddle_alone_choose(int n)
{
	static unsigned long long drawn;
	const char *seed = getenv("HEDDLE_SEED");
	unsigned long long mixed;

	if (!seed || n < 2)
		return 0;
	mixed = strtoull(seed, NULL, 10) + ++drawn * 0x9e3779b97f4a7c15ull;
	mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9ull;
	mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebull;
	return (int)((mixed ^ mixed >> 31) % (unsigned)n);
}

HEDDLE_OWN static void heddle_alone_name(const char *name)
{
	char cut[16];

	snprintf(cut, sizeof(cut), "%s", name);
	prctl(PR_SET_NAME, cut);
}

HEDDLE_OWN static void heddle_alone_label(const char *text)
{
	(void)text;
}

HEDDLE_OWN static void heddle_alone_outcome(const char *format, ...)
{
	(void)format;
}

HEDDLE_OWN static void heddle_alone_expect(int grade, const char *format, ...)
{
	(void)grade;
	(void)format;
}

HEDDLE_OWN static const struct heddle_say *heddle_find(void)
{
	static const struct heddle_say alone = {
		heddle_alone_fail,  heddle_alone_discard, heddle_alone_choose, heddle_alone_name,
		heddle_alone_label, heddle_alone_outcome, heddle_alone_expect};
	static const struct heddle_say *volatile found;
	const struct heddle_say *say = found;

	if (!say)
		say = (const struct heddle_say *)dlsym((void *)0, HEDDLE_SAY_TABLE);
	found = say = say ? say : &alone;
	return say;
}

/* One for each, so that the program itself reads nothing of the table. */
HEDDLE_OWN static heddle_fail_t heddle_find_fail(void)
{
	return heddle_find()->fail;
}

HEDDLE_OWN static heddle_discard_t heddle_find_discard(void)
{
	return heddle_find()->discard;
}

HEDDLE_OWN static heddle_choose_t heddle_find_choose(void)
{
	return heddle_find()->choose;
}

HEDDLE_OWN static heddle_text_t heddle_find_name(void)
{
	return heddle_find()->name;
}

HEDDLE_OWN static heddle_text_t heddle_find_label(void)
{
	return heddle_find()->label;
}

HEDDLE_OWN static heddle_outcome_t heddle_find_outcome(void)
{
	return heddle_find()->outcome;
}

HEDDLE_OWN static heddle_expect_t heddle_find_expect(void)
{
	return heddle_find()->expect;
}
/* ------- exploring a function: from any test framework -------
 *
 * heddle_explore() takes a function of the calling program and carries it out under many schedules,
 * as `heddle explore` does with a whole program. It works in a copy of the calling process in which
 * only the calling thread goes on, so other threads, a test framework's for one, are not in the
 * way; nothing that the function does changes the caller.
 *
 * Link with `pkg-config --libs heddle` (or heddle::heddle in CMake), so that heddle's library
 * stands in front of the C library, and compile with heddle-cc where memory accesses are to be
 * events. Until the first call the program runs as it would without heddle, apart from two things:
 * before main it starts itself anew without address randomisation, where that is allowed, so that
 * the same test has the same trace each time; and its heap is heddle's.
 */
#ifdef __cplusplus
extern "C" {
#endif

/* What came of it; the same numbers as the exit statuses of `heddle`. */
enum heddle_result {
	HEDDLE_PASSED = 0,     /* no failure, and what was asked for was done */
	HEDDLE_FAILED = 1,     /* a failure or a data race was found */
	HEDDLE_USAGE = 2,      /* an option is wrong: the text says which */
	HEDDLE_UNABLE = 3,     /* it could not be done: the text says why */
	HEDDLE_DIVERGED = 4,   /* a replay went another way than its trace */
	HEDDLE_INCOMPLETE = 5, /* no failure, but the search is incomplete */
	HEDDLE_LEFT_OUT = 6    /* nothing was done: `heddle replay` wants another call */
};

enum heddle_races { HEDDLE_RACES_REPORT, HEDDLE_RACES_STOP, HEDDLE_RACES_OFF };

/* In place of a number for which 0 means the default. */
#define HEDDLE_NONE (-1)

/* How to search. All zero is what `heddle explore` does without options; each field is the option
 * of that name. Strings belong to the caller. */
typedef struct heddle_options {
	const char *strategy;	       /* "dpor", "dfs" or "random"; null: dpor */
	unsigned long long seed;       /* of a random search, which a seed alone asks for; 0: none
					  given */
	unsigned long long executions; /* at most; 0: no limit, 10,000 in a random search */
	double seconds;		       /* at most; 0: no limit */
	int preemptions;  /* only what needs at most so many; 0: no bound, HEDDLE_NONE: none */
	int spurious;	  /* waits that end for no reason; 0: the default, HEDDLE_NONE: none */
	int timeouts;	  /* of each thread; 0: the default, HEDDLE_NONE: none */
	int races;	  /* enum heddle_races */
	unsigned workers; /* 0: one for each processor */
	int keep_going;	  /* 1: do not stop at the first failure */
	/* 1: when the body returns, the threads that it has left finish first. Else their places
	 * are tried, and what they would still do is not looked at. */
	int wait_for_threads;
	const char *out; /* folder for traces; null: the current one */
	/* How this call is called in traces, so that `heddle replay` finds it again; null: the
	 * how-manieth call of the process it is. */
	const char *name;
	/* The arguments with which this program comes to this call again, ended by a null pointer;
	 * null: those that it was started with. */
	const char *const *arguments;
	/* Further options as on the command line, ended by a null pointer: {"--memory", "64", 0};
	 * or null. */
	const char *const *more;
} heddle_options_t;

/* What was found. Strings are never null; they belong to the report. */
typedef struct heddle_report {
	int result; /* enum heddle_result */
	/* Why it ended, as `heddle explore --json` has it: "complete", "failure", "preemptions",
	 * "executions", "time", ...; "" where there was no search. */
	const char *reason;
	const char *verdict; /* of the first failure: "deadlock", "data race", ...; "" */
	const char *text;    /* what `heddle explore` would have printed */
	const char *trace;   /* the trace of the first failure; "" */
	unsigned long long executions, redundant;
	unsigned long long failures, races; /* distinct ones */
	int complete;			    /* 1: nothing is left that could have been executed */
	void *reserved[4];		    /* the library's */
} heddle_report_t;

/*
 * Explores body(argument).
 *
 * The body begins with memory, open files and the calling thread's own variables as they are at the
 * call, and creates its threads itself. An execution ends when the body returns or calls exit();
 * atexit handlers and destructors of the program are not run. It fails as a program does: by an
 * assertion, a crash, exit with another status than 0, a deadlock and so on. Do not leave it by
 * longjmp() or an exception. It should not write to files or sockets that the caller has open,
 * which all executions share; its output is kept, and shown with a failure.
 *
 * `options` may be null, for the defaults; else all that are not named have to be zero. `report` is
 * filled in whatever happens; free it with heddle_report_free(). It may be null.
 *
 * Returns report->result. In the end no process is left, nor anything else but the traces of what
 * was found. The environment variable HEDDLE_OPTIONS has more options, with spaces between; HEDDLE
 * is the `heddle` command to use, where it is not beside the library.
 *
 * Requires: `body` is not null; the program is linked as said above (else HEDDLE_UNABLE). May be
 * called by any thread, and by several at once; not from a body.
 */
int heddle_explore(void (*body)(void *argument), void *argument, const heddle_options_t *options,
		   heddle_report_t *report);

/* Frees what the report owns, and empties it. */
void heddle_report_free(heddle_report_t *report);

#ifdef __cplusplus
}
#endif

#endif
