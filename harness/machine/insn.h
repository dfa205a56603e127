/* insn.h - what one instruction of x86-64 does to memory: its length, and the operand that lies
 * there.
 *
 * Arithmetic on bytes after the instruction formats of the Intel SDM, volume 2, chapters 2 and
 * appendix A. Knows nothing of where the bytes come from. Accesses to the stack that an instruction
 * makes by the way (push, call, ret) are no operands.
 */
#ifndef HEDDLE_MACHINE_INSN_H
#define HEDDLE_MACHINE_INSN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INSN_BYTES_MAX	  15u
#define INSN_OPERANDS_MAX 2u

enum insn_access {
	INSN_NONE,
	INSN_READ = 1,
	INSN_WRITE = 2,
	INSN_BOTH = INSN_READ | INSN_WRITE,
};

/* Registers by their number in an instruction; these stand for none and for the next instruction's
 * address. */
#define INSN_NO_REGISTER 255
#define INSN_RIP	 16

struct insn_operand {
	enum insn_access access;
	uint8_t base, index, scale;
	bool fs;       /* relative to the thread's control block */
	bool is_short; /* the address has 32 bits */
	int64_t displacement;
	uint32_t bytes;
};

struct insn {
	uint32_t length;
	uint32_t operands;
	struct insn_operand operand[INSN_OPERANDS_MAX];
	bool locked; /* the operand is read and written in one go */
	/* A string instruction: `rep`, repeated as often as the counter says. */
	bool string, rep;
	/* It may access memory in another way than the operands tell. */
	bool unclear;
	bool pushes_flags;
};

/* Decodes the instruction at `code`, of which `room` bytes can be read. False where it is none. */
bool insn_decode(struct insn *insn, const uint8_t *code, size_t room);

/* The address of an operand. `registers`: 16 of them in the order of their numbers; `next`: the
 * address of the next instruction; `fs`: the address of the control block. */
uint64_t insn_address(const struct insn_operand *operand, const uint64_t registers[16],
		      uint64_t next, uint64_t fs);

#endif
