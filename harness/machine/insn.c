/*
 * insn.c - prefixes, opcode, ModRM, SIB, displacement, immediate: see insn.h.
 *
 * What the operand in memory is for, and how large it is, is in insn_effect.c. Here is only where
 * the parts of an instruction lie.
 */
#include "machine/insn.h"

#include "machine/insn_effect.h"

struct reader {
	const uint8_t *code;
	size_t at, room;
	bool over;
};

static uint8_t next_byte(struct reader *reader)
{
	if (reader->at >= reader->room || reader->at >= INSN_BYTES_MAX) {
		reader->over = true;
		return 0;
	}
	return reader->code[reader->at++];
}

static int64_t next_signed(struct reader *reader, unsigned bytes)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < bytes; i++)
		value |= (uint64_t)next_byte(reader) << 8 * i;
	if (bytes && bytes < 8 && value >> (8 * bytes - 1))
		value |= -(1ull << 8 * bytes);
	return (int64_t)value;
}

static bool take_prefix(struct insn_form *form, uint8_t byte)
{
	switch (byte) {
	case 0x26:
	case 0x2e:
	case 0x36:
	case 0x3e:
		return true;
	case 0x64:
		form->fs = true;
		return true;
	case 0x65:
		form->gs = true;
		return true;
	case 0x66:
		form->p66 = true;
		return true;
	case 0x67:
		form->p67 = true;
		return true;
	case 0xf0:
		form->lock = true;
		return true;
	case 0xf2:
	case 0xf3:
		form->rep = byte;
		return true;
	}
	return false;
}

/* The prefix of VEX and EVEX instructions that stands for 66, F3 and F2. */
static void take_implied(struct insn_form *form, uint8_t bits)
{
	form->p66 = (bits & 3) == 1;
	form->rep = (bits & 3) == 2 ? 0xf3 : (bits & 3) == 3 ? 0xf2 : 0;
}

static void take_vex(struct insn_form *form, struct reader *reader, bool is_long)
{
	uint8_t first = next_byte(reader), second = first;

	form->vex = true;
	form->map = 1;
	form->rex = first & 0x80 ? 0 : 4;
	if (is_long) {
		second = next_byte(reader);
		form->map = first & 0x1f;
		form->rex = (uint8_t)(~first >> 5 & 7) | (second & 0x80 ? 8 : 0);
	}
	form->vector_bytes = second & 4 ? 32 : 16;
	take_implied(form, second);
}

static void take_evex(struct insn_form *form, struct reader *reader)
{
	uint8_t first = next_byte(reader), second = next_byte(reader);

	next_byte(reader);
	form->vex = form->evex = true;
	form->map = first & 7;
	form->rex = (uint8_t)(~first >> 5 & 7) | (second & 0x80 ? 8 : 0);
	take_implied(form, second);
}

static void take_legacy(struct insn_form *form, struct reader *reader)
{
	form->map = 1;
	form->opcode = next_byte(reader);
	if (form->opcode != 0x38 && form->opcode != 0x3a)
		return;
	form->map = form->opcode == 0x38 ? 2 : 3;
	form->opcode = next_byte(reader);
}

static void take_opcode(struct insn_form *form, struct reader *reader)
{
	uint8_t byte = next_byte(reader);

	while (take_prefix(form, byte) && !reader->over)
		byte = next_byte(reader);
	if ((byte & 0xf0) == 0x40) {
		form->rex = byte & 0xf;
		byte = next_byte(reader);
	}
	form->vector_bytes = 16;
	form->opcode = byte;
	if (byte == 0xc4 || byte == 0xc5)
		take_vex(form, reader, byte == 0xc4);
	else if (byte == 0x62)
		take_evex(form, reader);
	if (form->vex)
		form->opcode = next_byte(reader);
	else if (byte == 0x0f)
		take_legacy(form, reader);
}

static void take_sib(struct insn_form *form, struct insn_operand *operand, struct reader *reader)
{
	uint8_t sib = next_byte(reader);

	operand->scale = (uint8_t)(1 << (sib >> 6));
	operand->index = (uint8_t)((sib >> 3 & 7) | (form->rex & 2 ? 8 : 0));
	if (operand->index == 4)
		operand->index = INSN_NO_REGISTER;
	operand->base = (uint8_t)((sib & 7) | (form->rex & 1 ? 8 : 0));
	if ((sib & 7) == 5 && form->mod == 0)
		operand->base = INSN_NO_REGISTER;
}

/* ModRM and what follows from it. */
static void take_modrm(struct insn_form *form, struct insn_operand *operand, struct reader *reader)
{
	uint8_t byte = next_byte(reader), low = byte & 7;
	unsigned bytes;

	form->mod = byte >> 6;
	form->reg = byte >> 3 & 7;
	form->in_memory = form->mod != 3;
	if (!form->in_memory)
		return;
	operand->base = (uint8_t)(low | (form->rex & 1 ? 8 : 0));
	if (low == 4)
		take_sib(form, operand, reader);
	else if (low == 5 && form->mod == 0)
		operand->base = INSN_RIP;
	bytes = form->mod == 1 ? 1
		: form->mod == 2 || operand->base == INSN_RIP ||
				(operand->base == INSN_NO_REGISTER && form->mod == 0)
			? 4
			: 0;
	operand->displacement = next_signed(reader, bytes);
}

static void take_absolute(struct insn_form *form, struct insn_operand *operand,
			  struct reader *reader)
{
	operand->displacement = next_signed(reader, form->p67 ? 4 : 8);
	form->in_memory = true;
}

bool insn_decode(struct insn *insn, const uint8_t *code, size_t room)
{
	struct reader reader = {.code = code, .room = room};
	struct insn_form form = {.map = 0};
	struct insn_operand operand = {.base = INSN_NO_REGISTER, .index = INSN_NO_REGISTER};

	take_opcode(&form, &reader);
	if (reader.over || !insn_is_known(&form))
		return false;
	if (insn_has_modrm(&form))
		take_modrm(&form, &operand, &reader);
	else if (!form.map && (form.opcode & 0xfc) == 0xa0)
		take_absolute(&form, &operand, &reader);
	next_signed(&reader, insn_immediate_bytes(&form));
	if (reader.over)
		return false;
	operand.fs = form.fs;
	operand.is_short = form.p67;
	*insn = (struct insn){.length = (uint32_t)reader.at};
	insn_effect(insn, &form, &operand);
	return true;
}

uint64_t insn_address(const struct insn_operand *operand, const uint64_t registers[16],
		      uint64_t next, uint64_t fs)
{
	uint64_t address = (uint64_t)operand->displacement;

	if (operand->base == INSN_RIP)
		address += next;
	else if (operand->base != INSN_NO_REGISTER)
		address += registers[operand->base];
	if (operand->index != INSN_NO_REGISTER)
		address += registers[operand->index] * operand->scale;
	if (operand->is_short)
		address &= UINT32_MAX;
	return operand->fs ? address + fs : address;
}
