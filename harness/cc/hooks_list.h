/* hooks_list.h - every hook that an instrumented program can call, in the order of the slots of
 * `struct heddle_hooks`.
 *
 * What gcc 12 and clang 14 emit for -fsanitize=thread with any of their options, what later clangs
 * emit beside it, and what programs call by hand (sanitizer/tsan_interface.h and the dynamic
 * annotations). Read by C and by the assembler. The order is known to programs that are already
 * built: a new hook goes to the end of HOOKS, in a list of its own, or HEDDLE_HOOKS_VERSION grows.
 */
#ifndef HEDDLE_CC_HOOKS_LIST_H
#define HEDDLE_CC_HOOKS_LIST_H

/* X(hook, kind, size): one access of `size` bytes at the address in the first argument. The kinds
 * are read, write, update (a read and then a write), and the first two of a volatile object. */
#define HOOKS_ACCESS(X)                                                                            \
	X(__tsan_read1, read, 1)                                                                   \
	X(__tsan_read2, read, 2)                                                                   \
	X(__tsan_read4, read, 4)                                                                   \
	X(__tsan_read8, read, 8)                                                                   \
	X(__tsan_read16, read, 16)                                                                 \
	X(__tsan_write1, write, 1)                                                                 \
	X(__tsan_write2, write, 2)                                                                 \
	X(__tsan_write4, write, 4)                                                                 \
	X(__tsan_write8, write, 8)                                                                 \
	X(__tsan_write16, write, 16)                                                               \
	X(__tsan_read_write1, update, 1)                                                           \
	X(__tsan_read_write2, update, 2)                                                           \
	X(__tsan_read_write4, update, 4)                                                           \
	X(__tsan_read_write8, update, 8)                                                           \
	X(__tsan_read_write16, update, 16)                                                         \
	X(__tsan_unaligned_read1, read, 1)                                                         \
	X(__tsan_unaligned_read2, read, 2)                                                         \
	X(__tsan_unaligned_read4, read, 4)                                                         \
	X(__tsan_unaligned_read8, read, 8)                                                         \
	X(__tsan_unaligned_read16, read, 16)                                                       \
	X(__tsan_unaligned_write1, write, 1)                                                       \
	X(__tsan_unaligned_write2, write, 2)                                                       \
	X(__tsan_unaligned_write4, write, 4)                                                       \
	X(__tsan_unaligned_write8, write, 8)                                                       \
	X(__tsan_unaligned_write16, write, 16)                                                     \
	X(__tsan_unaligned_read_write1, update, 1)                                                 \
	X(__tsan_unaligned_read_write2, update, 2)                                                 \
	X(__tsan_unaligned_read_write4, update, 4)                                                 \
	X(__tsan_unaligned_read_write8, update, 8)                                                 \
	X(__tsan_unaligned_read_write16, update, 16)                                               \
	X(__tsan_volatile_read1, volatile_read, 1)                                                 \
	X(__tsan_volatile_read2, volatile_read, 2)                                                 \
	X(__tsan_volatile_read4, volatile_read, 4)                                                 \
	X(__tsan_volatile_read8, volatile_read, 8)                                                 \
	X(__tsan_volatile_read16, volatile_read, 16)                                               \
	X(__tsan_volatile_write1, volatile_write, 1)                                               \
	X(__tsan_volatile_write2, volatile_write, 2)                                               \
	X(__tsan_volatile_write4, volatile_write, 4)                                               \
	X(__tsan_volatile_write8, volatile_write, 8)                                               \
	X(__tsan_volatile_write16, volatile_write, 16)                                             \
	X(__tsan_unaligned_volatile_read1, volatile_read, 1)                                       \
	X(__tsan_unaligned_volatile_read2, volatile_read, 2)                                       \
	X(__tsan_unaligned_volatile_read4, volatile_read, 4)                                       \
	X(__tsan_unaligned_volatile_read8, volatile_read, 8)                                       \
	X(__tsan_unaligned_volatile_read16, volatile_read, 16)                                     \
	X(__tsan_unaligned_volatile_write1, volatile_write, 1)                                     \
	X(__tsan_unaligned_volatile_write2, volatile_write, 2)                                     \
	X(__tsan_unaligned_volatile_write4, volatile_write, 4)                                     \
	X(__tsan_unaligned_volatile_write8, volatile_write, 8)                                     \
	X(__tsan_unaligned_volatile_write16, volatile_write, 16)

