#include "report/frames.h"

#include "report/verdict.h"

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
	if (!verdict_is_wait((enum verdict)report->verdict))
		return NULL;
	/* A ring is what it is about; */
	for (uint32_t i = 0; i < frames_threads(report); i++)
		if (report->threads[i].for_good)
			return &report->threads[i];
	/* A livelock is told by who goes round in a loop. A thread that joins waits for one of
	 * those that wait for each other. */
	for (uint32_t i = 0; i < frames_threads(report); i++)
		if (report->threads[i].loops)
			return &report->threads[i];
	for (uint32_t i = 0; i < frames_threads(report); i++)
		if (report->threads[i].state == THREAD_BLOCKED && report->threads[i].op != OP_JOIN)
			return &report->threads[i];
	for (uint32_t i = 0; i < frames_threads(report); i++)
		if (report->threads[i].state == THREAD_BLOCKED)
			return &report->threads[i];
	return NULL;
}

/* Whose lines are no news to who wrote the program, and depend on what debug information a machine
 * has. */
static bool is_system(const struct place *place)
{
	static const char *const modules[] = {"libc.so", "ld-linux", "libstdc++.so", "libgcc_s.so"};

	for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++)
		if (!strncmp(place->module, modules[i], strlen(modules[i])))
			return true;
	return false;
}

const struct place *frames_first(struct symbols *symbols, const struct thread_report *thread)
{
	const struct place *frames[SYMBOLS_FRAMES_MAX];
	size_t count = symbols_unwind(symbols, thread, frames);

	for (size_t i = 0; i < count; i++)
		if (!is_system(frames[i]))
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

static void print_frame(FILE *out, size_t index, const struct place *place)
{
	if (place->line && *place->function)
		fprintf(out, "    #%zu %s %s\n", index, place->function, place->text);
	else
		fprintf(out, "    #%zu %s\n", index, place->text);
}

/* How many frames from `from` on are at the same place: a recursion. */
static size_t run_length(const struct place *const *frames, size_t from, size_t count)
{
	size_t end = from + 1;

	while (end < count && !strcmp(frames[end]->text, frames[from]->text) &&
	       !strcmp(frames[end]->function, frames[from]->function))
		end++;
	return end - from;
}

void frames_print(FILE *out, struct symbols *symbols, const struct thread_report *thread)
{
	const struct place *frames[SYMBOLS_FRAMES_MAX];
	size_t count = symbols_unwind(symbols, thread, frames), lines = 0;
	char label[FRAMES_LABEL_MAX];

	if (count < 2)
		return;
	fprintf(out, "  stack of %s:\n", frames_label(symbols, thread, label));
	for (size_t i = 0, run; i < count; i += run) {
		if (lines++ == SHOWN_MAX) {
			fprintf(out, "    (and %zu more)\n", count - i);
			break;
		}
		run = run_length(frames, i, count);
		print_frame(out, i, frames[i]);
		if (run > 2)
			fprintf(out, "    (the same %s%zu times more)\n",
				i + run == SYMBOLS_FRAMES_MAX ? "at least " : "", run - 1);
		else
			run = 1;
	}
}
