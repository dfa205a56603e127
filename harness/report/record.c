/*
 * record.c - gives words to a recording.
 *
 * Two passes: the first numbers the objects of each kind in the order in which they appear, the
 * second makes each event's texts. The number of an object does not depend on who asks for it when,
 * so a report and a trace agree.
 */
#include "report/record.h"

#include "base/check.h"
#include "machine/layout.h"
#include "model/op.h"
#include "report/blocks.h"
#include "report/cache.h"
#include "report/channel.h"
#include "trace/store.h"
#include "trace/way.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 2048

/* A synchronisation object. */
struct object {
	const char *name, *title;
};

struct record {
	const struct event *events;
	size_t count;
	const struct report *report;
	struct symbols *symbols;
	struct trace_store *texts;
	struct cache objects;		 /* by address: struct object */
	struct cache used;		 /* by address and size: anything */
	unsigned numbers['Z' - 'A' + 1]; /* how many objects have a name of that letter */
};

/* What is not known counts as nothing. */
static enum op op_of(const struct event *event)
{
	return event->op < OP_COUNT ? (enum op)event->op : OP_NONE;
}

static const char *keep(struct record *record, const char *text)
{
	return store_intern(record->texts, text);
}

static struct object *object_make(struct record *record, uint64_t address, char letter)
{
	const struct symbols_object *symbol = symbols_object(record->symbols, address, 0);
	unsigned number = ++record->numbers[letter - 'A'];
	struct object *object = malloc(sizeof(*object));
	char text[TEXT_MAX];

	CHECK(object && "enough memory");
	snprintf(text, sizeof(text), "%c%u", letter, number);
	object->name = object->title = keep(record, text);
	if (symbol->is_variable) {
		object->name = keep(record, symbol->name);
		snprintf(text, sizeof(text), "%c%u `%s`", letter, number, symbol->name);
		object->title = keep(record, text);
	}
	return object;
}

static void object_meet(struct record *record, uint64_t address, char letter)
{
	void **slot;

	if (!address || !letter)
		return;
	slot = cache_at(&record->objects, address, 0);
	if (!*slot)
		*slot = object_make(record, address, letter);
}

/* An object that no event is on has no number. */
static const struct object *object_of(struct record *record, uint64_t address)
{
	void **slot = cache_at(&record->objects, address, 0);
	struct object *object = *slot;

	if (object)
		return object;
	object = malloc(sizeof(*object));
	CHECK(object && "enough memory");
	object->name = object->title =
		keep(record, symbols_object(record->symbols, address, 0)->name);
	*slot = object;
	return object;
}

const char *record_name(struct record *record, uint64_t address)
{
	return object_of(record, address)->name;
}

const char *record_title(struct record *record, uint64_t address)
{
	return object_of(record, address)->title;
}

struct symbols *record_symbols(struct record *record)
{
	return record->symbols;
}

const struct event *record_events(const struct record *record, size_t *count)
{
	*count = record->count;
	return record->events;
}

/* The letter of the second object, which is in `before`; 0: it has none. */
static char second_letter(const struct event *event)
{
	if (event->op == OP_FUTEX_REQUEUE)
		return 'X';
	return event->op == OP_WAIT || event->op == OP_WAKE ? 'M' : 0;
}

struct record *record_open(const struct event *events, size_t count, const struct report *report,
			   struct symbols *symbols)
{
	struct record *record = calloc(1, sizeof(*record));

	CHECK(record && "enough memory");
	*record = (struct record){.events = events,
				  .count = count,
				  .report = report,
				  .symbols = symbols,
				  .texts = store_new()};
	if (report && report->thread_count && !report->threads[0].thread)
		symbols_main(symbols, &report->threads[0]);
	for (size_t i = 0; i < count; i++)
		blocks_meet(symbols, events[i].address, i);
	for (size_t i = 0; i < count; i++) {
		if (!op_is_on_channel(op_of(&events[i])))
			object_meet(record, events[i].address, op_letter(op_of(&events[i])));
		object_meet(record, events[i].before, second_letter(&events[i]));
	}
	return record;
}

void record_close(struct record *record)
{
	if (!record)
		return;
	cache_free(&record->objects);
	cache_free(&record->used);
	store_free(record->texts);
	free(record);
}

