/*
 * verdict.c - what happened, in a word, in a sentence, and as a place.
 *
 * No sentence holds an address: it would differ from machine to machine, and the message is part of
 * the trace.
 */
#include "report/verdict.h"

#include "model/op.h"
#include "report/frames.h"
#include "report/heap.h"
#include "report/misuse.h"
#include "report/race.h"

#include <ctype.h>
#include <signal.h>
#include <string.h>

/* Below this an address is a null pointer with an offset: Linux maps nothing there
 * (vm.mmap_min_addr). */
#define NULL_SPAN 65536u

static const struct {
	const char *word, *key;
	bool is_failure;
} verdicts[] = {
	[VERDICT_NONE] = {"running", "running", false},
	[VERDICT_PASSED] = {"passed", "passed", false},
	[VERDICT_ASSERTION] = {"assertion", "assertion", true},
	[VERDICT_ABORT] = {"abort", "abort", true},
	[VERDICT_CRASH] = {"crash", "crash", true},
	[VERDICT_STACK_OVERFLOW] = {"stack overflow", "stack-overflow", true},
	[VERDICT_EXIT_STATUS] = {"exit status", "exit-status", true},
	[VERDICT_DEADLOCK] = {"deadlock", "deadlock", true},
	[VERDICT_STUCK] = {"stuck", "stuck", true},
	[VERDICT_DISCARDED] = {"discarded", "discarded", false},
	[VERDICT_DIVERGED] = {"diverged", "diverged", true},
	[VERDICT_LOST] = {"lost", "lost", true},
	[VERDICT_LIVELOCK] = {"livelock", "livelock", true},
	[VERDICT_DATA_RACE] = {"data race", "data-race", true},
	[VERDICT_MISUSE] = {"misuse", "misuse", true},
	[VERDICT_USE_AFTER_FREE] = {"use after free", "use-after-free", true},
	[VERDICT_HEAP_OVERFLOW] = {"heap overflow", "heap-overflow", true},
	[VERDICT_HEAP_UNDERFLOW] = {"heap underflow", "heap-underflow", true},
	[VERDICT_DOUBLE_FREE] = {"double free", "double-free", true},
	[VERDICT_INVALID_FREE] = {"invalid free", "invalid-free", true},
	[VERDICT_FORBIDDEN] = {"forbidden outcome", "forbidden-outcome", true},
	[VERDICT_ASSUMED] = {"assumed away", "assumed-away", false},
};

static const char unknown[] = "unknown";

static bool is_verdict(enum verdict verdict)
{
	return (size_t)verdict < sizeof(verdicts) / sizeof(verdicts[0]);
}

const char *verdict_word(enum verdict verdict)
{
	return is_verdict(verdict) ? verdicts[verdict].word : unknown;
}

const char *verdict_key(enum verdict verdict)
{
	return is_verdict(verdict) ? verdicts[verdict].key : unknown;
}

bool verdict_is_failure(enum verdict verdict)
{
	return !is_verdict(verdict) || verdicts[verdict].is_failure;
}

bool verdict_is_wait(enum verdict verdict)
{
	return verdict == VERDICT_DEADLOCK || verdict == VERDICT_LIVELOCK;
}

static const char *signal_words(int signal)
{
	switch (signal) {
	case SIGSEGV:
		return "segmentation fault";
	case SIGBUS:
		return "bus error";
	case SIGFPE:
		return "arithmetic error, such as a division by zero";
	case SIGILL:
		return "illegal instruction";
	case SIGTRAP:
		return "trap";
	}
	return strsignal(signal);
}

static void crash_message(const struct report *report, struct symbols *symbols, char *buffer,
			  size_t size)
{
	const char *abbreviation = sigabbrev_np(report->signal), *at = "";
	uint64_t address = report->fault_address;
	char offset[64];

	if (report->signal == SIGSEGV || report->signal == SIGBUS) {
		snprintf(offset, sizeof(offset), "a null pointer plus %lu", (unsigned long)address);
		if (address < NULL_SPAN)
			at = address ? offset : "a null or wild pointer";
		else if (symbols && symbols_is_known(symbols, address))
			at = symbols_object(symbols, address, 1)->name;
		else
			at = "an address where nothing is mapped";
	}
	snprintf(buffer, size, "%s (SIG%s)%s%s", signal_words(report->signal),
		 abbreviation ? abbreviation : "?", *at ? " at " : "", at);
}

static void lost_message(const struct report *report, char *buffer, size_t size)
{
	if (report->signal)
		snprintf(buffer, size,
			 "the process was killed by signal %d (%s) and could not say why",
			 report->signal, strsignal(report->signal));
	else
		snprintf(buffer, size, "the process died and could not say why");
}

