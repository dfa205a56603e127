/*
 * fiber.c - the pool of parked threads and the switch between the fibers that borrow from them.
 *
 * Invariant: every real thread but the carrier sleeps in fiber_park() with all signals blocked,
 * from the moment fiber_grow() returns until the process ends. So nothing but the carrier ever runs
 * the program's code.
 *
 * The stacks are ours (pthread_attr_setstack), at addresses that depend only on the order in which
 * they were made, so that addresses of locals repeat from run to run. The C library puts control
 * block and TLS on top of the stack that it is given.
 */
#include "machine/fiber.h"

#include "base/check.h"
#include "machine/layout.h"
#include "machine/memory.h"
#include "machine/real.h"
#include "machine/syscall.h"

#include <asm/prctl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/mman.h>

#define FIBERS_MAX 16384u
/* AT_HWCAP2 bit 1: the kernel lets programs write the FS base themselves (linux/arch/x86 elf.h). */
#define HWCAP2_FSGSBASE 2ul
/* The C library's guard value and more are kept this far below the frame of the parked thread. */
#define PARK_ROOM 512ul
/* The C library's table of TLS blocks: at offset 8 of the control block, two words an entry, its
 * length just before. */
#define DTV_OFFSET 8ul
/* Room for the images of so many threads is taken little by little, and then as large tables. */
#define FEW_FIBERS	  256u
#define IMAGES_FEW_BYTES  (64ul << 10)
#define IMAGES_MANY_BYTES (8ul << 20)

void fiber_swap(void **save, void *load, unsigned long fs_base, int fs_by_instruction);
void fiber_begin(void);
/* What pthread_cleanup_push() is made of (the C library's pthread.h). */
extern void __pthread_register_cancel(__pthread_unwind_buf_t *buffer);
void fiber_park(uint32_t *word) __attribute__((noreturn));

struct fiber fiber_carrier;
static struct fiber *fibers;
static unsigned count;
static unsigned long stacks_next = STACKS_BASE;
static int fs_by_instruction;

static char *stack_map(size_t bytes)
{
	unsigned long at = stacks_next;
	long got =
		sys_call6(SYS_mmap, (long)at, (long)bytes, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);

	if (got != (long)at || at + bytes > STACKS_END)
		return 0;
	sys_call3(SYS_mprotect, at, FIBER_GUARD_BYTES, PROT_NONE);
	sys_call3(SYS_madvise, at, bytes, MADV_NOHUGEPAGE);
	stacks_next += bytes;
	return (char *)at;
}

static size_t stack_size(size_t wanted)
{
	size_t bytes = wanted > FIBER_STACK_DEFAULT ? wanted : FIBER_STACK_DEFAULT;

	return ((bytes + PAGE_BYTES - 1) & -PAGE_BYTES) + FIBER_GUARD_BYTES;
}

/* Takes room for the buffer below `top`, and makes pthread_exit() of the calling thread end there.
 */
static void unwind_register(struct fiber *fiber, char *top)
{
	unsigned long at = (unsigned long)(top - sizeof(*fiber->unwind)) & -64ul;

	fiber->unwind = (__pthread_unwind_buf_t *)at;
	fiber->stack_start = (char *)at;
	__pthread_register_cancel(fiber->unwind);
}

struct fiber *fiber_init(size_t stack_bytes)
{
	struct fiber *main_fiber;

	fibers = memory_reserve(FIBERS_MAX * sizeof(*fibers));
	fs_by_instruction = !!(getauxval(AT_HWCAP2) & HWCAP2_FSGSBASE);
	fiber_carrier.fs_base = pthread_self();
	main_fiber = &fibers[count++];
	main_fiber->fs_base = fiber_carrier.fs_base;
	main_fiber->stack_low = stack_map(stack_size(stack_bytes));
	CHECK(main_fiber->stack_low && "no memory for the stack of main");
	main_fiber->stack_high = main_fiber->stack_low + stack_size(stack_bytes);
	unwind_register(main_fiber, main_fiber->stack_high);
	main_fiber->state.in_use = true;
	return main_fiber;
}

static void *fiber_host(void *argument)
{
	struct fiber *fiber = argument;
	char *frame = __builtin_frame_address(0);

	fiber->fs_base = pthread_self();
	unwind_register(fiber, frame - PARK_ROOM);
	fiber_park(&fiber->parked);
}

static uint64_t *dtv_of(const struct fiber *fiber)
{
	return *(uint64_t **)(fiber->fs_base + DTV_OFFSET);
}

static size_t dtv_words(const struct fiber *fiber)
{
	return dtv_of(fiber)[-2] * 2 + 2;
}

/* One after the other, since a page for each of some hundred bytes would be too much for thousands
 * of threads. Those of the first threads lie among the small tables. */
static void *image_room(size_t bytes)
{
	static char *next;
	static size_t left;
	void *at;

	bytes = (bytes + 15) & -16ul;
	if (bytes > left) {
		left = count < FEW_FIBERS ? IMAGES_FEW_BYTES : IMAGES_MANY_BYTES;
		left = bytes > left ? bytes : left;
		next = memory_reserve(left);
	}
	at = next;
	next += bytes;
	left -= bytes;
	return at;
}

