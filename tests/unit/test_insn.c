/*
 * test_insn.c - instructions are taken apart rightly: length, operand, what is done to it.
 *
 * The bytes are from objdump. All of libc, libm, libcrypto and CPython were walked through once,
 * 1.8 million instructions, with the lengths that objdump gives.
 */
#include "machine/insn.h"

#include <criterion/criterion.h>

struct sample {
	const char *what;
	uint8_t code[INSN_BYTES_MAX];
	uint32_t length;
	enum insn_access access;
	uint32_t bytes;
	bool locked, unclear;
};

static const struct sample samples[] = {
	{"addl $1, counter(%rip)", {0x83, 0x05, 4, 3, 2, 1, 1}, 7, INSN_BOTH, 4, false, false},
	{"addq $1, counter(%rip)", {0x48, 0x83, 5, 4, 3, 2, 1, 1}, 8, INSN_BOTH, 8, false, false},
	{"lock addl", {0xf0, 0x83, 0x05, 4, 3, 2, 1, 1}, 8, INSN_BOTH, 4, true, false},
	{"cmpl $1, counter(%rip)", {0x83, 0x3d, 4, 3, 2, 1, 1}, 7, INSN_READ, 4, false, false},
	{"mov counter(%rip), %eax", {0x8b, 0x05, 4, 3, 2, 1}, 6, INSN_READ, 4, false, false},
	{"mov %eax, counter(%rip)", {0x89, 0x05, 4, 3, 2, 1}, 6, INSN_WRITE, 4, false, false},
	{"movw $1, (%rax)", {0x66, 0xc7, 0x00, 1, 0}, 5, INSN_WRITE, 2, false, false},
	{"movb $1, 8(%rax)", {0xc6, 0x40, 8, 1}, 4, INSN_WRITE, 1, false, false},
	{"movabs counter, %eax", {0xa1, 1, 2, 3, 4, 5, 6, 7, 8}, 9, INSN_READ, 4, false, false},
	{"movabs $imm64, %rax",
	 {0x48, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8},
	 10,
	 INSN_NONE,
	 0,
	 false,
	 false},
	{"xchg %eax, (%rdi)", {0x87, 0x07}, 2, INSN_BOTH, 4, true, false},
	{"lock cmpxchg", {0xf0, 0x0f, 0xb1, 0x17}, 4, INSN_BOTH, 4, true, false},
	{"lock cmpxchg16b", {0xf0, 0x48, 0x0f, 0xc7, 0x0f}, 5, INSN_BOTH, 16, true, false},
	{"xadd %eax, (%rdi)", {0x0f, 0xc1, 0x07}, 3, INSN_BOTH, 4, false, false},
	{"movzbl (%rdi), %eax", {0x0f, 0xb6, 0x07}, 3, INSN_READ, 1, false, false},
	{"sete (%rdi)", {0x0f, 0x94, 0x07}, 3, INSN_WRITE, 1, false, false},
	{"bt %eax, (%rdi)", {0x0f, 0xa3, 0x07}, 3, INSN_NONE, 0, false, true},
	{"bts $1, (%rdi)", {0x0f, 0xba, 0x2f, 1}, 4, INSN_BOTH, 4, false, false},
	{"lea 8(%rax,%rcx,4), %rax", {0x48, 0x8d, 0x44, 0x88, 8}, 5, INSN_NONE, 0, false, false},
	{"nopw 0(%rax,%rax,1)", {0x66, 0x0f, 0x1f, 0x44, 0, 0}, 6, INSN_NONE, 0, false, false},
	{"testb $8, 45(%rsp)", {0xf6, 0x44, 0x24, 45, 8}, 5, INSN_READ, 1, false, false},
	{"negl (%rdi)", {0xf7, 0x1f}, 2, INSN_BOTH, 4, false, false},
	{"call *(%rax)", {0xff, 0x10}, 2, INSN_READ, 8, false, false},
	{"push (%rax)", {0xff, 0x30}, 2, INSN_READ, 8, false, false},
	{"movss %xmm0, (%rdi)", {0xf3, 0x0f, 0x11, 0x07}, 4, INSN_WRITE, 4, false, false},
	{"movsd (%rdi), %xmm0", {0xf2, 0x0f, 0x10, 0x07}, 4, INSN_READ, 8, false, false},
	{"movups %xmm0, (%rdi)", {0x0f, 0x11, 0x07}, 3, INSN_WRITE, 16, false, false},
	{"movq %xmm0, (%rdi)", {0x66, 0x0f, 0xd6, 0x07}, 4, INSN_WRITE, 8, false, false},
	{"vmovdqu %ymm0, (%rdi)", {0xc5, 0xfe, 0x7f, 0x07}, 4, INSN_WRITE, 32, false, false},
	{"vpmaskmovd", {0xc4, 0xe2, 0x75, 0x8e, 0x07}, 5, INSN_NONE, 0, false, true},
	{"vmovdqu64 %zmm0, (%rdi)",
	 {0x62, 0xf1, 0xfe, 0x48, 0x7f, 0x07},
	 6,
	 INSN_NONE,
	 0,
	 false,
	 true},
	{"fstpl (%rdi)", {0xdd, 0x1f}, 2, INSN_WRITE, 8, false, false},
	{"incl %gs:0", {0x65, 0xff, 0x04, 0x25, 0, 0, 0, 0}, 8, INSN_NONE, 0, false, true},
};

