/* access.h - what instrumented code tells the session: it is about to read or write memory.
 *
 * Called by intercept/ before the access is carried out. Each call is a scheduling point where the
 * memory can be reached by more than one thread; when it returns, the calling thread has been
 * chosen and the access must follow at once, with nothing between that could be another scheduling
 * point. Cheap when the program is not controlled. `pc` is the return address of the hook in the
 * program: __builtin_return_address(0) in the function that the program calls.
 */
#ifndef HEDDLE_SESSION_ACCESS_H
#define HEDDLE_SESSION_ACCESS_H

#include "model/op.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A plain access of `size` bytes (any size, any alignment). */
void access_read(const volatile void *address, size_t size, const void *pc);
void access_write(const volatile void *address, size_t size, const void *pc);
void access_read_volatile(const volatile void *address, size_t size, const void *pc);
void access_write_volatile(const volatile void *address, size_t size, const void *pc);

/* An atomic operation: OP_ATOMIC_LOAD, _STORE or _RMW, of 1 to 16 bytes. `order` is a memory order
 * of C11 as the compiler numbers them. */
void access_atomic(enum op op, const volatile void *address, size_t size, int order,
		   const void *pc);

/* A compare-exchange that wants to find `expected` (of 16 bytes: the low 8). */
void access_exchange(const volatile void *address, size_t size, uint64_t expected, const void *pc);

/* After an atomic read-modify-write or compare-exchange: what was found and what is there now (0
 * for 16 bytes), for the trace. */
void access_atomic_done(uint64_t before, uint64_t after);

/* After a compare-exchange: what it wanted to find, whether it did it, and the order of that. */
struct access_exchange {
	const volatile void *address;
	size_t size;
	uint64_t expected;
	bool done;
	int order;
	const void *pc;
};
void access_exchange_done(const struct access_exchange *exchange);

/* A fence. No scheduling point. */
void access_fence(int order, const void *pc);

/* Code in [start, end) was compiled with the hooks. */
void access_module_add(unsigned long start, unsigned long end);

/* True where the code at `address` was compiled with them. */
bool access_has_hooks(unsigned long address);

/* True when any object was compiled with hooks. */
bool access_has_modules(void);

/* True when a call that returns to `pc` was made by instrumented code of a controlled program. */
bool access_is_watched(const void *pc);

/* The same, of one that has more than one thread. */
bool access_is_instrumented(const void *pc);

#endif
