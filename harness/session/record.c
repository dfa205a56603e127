#include "session/record.h"

#include "base/check.h"
#include "machine/heap_watch.h"
#include "machine/memory.h"
#include "machine/probe.h"
#include "machine/syscall.h"
#include "session/verdict.h"
#include "trace/event.h"

/* Address space for the file; it is as large as the events in it. */
#define RECORD_MAP_BYTES  (64ul << 30)
#define RECORD_STEP_BYTES (4ul << 20)
/* Events after which a search gives an execution up: it may never end. */
#define SEARCH_EVENTS_MAX (32ul << 20)

static struct event *events;
/* events[0..first) are a plan; [first..marked) what happened before the snapshot. */
static uint64_t first, marked, count, room;
static int file = -1;
/* The last event is a write whose value is not yet in memory. */
static bool unsettled;

void record_init(int fd, uint64_t keep)
{
	file = fd;
	events = memory_map_file(fd, RECORD_MAP_BYTES);
	CHECK(events && "no address space for the recording (ulimit -v?)");
	first = marked = count = room = keep;
}

const struct replay_step *record_plan(uint64_t plan_count, uint64_t *steps)
{
	struct replay_step *plan = memory_reserve((plan_count + 1) * sizeof(*plan));
	uint64_t used = 0;

	for (uint64_t i = 0; i < plan_count; i++) {
		const struct event *event = &events[i];

		bool choice = op_is_visible((enum op)event->op) || event->op == OP_START ||
			      (event->op == OP_YIELD && session.yields_are_choices) ||
			      (event->op == OP_FREE && event->size);

		if (!choice || event->flags & EVENT_PENDING)
			continue;
		plan[used++] = (struct replay_step){
			.thread = event->thread, .op = event->op, .chosen = (uint16_t)event->value};
	}
	*steps = used;
	return plan;
}

void record_mark(void)
{
	record_settle();
	marked = count;
}

void record_begin(void)
{
	count = marked;
	unsettled = false;
}

static struct event *append(const struct thread *self, enum op op, const void *object,
			    const void *pc)
{
	struct event *event;

	if (count == room) {
		room += RECORD_STEP_BYTES / sizeof(*event);
		CHECK(room * sizeof(*event) < RECORD_MAP_BYTES && "the recording is too long");
		if (session.explore && room > SEARCH_EVENTS_MAX)
			verdict_endless();
		CHECK(!sys_call2(SYS_ftruncate, file, room * sizeof(*event)) &&
		      "no memory for the recording");
	}
	event = &events[count++];
	*event = (struct event){.address = (uint64_t)object,
				.pc = (uint64_t)pc,
				.thread = self->number,
				.op = (uint16_t)op};
	return event;
}

static void value_from_memory(struct event *event)
{
	unsigned long value;

	if (event->size > sizeof(value))
		return;
	if (!probe_read((const void *)event->address, event->size, &value))
		return;
	event->value = value;
	event->flags |= EVENT_HAS_VALUE;
}

static bool writes(enum op op)
{
	return op == OP_WRITE || op == OP_ATOMIC_STORE;
}

/* What a write is going to take the place of. */
static void before_from_memory(struct event *event)
{
	unsigned long value;

	if (event->size > sizeof(value) ||
	    !probe_read((const void *)event->address, event->size, &value))
		return;
	event->before = value;
	event->flags |= EVENT_HAS_BEFORE;
}

/* It was announced for the part that others can see, and is told of the whole block. That it has a
 * size says that it was announced. */
static void free_describe(struct event *event)
{
	struct heap_found found;

	heap_find(event->address, &found);
	event->address = found.at;
	event->size = found.bytes < UINT32_MAX ? (uint32_t)found.bytes : UINT32_MAX;
	event->size += !event->size;
}

