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

static void take_first(struct looks *looks, const struct view *view)
{
	looks->items = must_have(realloc(looks->items, (looks->count + 1) * sizeof(*looks->items)));
	looks->items[looks->count++] = (struct look){.thread = view->report->race.first.thread,
						     .event = view->report->race.first.event,
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
	if (view.report->look == LOOK_FIRST)
		take_first(looks, &view);
	else
		take_race(looks, &view);
	view_close(&view);
}

const char *looks_first_stack(const struct looks *looks, const struct report *report)
{
	const struct race_side *side = &report->race.first;

	for (size_t i = looks->count; i-- > 0;)
		if (looks->items[i].thread == side->thread && looks->items[i].event == side->event)
			return looks->items[i].stack;
	return NULL;
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