/* The thread's name in quotes, or "". */
static const char *quoted_name(struct record *record, uint64_t thread)
{
	const struct report *report = record->report;
	char text[64];

	for (uint32_t i = 0; report && i < report->thread_count && i < SHARED_THREADS_MAX; i++) {
		const struct thread_report *at = &report->threads[i];

		if (at->thread != thread || !at->name[0])
			continue;
		snprintf(text, sizeof(text), "\"%.15s\"", at->name);
		return keep(record, text);
	}
	return "";
}

static const char *thread_text(struct record *record, const struct event *event)
{
	char text[32];

	if (!(event->flags & EVENT_HAS_VALUE))
		return "";
	snprintf(text, sizeof(text), "T%lu", (unsigned long)event->value);
	return keep(record, text);
}

static const char *number_text(struct record *record, const struct event *event)
{
	char text[32];

	if (!(event->flags & EVENT_HAS_VALUE))
		return "";
	snprintf(text, sizeof(text), "%ld", (long)(int64_t)event->value);
	return keep(record, text);
}

/* In quotes. */
static const char *label_text(struct record *record, const struct event *event)
{
	const struct report *report = record->report;
	char text[SHARED_LABEL_BYTES + 2];

	if (!report || !event->address || event->address > SHARED_LABELS_MAX)
		return "";
	snprintf(text, sizeof(text), "\"%.*s\"", SHARED_LABEL_BYTES - 1,
		 report->labels[event->address - 1]);
	return keep(record, text);
}

/* What a call returned: 0, or the name of an error. */
static const char *result_text(struct record *record, const struct event *event)
{
	const char *name =
		event->value && event->value < 4096 ? strerrorname_np((int)event->value) : NULL;

	if (!(event->flags & EVENT_HAS_VALUE))
		return "";
	return name ? name : number_text(record, event);
}

/* What a system call returned: a number, or an error negated. */
static const char *answer_text(struct record *record, const struct event *event)
{
	int64_t value = (int64_t)event->value;
	const char *name = value < 0 && value > -4096 ? strerrorname_np((int)-value) : NULL;

	return event->flags & EVENT_HAS_VALUE && name ? name : number_text(record, event);
}

static bool is_store(const struct event *event)
{
	return event->op == OP_WRITE || event->op == OP_ATOMIC_STORE;
}

/* Whether an access to the same memory came before. */
static bool use(struct record *record, const struct event *event)
{
	void **slot = cache_at(&record->used, event->address, event->size);

	if (*slot)
		return true;
	*slot = malloc(1);
	CHECK(*slot && "enough memory");
	return false;
}

/* What a write takes the place of tells nothing where nobody has used the memory before: of stacks
 * and the heap that is whatever was left there. */
static bool is_before_known(struct record *record, const struct event *event)
{
	bool was_used = use(record, event), is_static;

	is_static = event->address < HEAP_BASE ||
		    (event->address >= HEAP_END && event->address < STACKS_BASE);
	return event->flags & EVENT_HAS_BEFORE && (!is_store(event) || is_static || was_used);
}

static void access_fill(struct record *record, const struct event *event, struct trace_event *words)
{
	const struct symbols_object *object =
		symbols_object(record->symbols, event->address, event->size);

	words->object = object->name;
	words->size = event->size;
	if (event->size > sizeof(event->value))
		return;
	/* Without symbols the next text takes the place of the last. */
	if (is_before_known(record, event))
		words->before = keep(record, symbols_value(record->symbols, event->before,
							   event->size, object->type));
	if (event->flags & EVENT_HAS_VALUE)
		words->value = keep(record, symbols_value(record->symbols, event->value,
							  event->size, object->type));
}

/* The result is how many bytes, or -1. */
static void channel_fill(struct record *record, const struct event *event,
			 struct trace_event *words)
{
	char name[CHANNEL_NAME_MAX];

	words->object = keep(record, channel_name(event->size, name));
	words->value = number_text(record, event);
}

static void wait_fill(struct record *record, const struct event *event, struct trace_event *words)
{
	char text[TEXT_MAX];

	words->value = event->op == OP_FUTEX_REQUEUE ? answer_text(record, event)
		       : event->op == OP_WAIT	     ? way_word(event->value)
						     : result_text(record, event);
	words->object = record_name(record, event->address);
	if (!event->before)
		return;
	snprintf(text, sizeof(text), "%s,%s", words->object, record_name(record, event->before));
	words->object = keep(record, text);
}