/* "T1 lock `mutex`", "nothing"; kept in `buffer`. */
static const char *event_words(const struct shared_event *event, struct symbols *symbols,
			       char buffer[256])
{
	const char *object =
		event->address && symbols ? symbols_object(symbols, event->address, 0)->name : NULL;

	if (event->op == OP_NONE || event->op >= OP_COUNT)
		snprintf(buffer, 256, "something else");
	else if (object)
		snprintf(buffer, 256, "T%u %s `%s`", event->thread, op_word((enum op)event->op),
			 object);
	else
		snprintf(buffer, 256, "T%u %s", event->thread, op_word((enum op)event->op));
	return buffer;
}

static void difference_message(const struct report *report, struct symbols *symbols, char *buffer,
			       size_t size)
{
	static const char causes[] = "the program is not deterministic (does it read uninitialised "
				     "memory, the real time, or input from outside?)";
	char expected[256], got[256];

	if (report->expected.op == OP_NONE && report->got.op == OP_NONE)
		snprintf(buffer, size, "after the same choices the program went another way: %s",
			 causes);
	else
		snprintf(buffer, size,
			 "after the same choices there was %s, and now there is %s: %s",
			 event_words(&report->expected, symbols, expected),
			 event_words(&report->got, symbols, got), causes);
}

/* "T1" and a blank, or what stands for a thread that is not known. */
static const char *culprit(const struct report *report, char buffer[32])
{
	if (report->thread < 0)
		return "the program";
	snprintf(buffer, 32, "T%d", report->thread);
	return buffer;
}

/* So many are named in a sentence. */
#define NAMED_MAX 8u

/* Threads to be named. */
struct names {
	const struct thread_report *list[NAMED_MAX];
	uint32_t count; /* of all; the list has the first of them */
};

static void names_add(struct names *names, const struct thread_report *thread)
{
	if (names->count < NAMED_MAX)
		names->list[names->count] = thread;
	names->count++;
}

/* "T1 transfer, T2 audit and T3 sum" */
static const char *names_text(const struct names *names, struct symbols *symbols,
			      char text[NAMED_MAX * FRAMES_LABEL_MAX])
{
	size_t length = 0, size = (size_t)NAMED_MAX * FRAMES_LABEL_MAX;

	text[0] = '\0';
	for (uint32_t i = 0; i < names->count && i < NAMED_MAX && length < size; i++) {
		const char *between = i + 1 < names->count ? ", " : " and ";
		char label[FRAMES_LABEL_MAX];

		length += (size_t)snprintf(text + length, size - length, "%s%s", i ? between : "",
					   frames_label(symbols, names->list[i], label));
	}
	if (names->count > NAMED_MAX && length < size)
		snprintf(text + length, size - length, " and others");
	return text;
}

/* The threads that wait for each other, in the order of who waits for whom; or the one that waits
 * for a thread that has ended. */
static struct names ring_of(const struct report *report)
{
	const struct thread_report *first = frames_culprit(report), *next = first;
	struct names ring = {.count = 0};

	while (next && next->for_good && ring.count < report->thread_count) {
		names_add(&ring, next);
		next = frames_thread(report, next->holder);
		if (next == first)
			break;
	}
	return ring;
}

static const char *ring_waits(const struct names *ring, bool past)
{
	if (ring->count != 1)
		return past ? "waited for each other" : "wait for each other";
	if (ring->list[0]->holder == ring->list[0]->thread)
		return past ? "waited for itself" : "waits for itself";
	return past ? "waited for one that had ended" : "waits for one that has ended";
}

static void deadlock_message(const struct report *report, struct symbols *symbols, char *buffer,
			     size_t size)
{
	char text[NAMED_MAX * FRAMES_LABEL_MAX];
	struct names ring = ring_of(report);
	const char *names = ring.count ? names_text(&ring, symbols, text) : "some threads";

	if (report->in_part)
		snprintf(buffer, size, "the process ended while %s %s", names,
			 ring_waits(&ring, true));
	else if (ring.count)
		snprintf(buffer, size, "no thread can run: %s %s", names, ring_waits(&ring, false));
	else
		snprintf(buffer, size, "no thread can run");
}

static void livelock_message(const struct report *report, struct symbols *symbols, char *buffer,
			     size_t size)
{
	char text[NAMED_MAX * FRAMES_LABEL_MAX];
	struct names looping = {.count = 0};

	for (uint32_t i = 0; i < frames_threads(report); i++)
		if (report->threads[i].loops)
			names_add(&looping, &report->threads[i]);
	snprintf(buffer, size, "%s %s in a loop for what nobody changes any more",
		 looping.count ? names_text(&looping, symbols, text) : "threads",
		 looping.count == 1 ? "waits" : "wait");
}

