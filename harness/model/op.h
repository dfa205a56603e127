/* op.h - the kinds of operation that a thread can announce.
 *
 * One table, from which the enum, the words in a trace and the properties are made. A *visible*
 * operation is an event: a choice is made before it. The others happen at once and are only
 * recorded. Knows nothing of how operations are carried out.
 */
#ifndef HEDDLE_MODEL_OP_H
#define HEDDLE_MODEL_OP_H

#include <stdbool.h>
#include <stdint.h>

/* X(enumerator, word in a trace, is it visible?) */
#define OPS(X)                                                                                     \
	X(OP_NONE, "none", false)                                                                  \
	X(OP_CREATE, "create", false)                                                              \
	X(OP_START, "start", false)                                                                \
	X(OP_END, "end", false)                                                                    \
	X(OP_JOIN, "join", false)                                                                  \
	X(OP_DETACH, "detach", false)                                                              \
	X(OP_NAME, "name", false)                                                                  \
	X(OP_YIELD, "yield", false)                                                                \
	X(OP_LOCK, "lock", true)                                                                   \
	X(OP_TRYLOCK, "trylock", true)                                                             \
	X(OP_UNLOCK, "unlock", true)                                                               \
	X(OP_WAIT, "wait", true)                                                                   \
	X(OP_WAKE, "wake", true)                                                                   \
	X(OP_SIGNAL, "signal", true)                                                               \
	X(OP_BROADCAST, "broadcast", true)                                                         \
	X(OP_READ, "read", true)                                                                   \
	X(OP_WRITE, "write", true)                                                                 \
	X(OP_ATOMIC_LOAD, "atomic_load", true)                                                     \
	X(OP_ATOMIC_STORE, "atomic_store", true)                                                   \
	X(OP_ATOMIC_RMW, "atomic_rmw", true)                                                       \
	X(OP_ATOMIC_CAS, "atomic_cas", true)                                                       \
	X(OP_FENCE, "fence", false)                                                                \
	X(OP_SEM_WAIT, "sem_wait", true)                                                           \
	X(OP_SEM_TRYWAIT, "sem_trywait", true)                                                     \
	X(OP_SEM_POST, "sem_post", true)                                                           \
	X(OP_RDLOCK, "rdlock", true)                                                               \
	X(OP_WRLOCK, "wrlock", true)                                                               \
	X(OP_TRYRDLOCK, "tryrdlock", true)                                                         \
	X(OP_TRYWRLOCK, "trywrlock", true)                                                         \
	X(OP_RWUNLOCK, "rwunlock", true)                                                           \
	X(OP_ARRIVE, "arrive", true)                                                               \
	X(OP_PASS, "pass", true)                                                                   \
	X(OP_ONCE, "once", true)                                                                   \
	X(OP_SPIN_LOCK, "spin_lock", true)                                                         \
	X(OP_SPIN_TRYLOCK, "spin_trylock", true)                                                   \
	X(OP_SPIN_UNLOCK, "spin_unlock", true)                                                     \
	X(OP_CHOOSE, "choose", true)                                                               \
	X(OP_EXIT, "exit", true)

enum op {
#define X(name, word, visible) name,
	OPS(X)
#undef X
		OP_COUNT
};

/* The word that stands for `op` in a trace. Never null for a value of the enum. */
const char *op_word(enum op op);

/* True where a choice is made before `op`. */
bool op_is_visible(enum op op);

#endif
