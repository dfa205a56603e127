/*
 * verdict_print.c - a failure on the screen: the sentence, what every thread does, stacks, the
 * command to see it again.
 *
 * The thread at fault comes first. Of a great many threads only so many are shown, since a report
 * is to be read.
 */
#include "report/verdict.h"

#include "model/op.h"
#include "model/guard.h"
#include "report/channel.h"
#include "report/frames.h"
#include "report/misuse.h"
#include "report/waits.h"

#include <string.h>

#define LINES_MAX  32u
#define STACKS_MAX 8u

struct printer {
	FILE *out;
	const struct report *report;
	struct symbols *symbols;
	struct record *record;
	int width; /* of the longest label */
};

static const char *title(const struct printer *printer, uint64_t address)
{
	if (printer->record)
		return record_title(printer->record, address);
	return symbols_object(printer->symbols, address, 0)->name;
}

/* " (bank.c:31)" after what a thread does. */
static void print_place(const struct printer *printer, uint64_t pc)
{
	const struct place *place = symbols_place(printer->symbols, pc);

	if (strcmp(place->text, "?"))
		fprintf(printer->out, " (%s)", place->text);
}

static void print_since(const struct printer *printer, const struct thread_report *thread)
{
	const struct event *acquired = NULL;
	const struct place *place;

	if (printer->record)
		acquired =
			record_acquired(printer->record, (uint32_t)thread->holder, thread->address);
	if (!acquired)
		return;
	place = symbols_place(printer->symbols, acquired->pc);
	if (strcmp(place->text, "?"))
		fprintf(printer->out, " since %s", place->text);
}

static void print_holder(const struct printer *printer, const struct thread_report *thread)
{
	const struct thread_report *holder = frames_thread(printer->report, thread->holder);

	if (thread->holder < 0)
		return;
	if (thread->holder == thread->thread)
		fputs(", held by itself", printer->out);
	else
		fprintf(printer->out, ", held by T%ld", (long)thread->holder);
	if (holder && holder->state == THREAD_ENDED)
		fputs(" (which has ended)", printer->out);
	print_since(printer, thread);
}

/* "`flag`", "M1 `lock`" */
static const char *changing(const struct printer *printer, const struct thread_report *thread)
{
	static char name[256];

	if (!op_is_access((enum op)thread->op))
		return title(printer, thread->address);
	snprintf(name, sizeof(name), "`%s`",
		 symbols_object(printer->symbols, thread->address, 0)->name);
	return name;
}

static const char *channel_verb(enum op op)
{
	switch (op) {
	case OP_RECEIVE:
		return "read from";
	case OP_SEND:
		return "write to";
	case OP_POLL:
		return "read or write any of";
	case OP_FILE_LOCK:
		return "lock";
	default:
		return "use";
	}
}

/* "waits to read from fd[5] pipe" */
static void print_channel_wait(const struct printer *printer, const struct thread_report *thread)
{
	char name[CHANNEL_NAME_MAX];

	if (thread->op == OP_WAIT_CHILD)
		fputs("waits for a child process to end", printer->out);
	else
		fprintf(printer->out, "waits to %s %s", channel_verb((enum op)thread->op),
			channel_title(thread->size, name));
	print_place(printer, thread->pc);
}

static void print_blocked(const struct printer *printer, const struct thread_report *thread)
{
	FILE *out = printer->out;

	if (thread->loops && guard_is_sent((enum op)thread->op)) {
		fputs("waits in a loop to be cancelled", out);
		print_place(printer, thread->pc);
	} else if (thread->loops) {
		fprintf(out, "waits in a loop for a change of %s", changing(printer, thread));
		print_place(printer, thread->pc);
	} else if (thread->op == OP_LOCK) {
		fprintf(out, "waits for %s", title(printer, thread->address));
		print_place(printer, thread->pc);
		print_holder(printer, thread);
	} else if (thread->op == OP_WAKE || thread->op == OP_WAIT || thread->op == OP_FUTEX_WOKEN) {
		fprintf(out, "waits to be woken from %s", title(printer, thread->address));
		print_place(printer, thread->pc);
		if (thread->holder >= 0)
			fprintf(out, ", its mutex is held by T%ld", (long)thread->holder);
	} else if (thread->op == OP_SIGWAIT) {
		fputs("waits for a signal", out);
		print_place(printer, thread->pc);
	} else if (op_is_on_channel((enum op)thread->op)) {
		print_channel_wait(printer, thread);
	} else if ((thread->op == OP_JOIN || thread->op == OP_AWAIT_END) && thread->holder >= 0) {
		fprintf(out, "waits for T%ld to end", (long)thread->holder);
		print_place(printer, thread->pc);
	} else if (thread->op == OP_PASS) {
		fprintf(out, "waits at %s for the others to come", title(printer, thread->address));
		print_place(printer, thread->pc);
	} else if (thread->op == OP_ONCE) {
		fprintf(out, "waits for the initialiser of %s to end",
			title(printer, thread->address));
		print_place(printer, thread->pc);
		if (thread->holder >= 0)
			fprintf(out, ", which T%ld runs", (long)thread->holder);
	} else if (thread->address) {
		fprintf(out, "waits for %s in %s", title(printer, thread->address),
			op_word((enum op)thread->op));
		print_place(printer, thread->pc);
		print_holder(printer, thread);
	} else {
		fprintf(out, "waits in %s", op_word((enum op)thread->op));
		print_place(printer, thread->pc);
	}
}

