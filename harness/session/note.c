#include "session/note.h"

#include "base/text.h"
#include "session/lock.h"
#include "session/session.h"

static bool same(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

void note_uncontrolled(const char *what, const void *pc)
{
	struct shared *shared = session.shared;
	struct shared_note *note;
	struct text text;

	if (!execution.current)
		return;
	for (uint32_t i = 0; i < shared->note_count; i++) {
		if (!same(shared->notes[i].what, what))
			continue;
		shared->notes[i].count++;
		return;
	}
	lock_take();
	if (shared->note_count < SHARED_NOTES_MAX) {
		note = &shared->notes[shared->note_count];
		text = text_over(note->what, sizeof(note->what));
		text_add(&text, what);
		note->pc = (uint64_t)pc;
		note->count = 1;
		__atomic_store_n(&shared->note_count, shared->note_count + 1, __ATOMIC_RELEASE);
	}
	lock_release();
}
