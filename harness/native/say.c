/* say.c - what a program that runs freely says: heddle.h, and its assertions. */
#include "heddle.h"

#include "native/native.h"

#include <assert.h>
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef void assert_fn(const char *, const char *, unsigned, const char *);

/* As a search tells it: a relative path as it is, of an absolute one the last part. */
static void assertion_note(const char *file, unsigned line)
{
	const char *slash = strrchr(file, '/');

	if (!native_board || __atomic_exchange_n(&native_board->asserted, 1, __ATOMIC_RELAXED))
		return;
	snprintf(native_board->where, sizeof(native_board->where), "%s:%u",
		 *file == '/' && slash ? slash + 1 : file, line);
}

NATIVE_PUBLIC void __assert_fail(const char *condition, const char *file, unsigned line,
				 const char *function)
{
	assert_fn *real_one;

	*(void **)&real_one = dlsym(RTLD_NEXT, "__assert_fail");
	assertion_note(file, line);
	real_one(condition, file, line, function);
	abort();
}

static void say_fail(const char *condition, const char *file, unsigned line, const char *function)
{
	__assert_fail(condition, file, line, function);
}

static void say_discard(void)
{
	if (native_board)
		native_board->assumed = 1;
	_exit(0);
}

static int say_choose(int n)
{
	return n > 1 && native_board ? (int)(native_random() % (unsigned)n) : 0;
}

static void say_name(const char *name)
{
	char kept[16];

	snprintf(kept, sizeof(kept), "%s", name);
	pthread_setname_np(pthread_self(), kept);
}

static void say_label(const char *text)
{
	(void)text;
}

static __attribute__((format(printf, 1, 2))) void say_outcome(const char *format, ...)
{
	struct native_piece *piece;
	va_list arguments;
	uint32_t at;

	if (!native_board)
		return;
	at = __atomic_fetch_add(&native_board->piece_count, 1, __ATOMIC_RELAXED);
	if (at >= NATIVE_PIECES_MAX)
		return;
	piece = &native_board->pieces[at];
	piece->thread = native_thread;
	va_start(arguments, format);
	vsnprintf(piece->text, sizeof(piece->text), format, arguments);
	va_end(arguments);
	__atomic_store_n(&piece->is_there, 1, __ATOMIC_RELEASE);
}

static void expected_add(uint32_t grade, const char *text)
{
	struct expectation *fresh = &native_board->expected[native_board->expected_count];

	for (uint32_t i = 0; i < native_board->expected_count; i++)
		if (native_board->expected[i].grade == grade &&
		    !strcmp(native_board->expected[i].text, text))
			return;
	if (native_board->expected_count == NATIVE_EXPECTED_MAX) {
		native_board->expected_full = 1;
		return;
	}
	fresh->grade = grade;
	snprintf(fresh->text, sizeof(fresh->text), "%s", text);
	native_board->expected_count++;
}

static __attribute__((format(printf, 2, 3))) void say_expect(int grade, const char *format, ...)
{
	char text[OUTCOME_BYTES];
	va_list arguments;

	if (!native_board || grade <= GRADE_NONE || grade > GRADE_FORBIDDEN)
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	while (__atomic_exchange_n(&native_board->lock, 1, __ATOMIC_ACQUIRE))
		sched_yield();
	expected_add((uint32_t)grade, text);
	__atomic_store_n(&native_board->lock, 0, __ATOMIC_RELEASE);
}

NATIVE_PUBLIC extern const struct heddle_say heddle_say_1;
const struct heddle_say heddle_say_1 = {
	.fail = say_fail,
	.discard = say_discard,
	.choose = say_choose,
	.name = say_name,
	.label = say_label,
	.outcome = say_outcome,
	.expect = say_expect,
};
