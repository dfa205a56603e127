#include "report/misuse.h"

#include "model/op.h"
#include "report/frames.h"

#include <string.h>

#define NAME_MAX 256

static const char *verb(enum op op)
{
	switch (op) {
	case OP_UNLOCK:
	case OP_RWUNLOCK:
	case OP_SPIN_UNLOCK:
		return "unlocks";
	case OP_WAIT:
	case OP_SEM_WAIT:
	case OP_SEM_TRYWAIT:
	case OP_ARRIVE:
		return "waits on";
	case OP_WAKE:
		return "goes back to";
	case OP_SIGNAL:
		return "signals";
	case OP_BROADCAST:
		return "broadcasts";
	case OP_SEM_POST:
		return "posts";
	case OP_JOIN:
		return "joins";
	case OP_DETACH:
		return "detaches";
	default: /* it is begun or ended, or taken */
		if (op_is_init(op))
			return "initialises";
		return op_is_destroy(op) ? "destroys" : "locks";
	}
}

static const char *noun(enum op op)
{
	switch (op_letter(op)) {
	case 'M':
		return "mutex";
	case 'C':
		return op == OP_WAKE ? "mutex" : "condition variable";
	case 'R':
		return "read-write lock";
	case 'B':
		return "barrier";
	case 'S':
		return "semaphore";
	case 'L':
		return "spin lock";
	default:
		return "object";
	}
}

static const char *label_of(const struct report *report, struct symbols *symbols, int64_t number,
			    char label[FRAMES_LABEL_MAX])
{
	const struct thread_report *thread = frames_thread(report, number);

	if (thread)
		return frames_label(symbols, thread, label);
	snprintf(label, FRAMES_LABEL_MAX, "T%ld", (long)number);
	return label;
}

/* What it is that is used, "the mutex `lock`". */
static const char *object_text(const struct report *report, struct symbols *symbols,
			       char text[2 * NAME_MAX + 64])
{
	const struct misuse_report *misuse = &report->misuse;
	enum op op = (enum op)misuse->op;
	char label[FRAMES_LABEL_MAX];
	size_t size = 2 * NAME_MAX + 64;
	int length;

	if (op == OP_JOIN || op == OP_DETACH) {
		snprintf(text, size, "%s",
			 (int64_t)misuse->object == report->thread
				 ? "itself"
				 : label_of(report, symbols, (int64_t)misuse->object, label));
		return text;
	}
	length = snprintf(text, size, "the %s `%.*s`", noun(op), NAME_MAX,
			  symbols_object(symbols, misuse->object, 0)->name);
	if (op == OP_WAIT && misuse->of_mutex)
		snprintf(text + length, size - (size_t)length, " with the mutex `%.*s`", NAME_MAX,
			 symbols_object(symbols, misuse->mutex, 0)->name);
	return text;
}

/* "which T0 main holds" */
static void why_text(const struct report *report, struct symbols *symbols, char text[NAME_MAX])
{
	const struct misuse_report *misuse = &report->misuse;
	bool by_itself = misuse->other == report->thread;
	char label[FRAMES_LABEL_MAX];
	const char *who = by_itself ? "it" : label_of(report, symbols, misuse->other, label);
	const char *itself = by_itself ? " itself" : "";

	switch ((enum misuse)misuse->why) {
	case MISUSE_NONE:
		snprintf(text, NAME_MAX, "in a way that has no meaning");
		break;
	case MISUSE_NOT_HELD:
		snprintf(text, NAME_MAX, "which nobody holds");
		break;
	case MISUSE_HELD:
		snprintf(text, NAME_MAX, "which %s holds%s", who, itself);
		break;
	case MISUSE_WAITED_FOR:
		snprintf(text, NAME_MAX, "which %s waits for", who);
		break;
	case MISUSE_DESTROYED:
		if (misuse->other < 0)
			snprintf(text, NAME_MAX, "which has been destroyed");
		else
			snprintf(text, NAME_MAX, "which %s has destroyed%s", who, itself);
		break;
	case MISUSE_NOT_MADE:
		snprintf(text, NAME_MAX, "which has never been initialised");
		break;
	case MISUSE_OTHER_MUTEX:
		snprintf(text, NAME_MAX, "where %s waits with another mutex", who);
		break;
	case MISUSE_JOINED:
		snprintf(text, NAME_MAX, "which %s has joined%s", who, itself);
		break;
	case MISUSE_JOINING:
		snprintf(text, NAME_MAX, "which %s joins%s", who, itself);
		break;
	case MISUSE_DETACHED:
		if (misuse->other < 0)
			snprintf(text, NAME_MAX, "which was created detached");
		else
			snprintf(text, NAME_MAX, "which %s has detached%s", who, itself);
		break;
	}
}

