/*
 * outcome.c - what the program says of its execution.
 *
 * An outcome has to be the same for all executions of a class, so its parts are not joined in the
 * order in which threads came to say them, but thread by thread. Threads go by their part of the
 * heap, which goes by who has created them and as the how-manieth: their numbers may depend on the
 * order of what does not depend on each other.
 *
 * The signature is of all bytes, also of those that are not kept: outcomes that differ are never
 * taken for one.
 */
#include "session/outcome.h"

#include "base/text.h"
#include "machine/memory.h"
#include "session/lock.h"
#include "session/note.h"
#include "session/record.h"
#include "session/spin.h"

#include <string.h>

/* In the room of the execution, in the order in which they are joined. */
struct outcome_piece {
	struct outcome_piece *next;
	uint32_t arena, length;
	char text[];
};

#define SIGNATURE_START 0xcbf29ce484222325u
#define BETWEEN		", "

void outcome_add(struct thread *self, const char *text)
{
	struct outcome_piece **at = &execution.outcome, *piece;
	uint32_t length = (uint32_t)strlen(text);

	if (session.spins)
		spin_break(self);
	while (*at && (*at)->arena <= self->arena)
		at = &(*at)->next;
	piece = room_take_as_is(sizeof(*piece) + length + 1);
	*piece = (struct outcome_piece){.next = *at, .arena = self->arena, .length = length};
	memory_copy(piece->text, text, length + 1);
	*at = piece;
}

static uint64_t signature_add(uint64_t signature, const char *text)
{
	for (; *text; text++)
		signature = (signature ^ (unsigned char)*text) * 0x100000001b3u;
	return signature;
}

/* The slots of the table of results go by it; small numbers mean something else. */
static uint64_t signature_end(uint64_t signature)
{
	signature ^= signature >> 32;
	signature *= 0x9e3779b97f4a7c15u;
	signature ^= signature >> 29;
	return signature > SHARED_RESULT_ASSUMED ? signature : ~signature;
}

enum verdict outcome_close(void)
{
	struct shared_worker *worker = session.worker;
	struct text text = text_over(worker->outcome_text, sizeof(worker->outcome_text));
	uint64_t signature = SIGNATURE_START;
	const struct expectation *expected;
	const char *between = "";

	worker->outcome_signature = 0;
	if (!execution.outcome)
		return VERDICT_PASSED;
	for (const struct outcome_piece *piece = execution.outcome; piece; piece = piece->next) {
		text_add(&text, between);
		text_add(&text, piece->text);
		signature = signature_add(signature_add(signature, between), piece->text);
		between = BETWEEN;
	}
	worker->outcome_signature = signature_end(signature);
	expected =
		expectation_find(session.shared->expected,
				 __atomic_load_n(&session.shared->expected_count, __ATOMIC_ACQUIRE),
				 worker->outcome_text);
	return expected && expected->grade == GRADE_FORBIDDEN ? VERDICT_FORBIDDEN : VERDICT_PASSED;
}

void outcome_describe(struct report *report)
{
	struct text text = text_over(report->message, sizeof(report->message));

	if (!session.worker->outcome_signature)
		return;
	report->signature = session.worker->outcome_signature;
	text_add(&text, "outcome `");
	text_add(&text, session.worker->outcome_text);
	text_add(&text, report->verdict == VERDICT_FORBIDDEN ? "' is forbidden" : "'");
}

static bool is_declared(enum grade grade, const char *text)
{
	const struct shared *shared = session.shared;
	uint32_t count = __atomic_load_n(&shared->expected_count, __ATOMIC_ACQUIRE);

	for (uint32_t i = 0; i < count; i++)
		if (shared->expected[i].grade == grade && !strcmp(shared->expected[i].text, text))
			return true;
	return false;
}

void outcome_expect(enum grade grade, const char *text)
{
	struct shared *shared = session.shared;
	char kept[OUTCOME_BYTES];
	struct text copy = text_over(kept, sizeof(kept));
	struct expectation *fresh;

	text_add(&copy, text);
	if (is_declared(grade, kept))
		return;
	lock_take();
	if (shared->expected_count == SHARED_EXPECTED_MAX) {
		shared->expected_full = 1;
	} else if (!is_declared(grade, kept)) {
		fresh = &shared->expected[shared->expected_count];
		fresh->grade = grade;
		memory_copy(fresh->text, kept, sizeof(kept));
		__atomic_store_n(&shared->expected_count, shared->expected_count + 1,
				 __ATOMIC_RELEASE);
	}
	lock_release();
}

/* The text's number, from 1; the last one where there are too many. */
static uint32_t label_number(const char *text)
{
	struct report *report = &session.worker->report;
	char kept[SHARED_LABEL_BYTES];
	struct text copy = text_over(kept, sizeof(kept));

	text_add(&copy, text);
	for (uint32_t i = 0; i < report->label_count; i++)
		if (!strcmp(report->labels[i], kept))
			return i + 1;
	if (report->label_count == SHARED_LABELS_MAX - 1) {
		copy = text_over(kept, sizeof(kept));
		text_add(&copy, "(one of too many labels)");
	} else if (report->label_count == SHARED_LABELS_MAX) {
		return SHARED_LABELS_MAX;
	}
	memory_copy(report->labels[report->label_count], kept, sizeof(kept));
	return ++report->label_count;
}

void outcome_label(struct thread *self, const char *text, const void *pc)
{
	if (session.recording && !spin_is_trying())
		record_label(self, label_number(text), pc);
}