/* Long, for each kind of operation stands in it. */
static void words_fill(struct record *record, const struct event *event, struct trace_event *words)
{
	enum op op = op_of(event);

	switch (op) {
	case OP_CREATE:
		words->object = thread_text(record, event);
		words->value = symbols_function(record->symbols, event->address);
		return;
	case OP_START:
		if (event->address)
			words->object = symbols_function(record->symbols, event->address);
		words->value = quoted_name(record, event->thread);
		return;
	case OP_JOIN:
	case OP_DETACH:
	case OP_CANCEL:
	case OP_KILL:
		words->object = thread_text(record, event);
		return;
	case OP_NAME:
		words->object = thread_text(record, event);
		words->value = quoted_name(record, event->value);
		return;
	case OP_WAIT:
	case OP_WAKE:
	case OP_FUTEX_REQUEUE:
		wait_fill(record, event, words);
		return;
	case OP_TESTCANCEL:
	case OP_CANCEL_POINT:
	case OP_SIGNAL_POINT:
	case OP_SIGWAIT:
	case OP_AWAIT_END:
		words->value = result_text(record, event);
		return;
	case OP_FREE:
		words->object = record_name(record, event->address);
		words->size = event->size;
		return;
	case OP_LABEL:
		words->value = label_text(record, event);
		return;
	case OP_CHOOSE:
	case OP_EXIT:
	case OP_YIELD:
		words->value = number_text(record, event);
		return;
	default:
		break;
	}
	if (op_is_on_channel(op)) {
		channel_fill(record, event, words);
	} else if (op_is_access(op)) {
		access_fill(record, event, words);
	} else if (op_letter(op)) {
		words->object = record_name(record, event->address);
		words->value = op_letter(op) == 'X' ? answer_text(record, event)
						    : result_text(record, event);
	}
}

static const char *place_text(struct record *record, uint64_t pc)
{
	const char *text = symbols_place(record->symbols, pc)->text;

	return strcmp(text, "?") ? text : "";
}

void record_trace(struct record *record, struct trace *trace)
{
	for (size_t i = 0; i < record->count; i++) {
		const struct event *event = &record->events[i];
		struct trace_event words = {
			.thread = event->thread,
			.op = op_of(event),
			.flags = event->flags,
			.number = event->value,
			.object = "",
			.before = "",
			.value = "",
			.place = "",
		};

		words_fill(record, event, &words);
		if (event->pc)
			words.place = place_text(record, event->pc);
		trace_event_add(trace, &words);
	}
}

static bool acquires(const struct event *event, uint64_t mutex)
{
	if (event->op == OP_WAKE)
		return event->before == mutex;
	switch (op_of(event)) {
	case OP_LOCK:
	case OP_TRYLOCK:
	case OP_RDLOCK:
	case OP_WRLOCK:
	case OP_TRYRDLOCK:
	case OP_TRYWRLOCK:
	case OP_SPIN_LOCK:
	case OP_SPIN_TRYLOCK:
		return event->address == mutex && !(event->flags & EVENT_HAS_VALUE && event->value);
	default: /* no other operation takes a lock */
		return false;
	}
}

static bool releases(const struct event *event, uint64_t mutex)
{
	if (event->op == OP_WAIT)
		return event->before == mutex;
	return (event->op == OP_UNLOCK || event->op == OP_RWUNLOCK ||
		event->op == OP_SPIN_UNLOCK) &&
	       event->address == mutex;
}

const struct event *record_acquired(struct record *record, uint32_t thread, uint64_t address)
{
	const struct event *found = NULL;
	size_t released = 0;

	/* Backwards; a recursive mutex is held since the first of the locks that are not undone. */
	for (size_t i = record->count; i-- > 0;) {
		const struct event *event = &record->events[i];

		if (event->thread != thread || event->flags & EVENT_PENDING)
			continue;
		if (releases(event, address)) {
			if (found)
				break;
			released++;
		} else if (acquires(event, address)) {
			if (released)
				released--;
			else
				found = event;
		}
	}
	return found;
}
