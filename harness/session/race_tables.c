#include "session/race_tables.h"

#include "machine/memory.h"
#include "session/session.h"

/* At first, and after they have grown: 256 MB of the program's memory, accesses and clocks of any
 * program that ends. Small ones lie together, which makes a forked execution faster: it pays for
 * each place in which there is something. */
#define PAGES_LEAST   256u
#define PAGES_MAX     (1u << 16)
#define SLOTS_LEAST   10u
#define SLOTS_MOST    18u
#define ENTRIES_LEAST (32u << 10)
#define ENTRIES_MAX   (16u << 20)
#define HEADS_LEAST   (4u << 10)
#define HEADS_MAX     (1u << 20)
#define WORDS_LEAST   (64u << 10)
#define WORDS_MAX     (1u << 28)

static void *larger(void *table, size_t bytes, size_t used)
{
	void *larger = memory_reserve(bytes);

	memory_copy(larger, table, used);
	return larger;
}

static void pages_grow(struct race *race)
{
	race->pages = larger(race->pages, PAGES_MAX * sizeof(*race->pages),
			     race->pages_used * sizeof(*race->pages));
	race->page_names = larger(race->page_names, PAGES_MAX * sizeof(*race->page_names),
				  race->pages_used * sizeof(*race->page_names));
	race->slots = memory_reserve(sizeof(*race->slots) << SLOTS_MOST);
	race->slots_log = SLOTS_MOST;
	race->pages_room = PAGES_MAX;
}

/* Each once. */
static bool on_full(struct race *race, enum race_table table)
{
	if (table == RACE_PAGES && race->pages_room < PAGES_MAX) {
		pages_grow(race);
	} else if (table == RACE_ENTRIES && race->entries_room < ENTRIES_MAX) {
		race->entries = larger(race->entries, ENTRIES_MAX * sizeof(*race->entries),
				       race->entries_used * sizeof(*race->entries));
		race->entries_room = ENTRIES_MAX;
	} else if (table == RACE_HEADS && race->heads_room < HEADS_MAX) {
		race->heads = larger(race->heads, HEADS_MAX * sizeof(*race->heads),
				     race->heads_used * sizeof(*race->heads));
		race->heads_room = HEADS_MAX;
	} else if (table == RACE_WORDS && race->words_room < WORDS_MAX) {
		race->words = larger(race->words, WORDS_MAX * sizeof(*race->words),
				     race->words_used * sizeof(*race->words));
		race->words_room = WORDS_MAX;
	} else {
		return false;
	}
	return true;
}

void race_tables_init(struct race *race)
{
	*race = (struct race){
		.pages = memory_reserve(PAGES_LEAST * sizeof(*race->pages)),
		.slots = memory_reserve(sizeof(*race->slots) << SLOTS_LEAST),
		.page_names = memory_reserve(PAGES_LEAST * sizeof(*race->page_names)),
		.entries = memory_reserve(ENTRIES_LEAST * sizeof(*race->entries)),
		.heads = memory_reserve(HEADS_LEAST * sizeof(*race->heads)),
		.words = memory_reserve(WORDS_LEAST * sizeof(*race->words)),
		.threads = memory_reserve(THREADS_MAX * sizeof(*race->threads)),
		.base_threads = memory_reserve(THREADS_MAX * sizeof(*race->base_threads)),
		.pages_room = PAGES_LEAST,
		.pages_kept = PAGES_MAX / 2,
		.slots_log = SLOTS_LEAST,
		.entries_room = ENTRIES_LEAST,
		.heads_room = HEADS_LEAST,
		.words_room = WORDS_LEAST,
		.grow = on_full,
	};
}
