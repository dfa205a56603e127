/*
 * insn_form.c - the opcode maps: which opcodes there are, which have a ModRM byte, and how long the
 * immediate is. For whoever walks through code all of it has to be right, also where insn_effect.c
 * does not know what the instruction does.
 */
#include "machine/insn_effect.h"

/* Bit i of word w: opcode 32 * w + i. */
static bool is_in(const uint32_t set[8], uint8_t opcode)
{
	return set[opcode / 32] >> opcode % 32 & 1;
}

/* Invalid in 64-bit mode; prefixes never come here. */
static const uint32_t one_invalid[8] = {0xc0c040c0u, 0x80808080u, 0,	       0x00000003u,
					0x04000004u, 0,		  0x00704000u, 0x00000400u};
static const uint32_t one_modrm[8] = {0x0f0f0f0fu, 0x0f0f0f0fu, 0,	     0x00000a08u,
				      0x0000fffbu, 0,		0xff0f00c3u, 0xc0c00000u};
static const uint32_t two_no_modrm[8] = {0x00004be0u, 0x00ff0000u, 0,		0x00800000u,
					 0x0000ffffu, 0x00000707u, 0x0000ff00u, 0};
static const uint32_t two_immediate[8] = {0, 0, 0, 0x000f0000u, 0, 0x04001010u, 0x00000074u, 0};

static bool is_alu(const struct insn_form *form)
{
	return form->opcode < 0x40 && (form->opcode & 7) < 6;
}

bool insn_is_known(const struct insn_form *form)
{
	if (form->vex)
		return form->map >= 1 && form->map <= 6 && (form->evex || form->map <= 3);
	/* 3DNow! */
	if (form->map == 1)
		return form->opcode != 0x0f && form->opcode != 0x04 && form->opcode != 0x0a;
	return form->map || is_alu(form) || !is_in(one_invalid, form->opcode);
}

bool insn_has_modrm(const struct insn_form *form)
{
	switch (form->map) {
	case 0:
		return is_in(one_modrm, form->opcode);
	case 1:
		return !is_in(two_no_modrm, form->opcode);
	}
	return true;
}

static unsigned immediate_word(const struct insn_form *form)
{
	return form->p66 && !(form->rex & 8) ? 2 : 4;
}

static unsigned immediate_one(const struct insn_form *form)
{
	uint8_t op = form->opcode;

	if (op < 0x40)
		return (op & 7) == 4 ? 1 : (op & 7) == 5 ? immediate_word(form) : 0;
	if ((op & 0xf0) == 0x70 || (op & 0xf8) == 0xb0 || (op >= 0xe0 && op <= 0xe7))
		return 1;
	if ((op & 0xf8) == 0xb8)
		return form->rex & 8 ? 8 : immediate_word(form);
	switch (op) {
	case 0x6a:
	case 0x6b:
	case 0x80:
	case 0x83:
	case 0xa8:
	case 0xc0:
	case 0xc1:
	case 0xc6:
	case 0xcd:
	case 0xeb:
		return 1;
	case 0x68:
	case 0x69:
	case 0x81:
	case 0xa9:
	case 0xc7:
		return immediate_word(form);
	case 0xc2:
	case 0xca:
		return 2;
	case 0xc8:
		return 3;
	case 0xe8:
	case 0xe9:
		return 4;
	case 0xf6:
		return form->reg < 2 ? 1 : 0;
	case 0xf7:
		return form->reg < 2 ? immediate_word(form) : 0;
	}
	return 0;
}

unsigned insn_immediate_bytes(const struct insn_form *form)
{
	switch (form->map) {
	case 0:
		return immediate_one(form);
	case 1:
		if (!form->vex && (form->opcode & 0xf0) == 0x80)
			return 4;
		return is_in(two_immediate, form->opcode);
	case 3:
		return 1;
	}
	return 0;
}
