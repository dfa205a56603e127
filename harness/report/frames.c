#include "report/frames.h"

#include <string.h>

/* Lines of a stack that are shown: the inner ones; of the rest it is said how many there are. */
#define SHOWN_MAX 24u

uint32_t frames_threads(const struct report *report)
{
	return report->thread_count < SHARED_THREADS_MAX ? report->thread_count
							 : SHARED_THREADS_MAX;
}

const struct thread_report *frames_thread(const struct report *report, int64_t number)
{
	for (uint32_t i = 0; i < frames_threads(report); i++)
		if (report->threads[i].thread == number)
			return &report->threads[i];
	return NULL;
}

const struct thread_report *frames_culprit(const struct report *report)
{
	if (report->thread >= 0)
		return frames_thread(report, report->thread);
	if (report->verdict != VERDICT_DEADLOCK)
		return NULL;
	/* A thread that joins waits for one of those that wait for each other. */
	for (uint32_t i = 0; i < frames_threads(report); i++)
		if (report->threads[i].state == THREAD_BLOCKED && report->threads[i].op != OP_JOIN)
			return &report->threads[i];
	for (uint32_t i = 0; i < frames_threads(report); i++)
		if (report->threads[i].state == THREAD_BLOCKED)
			return &report->threads[i];
	return NULL;
}

const struct place *frames_first(struct symbols *symbols, const struct thread_report *thread)
{
	const struct place *frames[SYMBOLS_FRAMES_MAX];
	size_t count = symbols_unwind(symbols, thread, frames);

	for (size_t i = 0; i < count; i++)
		if (frames[i]->line)
			return frames[i];
	return count ? frames[0] : NULL;
}

const char *frames_label(struct symbols *symbols, const struct thread_report *thread,
			 char label[FRAMES_LABEL_MAX])
{
	const char *routine = thread->start ? symbols_function(symbols, thread->start) : "main";
	int length;

	if (!strcmp(routine, "?"))
		routine = "";
	length = snprintf(label, FRAMES_LABEL_MAX, "T%u%s%.80s", thread->thread,
			  *routine ? " " : "", routine);
	if (thread->name[0])
		snprintf(label + length, FRAMES_LABEL_MAX - (size_t)length, " \"%.15s\"",
			 thread->name);
	return label;
}

void frames_print(FILE *out, struct symbols *symbols, const struct thread_report *thread)
{
	const struct place *frames[SYMBOLS_FRAMES_MAX];
	size_t count = symbols_unwind(symbols, thread, frames);
	char label[FRAMES_LABEL_MAX];

	if (!count)
		return;
	fprintf(out, "  stack of %s:\n", frames_label(symbols, thread, label));
	for (size_t i = 0; i < count && i < SHOWN_MAX; i++) {
		const struct place *place = frames[i];

		if (place->line && *place->function)
			fprintf(out, "    #%zu %s %s\n", i, place->function, place->text);
		else
			fprintf(out, "    #%zu %s\n", i, place->text);
	}
	if (count > SHOWN_MAX)
		fprintf(out, "    (%s%zu more)\n", count == SYMBOLS_FRAMES_MAX ? "at least " : "",
			count - SHOWN_MAX);
}
