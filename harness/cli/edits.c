#include "cli/edits.h"

#include "cli/quote.h"
#include "cli/say.h"
#include "report/verdict.h"
#include "trace/align.h"
#include "trace/follow.h"

#include <stdlib.h>
#include <string.h>

/* Each trial finds out what the program does after the last thing that was new in it. */
#define TRIALS_MAX 24

/* One execution, compared with the trace. */
struct attempt {
	struct align align;
	size_t *order, count;
	size_t broken; /* follow_break() */
	/* What only one of them has, up to the trace's end. */
	size_t added, gone;
	size_t first; /* in the trace, where that begins; its number of events: nowhere */
};

/* Events of the new version beyond the last one of its thread that the trace has are what the
 * program did after the trace's end. */
static void count_differences(struct attempt *attempt, const struct trace *wanted,
			      const struct trace *got)
{
	size_t *waiting = must_have(calloc(got->thread_count + 1, sizeof(*waiting)));

	attempt->first = wanted->event_count;
	for (size_t i = 0; i < wanted->event_count; i++) {
		if (wanted->events[i].flags & EVENT_PENDING || attempt->align.in_b[i] != ALIGN_NONE)
			continue;
		attempt->gone++;
		attempt->first = i < attempt->first ? i : attempt->first;
	}
	for (size_t i = 0; i < got->event_count; i++) {
		size_t *count = &waiting[got->events[i].thread], same = attempt->align.in_a[i];

		if (got->events[i].flags & EVENT_PENDING)
			continue;
		if (same == ALIGN_NONE) {
			++*count;
			continue;
		}
		if (*count && same < attempt->first)
			attempt->first = same;
		attempt->added += *count;
		*count = 0;
	}
	/* A thread that is not in the trace. */
	for (size_t i = wanted->thread_count; i < got->thread_count; i++)
		attempt->added += waiting[i];
	free(waiting);
}

static void attempt_make(struct attempt *attempt, const struct trace *wanted,
			 const struct trace *got)
{
	*attempt = (struct attempt){.count = 0};
	align_make(&attempt->align, wanted, got, true);
	attempt->order = follow_order(wanted, got, &attempt->align, &attempt->count);
	attempt->broken = follow_break(got, attempt->order, attempt->count);
	count_differences(attempt, wanted, got);
}

static void attempt_free(struct attempt *attempt)
{
	align_free(&attempt->align);
	free(attempt->order);
}

/* Less than half of the trace is too little to be the same execution. */
static bool is_lost(const struct attempt *attempt)
{
	return attempt->align.matched < attempt->gone;
}

static void print_line(const char *what, const struct trace_event *event)
{
	char line[TRACE_LINE_MAX];

	trace_event_line(event, line);
	fprintf(stderr, "  %s%s\n", what, line);
}

/* The name that the object has now, where another one is gone. */
static void print_renamed(const struct trace *wanted, const struct trace *got,
			  const struct align *align)
{
	for (size_t i = 0; i < wanted->event_count; i++) {
		const struct trace_event *event = &wanted->events[i];
		const char *now = align->in_b[i] == ALIGN_NONE ? event->object
							       : got->events[align->in_b[i]].object;
		bool is_first = true;

		/* Numbers, and the places of blocks, change with anything. */
		if (!strcmp(now, event->object) || strpbrk(now, "(+") ||
		    strpbrk(event->object, "(+"))
			continue;
		for (size_t j = 0; j < i && is_first; j++)
			is_first = wanted->events[j].object != event->object;
		if (is_first)
			fprintf(stderr, "  `%s` is now `%s`\n", event->object, now);
	}
}

static void print_differences(const struct trace *wanted, const struct trace *got,
			      const struct attempt *attempt)
{
	if (!attempt->added && !attempt->gone) {
		say("replayed %zu events, the same as in the trace: %s", wanted->event_count,
		    got->verdict);
		print_renamed(wanted, got, &attempt->align);
		return;
	}
	say("replayed with %zu difference%s: %zu event%s more than in the trace, %zu left out",
	    attempt->added + attempt->gone, attempt->added + attempt->gone == 1 ? "" : "s",
	    attempt->added, attempt->added == 1 ? "" : "s", attempt->gone);
	if (attempt->first < wanted->event_count)
		fprintf(stderr, "  first at event %zu of the trace:\n", attempt->first + 1);
	if (attempt->first < wanted->event_count)
		print_line("  ", &wanted->events[attempt->first]);
	print_renamed(wanted, got, &attempt->align);
}

