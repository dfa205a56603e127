#include "cli/looks.h"
#include "cli/say.h"
#include "cli/view.h"
#include "report/race.h"

#include <stdlib.h>

static char *stack_text(const struct view *view)
{
	char *text = NULL;
	size_t size;
	FILE *out = must_have(open_memstream(&text, &size));

	race_stack_print(out, view->report, view->symbols);
	fclose(out);
	return must_have(text);
}

static void take_stack(struct looks *looks, const struct view *view, uint32_t thread,
		       uint32_t event)
{
	looks->items = must_have(realloc(looks->items, (looks->count + 1) * sizeof(*looks->items)));
	looks->items[looks->count++] = (struct look){.what = (enum report_look)view->report->look,
						     .thread = thread,
						     .event = event,
						     .stack = stack_text(view)};
}

static void take_race(struct looks *looks, const struct view *view)
{
	char *text = NULL;
	size_t size;
	FILE *out = must_have(open_memstream(&text, &size));

	race_print(out, view->report, view->symbols, view->record,
		   looks_first_stack(looks, view->report));
	fclose(out);
	looks->races =
		must_have(realloc(looks->races, (looks->race_count + 1) * sizeof(*looks->races)));
	looks->races[looks->race_count++] = must_have(text);
}

void looks_take(struct looks *looks, const struct worker *worker, uint64_t first)
{
	struct view view;

	view_open(&view, worker, first);
	switch ((enum report_look)view.report->look) {
	case LOOK_FIRST:
		take_stack(looks, &view, view.report->race.first.thread,
			   view.report->race.first.event);
		break;
	case LOOK_BLOCK:
		take_stack(looks, &view, view.report->heap.freed.thread,
			   view.report->heap.freed.number);
		break;
	case LOOK_NONE:
	case LOOK_SECOND:
		take_race(looks, &view);
		break;
	}
	view_close(&view);
}

static const char *stack_of(const struct looks *looks, enum report_look what, uint32_t thread,
			    uint32_t event)
{
	for (size_t i = looks->count; i-- > 0;)
		if (looks->items[i].what == what && looks->items[i].thread == thread &&
		    looks->items[i].event == event)
			return looks->items[i].stack;
	return NULL;
}

const char *looks_first_stack(const struct looks *looks, const struct report *report)
{
	const struct race_side *side = &report->race.first;

	return stack_of(looks, LOOK_FIRST, side->thread, side->event);
}

const char *looks_block_stack(const struct looks *looks, const struct site_report *site)
{
	return stack_of(looks, LOOK_BLOCK, site->thread, site->number);
}

void looks_clear(struct looks *looks)
{
	while (looks->count)
		free(looks->items[--looks->count].stack);
}

void looks_free(struct looks *looks)
{
	looks_clear(looks);
	free(looks->items);
	while (looks->race_count)
		free(looks->races[--looks->race_count]);
	free(looks->races);
}

void looks_print_races(FILE *out, const struct looks *looks)
{
	for (size_t i = 0; i < looks->race_count; i++)
		fputs(looks->races[i], out);
}