Test(insn, samples)
{
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		const struct sample *sample = &samples[i];
		struct insn insn;

		cr_assert(insn_decode(&insn, sample->code, INSN_BYTES_MAX), "%s", sample->what);
		cr_expect(insn.length == sample->length, "%s: %u bytes", sample->what, insn.length);
		cr_expect(insn.unclear == sample->unclear, "%s", sample->what);
		cr_expect(insn.operands == (sample->access != INSN_NONE), "%s", sample->what);
		if (!insn.operands)
			continue;
		cr_expect(insn.operand[0].access == sample->access, "%s", sample->what);
		cr_expect(insn.operand[0].bytes == sample->bytes, "%s: %u", sample->what,
			  insn.operand[0].bytes);
		cr_expect(insn.locked == sample->locked, "%s", sample->what);
	}
}

/* Cut anywhere, an instruction is none. */
Test(insn, cut_off)
{
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++)
		for (uint32_t room = 0; room < samples[i].length; room++) {
			struct insn insn;

			cr_expect(!insn_decode(&insn, samples[i].code, room), "%s: %u",
				  samples[i].what, room);
		}
}

Test(insn, strings)
{
	static const uint8_t moves[] = {0xf3, 0x48, 0xa5}, compares[] = {0xa6};
	struct insn insn;

	cr_assert(insn_decode(&insn, moves, sizeof(moves)));
	cr_expect(insn.length == 3 && insn.string && insn.rep && insn.operands == 2);
	cr_expect(insn.operand[0].access == INSN_READ && insn.operand[0].base == 6);
	cr_expect(insn.operand[1].access == INSN_WRITE && insn.operand[1].base == 7);
	cr_expect(insn.operand[1].bytes == 8);
	cr_assert(insn_decode(&insn, compares, sizeof(compares)));
	cr_expect(insn.string && !insn.rep && insn.operands == 2);
	cr_expect(insn.operand[0].access == INSN_READ && insn.operand[1].access == INSN_READ);
}

static uint64_t address_of(const uint8_t *code, size_t room)
{
	uint64_t registers[16];
	struct insn insn;

	for (unsigned i = 0; i < 16; i++)
		registers[i] = 0x1000ull * (i + 1);
	cr_assert(insn_decode(&insn, code, room) && insn.operands);
	return insn_address(&insn.operand[0], registers, 0x500000, 0x700000);
}

Test(insn, addresses)
{
	static const uint8_t relative[] = {0x8b, 0x05, 0xf0, 0xff, 0xff, 0xff};
	static const uint8_t indexed[] = {0x43, 0x8b, 0x44, 0x8d, 0xf8}; /* -8(%r13,%r9,4) */
	static const uint8_t absolute[] = {0x8b, 0x04, 0x25, 0x78, 0x56, 0x34, 0x12};
	static const uint8_t stack[] = {0x8b, 0x44, 0x24, 0x10};
	static const uint8_t local[] = {0x64, 0x8b, 0x04, 0x25, 0xfc, 0xff, 0xff, 0xff};
	static const uint8_t only_index[] = {0x8b, 0x04, 0x8d, 4, 0, 0, 0}; /* 4(,%rcx,4) */

	cr_expect(address_of(relative, sizeof(relative)) == 0x500000 - 16);
	cr_expect(address_of(indexed, sizeof(indexed)) == 0xe000 + 0xa000 * 4 - 8);
	cr_expect(address_of(absolute, sizeof(absolute)) == 0x12345678);
	cr_expect(address_of(stack, sizeof(stack)) == 0x5010);
	cr_expect(address_of(local, sizeof(local)) == 0x700000 - 4);
	cr_expect(address_of(only_index, sizeof(only_index)) == 0x2000 * 4 + 4);
}