static void print_pending(const struct printer *printer, const struct thread_report *thread)
{
	bool is_access = op_is_access((enum op)thread->op);
	char name[CHANNEL_NAME_MAX];

	if (thread->op == OP_START) {
		fputs("is about to start", printer->out);
		return;
	}
	fprintf(printer->out, "could %s", op_word((enum op)thread->op));
	if (op_is_on_channel((enum op)thread->op))
		fprintf(printer->out, " %s", channel_title(thread->size, name));
	else if (thread->address && !is_access)
		fprintf(printer->out, " %s", title(printer, thread->address));
	else if (thread->address)
		fprintf(printer->out, " `%s`",
			symbols_object(printer->symbols, thread->address, 0)->name);
	print_place(printer, thread->pc);
}

static void print_running(const struct printer *printer, const struct thread_report *thread)
{
	const struct place *place = frames_first(printer->symbols, thread);

	fputs("runs", printer->out);
	if (place && strcmp(place->text, "?"))
		fprintf(printer->out, " (%s)", place->text);
}

static void print_line(const struct printer *printer, const struct thread_report *thread)
{
	char label[FRAMES_LABEL_MAX];

	fprintf(printer->out, "  %-*s  ", printer->width,
		frames_label(printer->symbols, thread, label));
	switch ((enum thread_state)thread->state) {
	case THREAD_UNSTARTED:
		fputs("has not started", printer->out);
		break;
	case THREAD_RUNNING:
		print_running(printer, thread);
		break;
	case THREAD_PENDING:
		if (thread->op < OP_COUNT)
			print_pending(printer, thread);
		break;
	case THREAD_BLOCKED:
		if (thread->op < OP_COUNT)
			print_blocked(printer, thread);
		break;
	case THREAD_ENDED:
		fputs("has ended", printer->out);
		break;
	}
	fputc('\n', printer->out);
}

/* Ended threads have nothing to tell, unless one of them is at fault. */
static bool is_shown(const struct printer *printer, const struct thread_report *thread)
{
	return thread->state != THREAD_ENDED || thread == frames_culprit(printer->report);
}

static void print_lines(struct printer *printer)
{
	const struct thread_report *first = frames_culprit(printer->report);
	uint32_t shown = 0, left_out = 0;

	for (uint32_t i = 0; i < frames_threads(printer->report); i++) {
		char label[FRAMES_LABEL_MAX];
		int width = (int)strlen(
			frames_label(printer->symbols, &printer->report->threads[i], label));

		if (is_shown(printer, &printer->report->threads[i]) && width > printer->width)
			printer->width = width;
	}
	if (first)
		print_line(printer, first);
	for (uint32_t i = 0; i < frames_threads(printer->report); i++) {
		const struct thread_report *thread = &printer->report->threads[i];

		if (thread == first || !is_shown(printer, thread))
			continue;
		if (++shown < LINES_MAX)
			print_line(printer, thread);
		else
			left_out++;
	}
	left_out += printer->report->thread_count - frames_threads(printer->report);
	if (left_out)
		fprintf(printer->out, "  and %u more threads\n", left_out);
}

static void print_stacks(const struct printer *printer)
{
	const struct thread_report *first = frames_culprit(printer->report);
	uint32_t shown = 0;

	if (first)
		frames_print(printer->out, printer->symbols, first);
	for (uint32_t i = 0; i < frames_threads(printer->report) && shown + 1 < STACKS_MAX; i++) {
		const struct thread_report *thread = &printer->report->threads[i];

		if (thread == first || thread->state == THREAD_ENDED ||
		    thread->state == THREAD_UNSTARTED)
			continue;
		frames_print(printer->out, printer->symbols, thread);
		shown++;
	}
}

void verdict_print(FILE *out, const struct report *report, struct symbols *symbols,
		   struct record *record, const char *about, const char *replay)
{
	struct printer printer = {
		.out = out, .report = report, .symbols = symbols, .record = record};
	char message[1024];

	fprintf(out, "heddle: %s: %s\n", verdict_word((enum verdict)report->verdict),
		verdict_message(report, symbols, message, sizeof(message)));
	if (about)
		fputs(about, out);
	print_lines(&printer);
	if (report->verdict == VERDICT_MISUSE)
		misuse_print(out, report, symbols, record);
	if (report->spurious)
		fprintf(out,
			"  %u wait%s woke without a signal, as POSIX allows (--spurious 0 "
			"leaves that out)\n",
			report->spurious, report->spurious == 1 ? "" : "s");
	if (record)
		waits_print(out, report, record);
	print_stacks(&printer);
	if (replay)
		fprintf(out, "  replay with: %s\n", replay);
}
