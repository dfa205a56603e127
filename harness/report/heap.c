#include "report/heap.h"

#include "report/frames.h"

#include <string.h>

bool heap_is_verdict(enum verdict verdict)
{
	return verdict >= VERDICT_USE_AFTER_FREE && verdict <= VERDICT_INVALID_FREE;
}

/* "T1 add", "T300" where the report does not describe it, "the program". */
static const char *label_of(const struct report *report, struct symbols *symbols, int64_t number,
			    char label[FRAMES_LABEL_MAX])
{
	const struct thread_report *thread = frames_thread(report, number);

	if (thread)
		return frames_label(symbols, thread, label);
	if (number < 0)
		snprintf(label, FRAMES_LABEL_MAX, "the program");
	else
		snprintf(label, FRAMES_LABEL_MAX, "T%ld", (long)number);
	return label;
}

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

/* "reads 4 bytes" */
static void access_words(const struct heap_report *heap, char *buffer, size_t size)
{
	enum op op = (enum op)heap->op;
	const char *verb = op_is_load(op) ? "reads" : "writes";

	if (op == OP_FREE)
		snprintf(buffer, size, "frees");
	else if (op_is_access(op))
		snprintf(buffer, size, "%s %lu byte%s", verb, (unsigned long)heap->bytes,
			 plural(heap->bytes));
	else
		snprintf(buffer, size, "does a `%s`",
			 op < OP_COUNT ? op_word(op) : op_word(OP_NONE));
}

/* "at offset 8 of", "3 bytes before", "inside": where in the block, or by it. */
static void position_words(const struct heap_report *heap, char *buffer, size_t size)
{
	uint64_t before = heap->block - heap->address, after = heap->address - heap->block;

	if (heap->address < heap->block)
		snprintf(buffer, size, "%lu byte%s before", (unsigned long)before, plural(before));
	else if (heap->op == OP_FREE && !after)
		buffer[0] = '\0';
	else if (heap->op == OP_FREE)
		snprintf(buffer, size, "what is at offset %lu of", (unsigned long)after);
	else
		snprintf(buffer, size, "at offset %lu of", (unsigned long)after);
}

static const char *end_words(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_USE_AFTER_FREE:
		return " that was freed";
	case VERDICT_DOUBLE_FREE:
		return " that was freed before";
	case VERDICT_INVALID_FREE:
		return ", and not what was allocated";
	case VERDICT_HEAP_OVERFLOW:
		return ": past its end";
	default: /* says all */
		return "";
	}
}

const char *heap_message(const struct report *report, struct symbols *symbols, char *buffer,
			 size_t size)
{
	const struct heap_report *heap = &report->heap;
	char label[FRAMES_LABEL_MAX], what[64], where[64];

	access_words(heap, what, sizeof(what));
	position_words(heap, where, sizeof(where));
	label_of(report, symbols, report->thread, label);
	if (heap->is_there)
		snprintf(buffer, size, "%s %s %s%sa heap block of %lu byte%s%s", label, what, where,
			 *where ? " " : "", (unsigned long)heap->block_bytes,
			 plural(heap->block_bytes), end_words((enum verdict)report->verdict));
	else
		snprintf(buffer, size, "%s %s %s`%s`, which is no heap block", label, what,
			 heap->op == OP_FREE ? "" : "at ",
			 symbols_object(symbols, heap->address, 1)->name);
	return buffer;
}

static int label_width(const struct report *report, struct symbols *symbols)
{
	const struct heap_report *heap = &report->heap;
	char label[FRAMES_LABEL_MAX];
	int one = (int)strlen(label_of(report, symbols, heap->allocated.thread, label));
	int other = heap->freed.pc
			    ? (int)strlen(label_of(report, symbols, heap->freed.thread, label))
			    : 0;

	return one > other ? one : other;
}

static void print_site(FILE *out, const struct report *report, struct symbols *symbols,
		       const struct site_report *site, const char *what, const char *stack)
{
	const struct place *place = symbols_place(symbols, site->pc);
	char label[FRAMES_LABEL_MAX];

	if (!site->pc)
		return;
	fprintf(out, "  %-*s  %s it at %s", label_width(report, symbols),
		label_of(report, symbols, site->thread, label), what, place->text);
	if (place->line && *place->function)
		fprintf(out, " in %s", place->function);
	fputc('\n', out);
	if (stack)
		fputs(stack, out);
}

void heap_print(FILE *out, const struct report *report, struct symbols *symbols,
		const char *freed_stack, const char *allocated_stack)
{
	const struct heap_report *heap = &report->heap;

	print_site(out, report, symbols, &heap->freed, "freed", freed_stack);
	print_site(out, report, symbols, &heap->allocated, "allocated", allocated_stack);
}
