/*
 * insn_effect.c - whether an opcode's operand in memory is read, written, or both, and how many
 * bytes of it.
 *
 * What is rare and hard (gathers, masked vectors, bit strings, the state of the processor) is
 * `unclear`: then nobody relies on the operand.
 */
#include "machine/insn_effect.h"

static unsigned word_bytes(const struct insn_form *form)
{
	return form->rex & 8 ? 8 : form->p66 ? 2 : 4;
}

/* What is done to the operand. */
struct effect {
	enum insn_access access;
	uint32_t bytes;
	bool unclear;
};

static const struct effect nothing = {.access = INSN_NONE};
static const struct effect unclear = {.unclear = true};

static struct effect reads(uint32_t bytes)
{
	return (struct effect){.access = INSN_READ, .bytes = bytes};
}

static struct effect writes(uint32_t bytes)
{
	return (struct effect){.access = INSN_WRITE, .bytes = bytes};
}

static struct effect changes(uint32_t bytes)
{
	return (struct effect){.access = INSN_BOTH, .bytes = bytes};
}

/* D8 to DF, by the ModRM byte's middle field; negative: written. */
static struct effect effect_x87(const struct insn_form *form)
{
	static const int8_t bytes[8][8] = {
		{4, 4, 4, 4, 4, 4, 4, 4}, {4, 0, -4, -4, 28, 2, -28, -2},
		{4, 4, 4, 4, 4, 4, 4, 4}, {4, -4, -4, -4, 0, 10, 0, -10},
		{8, 8, 8, 8, 8, 8, 8, 8}, {8, -8, -8, -8, 108, 0, -108, -2},
		{2, 2, 2, 2, 2, 2, 2, 2}, {2, -2, -2, -2, 10, 8, -10, -8},
	};
	int count = bytes[form->opcode & 7][form->reg];

	return count < 0 ? writes((uint32_t)-count) : count ? reads((uint32_t)count) : unclear;
}

/* F6, F7: test, not, neg, mul, div. */
static struct effect effect_unary(const struct insn_form *form, uint32_t bytes)
{
	return form->reg == 2 || form->reg == 3 ? changes(bytes) : reads(bytes);
}

/* FF: inc, dec, call, jmp, push. */
static struct effect effect_ff(const struct insn_form *form)
{
	if (form->reg < 2)
		return changes(word_bytes(form));
	return form->reg == 3 || form->reg == 5 ? unclear : reads(8);
}

/* One byte. Long because the map is: a case for each kind of opcode. */
static struct effect effect_one(const struct insn_form *form)
{
	uint8_t op = form->opcode;
	uint32_t bytes = op & 1 ? word_bytes(form) : 1;

	if (op < 0x40)
		return (op & 2) || (op & 0x38) == 0x38 ? reads(bytes) : changes(bytes);
	if ((op & 0xf8) == 0xd8)
		return effect_x87(form);
	switch (op) {
	case 0x63:
		return reads(4);
	case 0x69:
	case 0x6b:
		return reads(word_bytes(form));
	case 0x80:
	case 0x81:
	case 0x83:
		return form->reg == 7 ? reads(bytes) : changes(bytes);
	case 0x84:
	case 0x85:
	case 0x8a:
	case 0x8b:
	case 0xa0:
	case 0xa1:
		return reads(bytes);
	case 0x86:
	case 0x87:
	case 0xc0:
	case 0xc1:
	case 0xd0:
	case 0xd1:
	case 0xfe:
		return changes(bytes);
	case 0xd2:
		return changes(1);
	case 0xd3:
		return changes(word_bytes(form));
	case 0x88:
	case 0x89:
	case 0xa2:
	case 0xa3:
	case 0xc6:
	case 0xc7:
		return writes(bytes);
	case 0x8c:
		return writes(2);
	case 0x8d:
		return nothing;
	case 0x8e:
		return reads(2);
	case 0x8f:
		return writes(form->p66 ? 2 : 8);
	case 0xf6:
	case 0xf7:
		return effect_unary(form, bytes);
	case 0xff:
		return effect_ff(form);
	}
	return unclear;
}

/* Packed, or the one element that F3 and F2 stand for. */
static uint32_t float_bytes(const struct insn_form *form)
{
	return form->rep == 0xf3 ? 4 : form->rep == 0xf2 ? 8 : form->vector_bytes;
}

/* MMX without a prefix, else vectors. */
static uint32_t packed_bytes(const struct insn_form *form)
{
	return form->p66 || form->rep || form->vex ? form->vector_bytes : 8;
}

static uint32_t general_bytes(const struct insn_form *form)
{
	return form->rex & 8 ? 8 : 4;
}

