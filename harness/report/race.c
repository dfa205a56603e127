#include "report/race.h"

#include "report/frames.h"
#include "report/held.h"

#include <string.h>

/* "T1 add", or "T300" where the report does not describe it. */
static const char *label_of(const struct report *report, struct symbols *symbols, uint32_t number,
			    char label[FRAMES_LABEL_MAX])
{
	const struct thread_report *thread = frames_thread(report, number);

	if (thread)
		return frames_label(symbols, thread, label);
	snprintf(label, FRAMES_LABEL_MAX, "T%u", number);
	return label;
}

const char *race_message(const struct report *report, struct symbols *symbols, char *buffer,
			 size_t size)
{
	const struct race_report *race = &report->race;
	char first[FRAMES_LABEL_MAX], second[FRAMES_LABEL_MAX];

	snprintf(buffer, size, "%s and %s access `%s` (%lu byte%s) with nothing that orders them",
		 label_of(report, symbols, race->first.thread, first),
		 label_of(report, symbols, race->second.thread, second),
		 symbols_object(symbols, race->address, (uint32_t)race->bytes)->name,
		 (unsigned long)race->bytes, race->bytes == 1 ? "" : "s");
	return buffer;
}

const char *race_first_place(const struct report *report, struct symbols *symbols)
{
	const char *text = symbols_place(symbols, report->race.first.pc)->text;

	return strcmp(text, "?") ? text : "";
}

static const char *verb_of(uint32_t kind)
{
	if (kind & RACE_FREE)
		return "frees the block";
	if (kind & RACE_OBJECT)
		return "uses the object";
	return kind & RACE_WRITE ? "writes" : "reads";
}

static void print_side(FILE *out, const struct report *report, struct symbols *symbols,
		       struct record *record, const struct race_side *side, int width)
{
	const struct place *place = symbols_place(symbols, side->pc);
	char label[FRAMES_LABEL_MAX];
	size_t events = 0;

	fprintf(out, "  %-*s  %s at %s", width, label_of(report, symbols, side->thread, label),
		verb_of(side->kind), place->text);
	if (place->line && *place->function)
		fprintf(out, " in %s", place->function);
	if (side->kind & RACE_ATOMIC && !(side->kind & RACE_OBJECT))
		fputs(" (atomic)", out);
	if (side->kind & RACE_VOLATILE)
		fputs(" (volatile)", out);
	if (record)
		record_events(record, &events);
	if (events) {
		fputs(", ", out);
		held_print(out, record, side->thread, side->event);
	}
	fputc('\n', out);
}

static int label_width(const struct report *report, struct symbols *symbols)
{
	char label[FRAMES_LABEL_MAX];
	int one = (int)strlen(label_of(report, symbols, report->race.first.thread, label));
	int other = (int)strlen(label_of(report, symbols, report->race.second.thread, label));

	return one > other ? one : other;
}

static void print_block(FILE *out, const struct report *report, struct symbols *symbols)
{
	const struct block_report *block = &report->race.block;

	if (block->bytes)
		fprintf(out,
			"  that is in a heap block of %lu byte%s, allocated by T%u at %s, at "
			"offset %lu\n",
			(unsigned long)block->bytes, block->bytes == 1 ? "" : "s", block->thread,
			symbols_place(symbols, block->pc)->text,
			(unsigned long)(report->race.address - block->address));
}

void race_stack_print(FILE *out, const struct report *report, struct symbols *symbols)
{
	const struct thread_report *thread = frames_thread(report, report->thread);

	if (thread)
		frames_print(out, symbols, thread);
}

void race_print(FILE *out, const struct report *report, struct symbols *symbols,
		struct record *record, const char *first_stack)
{
	int width = label_width(report, symbols);
	char message[1024];

	fprintf(out, "heddle: data race: %s\n",
		race_message(report, symbols, message, sizeof(message)));
	print_side(out, report, symbols, record, &report->race.first, width);
	print_side(out, report, symbols, record, &report->race.second, width);
	print_block(out, report, symbols);
	if (first_stack)
		fputs(first_stack, out);
	race_stack_print(out, report, symbols);
}
