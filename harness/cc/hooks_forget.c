/*
 * hooks_forget.c - makes a program that runs without heddle forget its hooks, one call at a time.
 *
 * The first time that a hook which has nothing to do is called from some place, the two first bytes
 * of that call become a jump over the rest of it, so that it costs next to nothing from then on.
 * Two bytes within an aligned word are stored at once, and before and after the store they begin
 * an instruction at the same place: another thread that is there carries out the one or the other.
 *
 * Where the system lets no program write to its code the calls just stay.
 */
#include "cc/hooks_forget.h"

#include <stdint.h>
#include <sys/mman.h>

#define CALL_OPCODE 0xe8
#define CALL_BYTES  5
/* jmp over the three bytes that are left of the call; as it lies in memory. */
#define JUMP_OVER 0x03eb
#define PAGE	  4096ul

/* Absent in a program without the C library. */
int mprotect(void *page, size_t bytes, int protection) __attribute__((weak));

/* The hooks' stubs: see hooks_stubs.S. */
extern const char heddle_stubs_begin[] __attribute__((visibility("hidden")));
extern const char heddle_stubs_end[] __attribute__((visibility("hidden")));

/* The C library's: no thread was ever created (sys/single_threaded.h). */
extern char __libc_single_threaded __attribute__((weak));

/* Guards the protection of code pages. Whoever finds it taken lets the call be, for this time. */
static char busy;
static _Bool denied;

static _Bool is_call_of_stub(const unsigned char *call)
{
	const char *target;
	int32_t distance;

	if (call[0] != CALL_OPCODE)
		return 0;
	__builtin_memcpy(&distance, call + 1, sizeof(distance));
	target = (const char *)call + CALL_BYTES + distance;
	return target >= heddle_stubs_begin && target < heddle_stubs_end;
}

/* The store must be one for all who look: not across an aligned word, unless nobody else looks. It
 * must not be across a page either. */
static _Bool may_store(const unsigned char *call)
{
	if ((uintptr_t)call % 8 != 7)
		return 1;
	return &__libc_single_threaded && __libc_single_threaded &&
	       (uintptr_t)call % PAGE != PAGE - 1;
}

static void jump_over(unsigned char *call)
{
	void *page = (void *)((uintptr_t)call & -PAGE);

	if (!mprotect || mprotect(page, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC)) {
		denied = 1;
		return;
	}
	__atomic_store_n((uint16_t *)call, JUMP_OVER, __ATOMIC_RELEASE);
	mprotect(page, PAGE, PROT_READ | PROT_EXEC);
}

void heddle_hook_forget(const void *after)
{
	unsigned char *call = (unsigned char *)after - CALL_BYTES;

	if (denied || !may_store(call) || !is_call_of_stub(call))
		return;
	if (__atomic_test_and_set(&busy, __ATOMIC_ACQUIRE))
		return;
	jump_over(call);
	__atomic_clear(&busy, __ATOMIC_RELEASE);
}