/* X(hook, kind, size): the same, with the place in the program as the second argument. */
#define HOOKS_ACCESS_PC(X)                                                                         \
	X(__tsan_read1_pc, read, 1)                                                                \
	X(__tsan_read2_pc, read, 2)                                                                \
	X(__tsan_read4_pc, read, 4)                                                                \
	X(__tsan_read8_pc, read, 8)                                                                \
	X(__tsan_read16_pc, read, 16)                                                              \
	X(__tsan_write1_pc, write, 1)                                                              \
	X(__tsan_write2_pc, write, 2)                                                              \
	X(__tsan_write4_pc, write, 4)                                                              \
	X(__tsan_write8_pc, write, 8)                                                              \
	X(__tsan_write16_pc, write, 16)

/* X(hook, bits, operation): an atomic operation on an object of so many bits. */
#define HOOKS_ATOMIC_OF(X, bits)                                                                   \
	X(__tsan_atomic##bits##_load, bits, load)                                                  \
	X(__tsan_atomic##bits##_store, bits, store)                                                \
	X(__tsan_atomic##bits##_exchange, bits, exchange)                                          \
	X(__tsan_atomic##bits##_fetch_add, bits, fetch_add)                                        \
	X(__tsan_atomic##bits##_fetch_sub, bits, fetch_sub)                                        \
	X(__tsan_atomic##bits##_fetch_and, bits, fetch_and)                                        \
	X(__tsan_atomic##bits##_fetch_or, bits, fetch_or)                                          \
	X(__tsan_atomic##bits##_fetch_xor, bits, fetch_xor)                                        \
	X(__tsan_atomic##bits##_fetch_nand, bits, fetch_nand)                                      \
	X(__tsan_atomic##bits##_compare_exchange_strong, bits, compare_exchange)                   \
	X(__tsan_atomic##bits##_compare_exchange_weak, bits, compare_exchange)                     \
	X(__tsan_atomic##bits##_compare_exchange_val, bits, compare_exchange_val)

#define HOOKS_ATOMIC(X)                                                                            \
	HOOKS_ATOMIC_OF(X, 8)                                                                      \
	HOOKS_ATOMIC_OF(X, 16)                                                                     \
	HOOKS_ATOMIC_OF(X, 32)                                                                     \
	HOOKS_ATOMIC_OF(X, 64)                                                                     \
	HOOKS_ATOMIC_OF(X, 128)

/* X(hook, native): the rest that says or does something; natively the function hook_NATIVE. */
#define HOOKS_OTHER(X)                                                                             \
	X(__tsan_init, nothing)                                                                    \
	X(__tsan_read_range, nothing)                                                              \
	X(__tsan_write_range, nothing)                                                             \
	X(__tsan_read_range_pc, nothing)                                                           \
	X(__tsan_write_range_pc, nothing)                                                          \
	X(__tsan_vptr_read, nothing)                                                               \
	X(__tsan_vptr_update, nothing)                                                             \
	X(__tsan_external_read, nothing)                                                           \
	X(__tsan_external_write, nothing)                                                          \
	X(__tsan_memcpy, memcpy)                                                                   \
	X(__tsan_memmove, memmove)                                                                 \
	X(__tsan_memset, memset)                                                                   \
	X(__tsan_atomic_thread_fence, thread_fence)                                                \
	X(__tsan_atomic_signal_fence, nothing)                                                     \
	X(__tsan_mutex_pre_unlock, zero)                                                           \
	X(__tsan_get_current_fiber, handle)                                                        \
	X(__tsan_create_fiber, handle)                                                             \
	X(__tsan_external_register_tag, handle)                                                    \
	X(__tsan_testonly_barrier_init, barrier_init)                                              \
	X(__tsan_testonly_barrier_wait, barrier_wait)                                              \
	X(__tsan_testonly_shadow_stack_current_size, zero)

/* X(hook): remarks for a race detector that hold back or add nothing here. */
#define HOOKS_REMARK(X)                                                                            \
	X(__tsan_func_entry)                                                                       \
	X(__tsan_func_exit)                                                                        \
	X(__tsan_acquire)                                                                          \
	X(__tsan_release)                                                                          \
	X(__tsan_mutex_create)                                                                     \
	X(__tsan_mutex_destroy)                                                                    \
	X(__tsan_mutex_pre_lock)                                                                   \
	X(__tsan_mutex_post_lock)                                                                  \
	X(__tsan_mutex_post_unlock)                                                                \
	X(__tsan_mutex_pre_signal)                                                                 \
	X(__tsan_mutex_post_signal)                                                                \
	X(__tsan_mutex_pre_divert)                                                                 \
	X(__tsan_mutex_post_divert)                                                                \
	X(__tsan_ignore_thread_begin)                                                              \
	X(__tsan_ignore_thread_end)                                                                \
	X(__tsan_destroy_fiber)                                                                    \
	X(__tsan_switch_to_fiber)                                                                  \
	X(__tsan_set_fiber_name)                                                                   \
	X(__tsan_external_register_header)                                                         \
	X(__tsan_external_assign_tag)                                                              \
	X(__tsan_flush_memory)                                                                     \
	X(AnnotateHappensBefore)                                                                   \
	X(AnnotateHappensAfter)                                                                    \
	X(AnnotateCondVarSignal)                                                                   \
	X(AnnotateCondVarSignalAll)                                                                \
	X(AnnotateCondVarWait)                                                                     \
	X(AnnotateRWLockCreate)                                                                    \
	X(AnnotateRWLockCreateStatic)                                                              \
	X(AnnotateRWLockDestroy)                                                                   \
	X(AnnotateRWLockAcquired)                                                                  \
	X(AnnotateRWLockReleased)                                                                  \
	X(AnnotateMutexIsNotPHB)                                                                   \
	X(AnnotateMutexIsUsedAsCondVar)                                                            \
	X(AnnotatePCQCreate)                                                                       \
	X(AnnotatePCQDestroy)                                                                      \
	X(AnnotatePCQPut)                                                                          \
	X(AnnotatePCQGet)                                                                          \
	X(AnnotatePublishMemoryRange)                                                              \
	X(AnnotateUnpublishMemoryRange)                                                            \
	X(AnnotateNewMemory)                                                                       \
	X(AnnotateThreadName)                                                                      \
	X(AnnotateNoOp)                                                                            \
	X(AnnotateBenignRace)                                                                      \
	X(AnnotateBenignRaceSized)                                                                 \
	X(AnnotateExpectRace)                                                                      \
	X(AnnotateFlushExpectedRaces)                                                              \
	X(AnnotateFlushState)                                                                      \
	X(AnnotateEnableRaceDetection)                                                             \
	X(AnnotateTraceMemory)                                                                     \
	X(AnnotateIgnoreReadsBegin)                                                                \
	X(AnnotateIgnoreReadsEnd)                                                                  \
	X(AnnotateIgnoreWritesBegin)                                                               \
	X(AnnotateIgnoreWritesEnd)                                                                 \
	X(AnnotateIgnoreSyncBegin)                                                                 \
	X(AnnotateIgnoreSyncEnd)                                                                   \
	X(AnnotateMemoryIsInitialized)                                                             \
	X(AnnotateMemoryIsUninitialized)                                                           \
	X(WTFAnnotateBenignRaceSized)                                                              \
	X(WTFAnnotateHappensBefore)                                                                \
	X(WTFAnnotateHappensAfter)

/* All, each list with an expander of its own. */
#define HOOKS(ACCESS, ACCESS_PC, ATOMIC, OTHER, REMARK)                                            \
	HOOKS_ACCESS(ACCESS)                                                                       \
	HOOKS_ACCESS_PC(ACCESS_PC)                                                                 \
	HOOKS_ATOMIC(ATOMIC)                                                                       \
	HOOKS_OTHER(OTHER)                                                                         \
	HOOKS_REMARK(REMARK)

#endif