static struct effect effect_state(const struct insn_form *form)
{
	switch (form->reg) {
	case 2:
		return reads(4);
	case 3:
		return writes(4);
	case 7:
		return nothing;
	}
	return unclear;
}

/* Moves of halves of vectors: 12, 13, 16, 17. */
static struct effect effect_half(const struct insn_form *form)
{
	if (form->opcode & 1)
		return writes(8);
	if (form->rep == 0xf3 || (form->rep == 0xf2 && form->vector_bytes == 32))
		return reads(form->vector_bytes);
	return reads(8);
}

static struct effect effect_convert(const struct insn_form *form)
{
	if (form->opcode == 0x2a)
		return reads(form->rep ? general_bytes(form) : 8);
	if (form->opcode == 0x5a || form->opcode == 0xe6) {
		bool widens = form->opcode == 0x5a ? !form->rep && !form->p66 : form->rep == 0xf3;

		if (widens)
			return reads(form->vector_bytes / 2);
		return reads(form->opcode == 0x5a ? float_bytes(form) : form->vector_bytes);
	}
	return reads(form->rep ? float_bytes(form) : form->p66 ? 16 : 8);
}

/* Two bytes, on general registers. */
static struct effect effect_general(const struct insn_form *form)
{
	uint32_t word = word_bytes(form);

	switch (form->opcode) {
	case 0x0d:
	case 0x18 ... 0x1f:
		return nothing;
	case 0x40 ... 0x4f:
	case 0xaf:
	case 0xb8:
	case 0xbc:
	case 0xbd:
		return reads(word);
	case 0x90 ... 0x9f:
		return writes(1);
	case 0xa4:
	case 0xa5:
	case 0xac:
	case 0xad:
	case 0xb1:
	case 0xc1:
		return changes(word);
	case 0xb0:
	case 0xc0:
		return changes(1);
	case 0xae:
		return effect_state(form);
	case 0xb6:
	case 0xbe:
		return reads(1);
	case 0xb7:
	case 0xbf:
		return reads(2);
	case 0xba:
		return form->reg == 4 ? reads(word) : changes(word);
	case 0xc3:
		return writes(general_bytes(form));
	case 0xc7:
		return form->reg == 1 ? changes(form->rex & 8 ? 16 : 8) : unclear;
	}
	return unclear;
}

/* Two bytes, on vectors. Long as effect_one() is. */
static struct effect effect_vector(const struct insn_form *form)
{
	switch (form->opcode) {
	case 0x10:
		return reads(float_bytes(form));
	case 0x11:
		return writes(float_bytes(form));
	case 0x12:
	case 0x13:
	case 0x16:
	case 0x17:
		return effect_half(form);
	case 0x14:
	case 0x15:
	case 0x28:
	case 0xc6:
		return reads(form->vector_bytes);
	case 0x29:
	case 0x2b:
		return writes(form->vector_bytes);
	case 0x2a:
	case 0x2c:
	case 0x2d:
	case 0x5a:
	case 0xe6:
		return effect_convert(form);
	case 0x2e:
	case 0x2f:
		return reads(form->p66 ? 8 : 4);
	case 0x51 ... 0x59:
	case 0x5b ... 0x5f:
	case 0xc2:
		return reads(float_bytes(form));
	case 0x6e:
		return reads(general_bytes(form));
	case 0x7e:
		return form->rep == 0xf3 ? reads(8) : writes(general_bytes(form));
	case 0x7f:
	case 0xe7:
		return writes(packed_bytes(form));
	case 0xc4:
		return reads(2);
	case 0xd6:
		return writes(8);
	case 0x60 ... 0x6d:
	case 0x6f:
	case 0x70:
	case 0x74 ... 0x76:
	case 0x7c:
	case 0x7d:
	case 0xd0 ... 0xd5:
	case 0xd8 ... 0xe5:
	case 0xe8 ... 0xf6:
	case 0xf8 ... 0xfe:
		return reads(packed_bytes(form));
	}
	return unclear;
}

static struct effect effect_two(const struct insn_form *form)
{
	struct effect effect = form->vex ? unclear : effect_general(form);

	if (form->vex && form->opcode == 0xae)
		return effect_state(form);
	return effect.unclear ? effect_vector(form) : effect;
}

static bool is_fused(uint8_t op)
{
	return op >= 0x96 && op <= 0xbf && (op & 0xf) >= 6;
}

/* Three bytes, 38. */
static struct effect effect_38(const struct insn_form *form)
{
	static const uint8_t widened[] = {2, 4, 8, 2, 4, 2};
	uint8_t op = form->opcode;

