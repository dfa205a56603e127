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

/* X(enumerator, word in a trace, is it visible?, letter that synchronisation objects of the kind
 * that it is on are named by, or 0 where it is on none) */
#define OPS(X)                                                                                     \
	X(OP_NONE, "none", false, 0)                                                               \
	X(OP_CREATE, "create", false, 0)                                                           \
	X(OP_START, "start", false, 0)                                                             \
	X(OP_END, "end", false, 0)                                                                 \
	X(OP_JOIN, "join", false, 0)                                                               \
	X(OP_DETACH, "detach", false, 0)                                                           \
	X(OP_NAME, "name", false, 0)                                                               \
	X(OP_YIELD, "yield", false, 0)                                                             \
	X(OP_LOCK, "lock", true, 'M')                                                              \
	X(OP_TRYLOCK, "trylock", true, 'M')                                                        \
	X(OP_UNLOCK, "unlock", true, 'M')                                                          \
	X(OP_WAIT, "wait", true, 'C')                                                              \
	X(OP_WAKE, "wake", true, 'C')                                                              \
	X(OP_SIGNAL, "signal", true, 'C')                                                          \
	X(OP_BROADCAST, "broadcast", true, 'C')                                                    \
	X(OP_READ, "read", true, 0)                                                                \
	X(OP_WRITE, "write", true, 0)                                                              \
	X(OP_ATOMIC_LOAD, "atomic_load", true, 0)                                                  \
	X(OP_ATOMIC_STORE, "atomic_store", true, 0)                                                \
	X(OP_ATOMIC_RMW, "atomic_rmw", true, 0)                                                    \
	X(OP_ATOMIC_CAS, "atomic_cas", true, 0)                                                    \
	X(OP_FENCE, "fence", false, 0)                                                             \
	X(OP_SEM_WAIT, "sem_wait", true, 'S')                                                      \
	X(OP_SEM_TRYWAIT, "sem_trywait", true, 'S')                                                \
	X(OP_SEM_POST, "sem_post", true, 'S')                                                      \
	X(OP_RDLOCK, "rdlock", true, 'R')                                                          \
	X(OP_WRLOCK, "wrlock", true, 'R')                                                          \
	X(OP_TRYRDLOCK, "tryrdlock", true, 'R')                                                    \
	X(OP_TRYWRLOCK, "trywrlock", true, 'R')                                                    \
	X(OP_RWUNLOCK, "rwunlock", true, 'R')                                                      \
	X(OP_ARRIVE, "arrive", true, 'B')                                                          \
	X(OP_PASS, "pass", true, 'B')                                                              \
	X(OP_ONCE, "once", true, 'O')                                                              \
	X(OP_ONCE_DONE, "once_done", true, 'O')                                                    \
	X(OP_SPIN_LOCK, "spin_lock", true, 'L')                                                    \
	X(OP_SPIN_TRYLOCK, "spin_trylock", true, 'L')                                              \
	X(OP_SPIN_UNLOCK, "spin_unlock", true, 'L')                                                \
	X(OP_OUTPUT, "output", true, 'F')                                                          \
	X(OP_POINT, "point", true, 0)                                                              \
	X(OP_CHOOSE, "choose", true, 0)                                                            \
	X(OP_EXIT, "exit", true, 0)                                                                \
	X(OP_ABORT, "abort", true, 0)

enum op {
#define X(name, word, visible, letter) name,
	OPS(X)
#undef X
		OP_COUNT
};

/* The word that stands for `op` in a trace. Never null for a value of the enum. */
const char *op_word(enum op op);

/* True where a choice is made before `op`. */
bool op_is_visible(enum op op);

/* The letter of a synchronisation object's name, 'M' for a mutex; 0 for operations on none. */
char op_letter(enum op op);

/* On memory. */
static inline bool op_is_access(enum op op)
{
	return op >= OP_READ && op <= OP_ATOMIC_CAS;
}

/* On memory, which it leaves as it is. */
static inline bool op_is_load(enum op op)
{
	return op == OP_READ || op == OP_ATOMIC_LOAD;
}

#endif
