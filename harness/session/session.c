#include "session/session.h"

#include "base/check.h"
#include "machine/fiber.h"
#include "machine/heap.h"
#include "machine/memory.h"
#include "session/files.h"
#include "session/interrupt.h"
#include "session/outside.h"
#include "session/spin.h"
#include "session/streams.h"
#include "session/work.h"

/* Memory for what an execution needs a variable amount of: clocks, token lists. */
#define ROOM_BYTES	  (256ul << 20)
#define SHARING_CELLS_LOG 21u
#define SHARING_ENTRIES	  (16u << 20)

struct execution execution;
struct session session;
struct thread *threads;
struct bitset enabled, unannounced;

static struct thread *threads_saved;
static struct bitset enabled_saved, unannounced_saved;
static char *room, *room_saved;
static struct fiber *requester_saved;

void session_init(void)
{
	threads = memory_reserve(THREADS_MAX * sizeof(*threads));
	threads_saved = memory_reserve_for_parent(THREADS_MAX * sizeof(*threads));
	room = memory_reserve(ROOM_BYTES);
	room_saved = memory_reserve_for_parent(ROOM_BYTES);
	session.sharing.cells = memory_reserve(sizeof(struct sharing_cell) << SHARING_CELLS_LOG);
	session.sharing.cells_log = SHARING_CELLS_LOG;
	session.sharing.entries = memory_reserve(SHARING_ENTRIES * sizeof(struct sharing_entry));
	session.sharing.entries_room = SHARING_ENTRIES;
	session.sharing.base_entries =
		memory_reserve(SHARING_ENTRIES * sizeof(struct sharing_entry));
	session.sharing.base = memory_reserve(SHARING_ENTRIES * sizeof(struct sharing_base));
	session.sharing.found = work_found_visible;
	sharing_begin(&session.sharing);
	session.signal_handlers = memory_reserve(SIGNALS_MAX * sizeof(*session.signal_handlers));
	spin_init();
	interrupt_init();
	files_init();
	outside_init();
	check_step = &execution.step;
	check_execution = &session.worker->report.execution;
}

void *room_take_as_is(size_t bytes)
{
	void *at = room + execution.room_used;

	execution.room_used += (bytes + 15) & -16ul;
	CHECK(execution.room_used <= ROOM_BYTES);
	return at;
}

void *room_take(size_t bytes)
{
	void *at = room_take_as_is(bytes);

	memory_zero(at, bytes);
	return at;
}

static void bitset_copy(struct bitset *to, const struct bitset *from)
{
	uint32_t used = to->used > from->used ? to->used : from->used;

	to->count = from->count;
	to->used = from->used;
	for (uint32_t i = 0; i < used; i++)
		to->words[i] = from->words[i];
}

void execution_save(void)
{
	session.saved = execution;
	requester_saved = session.requester;
	memory_copy(threads_saved, threads, execution.threads * sizeof(*threads));
	interrupt_save();
	memory_copy(room_saved, room, execution.room_used);
	bitset_copy(&enabled_saved, &enabled);
	bitset_copy(&unannounced_saved, &unannounced);
	streams_save();
	fiber_save();
}

void execution_restore(void)
{
	execution = session.saved;
	session.requester = requester_saved;
	memory_copy(threads, threads_saved, execution.threads * sizeof(*threads));
	interrupt_restore();
	memory_copy(room, room_saved, execution.room_used);
	bitset_copy(&enabled, &enabled_saved);
	bitset_copy(&unannounced, &unannounced_saved);
	streams_restore();
	fiber_restore();
}

void carrier_call(enum request request)
{
	struct thread *self = execution.current;

	session.request = request;
	session.requester = self->fiber;
	execution.current = 0;
	fiber_switch(self->fiber, &fiber_carrier);
	execution.current = self;
}