/* The program came to an end that it has taken for one. */
static void end_message(const struct report *report, char *buffer, size_t size)
{
	if (report->verdict == VERDICT_ASSUMED)
		snprintf(buffer, size, "the program is not interested in this execution");
	else
		snprintf(buffer, size, "%s",
			 report->message[0] ? report->message : "the program ended with status 0");
}

/* Long, for each verdict stands in it. */
const char *verdict_message(const struct report *report, struct symbols *symbols, char *buffer,
			    size_t size)
{
	const char *said = report->message[0] ? report->message : NULL;
	char thread[32];

	switch ((enum verdict)report->verdict) {
	case VERDICT_NONE:
		snprintf(buffer, size, "the program has not ended");
		break;
	case VERDICT_PASSED:
	case VERDICT_FORBIDDEN:
	case VERDICT_ASSUMED:
		end_message(report, buffer, size);
		break;
	case VERDICT_ASSERTION:
		snprintf(buffer, size, "%s", said ? said : "an assertion failed");
		break;
	case VERDICT_ABORT:
		snprintf(buffer, size, "%s", said ? said : "the program called abort()");
		break;
	case VERDICT_CRASH:
		crash_message(report, symbols, buffer, size);
		break;
	case VERDICT_STACK_OVERFLOW:
		snprintf(buffer, size, "the stack of %s is used up", culprit(report, thread));
		break;
	case VERDICT_EXIT_STATUS:
		snprintf(buffer, size, "the program ended with status %d", report->exit_status);
		break;
	case VERDICT_DEADLOCK:
		deadlock_message(report, symbols, buffer, size);
		break;
	case VERDICT_LIVELOCK:
		livelock_message(report, symbols, buffer, size);
		break;
	case VERDICT_STUCK:
		if (said)
			snprintf(buffer, size, "%s", said);
		else
			snprintf(buffer, size, "%s runs on without reaching a scheduling point",
				 culprit(report, thread));
		break;
	case VERDICT_DISCARDED:
		snprintf(buffer, size, "the program asked to leave this execution out");
		break;
	case VERDICT_DIVERGED:
		if (said)
			snprintf(buffer, size, "%s", said);
		else
			difference_message(report, symbols, buffer, size);
		break;
	case VERDICT_LOST:
		lost_message(report, buffer, size);
		break;
	case VERDICT_DATA_RACE:
		race_message(report, symbols, buffer, size);
		break;
	case VERDICT_MISUSE:
		misuse_message(report, symbols, buffer, size);
		break;
	case VERDICT_USE_AFTER_FREE:
	case VERDICT_HEAP_OVERFLOW:
	case VERDICT_HEAP_UNDERFLOW:
	case VERDICT_DOUBLE_FREE:
	case VERDICT_INVALID_FREE:
		heap_message(report, symbols, buffer, size);
		break;
	}
	buffer[strcspn(buffer, "\n")] = '\0';
	return buffer;
}

/* "FILE:LINE" out of "PROGRAM: FILE:LINE: FUNCTION: Assertion ...", in `buffer`. False when it is
 * not there. */
static bool where_in_message(const char *message, char *buffer, size_t size)
{
	for (const char *colon = strchr(message, ':'); colon; colon = strchr(colon + 1, ':')) {
		size_t digits = strspn(colon + 1, "0123456789");
		const char *start = colon;

		if (!digits || colon[1 + digits] != ':')
			continue;
		while (start > message && start[-1] != ' ' && start[-1] != '/')
			start--;
		/* A relative path is the same on every machine. */
		while (start > message && start[-1] != ' ')
			start--;
		if (*start == '/')
			for (start = colon; start[-1] != '/'; start--)
				;
		snprintf(buffer, size, "%.*s", (int)(colon + 1 + digits - start), start);
		return true;
	}
	return false;
}

const char *verdict_where(const struct report *report, struct symbols *symbols, char *buffer,
			  size_t size)
{
	const struct thread_report *thread = frames_culprit(report);
	const struct place *place;

	buffer[0] = '\0';
	if (report->verdict == VERDICT_ASSERTION && where_in_message(report->message, buffer, size))
		return buffer;
	if (verdict_is_wait((enum verdict)report->verdict) && thread)
		place = symbols_place(symbols, thread->pc);
	else if (thread && (place = frames_first(symbols, thread)))
		;
	else
		place = symbols_place(symbols, report->pc);
	if (strcmp(place->text, "?"))
		snprintf(buffer, size, "%s", place->text);
	return buffer;
}
