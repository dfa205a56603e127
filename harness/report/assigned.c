/*
 * assigned.c - finds the variable that the result of a call goes to.
 *
 * In optimised code the debug information says that a variable is in %rax where the call returns.
 * In other code the first instruction after the call stores it: into a local, which lies relative
 * to the frame, or a variable of the module; or keeps it in a register that is saved by callees,
 * where the debug information may know it, until it is stored. That instruction is looked for in
 * the few forms in which compilers write it.
 *
 * A guess would be wrong where the memory is taken for something else than what the variable points
 * to, so a type counts only where its size fits the block.
 */
#include "report/assigned.h"

#include "report/inside.h"
#include "report/parts.h"

#include <dwarf.h>
#include <string.h>

#define CODE_BYTES 64u
#define DEPTH_MAX  64

/* Where the pointer is: a register of DWARF, a place in the frame, or an address. */
struct home {
	enum { HOME_REGISTER, HOME_FRAME, HOME_ADDRESS } kind;
	int64_t at;
	Dwarf_Addr pc; /* from where on */
};

#define HOMES_MAX 4u

struct homes {
	struct home all[HOMES_MAX];
	size_t count;
	Dwarf_Addr bias;
	int64_t gap; /* the frame pointer is so far below the frame base; negative: unknown */
};

static void home_add(struct homes *homes, int kind, int64_t at, Dwarf_Addr pc)
{
	if (homes->count < HOMES_MAX)
		homes->all[homes->count++] = (struct home){.kind = kind, .at = at, .pc = pc};
}

static void frame_add(struct homes *homes, int64_t displacement, Dwarf_Addr pc)
{
	if (homes->gap >= 0)
		home_add(homes, HOME_FRAME, displacement - homes->gap, pc);
}

/* A frame that has a pointer begins with the return address and the caller's. */
static int64_t gap_of(Dwarf_Die *function, Dwarf_Addr pc)
{
	Dwarf_Attribute attribute;
	Dwarf_Op *expression;
	size_t length;

	if (!dwarf_attr_integrate(function, DW_AT_frame_base, &attribute) ||
	    dwarf_getlocation_addr(&attribute, pc, &expression, &length, 1) != 1 || length != 1)
		return -1;
	if (expression[0].atom == DW_OP_call_frame_cfa)
		return 16;
	return expression[0].atom == DW_OP_reg6 ? 0 : -1;
}

/* The numbers that DWARF has for the registers of the instructions. */
static int64_t dwarf_register(unsigned number)
{
	static const uint8_t numbers[] = {0, 2, 1, 3, 7, 6, 4, 5};

	return number < sizeof(numbers) ? numbers[number] : number;
}

static int32_t displacement_at(const uint8_t *code)
{
	int32_t value;

	memcpy(&value, code, sizeof(value));
	return value;
}

/* A store of register `from` by the instruction at `code`: mov %from, disp(%rbp) or disp(%rip). */
static bool store_read(struct homes *homes, const uint8_t *code, unsigned from, Dwarf_Addr pc)
{
	unsigned modrm = code[2];

	if (code[0] != (from > 7 ? 0x4c : 0x48) || code[1] != 0x89 ||
	    (modrm >> 3 & 7) != (from & 7))
		return false;
	switch (modrm & 0xc7) {
	case 0x45:
		frame_add(homes, (int8_t)code[3], pc + 4);
		return true;
	case 0x85:
		frame_add(homes, displacement_at(code + 3), pc + 7);
		return true;
	case 0x05:
		home_add(homes, HOME_ADDRESS, (int64_t)pc + 7 + displacement_at(code + 3), pc + 7);
		return true;
	}
	return false;
}

/* mov %rax, %to, `to` being a register that callees save. */
static bool copy_read(const uint8_t *code, unsigned *to)
{
	unsigned modrm = code[2], low = modrm & 7;

	if ((code[0] != 0x48 && code[0] != 0x49) || code[1] != 0x89 || (modrm & 0xf8) != 0xc0)
		return false;
	*to = low + (code[0] == 0x49 ? 8 : 0);
	return *to == 3 || *to == 5 || *to >= 12;
}

