#include "intercept/heap_share.h"

#include "machine/syscall.h"

#include <linux/futex.h>
#include <pthread.h>
#include <stdint.h>

/* Whether a thread has the heap, and whether others wait for it: "Futexes are tricky" (Drepper),
 * mutex 2. Not a mutex of the C library, for this one takes their place. */
enum { FREE, HELD, WANTED };
static uint32_t state;

void heap_hold_shared(void)
{
	uint32_t seen = FREE;

	if (__atomic_compare_exchange_n(&state, &seen, HELD, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return;
	while (__atomic_exchange_n(&state, WANTED, __ATOMIC_ACQUIRE) != FREE)
		sys_call4(SYS_futex, &state, FUTEX_WAIT_PRIVATE, WANTED, 0);
}

void heap_let_go_shared(void)
{
	if (__atomic_exchange_n(&state, FREE, __ATOMIC_RELEASE) == WANTED)
		sys_call3(SYS_futex, &state, FUTEX_WAKE_PRIVATE, 1);
}

void heap_share(void)
{
	pthread_atfork(heap_hold_shared, heap_let_go_shared, heap_let_go_shared);
}