	if (op == 0xf0 || op == 0xf1) {
		if (form->rep == 0xf2)
			return reads(op == 0xf0 ? 1 : word_bytes(form));
		return op == 0xf0 ? reads(word_bytes(form)) : writes(word_bytes(form));
	}
	if (op >= 0xf2 && op <= 0xf7)
		return form->vex || op == 0xf6 ? reads(general_bytes(form)) : unclear;
	if (op >= 0xf8)
		return unclear;
	if ((op & 0xe8) == 0x20 && (op & 7) < 6)
		return reads(form->vector_bytes / widened[op & 7]);
	if (!form->vex)
		return op < 0x80 || (op >= 0xc8 && op <= 0xdf) ? reads(16) : unclear;
	switch (op) {
	case 0x18:
	case 0x58:
		return reads(4);
	case 0x19:
	case 0x59:
		return reads(8);
	case 0x1a:
	case 0x5a:
		return reads(16);
	case 0x78:
		return reads(1);
	case 0x79:
		return reads(2);
	case 0x13:
		return reads(form->vector_bytes / 2);
	}
	if (is_fused(op))
		return reads((op & 1) && (op & 0xf) > 8 ? general_bytes(form) : form->vector_bytes);
	return op < 0x2c || (op > 0x2f && op < 0x48) ? reads(form->vector_bytes) : unclear;
}

/* Three bytes, 3A. */
static struct effect effect_3a(const struct insn_form *form)
{
	switch (form->opcode) {
	case 0x14:
		return writes(1);
	case 0x15:
		return writes(2);
	case 0x16:
		return writes(general_bytes(form));
	case 0x17:
		return writes(4);
	case 0x18:
	case 0x38:
		return reads(16);
	case 0x19:
	case 0x39:
		return writes(16);
	case 0x1d:
		return writes(form->vector_bytes / 2);
	case 0x20:
		return reads(1);
	case 0x0a:
	case 0x21:
		return reads(4);
	case 0x0b:
		return reads(8);
	case 0x22:
	case 0xf0:
		return reads(general_bytes(form));
	/* FMA4 */
	case 0x5c ... 0x5f:
	case 0x68 ... 0x7f:
		return unclear;
	}
	return reads(form->vector_bytes);
}

static struct effect effect_of(const struct insn_form *form)
{
	if (form->evex || form->gs)
		return unclear;
	switch (form->map) {
	case 0:
		return effect_one(form);
	case 1:
		return effect_two(form);
	case 2:
		return effect_38(form);
	case 3:
		return effect_3a(form);
	}
	return unclear;
}

static void add(struct insn *insn, uint8_t base, enum insn_access access, uint32_t bytes)
{
	insn->operand[insn->operands++] = (struct insn_operand){
		.base = base, .index = INSN_NO_REGISTER, .access = access, .bytes = bytes};
}

#define RSI 6
#define RDI 7

/* A4 to AF. False where it is none. */
static bool string_effect(struct insn *insn, const struct insn_form *form)
{
	uint32_t bytes = form->opcode & 1 ? word_bytes(form) : 1;

	if (form->map || form->opcode < 0xa4 || form->opcode > 0xaf ||
	    (form->opcode & 0xfe) == 0xa8)
		return false;
	insn->string = true;
	insn->rep = form->rep;
	insn->unclear = form->fs || form->gs || form->p67;
	if (form->opcode < 0xa8 || (form->opcode & 0xfe) == 0xac)
		add(insn, RSI, INSN_READ, bytes);
	if ((form->opcode & 0xfe) == 0xa4 || (form->opcode & 0xfe) == 0xaa)
		add(insn, RDI, INSN_WRITE, bytes);
	if ((form->opcode & 0xfe) == 0xa6 || (form->opcode & 0xfe) == 0xae)
		add(insn, RDI, INSN_READ, bytes);
	return true;
}

/* One byte: xlat, ins, outs; two bytes: maskmov. */
static bool has_hidden_operand(const struct insn_form *form)
{
	if (form->map == 0)
		return form->opcode == 0xd7 || (form->opcode & 0xfc) == 0x6c;
	return form->map == 1 && form->opcode == 0xf7;
}

void insn_effect(struct insn *insn, const struct insn_form *form,
		 const struct insn_operand *operand)
{
	struct effect effect;

	insn->pushes_flags = !form->map && !form->vex && form->opcode == 0x9c;
	if (string_effect(insn, form))
		return;
	insn->unclear = has_hidden_operand(form);
	if (!form->in_memory)
		return;
	effect = effect_of(form);
	insn->unclear |= effect.unclear;
	if (effect.access == INSN_NONE)
		return;
	insn->operand[0] = *operand;
	insn->operand[0].access = effect.access;
	insn->operand[0].bytes = effect.bytes;
	insn->operands = 1;
	insn->locked = form->lock || (!form->map && (form->opcode & 0xfe) == 0x86);
}
