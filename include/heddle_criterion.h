/* heddle_criterion.h - tests for Criterion (https://github.com/Snaipe/Criterion) whose body heddle
 * explores.
 *
 *	#include <criterion/criterion.h>
 *	#include <heddle_criterion.h>
 *
 *	HEDDLE_TEST(counter, loses_nothing)
 *	{
 *		... creates threads, joins them, and asserts ...
 *	}
 *
 *	HEDDLE_TEST_WITH(counter, with_two_preemptions, .preemptions = 2)
 *	{
 *		...
 *	}
 *
 * Each is a test as any other of its suite: with fixtures, to be selected, listed and counted. It
 * passes when heddle finds no failure and has done what was asked for: all there is, or as much as
 * .preemptions, .executions, .seconds or .timeouts of the test allow. Else it fails, with heddle's
 * report as its message. In the body cr_assert() and cr_expect() are assertions like assert();
 * nothing else of Criterion may be called there. A file without this header has them, too, where
 * -lheddle stands before -lcriterion. Link as heddle.h says. Works from C and C++ (as
 * of C++20; g++ and clang++ take the options before that, too).
 *
 * A suite that is to have more time than Criterion's default, or a fixture, says so with
 * TestSuite().
 */
#ifndef HEDDLE_CRITERION_H
#define HEDDLE_CRITERION_H

#include <heddle.h>

struct criterion_assert_stats;
struct cri_assert_node;

#include <criterion/criterion.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the assertions of Criterion call, as far as this file has them: the same, but in a body that
 * is explored a failed one ends the execution. Not to be called by hand. */
void heddle_criterion_send_assert(struct criterion_assert_stats *stats);
void heddle_cri_assert_node_send(const char *file, size_t line, struct cri_assert_node *tree);
void heddle_criterion_abort_test(void) __attribute__((noreturn));
void heddle_criterion_skip_test(const char *format, ...) __attribute__((noreturn));
void heddle_criterion_test_die(const char *format, ...);

#ifdef __cplusplus
}
#endif

#define criterion_send_assert heddle_criterion_send_assert
#define cri_assert_node_send  heddle_cri_assert_node_send
#define criterion_abort_test  heddle_criterion_abort_test
#define criterion_skip_test   heddle_criterion_skip_test
#define criterion_test_die    heddle_criterion_test_die

/* HEDDLE_TEST_WITH(suite, name, .field = value, ...): fields of heddle_options_t, in the order in
 * which they stand there. */
#define HEDDLE_TEST_WITH(suite, name, ...) HEDDLE_TEST_OPTIONS_(suite, name, {__VA_ARGS__})
#define HEDDLE_TEST(suite, name)	   HEDDLE_TEST_OPTIONS_(suite, name, HEDDLE_NO_OPTIONS_)

#ifdef __cplusplus
#define HEDDLE_NO_OPTIONS_                                                                         \
	{                                                                                          \
	}
#else
#define HEDDLE_NO_OPTIONS_                                                                         \
	{                                                                                          \
		0                                                                                  \
	}
#endif

/* Not to be called by hand: explores the body, called so where its options do not say. */
static inline int heddle_test_explore(void (*body)(void *), const heddle_options_t *given,
				      const char *called, heddle_report_t *report)
{
	const char *arguments[] = {"--filter", called, 0};
	heddle_options_t options = *given;

	if (!options.name)
		options.name = called;
	if (!options.arguments)
		options.arguments = arguments;
	return heddle_explore(body, 0, &options, report);
}

/* The same: nothing failed, and a search that is incomplete is so because the test wanted it. */
static inline int heddle_test_passes(const heddle_report_t *report, const heddle_options_t *given)
{
	if (report->result == HEDDLE_PASSED || report->result == HEDDLE_LEFT_OUT)
		return 1;
	if (report->result != HEDDLE_INCOMPLETE)
		return 0;
	return (given->preemptions && !strcmp(report->reason, "preemptions")) ||
	       (given->timeouts && !strcmp(report->reason, "timeouts")) ||
	       (given->executions && !strcmp(report->reason, "executions")) ||
	       (given->seconds > 0 && !strcmp(report->reason, "time"));
}

#define HEDDLE_TEST_OPTIONS_(suite, test, ...)                                                     \
	static void heddle_body_##suite##_##test(void *);                                          \
	Test(suite, test)                                                                          \
	{                                                                                          \
		const heddle_options_t heddle_options_ = __VA_ARGS__;                              \
		heddle_report_t heddle_report_;                                                    \
                                                                                                   \
		heddle_test_explore(heddle_body_##suite##_##test, &heddle_options_,                \
				    #suite "/" #test, &heddle_report_);                            \
		cr_assert(heddle_test_passes(&heddle_report_, &heddle_options_), "%s",             \
			  heddle_report_.text);                                                    \
		heddle_report_free(&heddle_report_);                                               \
	}                                                                                          \
	static void heddle_body_##suite##_##test(void *heddle_unused_ __attribute__((unused)))

#endif
