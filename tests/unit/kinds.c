#include "unit/kinds.h"

#include "model/footprint.h"

#define ALWAYS                                                                                     \
	{.op = OP_YIELD},                                                                          \
	{                                                                                          \
		.op = OP_EXIT                                                                      \
	}

static const struct kind conditions = {
	.name = "conditions",
	.count = 9,
	.steps = {{.op = OP_LOCK},
		  {.op = OP_TRYLOCK},
		  {.op = OP_UNLOCK},
		  {.op = OP_WAIT},
		  {.op = OP_WAKE},
		  {.op = OP_SIGNAL},
		  {.op = OP_BROADCAST},
		  ALWAYS},
};
/* With one mutex two waits never come one after the other. Nobody is woken, for POSIX gives no
 * meaning to that. */
static const struct kind waits = {
	.name = "waits",
	.count = 8,
	.steps = {{.op = OP_LOCK},
		  {.op = OP_LOCK, .object = 1},
		  {.op = OP_WAIT},
		  {.op = OP_WAKE},
		  {.op = OP_WAIT, .mutex = 1},
		  {.op = OP_WAKE, .mutex = 1},
		  ALWAYS},
};
/* Waits of which some are to end by their deadline. */
static const struct kind timed = {
	.name = "timed waits",
	.count = 9,
	.steps = {{.op = OP_LOCK},
		  {.op = OP_UNLOCK},
		  {.op = OP_WAIT, .is_timed = true},
		  {.op = OP_WAIT},
		  {.op = OP_WAKE},
		  {.op = OP_SIGNAL},
		  {.op = OP_BROADCAST},
		  ALWAYS},
};
static const struct kind semaphores = {
	.name = "semaphores",
	.count = 5,
	.steps = {{.op = OP_SEM_WAIT}, {.op = OP_SEM_TRYWAIT}, {.op = OP_SEM_POST}, ALWAYS},
};
static const struct kind rwlocks = {
	.name = "read-write locks",
	.count = 7,
	.steps = {{.op = OP_RDLOCK},
		  {.op = OP_TRYRDLOCK},
		  {.op = OP_WRLOCK},
		  {.op = OP_TRYWRLOCK},
		  {.op = OP_RWUNLOCK},
		  ALWAYS},
};
static const struct kind spins = {
	.name = "spin locks",
	.count = 5,
	.steps = {{.op = OP_SPIN_LOCK}, {.op = OP_SPIN_TRYLOCK}, {.op = OP_SPIN_UNLOCK}, ALWAYS},
};
static const struct kind barriers = {
	.name = "barriers",
	.count = 4,
	.steps = {{.op = OP_ARRIVE}, {.op = OP_PASS}, ALWAYS},
	.arrivals = ACTORS,
};
static const struct kind contended_barriers = {
	.name = "barriers for fewer",
	.count = 4,
	.steps = {{.op = OP_ARRIVE}, {.op = OP_PASS}, ALWAYS},
	.arrivals = ACTORS - 1,
	.contended = true,
};
static const struct kind ends = {
	.name = "ends",
	.count = 5,
	.steps = {{.op = OP_ABORT},
		  {.op = OP_WRITE, .value = 1},
		  {.op = OP_WRITE, .value = 2},
		  ALWAYS},
};
static const struct kind initialisers = {
	.name = "initialisers",
	.count = 4,
	.steps = {{.op = OP_ONCE}, {.op = OP_ONCE_DONE}, ALWAYS},
};
static const struct kind outputs = {
	.name = "outputs",
	.count = 3,
	.steps = {{.op = OP_OUTPUT}, ALWAYS},
};
/* The same, made and destroyed by anybody at any time. */
static const struct kind mutex_lives = {
	.name = "lives of mutexes",
	.count = 7,
	.steps = {{.op = OP_LOCK},
		  {.op = OP_TRYLOCK},
		  {.op = OP_UNLOCK},
		  {.op = OP_MUTEX_INIT},
		  {.op = OP_MUTEX_DESTROY},
		  ALWAYS},
	.checked = true,
};
static const struct kind cond_lives = {
	.name = "lives of condition variables",
	.count = 9,
	.steps = {{.op = OP_LOCK},
		  {.op = OP_WAIT, .bytes = FOOTPRINT_CONTENDED},
		  {.op = OP_WAKE},
		  {.op = OP_SIGNAL},
		  {.op = OP_BROADCAST},
		  {.op = OP_COND_INIT},
		  {.op = OP_COND_DESTROY},
		  ALWAYS},
	.checked = true,
};
static const struct kind rwlock_lives = {
	.name = "lives of read-write locks",
	.count = 9,
	.steps = {{.op = OP_RDLOCK},
		  {.op = OP_TRYRDLOCK},
		  {.op = OP_WRLOCK},
		  {.op = OP_TRYWRLOCK},
		  {.op = OP_RWUNLOCK},
		  {.op = OP_RWLOCK_INIT},
		  {.op = OP_RWLOCK_DESTROY},
		  ALWAYS},
	.checked = true,
};
static const struct kind barrier_lives = {
	.name = "lives of barriers",
	.count = 6,
	.steps = {{.op = OP_ARRIVE},
		  {.op = OP_PASS},
		  {.op = OP_BARRIER_INIT},
		  {.op = OP_BARRIER_DESTROY},
		  ALWAYS},
	.arrivals = ACTORS,
	.checked = true,
};
static const struct kind sem_lives = {
	.name = "lives of semaphores",
	.count = 8,
	.steps = {{.op = OP_SEM_WAIT},
		  {.op = OP_SEM_TRYWAIT},
		  {.op = OP_SEM_POST},
		  {.op = OP_SEM_INIT},
		  {.op = OP_SEM_INIT, .value = 1},
		  {.op = OP_SEM_DESTROY},
		  ALWAYS},
	.checked = true,
};
static const struct kind spin_lives = {
	.name = "lives of spin locks",
	.count = 7,
	.steps = {{.op = OP_SPIN_LOCK},
		  {.op = OP_SPIN_TRYLOCK},
		  {.op = OP_SPIN_UNLOCK},
		  {.op = OP_SPIN_INIT},
		  {.op = OP_SPIN_DESTROY},
		  ALWAYS},
	.checked = true,
};
static const struct kind channels = {
	.name = "channels",
	.count = 7,
	.steps = {{.op = OP_RECEIVE},
		  {.op = OP_SEND},
		  {.op = OP_POLL},
		  {.op = OP_POLL, .waits = true},
		  {.op = OP_CLOSE},
		  ALWAYS},
};
static const struct kind file_locks = {
	.name = "file locks",
	.count = 3,
	.steps = {{.op = OP_FILE_LOCK}, ALWAYS},
};
static const struct kind children = {
	.name = "child processes",
	.count = 3,
	.steps = {{.op = OP_WAIT_CHILD}, ALWAYS},
};
/* Threads 0 and 1 send each other everything while they wait. */
static const struct kind sendings = {
	.name = "sendings",
	.count = 13,
	.steps = {{.op = OP_CANCEL},
		  {.op = OP_CANCEL, .object = 1},
		  {.op = OP_KILL},
		  {.op = OP_KILL, .object = 1},
		  {.op = OP_TESTCANCEL, .interrupts = SENT_SIGNAL | SENT_CANCEL},
		  {.op = OP_CANCEL_POINT, .interrupts = SENT_SIGNAL | SENT_CANCEL},
		  {.op = OP_SIGNAL_POINT, .interrupts = SENT_SIGNAL | SENT_CANCEL},
		  {.op = OP_SIGWAIT, .interrupts = SENT_SIGNAL, .fails = true},
		  {.op = OP_SEM_WAIT, .interrupts = SENT_SIGNAL | SENT_CANCEL},
		  {.op = OP_SEM_POST},
		  {.op = OP_AWAIT_END, .object = 2, .interrupts = SENT_CANCEL},
		  ALWAYS},
};
static const struct kind cancelled_waits = {
	.name = "waits that are cancelled",
	.count = 10,
	.steps = {{.op = OP_LOCK},
		  {.op = OP_UNLOCK},
		  {.op = OP_WAIT},
		  {.op = OP_WAKE, .interrupts = SENT_CANCEL, .cleanup = 1},
		  {.op = OP_SIGNAL},
		  {.op = OP_BROADCAST},
		  {.op = OP_CANCEL},
		  {.op = OP_CANCEL, .object = 1},
		  ALWAYS},
};
static const struct kind points = {
	.name = "points",
	.count = 3,
	.steps = {{.op = OP_POINT}, ALWAYS},
};
/* Bytes 0 to 8, 0 to 1, 6 to 10, 8 to 16. */
static const struct kind accesses = {
	.name = "accesses",
	.count = 14,
	.steps = {{.op = OP_READ},
		  {.op = OP_READ, .bytes = 4, .offset = 6},
		  {.op = OP_WRITE, .value = 1},
		  {.op = OP_WRITE, .value = 2, .bytes = 1},
		  {.op = OP_WRITE, .value = 0x01010101, .bytes = 4, .offset = 6},
		  {.op = OP_WRITE, .value = 2, .offset = 8},
		  {.op = OP_ATOMIC_LOAD},
		  {.op = OP_ATOMIC_STORE},
		  {.op = OP_ATOMIC_STORE, .value = 1, .bytes = 1},
		  {.op = OP_ATOMIC_RMW, .value = 1},
		  {.op = OP_ATOMIC_CAS, .expected = 1, .value = 2},
		  {.op = OP_ATOMIC_CAS, .value = 1, .bytes = 1},
		  ALWAYS},
};

