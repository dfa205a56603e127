/*
 * breakpoint.c - see breakpoint.h.
 *
 * Invariant: every breakpoint's first byte is a trap, but for the one whose instruction is being
 * carried out in a step, `stepping`, and the one that is `lifted`.
 *
 * Why a step in the instruction's own place and not a copy of it elsewhere: a copy has to be
 * changed where it is relative to its place (jumps, calls, data of position-independent code), and
 * differs for each kind. In its place nothing differs, and the only thing that speaks against it,
 * other threads that come by meanwhile, cannot be here. It costs two more signals, some
 * microseconds.
 */
#include "machine/breakpoint.h"

#include "machine/insn.h"
#include "machine/layout.h"
#include "machine/memory.h"
#include "machine/probe.h"
#include "machine/syscall.h"

#include <cpuid.h>
#include <stddef.h>
#include <sys/mman.h>

#define TRAP	       0xcc
#define TRAP_FLAG      0x100ll
#define DIRECTION_FLAG 0x400ll
#define RED_ZONE_BYTES 128ul
/* In what XSAVE leaves: must be zero for XRSTOR, and XSAVE writes only its first word. */
#define XSAVE_HEADER	   512
#define XSAVE_HEADER_BYTES 64
#define CPUID_OSXSAVE	   (1u << 27)

struct breakpoint {
	unsigned long address;
	unsigned char byte; /* that belongs there */
};

extern const char breakpoint_enter[], breakpoint_resume[];
void breakpoint_call(struct breakpoint_frame *frame);
unsigned char breakpoint_has_xsave;

static const struct breakpoint_handlers *handlers;
/* Sorted by address. */
static struct breakpoint *breakpoints;
static unsigned count;
/* Whose instruction is being carried out; which is not there for a while; 0 for none. */
static unsigned long stepping, lifted;

_Static_assert(offsetof(struct breakpoint_frame, registers) == 2816, "breakpoint.S knows it");

void breakpoint_init(const struct breakpoint_handlers *wanted)
{
	unsigned a, b, c = 0, d;

	handlers = wanted;
	breakpoints = memory_reserve(BREAKPOINTS_MAX * sizeof(*breakpoints));
	breakpoint_has_xsave = __get_cpuid(1, &a, &b, &c, &d) && c & CPUID_OSXSAVE;
}

