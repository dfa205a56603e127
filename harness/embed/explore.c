/*
 * explore.c - heddle_explore().
 *
 * The library in front of the C library is dormant until then: each of its functions asks whether
 * anybody is under control, and passes the call on. So a function of the program can be explored in
 * a forked copy, where the library wakes up.
 */
#include "embed/command.h"
#include "intercept/interpose.h"
#include "machine/real.h"
#include "session/session.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define NAME_BYTES 256

/* In report.reserved. */
enum { KEPT_TEXT, KEPT_REASON, KEPT_VERDICT, KEPT_TRACE };

static void report_begin(heddle_report_t *report)
{
	*report = (heddle_report_t){
		.result = HEDDLE_UNABLE, .reason = "", .verdict = "", .text = "", .trace = ""};
}

/* The report then has it, or nothing where there is no memory. */
static void keep(heddle_report_t *report, int as, char *text, const char **shown)
{
	report->reserved[as] = text;
	*shown = text ? text : "";
}

/* In place of the text that is there. */
__attribute__((format(printf, 2, 3))) static void say_instead(heddle_report_t *report,
							      const char *format, ...)
{
	char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	free(report->reserved[KEPT_TEXT]);
	keep(report, KEPT_TEXT, text, &report->text);
}

#define REFUSE(report, ...) (say_instead(report, __VA_ARGS__), (report)->result = HEDDLE_UNABLE)

/* Where the C library comes first, nothing that the body calls leads here. */
static bool is_in_front(void)
{
	Dl_info own, first;
	void *called = dlsym(RTLD_DEFAULT, "pthread_mutex_lock");

	return called && dladdr(called, &first) && dladdr((void *)is_in_front, &own) &&
	       own.dli_fbase == first.dli_fbase;
}

/* What the trace calls this call. */
static void name_call(char name[NAME_BYTES], const heddle_options_t *options)
{
	static unsigned calls;
	unsigned number = __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);

	if (options && options->name && *options->name)
		snprintf(name, NAME_BYTES, "%s", options->name);
	else
		snprintf(name, NAME_BYTES, "%u", number);
	for (char *at = name; *at; at++)
		if ((unsigned char)*at < ' ')
			*at = ' ';
}

static int take_end(heddle_report_t *report, struct command_end *end, const char *command)
{
	const struct embedded_result *result = &end->result;

	keep(report, KEPT_TEXT, end->text, &report->text);
	keep(report, KEPT_REASON, strdup(result->reason), &report->reason);
	keep(report, KEPT_VERDICT, strdup(result->verdict), &report->verdict);
	keep(report, KEPT_TRACE, strdup(result->trace), &report->trace);
	report->executions = result->executions;
	report->redundant = result->redundant;
	report->failures = result->failures;
	report->races = result->races;
	report->complete = (int)result->complete;
	report->result = HEDDLE_UNABLE;
	if (result->magic)
		report->result = result->status;
	else if (WIFEXITED(end->status) && WEXITSTATUS(end->status) == HEDDLE_USAGE)
		report->result = HEDDLE_USAGE;
	else if (WIFSIGNALED(end->status) && !*report->text)
		return REFUSE(report, "heddle: the command `%s` was ended by signal %d\n", command,
			      WTERMSIG(end->status));
	else if (!*report->text)
		return REFUSE(report, "heddle: the command `%s` ended without a result\n", command);
	return report->result;
}

static int carry_out(heddle_report_t *report, struct words *words, const char *name,
		     const struct body *body)
{
	struct command_end end = {.status = -1};

	if (command_run(&end, words, name, body))
		return REFUSE(report, "heddle: cannot start another process: %m\n");
	return take_end(report, &end, words->list[0]);
}

/* `heddle replay` has started the program, for one call. */
static int replay(heddle_report_t *report, const char *trace, const char *command, const char *name,
		  const struct body *body)
{
	const char *wanted = getenv(EMBEDDED_REPLAY_CALL_ENV);
	struct words words;
	int result;

	if (wanted && strcmp(wanted, name)) {
		say_instead(report, "heddle: left out: `%s` is replayed, and this is `%s`\n",
			    wanted, name);
		return report->result = HEDDLE_LEFT_OUT;
	}
	words_replay(&words, command, trace);
	result = carry_out(report, &words, name, body);
	words_free(&words);
	if (result != HEDDLE_USAGE && result != HEDDLE_UNABLE)
		say_instead(report,
			    "heddle: this is a replay of `%s`: `heddle replay` says what "
			    "came of it\n",
			    name);
	return result;
}

/* From `frame` on, up to the end of the calling thread's stack. */
static struct stack_report caller_of(const void *frame)
{
	struct stack_report caller = {.low = (uint64_t)frame, .high = (uint64_t)frame};
	pthread_attr_t attr;
	void *low;
	size_t bytes;

	if (pthread_getattr_np(pthread_self(), &attr))
		return caller;
	if (!pthread_attr_getstack(&attr, &low, &bytes))
		caller.high = (uint64_t)low + bytes;
	pthread_attr_destroy(&attr);
	return caller;
}

static int explore(heddle_report_t *report, const struct body *body,
		   const heddle_options_t *options)
{
	const char *trace = getenv(EMBEDDED_REPLAY_ENV);
	char command[PATH_MAX], name[NAME_BYTES];
	struct words words;
	int result;

	command_find(command);
	name_call(name, options);
	if (trace)
		return replay(report, trace, command, name, body);
	words_explore(&words, command, options);
	result = carry_out(report, &words, name, body);
	words_free(&words);
	return result;
}

INTERPOSE int heddle_explore(void (*body)(void *), void *argument, const heddle_options_t *options,
			     heddle_report_t *report)
{
	struct body called = {.function = body, .argument = argument};
	heddle_report_t unwanted;
	int result, state;

	report_begin(report ? report : &unwanted);
	report = report ? report : &unwanted;
	if (session.attached)
		return REFUSE(report,
			      "heddle: heddle_explore() was called in a program that heddle "
			      "controls already: run the program by itself\n");
	if (!is_in_front())
		return REFUSE(report, "heddle: the program is not linked so that heddle's library "
				      "stands in front of the C library: link it with `pkg-config "
				      "--libs heddle`\n");
	called.caller = caller_of(__builtin_frame_address(0));
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	result = explore(report, &called, options);
	pthread_setcancelstate(state, &state);
	if (report == &unwanted)
		heddle_report_free(report);
	return result;
}

INTERPOSE void heddle_report_free(heddle_report_t *report)
{
	for (unsigned i = 0; i < sizeof(report->reserved) / sizeof(*report->reserved); i++)
		free(report->reserved[i]);
	*report = (heddle_report_t){.reason = "", .verdict = "", .text = "", .trace = ""};
}