static void homes_find(struct symbols *symbols, uint64_t pc, struct homes *homes)
{
	uint8_t code[CODE_BYTES + 8];
	unsigned kept;

	home_add(homes, HOME_REGISTER, 0, pc);
	if (!inside_read(symbols, pc, code, sizeof(code)) || store_read(homes, code, 0, pc) ||
	    !copy_read(code, &kept))
		return;
	home_add(homes, HOME_REGISTER, 0, pc + 3);
	home_add(homes, HOME_REGISTER, dwarf_register(kept), pc + 3);
	/* Between the two the hook of the store is called. */
	for (unsigned i = 3; i < CODE_BYTES; i++)
		if (store_read(homes, code + i, kept, pc + i))
			return;
}

static bool is_at_home(Dwarf_Die *variable, const struct homes *homes, const struct home *home)
{
	Dwarf_Attribute attribute;
	Dwarf_Op *expression;
	size_t length;

	if (!dwarf_attr_integrate(variable, DW_AT_location, &attribute) ||
	    dwarf_getlocation_addr(&attribute, home->pc - homes->bias, &expression, &length, 1) !=
		    1 ||
	    length != 1)
		return false;
	switch (home->kind) {
	case HOME_REGISTER:
		return expression[0].atom == DW_OP_reg0 + (unsigned)home->at;
	case HOME_FRAME:
		return expression[0].atom == DW_OP_fbreg &&
		       (int64_t)expression[0].number == home->at;
	case HOME_ADDRESS:
		return expression[0].atom == DW_OP_addr &&
		       expression[0].number + homes->bias == (uint64_t)home->at;
	}
	return false;
}

/* What a pointer of that type points to, when a block consists of it. */
static uint64_t pointed_to(Dwarf_Die *variable, uint64_t bytes, Dwarf_Die *type)
{
	Dwarf_Die pointer;
	uint64_t size;

	if (!parts_type(variable, &pointer) || dwarf_peel_type(&pointer, &pointer) ||
	    dwarf_tag(&pointer) != DW_TAG_pointer_type || !parts_type(&pointer, type) ||
	    !dwarf_diename(type))
		return 0;
	size = parts_size(type);
	return size && bytes && bytes % size == 0 ? size : 0;
}

static uint64_t look_down(Dwarf_Die *die, const struct homes *homes, uint64_t bytes,
			  Dwarf_Die *type, int depth)
{
	uint64_t size = 0;
	Dwarf_Die child;

	if (depth > DEPTH_MAX || dwarf_child(die, &child))
		return 0;
	do {
		int tag = dwarf_tag(&child);

		if (tag != DW_TAG_variable && tag != DW_TAG_formal_parameter) {
			if (tag == DW_TAG_lexical_block || tag == DW_TAG_inlined_subroutine)
				size = look_down(&child, homes, bytes, type, depth + 1);
			continue;
		}
		for (size_t i = 0; i < homes->count && !size; i++)
			if (is_at_home(&child, homes, &homes->all[i]))
				size = pointed_to(&child, bytes, type);
	} while (!size && dwarf_siblingof(&child, &child) == 0);
	return size;
}

uint64_t assigned_type(struct symbols *symbols, uint64_t pc, uint64_t bytes, Dwarf_Die *type)
{
	struct homes homes = {.count = 0};
	Dwarf_Die function, unit;
	uint64_t size;

	if (!inside_function(symbols, pc - 1, &function, &homes.bias))
		return 0;
	homes.gap = gap_of(&function, pc - homes.bias);
	homes_find(symbols, pc, &homes);
	size = look_down(&function, &homes, bytes, type, 0);
	if (size || !dwarf_diecu(&function, &unit, NULL, NULL))
		return size;
	return look_down(&unit, &homes, bytes, type, 0);
}