/* What an assertion says, without its place. */
static const char *expression_of(const char *message)
{
	const char *at = strstr(message, "Assertion ");

	return at ? at : message;
}

/* The same kind; of assertions the same one, in the same function where its text has changed. */
static bool is_reached(const struct trace *wanted, const struct trace *got)
{
	const char *one = wanted->message, *other = got->message;
	const char *function, *function_now;

	if (strcmp(wanted->verdict, got->verdict) != 0)
		return false;
	if (strcmp(wanted->verdict, verdict_key(VERDICT_ASSERTION)) != 0 ||
	    !strcmp(expression_of(one), expression_of(other)))
		return true;
	function = strstr(one, ": ");
	function_now = strstr(other, ": ");
	return function && function_now &&
	       expression_of(one) - function == expression_of(other) - function_now &&
	       !strncmp(function, function_now, (size_t)(expression_of(one) - function));
}

static void print_show(const char *path)
{
	fputs("  see what was expected with: ", stderr);
	quote_self(stderr);
	fputs(" show ", stderr);
	quote_word(stderr, path);
	fputc('\n', stderr);
}

static enum status refuse(const struct trace *got, const struct attempt *attempt, const char *path)
{
	if (is_lost(attempt)) {
		say("replay diverged: the program has changed too much: only %zu of %zu events of "
		    "the trace are there",
		    attempt->align.matched, attempt->align.matched + attempt->gone);
	} else {
		say("replay diverged: the program as it is now cannot go in the order of the "
		    "trace");
		print_line("this would have to come earlier: ",
			   &got->events[attempt->order[attempt->broken]]);
	}
	print_show(path);
	return STATUS_DIVERGED;
}

static enum status report(const struct trace *wanted, struct single *single, const char *path)
{
	const struct trace *got = &single->capture.trace;
	struct attempt attempt;
	enum status status;

	attempt_make(&attempt, wanted, got);
	notes_print(stderr, &single->notes);
	if (is_lost(&attempt) || attempt.broken < attempt.count) {
		status = refuse(got, &attempt, path);
	} else {
		looks_print_races(stderr, &single->looks);
		fputs(single->capture.text, stderr);
		print_differences(wanted, got, &attempt);
		status = (enum status)single_status(single);
		if (is_reached(wanted, got)) {
			if (attempt.added + attempt.gone)
				say("the end is that of the trace: %s", wanted->verdict);
		} else {
			say("the end is another one: %s, not %s", got->verdict, wanted->verdict);
			status = STATUS_NOT_REACHED;
		}
	}
	attempt_free(&attempt);
	return status;
}

/* The next plan; false where the last one was carried out as it was, or leads nowhere. */
static bool plan_again(struct single_request *request, const struct trace *wanted,
		       const struct single *single)
{
	const struct trace *got = &single->capture.trace;
	struct attempt attempt;
	bool again;

	if (!single->captured)
		return false;
	attempt_make(&attempt, wanted, got);
	again = attempt.broken < attempt.count;
	free((void *)request->plan);
	request->plan = follow_plan(wanted, got, &attempt.align, attempt.order, attempt.count);
	request->config.plan_count = attempt.count;
	attempt_free(&attempt);
	return again;
}

static enum status lost_program(const struct trace *wanted, const struct single *single,
				const char *path)
{
	single_status(single);
	if (single->interrupted)
		return STATUS_INCOMPLETE;
	say("replay diverged: the program ended before the verdict `%s`", wanted->verdict);
	print_show(path);
	return STATUS_DIVERGED;
}

enum status edits_replay(const struct trace *wanted, struct single_request *request, char **words,
			 const char *path, struct error *error)
{
	struct single single;
	enum status status;
	bool again = true;

	request->config.plan_loose = 1;
	request->is_trial = true;
	for (int i = 0; i < TRIALS_MAX && again; i++) {
		if (single_execute(&single, request, words, error) != 0)
			return STATUS_UNABLE;
		again = plan_again(request, wanted, &single) && !single.interrupted;
		single_free(&single);
	}
	request->is_trial = false;
	if (single_execute(&single, request, words, error) != 0)
		return STATUS_UNABLE;
	status = single.captured ? report(wanted, &single, path)
				 : lost_program(wanted, &single, path);
	single_free(&single);
	return status;
}
