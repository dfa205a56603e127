/* insn_effect.h - between insn.c, which takes an instruction apart, and insn_effect.c, which knows
 * what each opcode does. */
#ifndef HEDDLE_MACHINE_INSN_EFFECT_H
#define HEDDLE_MACHINE_INSN_EFFECT_H

#include "machine/insn.h"

/* The parts that decide what an instruction does. */
struct insn_form {
	uint8_t map; /* 0: one byte, 1: 0F, 2: 0F 38, 3: 0F 3A */
	uint8_t opcode;
	uint8_t rex; /* W, R, X, B as in the prefix, of VEX too */
	uint8_t rep; /* F2, F3 or 0 */
	uint8_t mod, reg;
	uint32_t vector_bytes;
	bool p66, p67, lock, fs, gs, vex, evex;
	bool in_memory; /* has an operand there */
};

/* False for what is no instruction in 64-bit mode. */
bool insn_is_known(const struct insn_form *form);
bool insn_has_modrm(const struct insn_form *form);
/* Needs `reg` where there is a ModRM byte. */
unsigned insn_immediate_bytes(const struct insn_form *form);

/* Fills in all but the length; `operand` says where ModRM points to. */
void insn_effect(struct insn *insn, const struct insn_form *form,
		 const struct insn_operand *operand);

#endif