/* The last write is beside the word. */
static const struct kind futexes = {
	.name = "futexes",
	.idle = 1,
	.count = 11,
	.steps = {{.op = OP_FUTEX_WAIT, .value = 1},
		  {.op = OP_FUTEX_WOKEN},
		  {.op = OP_FUTEX_WAIT, .value = 3, .expected = 1},
		  {.op = OP_FUTEX_WOKEN},
		  {.op = OP_FUTEX_WAKE, .value = 1},
		  {.op = OP_FUTEX_WAKE, .value = 9},
		  {.op = OP_WRITE, .value = 1},
		  {.op = OP_WRITE, .bytes = 4},
		  {.op = OP_WRITE, .offset = 4, .bytes = 4},
		  ALWAYS},
};
static const struct kind futexes_with_bitsets = {
	.name = "futexes with bitsets",
	.idle = 1,
	.count = 8,
	.steps = {{.op = OP_FUTEX_WAIT, .value = 1},
		  {.op = OP_FUTEX_WOKEN},
		  {.op = OP_FUTEX_WAIT, .value = 2},
		  {.op = OP_FUTEX_WOKEN},
		  {.op = OP_FUTEX_WAKE, .value = 1},
		  {.op = OP_FUTEX_WAKE_BITSET, .value = 1, .expected = 2},
		  ALWAYS},
};
/* Wakes one, and all others go to the second word. */
static const struct kind requeues = {
	.name = "requeues",
	.idle = 1,
	.count = 11,
	.steps = {{.op = OP_FUTEX_WAIT, .value = 1},
		  {.op = OP_FUTEX_WOKEN},
		  {.op = OP_FUTEX_WAIT, .object = 1, .value = 1},
		  {.op = OP_FUTEX_WOKEN, .object = 1},
		  {.op = OP_FUTEX_WAKE, .value = 1},
		  {.op = OP_FUTEX_WAKE, .object = 1, .value = 1},
		  {.op = OP_FUTEX_REQUEUE, .mutex = 1, .value = 9 << 16 | 1, .exchange = true},
		  {.op = OP_WRITE, .value = 1},
		  {.op = OP_WRITE},
		  ALWAYS},
};
static const struct kind wake_ops = {
	.name = "wakes with an operation",
	.idle = 1,
	.count = 11,
	.steps = {{.op = OP_FUTEX_WAIT, .value = 1},
		  {.op = OP_FUTEX_WOKEN},
		  {.op = OP_FUTEX_WAIT, .object = 1, .value = 1},
		  {.op = OP_FUTEX_WOKEN, .object = 1},
		  {.op = OP_FUTEX_WAKE, .value = 1},
		  {.op = OP_FUTEX_WAKE, .object = 1, .value = 1},
		  {.op = OP_FUTEX_WAKE_OP, .mutex = 1, .value = 1 << 16 | 1},
		  {.op = OP_WRITE, .value = 1},
		  {.op = OP_WRITE},
		  ALWAYS},
};

/* Numbers that a thread takes: no other depends on them. */
static const struct kind choices = {
	.name = "choices",
	.count = 6,
	.steps = {{.op = OP_CHOOSE, .value = 2},
		  {.op = OP_READ},
		  {.op = OP_WRITE, .value = 1},
		  {.op = OP_WRITE, .value = 2},
		  ALWAYS},
};

const struct kind *const kinds[] = {&conditions,
				    &waits,
				    &semaphores,
				    &rwlocks,
				    &spins,
				    &barriers,
				    &ends,
				    &contended_barriers,
				    &accesses,
				    &initialisers,
				    &outputs,
				    &mutex_lives,
				    &cond_lives,
				    &rwlock_lives,
				    &barrier_lives,
				    &sem_lives,
				    &spin_lives,
				    &futexes,
				    &futexes_with_bitsets,
				    &requeues,
				    &wake_ops,
				    &timed,
				    &channels,
				    &file_locks,
				    &children,
				    &sendings,
				    &cancelled_waits,
				    &points,
				    &choices};
const size_t kind_count = sizeof(kinds) / sizeof(*kinds);
