#include "cli/capture.h"
#include "cli/caller.h"
#include "cli/options.h"
#include "cli/say.h"
#include "cli/below.h"
#include "cli/stacks.h"
#include "report/frames.h"
#include "cli/view.h"
#include "report/heap.h"
#include "report/race.h"
#include "report/record.h"
#include "report/symbols.h"
#include "report/verdict.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void fill_header(struct trace *trace, const struct origin *origin,
			const struct report *report, const char *message)
{
	trace->program = trace_intern(trace, origin->words[0]);
	for (char *const *word = origin->words + 1; *word; word++)
		trace_argument_add(trace, *word);
	trace->program_hash = origin->program_hash;
	trace->session = trace_intern(trace, origin->session);
	trace->strategy = trace_intern(trace, strategy_word(origin->strategy));
	trace->seed = origin->seed;
	if (origin->wait_for_threads)
		trace_setting_add(trace, SETTING_WAIT_FOR_THREADS, "1");
	if (origin->output_order)
		trace_setting_add(trace, SETTING_OUTPUT_ORDER, "1");
	if (caller_call())
		trace_setting_add(trace, SETTING_CALL, caller_call());
	/* In a depth-first search the number depends on how many workers shared the work. */
	trace->execution = origin->strategy == STRATEGY_RANDOM ? report->execution : 0;
	trace->verdict = trace_intern(trace, verdict_key((enum verdict)report->verdict));
	trace->message = trace_intern(trace, message);
}

/* What is to be said of a block, or null. */
static char *about_block(const struct view *view, const struct looks *looks)
{
	const struct heap_report *heap = &view->report->heap;
	char *text = NULL;
	size_t size;
	FILE *out;

	if (!heap_is_verdict((enum verdict)view->report->verdict) || !looks)
		return NULL;
	out = must_have(open_memstream(&text, &size));
	heap_print(out, view->report, view->symbols, looks_block_stack(looks, &heap->freed),
		   looks_block_stack(looks, &heap->allocated));
	fclose(out);
	return must_have(text);
}

static char *print_verdict(const struct view *view, const struct looks *looks)
{
	const struct report *report = view->report;
	char *text = NULL, *about = about_block(view, looks);
	size_t size;
	FILE *out = must_have(open_memstream(&text, &size));

	if (report->verdict == VERDICT_DATA_RACE && report->pid)
		race_print(out, report, view->symbols, view->record,
			   looks ? looks_first_stack(looks, report) : NULL);
	else if (verdict_is_failure((enum verdict)report->verdict))
		verdict_print(out, report, view->symbols, view->record, about, NULL);
	fclose(out);
	free(about);
	return must_have(text);
}

static void take_output(struct capture *capture, int fd)
{
	struct stat status;
	ssize_t length = pread(fd, capture->output, sizeof(capture->output), 0);

	capture->output_kept = length > 0 ? (size_t)length : 0;
	capture->output_bytes = fstat(fd, &status) == 0 ? (uint64_t)status.st_size : 0;
}

static void take_words(struct capture *capture, const struct origin *origin,
		       const struct view *view, const struct looks *looks)
{
	const struct report *report = view->report;
	bool is_race = report->verdict == VERDICT_DATA_RACE;
	char buffer[1024];

	capture->verdict = (enum verdict)report->verdict;
	capture->signature = report->signature;
	capture->execution = report->execution;
	capture->step = report->step;
	capture->exit_status = report->exit_status;
	capture->text = print_verdict(view, looks);
	capture->message =
		must_have(strdup(verdict_message(report, view->symbols, buffer, sizeof(buffer))));
	capture->where =
		must_have(strdup(verdict_where(report, view->symbols, buffer, sizeof(buffer))));
	capture->with = must_have(strdup(is_race ? race_first_place(report, view->symbols) : ""));
	capture->source = source_of(report, view->symbols);
	capture->with_source = source_of_first(report, view->symbols);
	fill_header(&capture->trace, origin, report, capture->message);
}

void capture_take(struct capture *capture, const struct origin *origin, const struct worker *worker,
		  const struct looks *looks, uint64_t first)
{
	struct view view;

	view_open(&view, worker, first);
	*capture = (struct capture){.text = NULL};
	trace_init(&capture->trace);
	take_words(capture, origin, &view, looks);
	record_trace(view.record, &capture->trace);
	take_output(capture, worker->launch.output_fd);
	view_close(&view);
}

void capture_take_lost(struct capture *capture, const struct origin *origin,
		       const struct report *report, const struct worker *worker)
{
	/* Nobody writes to it. */
	struct view view = {.report = (struct report *)report};

	*capture = (struct capture){.text = NULL};
	trace_init(&capture->trace);
	take_words(capture, origin, &view, NULL);
	take_output(capture, worker->launch.output_fd);
}

void capture_free(struct capture *capture)
{
	trace_free(&capture->trace);
	free(capture->text);
	free(capture->message);
	free(capture->where);
	free(capture->with);
	free(capture->source);
	free(capture->with_source);
}

static void print_byte(FILE *out, unsigned char byte)
{
	/* Nothing of a failing program reaches the terminal but text. */
	if (byte == '\t' || (byte >= ' ' && byte != 127))
		fputc(byte, out);
	else
		fprintf(out, "\\x%02x", byte);
}

void capture_print_output(FILE *out, const struct capture *capture)
{
	bool line_start = true;

	if (!capture->output_kept)
		return;
	fputs("  its output:\n", out);
	for (size_t i = 0; i < capture->output_kept; i++) {
		if (line_start)
			fputs("    ", out);
		line_start = capture->output[i] == '\n';
		if (line_start)
			fputc('\n', out);
		else
			print_byte(out, (unsigned char)capture->output[i]);
	}
	if (!line_start)
		fputc('\n', out);
	if (capture->output_bytes > capture->output_kept)
		fprintf(out, "    (cut here: %llu bytes more)\n",
			(unsigned long long)(capture->output_bytes - capture->output_kept));
}
