/* heddle.h - the public interface of heddle, a deterministic thread-scheduling test harness.
 *
 * Programs need nothing of this to run under heddle. What is here makes threads easier to start: a
 * thread on any C function, with its own arguments and its own result, as Python's `Thread(target,
 * args)` does it. It works under heddle and without it alike. Link with -lheddle_call -lffi
 * -pthread, or build with heddle-cc, which does so by itself. And, at the end, it explores a
 * function of the program that calls.
 *
 * All functions are safe to call from any thread.
 */
#ifndef HEDDLE_H
#define HEDDLE_H

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