/* The first one at or after `address`. */
static unsigned find(unsigned long address)
{
	unsigned low = 0, high = count;

	while (low < high) {
		unsigned middle = (low + high) / 2;

		if (breakpoints[middle].address < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool breakpoint_is_set(unsigned long address)
{
	unsigned at = find(address);

	return at < count && breakpoints[at].address == address;
}

/* Never writable and executable at once; the page was code of the program and is that again. */
static bool write_byte(unsigned long address, unsigned char byte)
{
	unsigned long page = address & -PAGE_BYTES;

	if (*(volatile unsigned char *)address == byte)
		return true;
	if (sys_call3(SYS_mprotect, page, PAGE_BYTES, PROT_READ | PROT_WRITE))
		return false;
	*(volatile unsigned char *)address = byte;
	return !sys_call3(SYS_mprotect, page, PAGE_BYTES, PROT_READ | PROT_EXEC);
}

bool breakpoint_set(unsigned long address)
{
	unsigned at = find(address);
	unsigned char byte = *(volatile unsigned char *)address;

	if (breakpoint_is_set(address))
		return true;
	if (count == BREAKPOINTS_MAX || !write_byte(address, TRAP))
		return false;
	for (unsigned i = count++; i > at; i--)
		breakpoints[i] = breakpoints[i - 1];
	breakpoints[at] = (struct breakpoint){.address = address, .byte = byte};
	return true;
}

void breakpoint_clear(unsigned long address)
{
	unsigned at = find(address);

	if (!breakpoint_is_set(address))
		return;
	write_byte(address, breakpoints[at].byte);
	if (lifted == address)
		lifted = 0;
	for (count--; at < count; at++)
		breakpoints[at] = breakpoints[at + 1];
}

void breakpoint_lower(void)
{
	if (lifted)
		write_byte(lifted, TRAP);
	lifted = 0;
}

void breakpoint_renew(void)
{
	stepping = lifted = 0;
	for (unsigned i = 0; i < count; i++)
		write_byte(breakpoints[i].address, TRAP);
}

void breakpoint_read(unsigned long address, unsigned char *bytes, unsigned room)
{
	unsigned there = (unsigned)(PAGE_BYTES - address % PAGE_BYTES);

	if (there > room)
		there = room;
	memory_copy(bytes, (const void *)address, there);
	/* The last instruction of the code may end with its page. */
	for (unsigned i = there; i < room; i++) {
		unsigned long byte = 0;

		probe_read((const void *)(address + i), 1, &byte);
		bytes[i] = (unsigned char)byte;
	}
	for (unsigned at = find(address); at < count && breakpoints[at].address < address + room;
	     at++)
		bytes[breakpoints[at].address - address] = breakpoints[at].byte;
}

void breakpoint_call(struct breakpoint_frame *frame)
{
	unsigned long address = (unsigned long)frame->registers[REG_RIP];

	if (frame->is_detour)
		handlers->elsewhere(address);
	else
		handlers->before(address, frame);
}

static void step_begin(unsigned long address, ucontext_t *context)
{
	write_byte(address, breakpoints[find(address)].byte);
	stepping = address;
	context->uc_mcontext.gregs[REG_RIP] = (greg_t)address;
	context->uc_mcontext.gregs[REG_EFL] |= TRAP_FLAG;
}

static bool stepped_insn(struct insn *insn)
{
	unsigned char bytes[INSN_BYTES_MAX];

	breakpoint_read(stepping, bytes, sizeof(bytes));
	return insn_decode(insn, bytes, sizeof(bytes));
}

static void step_end(ucontext_t *context)
{
	greg_t *registers = context->uc_mcontext.gregs;
	struct insn insn;

	/* What it has pushed must not say that it was stepped. */
	if (stepped_insn(&insn) && insn.pushes_flags)
		*(uint64_t *)registers[REG_RSP] &= ~(uint64_t)TRAP_FLAG;
	breakpoint_abandon(context);
}

void breakpoint_abandon(ucontext_t *context)
{
	if (!stepping)
		return;
	write_byte(stepping, TRAP);
	stepping = 0;
	context->uc_mcontext.gregs[REG_EFL] &= ~TRAP_FLAG;
}

/* Makes the thread go on in breakpoint_enter, on its own stack. */
static void detour(unsigned long address, ucontext_t *context, bool is_detour)
{
	greg_t *registers = context->uc_mcontext.gregs;
	unsigned long below = (unsigned long)registers[REG_RSP] - RED_ZONE_BYTES -
			      sizeof(struct breakpoint_frame);
	struct breakpoint_frame *frame = (struct breakpoint_frame *)(below & -64ul);

	memory_zero(frame->vectors + XSAVE_HEADER, XSAVE_HEADER_BYTES);
	memory_copy(frame->registers, registers, sizeof(frame->registers));
	frame->registers[REG_RIP] = (greg_t)address;
	frame->is_detour = is_detour;
	registers[REG_RSP] = (greg_t)frame;
	registers[REG_RIP] = (greg_t)breakpoint_enter;
	registers[REG_EFL] &= ~(DIRECTION_FLAG | TRAP_FLAG);
}

void breakpoint_detour(ucontext_t *context)
{
	detour((unsigned long)context->uc_mcontext.gregs[REG_RIP], context, true);
}

/* The function has returned. */
static void resume(ucontext_t *context)
{
	greg_t *registers = context->uc_mcontext.gregs;
	const struct breakpoint_frame *frame = (const void *)registers[REG_RSP];

	for (int i = 0; i <= REG_RIP; i++)
		registers[i] = frame->registers[i];
	registers[REG_EFL] = frame->registers[REG_EFL];
	if (!frame->is_detour || breakpoint_is_set((unsigned long)registers[REG_RIP]))
		step_begin((unsigned long)registers[REG_RIP], context);
}

/* A repeated string instruction traps after each turn, and has not ended while it stands there. */
static bool is_repeating(const ucontext_t *context)
{
	struct insn insn;

	return (unsigned long)context->uc_mcontext.gregs[REG_RIP] == stepping &&
	       stepped_insn(&insn) && insn.string && insn.rep;
}

static void come_to(unsigned long address, ucontext_t *context)
{
	context->uc_mcontext.gregs[REG_RIP] = (greg_t)address;
	switch (handlers->way(address, context)) {
	case BREAKPOINT_PASS:
		step_begin(address, context);
		break;
	case BREAKPOINT_CALL:
		detour(address, context, false);
		break;
	case BREAKPOINT_LIFT:
		write_byte(address, breakpoints[find(address)].byte);
		lifted = address;
		break;
	}
}

bool breakpoint_trap(const siginfo_t *info, ucontext_t *context, bool *stepped)
{
	unsigned long before = (unsigned long)context->uc_mcontext.gregs[REG_RIP] - 1;
	bool is_instruction = info->si_code == SI_KERNEL;

	*stepped = false;
	if (stepping && !(is_instruction && before != stepping)) {
		/* The program's own trap, at which a breakpoint stands. */
		if (is_instruction) {
			breakpoint_abandon(context);
			return false;
		}
		if (!is_repeating(context)) {
			step_end(context);
			*stepped = true;
		}
		return true;
	}
	if (!is_instruction)
		return false;
	if (before == (unsigned long)breakpoint_resume) {
		resume(context);
		return true;
	}
	breakpoint_abandon(context);
	if (!breakpoint_is_set(before))
		return false;
	come_to(before, context);
	return true;
}