void record_operation(const struct thread *self, enum op op, const void *object, uint32_t size,
		      const void *pc)
{
	struct event *event = append(self, op, object, pc);

	event->size = size;
	if (op == OP_FREE && size)
		free_describe(event);
	if (op == OP_WAIT || op == OP_WAKE || op == OP_FUTEX_REQUEUE)
		event->before = (uint64_t)self->mutex;
	if (op_is_load(op))
		value_from_memory(event);
	unsettled = writes(op);
	if (unsettled)
		before_from_memory(event);
}

void record_visible(const struct thread *self, bool choice)
{
	record_operation(self, self->op, self->object, self->size, self->pc);
	if (choice)
		events[count - 1].flags |= EVENT_WAS_CHOICE;
}

void record_unannounced(const struct thread *self, enum op op, const void *object, uint32_t size,
			const void *pc)
{
	if (!session.recording)
		return;
	record_settle();
	record_operation(self, op, object, size, pc);
}

void record_note(const struct thread *self, enum op op, const void *object, uint64_t value,
		 const void *pc)
{
	if (!session.recording)
		return;
	record_settle();
	append(self, op, object, pc);
	record_value(value);
}

void record_choice(const struct thread *self, uint32_t chosen, const void *pc)
{
	record_settle();
	append(self, OP_CHOOSE, 0, pc)->value = chosen;
	events[count - 1].flags |= EVENT_HAS_VALUE;
}

void record_label(const struct thread *self, uint32_t label, const void *pc)
{
	record_settle();
	append(self, OP_LABEL, (void *)(uint64_t)label, pc);
}

void record_value(uint64_t value)
{
	if (!session.recording || count == first)
		return;
	events[count - 1].value = value;
	events[count - 1].flags |= EVENT_HAS_VALUE;
}

void record_forget_value(void)
{
	if (!session.recording || count == first)
		return;
	events[count - 1].value = 0;
	events[count - 1].flags &= (uint16_t)~EVENT_HAS_VALUE;
}

void record_forget_before(void)
{
	if (!session.recording || count == first)
		return;
	events[count - 1].before = 0;
	events[count - 1].flags &= (uint16_t)~EVENT_HAS_BEFORE;
}

void record_before(uint64_t before)
{
	if (!session.recording || count == first)
		return;
	events[count - 1].before = before;
	events[count - 1].flags |= EVENT_HAS_BEFORE;
}

void record_flag(uint16_t flag)
{
	if (session.recording && count > first)
		events[count - 1].flags |= flag;
}

void record_flag_at(uint64_t index, uint16_t flag)
{
	if (session.recording && index < count - first)
		events[first + index].flags |= flag;
}

bool record_was_race(uint64_t index)
{
	return index < first && events[index].flags & EVENT_RACE;
}

uint64_t record_last_race(void)
{
	for (uint64_t i = first; i-- > 0;)
		if (record_was_race(i))
			return i;
	return UINT64_MAX;
}

void record_take_back(void)
{
	if (session.recording && count > first)
		count--;
}

void record_unsettle(void)
{
	if (unsettled)
		record_forget_before();
	unsettled = false;
}

void record_settle(void)
{
	if (!unsettled)
		return;
	unsettled = false;
	value_from_memory(&events[count - 1]);
}

void record_pending(void)
{
	for (uint32_t i = 0; i < execution.threads; i++) {
		const struct thread *thread = &threads[i];

		if (thread->phase != PHASE_PENDING && thread->phase != PHASE_JOINING)
			continue;
		append(thread, thread->op, thread->object, thread->pc)->size = thread->size;
		events[count - 1].flags |= EVENT_PENDING;
		if (thread->op == OP_FREE)
			free_describe(&events[count - 1]);
		if (thread->phase == PHASE_JOINING && thread->joining) {
			events[count - 1].value = thread->joining->number;
			events[count - 1].flags |= EVENT_HAS_VALUE;
		}
	}
}

uint64_t record_count(void)
{
	return count - first;
}
