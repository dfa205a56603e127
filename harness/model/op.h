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
	X(OP_LABEL, "label", false, 0)                                                             \
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
	X(OP_FUTEX_WAKE_OP, "futex_wake_op", true, 0)                                              \
	X(OP_FENCE, "fence", false, 0)                                                             \
	X(OP_FREE, "free", false, 0)                                                               \
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
	X(OP_FUTEX_WAIT, "futex_wait", true, 'X')                                                  \
	X(OP_FUTEX_WOKEN, "futex_woken", true, 'X')                                                \
	X(OP_FUTEX_WAKE, "futex_wake", true, 'X')                                                  \
	X(OP_FUTEX_WAKE_BITSET, "futex_wake_bitset", true, 'X')                                    \
	X(OP_FUTEX_REQUEUE, "futex_requeue", true, 'X')                                            \
	X(OP_MUTEX_INIT, "mutex_init", true, 'M')                                                  \
	X(OP_COND_INIT, "cond_init", true, 'C')                                                    \
	X(OP_RWLOCK_INIT, "rwlock_init", true, 'R')                                                \
	X(OP_BARRIER_INIT, "barrier_init", true, 'B')                                              \
	X(OP_SEM_INIT, "sem_init", true, 'S')                                                      \
	X(OP_SPIN_INIT, "spin_init", true, 'L')                                                    \
	X(OP_MUTEX_DESTROY, "mutex_destroy", true, 'M')                                            \
	X(OP_COND_DESTROY, "cond_destroy", true, 'C')                                              \
	X(OP_RWLOCK_DESTROY, "rwlock_destroy", true, 'R')                                          \
	X(OP_BARRIER_DESTROY, "barrier_destroy", true, 'B')                                        \
	X(OP_SEM_DESTROY, "sem_destroy", true, 'S')                                                \
	X(OP_SPIN_DESTROY, "spin_destroy", true, 'L')                                              \
	X(OP_OUTPUT, "output", true, 'F')                                                          \
	X(OP_CANCEL, "cancel", true, 0)                                                            \
	X(OP_KILL, "kill", true, 0)                                                                \
	X(OP_TESTCANCEL, "testcancel", true, 0)                                                    \
	X(OP_CANCEL_POINT, "cancel_point", true, 0)                                                \
	X(OP_SIGNAL_POINT, "signal_point", true, 0)                                                \
	X(OP_SIGWAIT, "sigwait", true, 0)                                                          \
	X(OP_AWAIT_END, "await_end", true, 0)                                                      \
	X(OP_INTERRUPT, "interrupt", true, 0)                                                      \
	X(OP_LEAVE, "leave", true, 0)                                                              \
	X(OP_RECEIVE, "receive", true, 'P')                                                        \
	X(OP_SEND, "send", true, 'P')                                                              \
	X(OP_POLL, "poll", true, 'P')                                                              \
	X(OP_CLOSE, "close", true, 'P')                                                            \
	X(OP_FILE_LOCK, "file_lock", true, 'P')                                                    \
	X(OP_WAIT_CHILD, "wait_child", true, 'P')                                                  \
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
	return op >= OP_READ && op <= OP_FUTEX_WAKE_OP;
}

/* Makes a synchronisation object, whatever was there before; ends its life. */
static inline bool op_is_init(enum op op)
{
	return op >= OP_MUTEX_INIT && op <= OP_SPIN_INIT;
}

static inline bool op_is_destroy(enum op op)
{
	return op >= OP_MUTEX_DESTROY && op <= OP_SPIN_DESTROY;
}

/* On memory, which it leaves as it is. */
static inline bool op_is_load(enum op op)
{
	return op == OP_READ || op == OP_ATOMIC_LOAD;
}

/* On what only the kernel has, for which a channel (model/channel.h) stands. */
static inline bool op_is_on_channel(enum op op)
{
	return op >= OP_RECEIVE && op <= OP_WAIT_CHILD;
}

/* Finds a value in memory, and leaves one there. */
static inline bool op_has_value(enum op op)
{
	return op_is_access(op) || op_is_on_channel(op);
}

/* Its outcome, or what it stores, depends on the value that it finds. */
static inline bool op_looks_at_value(enum op op)
{
	return op_has_value(op) || op == OP_FUTEX_WAIT || op == OP_FUTEX_REQUEUE;
}

#endif