const char *misuse_message(const struct report *report, struct symbols *symbols, char *buffer,
			   size_t size)
{
	char label[FRAMES_LABEL_MAX], object[2 * NAME_MAX + 64], why[NAME_MAX];

	why_text(report, symbols, why);
	snprintf(buffer, size, "%s %s %s, %s", label_of(report, symbols, report->thread, label),
		 verb((enum op)report->misuse.op), object_text(report, symbols, object), why);
	return buffer;
}

static const char *deed(enum misuse why)
{
	switch (why) {
	case MISUSE_HELD:
		return "locked";
	case MISUSE_WAITED_FOR:
	case MISUSE_OTHER_MUTEX:
		return "waits on";
	case MISUSE_DESTROYED:
		return "destroyed";
	case MISUSE_JOINED:
		return "joined";
	case MISUSE_JOINING:
		return "joins";
	case MISUSE_DETACHED:
		return "detached";
	case MISUSE_NONE:
	case MISUSE_NOT_HELD:
	case MISUSE_NOT_MADE:
		break;
	}
	return NULL;
}

static const char *title(struct symbols *symbols, struct record *record, uint64_t address)
{
	return record ? record_title(record, address) : symbols_object(symbols, address, 0)->name;
}

static uint64_t object_of(const struct misuse_report *misuse)
{
	return misuse->of_mutex ? misuse->mutex : misuse->object;
}

/* By whom and where it was destroyed, where the object itself has no room for that. */
static const struct event *end_of(struct record *record, uint64_t object)
{
	const struct event *events, *found = NULL;
	size_t count;

	events = record ? record_events(record, &count) : NULL;
	for (size_t i = 0; events && i < count; i++)
		if (events[i].address == object && op_is_destroy((enum op)events[i].op))
			found = &events[i];
	return found;
}

void misuse_print(FILE *out, const struct report *report, struct symbols *symbols,
		  struct record *record)
{
	const struct misuse_report *misuse = &report->misuse;
	enum op op = (enum op)misuse->op;
	const struct event *end = NULL;
	const char *did = deed((enum misuse)misuse->why);
	char label[FRAMES_LABEL_MAX], thread[FRAMES_LABEL_MAX];
	uint64_t pc = misuse->other_pc;
	int64_t who = misuse->other;

	if (misuse->why == MISUSE_DESTROYED && who < 0 && (end = end_of(record, object_of(misuse))))
		who = end->thread;
	if (who < 0 || !did)
		return;
	if (!pc && misuse->why == MISUSE_HELD && record && !end)
		end = record_acquired(record, (uint32_t)who, object_of(misuse));
	if (!pc && end)
		pc = end->pc;
	fprintf(out, "  %s %s %s", label_of(report, symbols, who, label), did,
		op == OP_JOIN || op == OP_DETACH
			? label_of(report, symbols, (int64_t)misuse->object, thread)
			: title(symbols, record, object_of(misuse)));
	if (misuse->why == MISUSE_OTHER_MUTEX)
		fprintf(out, " with %s", title(symbols, record, misuse->with));
	if (pc && strcmp(symbols_place(symbols, pc)->text, "?"))
		fprintf(out, " at %s", symbols_place(symbols, pc)->text);
	fputc('\n', out);
}
