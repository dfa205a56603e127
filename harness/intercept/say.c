/* say.c - what a program says to heddle: the functions behind the macros of heddle.h, in a table
 * that it looks for. Where the program is not controlled they do what they do without heddle. */
#include "heddle.h"

#include "base/text.h"
#include "intercept/assertion.h"
#include "intercept/interpose.h"
#include "machine/real.h"
#include "session/choice.h"
#include "session/outcome.h"
#include "session/verdict.h"

#include <pthread.h>
#include <stdarg.h>

/* Longer texts are cut. */
#define TEXT_BYTES 4096

_Static_assert(OUTCOME_BYTES == HEDDLE_OUTCOME_BYTES + 1, "heddle.h tells how much is kept");
_Static_assert(SHARED_LABEL_BYTES == HEDDLE_LABEL_BYTES + 1, "heddle.h tells how much is kept");
_Static_assert((int)GRADE_FORBIDDEN == (int)HEDDLE_FORBIDDEN, "the grades are the same");

static void say_fail(const char *condition, const char *file, unsigned line, const char *function)
{
	if (thread_controlled())
		assertion_fail(condition, file, line, function, RETURN_PC);
	real.__assert_fail(condition, file, line, function);
}

static void say_discard(void)
{
	if (thread_controlled())
		verdict_assumed(RETURN_PC);
	real.exit(0);
}

static int say_choose(int n)
{
	struct thread *self = thread_controlled();

	if (self && n < 1)
		assertion_fail("n >= 1", "heddle_choose", 0, 0, RETURN_PC);
	return self ? (int)choice_take(self, (uint32_t)n, RETURN_PC) : 0;
}

static void say_name(const char *name)
{
	char kept[16];
	struct text text = text_over(kept, sizeof(kept));

	text_add(&text, name);
	pthread_setname_np(pthread_self(), kept);
}

static void say_label(const char *text)
{
	struct thread *self = thread_controlled();

	if (self)
		outcome_label(self, text, RETURN_PC);
}

static __attribute__((format(printf, 1, 2))) void say_outcome(const char *format, ...)
{
	struct thread *self = thread_controlled();
	char text[TEXT_BYTES];
	int error = errno;
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (self)
		outcome_add(self, text);
	errno = error;
}

static __attribute__((format(printf, 2, 3))) void say_expect(int grade, const char *format, ...)
{
	char text[TEXT_BYTES];
	int error = errno;
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (thread_controlled() && grade > GRADE_NONE && grade <= GRADE_FORBIDDEN)
		outcome_expect((enum grade)grade, text);
	errno = error;
}

INTERPOSE extern const struct heddle_say heddle_say_1;
const struct heddle_say heddle_say_1 = {
	.fail = say_fail,
	.discard = say_discard,
	.choose = say_choose,
	.name = say_name,
	.label = say_label,
	.outcome = say_outcome,
	.expect = say_expect,
};
