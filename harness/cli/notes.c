#include "cli/notes.h"
#include "cli/say.h"
#include "report/symbols.h"

#include <stdlib.h>
#include <string.h>

static char *describe(const struct shared_note *note, struct symbols *symbols)
{
	const struct place *place = symbols && note->pc ? symbols_place(symbols, note->pc) : NULL;
	char *text;

	if (asprintf(&text, "%.*s%s%s", (int)sizeof(note->what), note->what, place ? ", " : "",
		     place ? place->text : "") < 0)
		text = NULL;
	return must_have(text);
}

void notes_update(struct notes *notes, const struct shared *shared, pid_t pid)
{
	/* Partner: a worker's store after it has filled in the note, under the block's lock. */
	size_t there = __atomic_load_n(&shared->note_count, __ATOMIC_ACQUIRE);
	struct symbols *symbols;

	if (there > SHARED_NOTES_MAX)
		there = SHARED_NOTES_MAX;
	if (notes->count >= there)
		return;
	symbols = pid ? symbols_open(pid, NULL) : NULL;
	while (notes->count < there) {
		notes->texts[notes->count] = describe(&shared->notes[notes->count], symbols);
		notes->count++;
	}
	symbols_close(symbols);
}

void notes_print(FILE *out, const struct notes *notes)
{
	for (size_t i = 0; i < notes->count; i++)
		fprintf(out, "heddle: note: not controlled: %s\n", notes->texts[i]);
}

void notes_free(struct notes *notes)
{
	for (size_t i = 0; i < notes->count; i++)
		free(notes->texts[i]);
}