static void image_take(struct fiber *fiber)
{
	size_t bytes = (size_t)(fiber->stack_high - fiber->stack_start);

	fiber->image = image_room(bytes);
	memory_copy(fiber->image, fiber->stack_start, bytes);
	fiber->dtv_image = image_room(dtv_words(fiber) * sizeof(uint64_t));
	memory_copy(fiber->dtv_image, dtv_of(fiber), dtv_words(fiber) * sizeof(uint64_t));
}

static int fiber_make(size_t stack_bytes)
{
	struct fiber *fiber = &fibers[count];
	size_t bytes = stack_size(stack_bytes);
	pthread_attr_t attr;
	pthread_t thread;

	if (count == FIBERS_MAX)
		return -1;
	fiber->stack_low = stack_map(bytes);
	if (!fiber->stack_low)
		return -1;
	fiber->stack_high = fiber->stack_low + bytes;
	fiber->index = count;
	pthread_attr_init(&attr);
	pthread_attr_setstack(&attr, fiber->stack_low + FIBER_GUARD_BYTES,
			      bytes - FIBER_GUARD_BYTES);
	if (real.pthread_create(&thread, &attr, fiber_host, fiber))
		return -1;
	while (!__atomic_load_n(&fiber->parked, __ATOMIC_ACQUIRE))
		sys_call4(SYS_futex, &fiber->parked, FUTEX_WAIT_PRIVATE, 0, 0);
	count++;
	image_take(fiber);
	return 0;
}

int fiber_grow(unsigned more, size_t stack_bytes)
{
	unsigned long all = ~0ul, before;
	int result = 0;

	/* The new threads inherit the mask: no handler of the program may ever run on one of them.
	 */
	sys_call4(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before, sizeof(all));
	while (more-- && !result)
		result = fiber_make(stack_bytes);
	sys_call4(SYS_rt_sigprocmask, SIG_SETMASK, &before, 0, sizeof(all));
	return result;
}

static void image_restore(struct fiber *fiber)
{
	memory_copy(fiber->stack_start, fiber->image,
		    (size_t)(fiber->stack_high - fiber->stack_start));
	/* The table may have been moved to a larger one; then the image above has brought the old
	 * one back. */
	memory_copy(dtv_of(fiber), fiber->dtv_image, dtv_words(fiber) * sizeof(uint64_t));
}

static bool may_take(const struct fiber *fiber, size_t stack_bytes)
{
	return !fiber->state.in_use &&
	       (size_t)(fiber->stack_high - fiber->stack_low) >= stack_size(stack_bytes);
}

static struct fiber *take(struct fiber *fiber)
{
	if (fiber->state.was_used)
		image_restore(fiber);
	fiber->state.in_use = fiber->state.was_used = true;
	return fiber;
}

struct fiber *fiber_take(size_t stack_bytes)
{
	for (unsigned i = 1; i < count; i++)
		if (may_take(&fibers[i], stack_bytes))
			return take(&fibers[i]);
	return 0;
}

struct fiber *fiber_take_from(unsigned index, size_t stack_bytes)
{
	if (index < count && may_take(&fibers[index], stack_bytes))
		return take(&fibers[index]);
	return fiber_take(stack_bytes);
}

void fiber_give_back(struct fiber *fiber)
{
	fiber->state.in_use = false;
}

void fiber_prepare(struct fiber *fiber, void *stack, void (*function)(void *), void *argument)
{
	unsigned long top = (unsigned long)(stack ? stack : fiber->stack_start) & -16ul;
	/* A call leaves the stack 8 bytes off 16; `rip` is popped by the return into fiber_begin,
	 * which calls on. */
	struct fiber_frame *frame = (struct fiber_frame *)(top - sizeof(*frame));

	*frame = (struct fiber_frame){.mxcsr = 0x1f80,
				      .x87 = 0x037f,
				      .rbx = (uint64_t)function,
				      .r12 = (uint64_t)argument,
				      .rip = (uint64_t)fiber_begin};
	fiber->state.sp = frame;
}

void fiber_switch(struct fiber *from, struct fiber *to)
{
	if (!fs_by_instruction)
		sys_call2(SYS_arch_prctl, ARCH_SET_FS, to->fs_base);
	fiber_swap(&from->state.sp, to->state.sp, to->fs_base, fs_by_instruction);
}

struct fiber *fiber_of(unsigned long self)
{
	/* The control block lies on the fiber's stack; stacks are found by their order. */
	unsigned low = 1, high = count;

	if (count && self == fibers[0].fs_base)
		return &fibers[0];
	while (low < high) {
		unsigned middle = (low + high) / 2;

		if ((unsigned long)fibers[middle].stack_high <= self)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && fibers[low].fs_base == self ? &fibers[low] : 0;
}

void fiber_save(void)
{
	for (unsigned i = 0; i < count; i++)
		fibers[i].saved = fibers[i].state;
}

void fiber_restore(void)
{
	for (unsigned i = 0; i < count; i++)
		fibers[i].state = fibers[i].saved;
}

unsigned fiber_count(void)
{
	return count;
}

struct fiber *fiber_at(unsigned index)
{
	return &fibers[index];
}

bool fiber_is_guard(unsigned long address)
{
	if (address < STACKS_BASE || address >= stacks_next)
		return false;
	for (unsigned i = 0; i < count; i++) {
		unsigned long low = (unsigned long)fibers[i].stack_low;

		if (address >= low && address < low + FIBER_GUARD_BYTES)
			return true;
	}
	return false;
}
