/*
 * variables.c - finds variables by their address.
 *
 * The symbol table has most of them but neither their types nor, for those inside functions, their
 * plain names, so the debug information of a module is walked once, and the variables with a fixed
 * address are kept, sorted. For a call that has not returned the same is done with its function and
 * the place of its frame.
 */
#include "report/variables.h"

#include "base/check.h"
#include "report/parts.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <stdlib.h>
#include <string.h>

/* Blocks within blocks: deeper is no program's debug information. */
#define DEPTH_MAX 256

struct variable {
	uint64_t low, size;
	Dwarf_Die die;
};

struct variables {
	/* Of a call as a whole: several of them may have the same place, in different blocks. */
	bool may_overlap;
	size_t count;
	struct variable all[];
};

struct walk {
	struct variables *variables;
	size_t room;
	Dwarf_Addr bias;
	/* Null for static variables; `base` is the frame base. */
	const struct variables_frame *frame;
	uint64_t base;
	bool of_thread; /* those with thread storage: `low` is where in that */
};

static bool address_fixed(Dwarf_Die *die, Dwarf_Addr *address)
{
	Dwarf_Attribute attribute, indexed;
	Dwarf_Op *expression;
	size_t length;

	if (!dwarf_attr(die, DW_AT_location, &attribute) ||
	    dwarf_getlocation(&attribute, &expression, &length) || length != 1)
		return false;
	*address = expression[0].number;
	if (expression[0].atom == DW_OP_addr)
		return true;
	return expression[0].atom == DW_OP_addrx &&
	       dwarf_getlocation_attr(&attribute, expression, &indexed) == 0 &&
	       dwarf_formaddr(&indexed, address) == 0;
}

/* The one operation that says where the attribute's value is at `pc`. */
static bool operation_at(Dwarf_Die *die, unsigned name, Dwarf_Addr pc, Dwarf_Op *operation)
{
	Dwarf_Attribute attribute;
	Dwarf_Op *expression;
	size_t length;

	if (!dwarf_attr_integrate(die, name, &attribute) ||
	    dwarf_getlocation_addr(&attribute, pc, &expression, &length, 1) != 1 || length != 1)
		return false;
	*operation = *expression;
	return true;
}

/* Where in the thread's part of the module's memory the variable lies. */
static bool offset_in_thread(Dwarf_Die *die, Dwarf_Addr *offset)
{
	Dwarf_Attribute attribute;
	Dwarf_Op *expression;
	size_t length;

	if (!dwarf_attr(die, DW_AT_location, &attribute) ||
	    dwarf_getlocation(&attribute, &expression, &length) || length != 2 ||
	    (expression[1].atom != DW_OP_GNU_push_tls_address &&
	     expression[1].atom != DW_OP_form_tls_address))
		return false;
	*offset = expression[0].number;
	return true;
}

/* At any instruction: a variable whose address is known to others stays where it is. */
static bool address_anywhere(const struct walk *walk, Dwarf_Die *die, Dwarf_Addr *address)
{
	Dwarf_Attribute attribute;
	Dwarf_Addr base, start, end;
	Dwarf_Op *expression;
	size_t length;
	ptrdiff_t offset = 0;

	if (!dwarf_attr_integrate(die, DW_AT_location, &attribute))
		return false;
	while ((offset = dwarf_getlocations(&attribute, offset, &base, &start, &end, &expression,
					    &length)) > 0) {
		if (length != 1 || expression[0].atom != DW_OP_fbreg)
			continue;
		*address = walk->base + expression[0].number;
		return true;
	}
	return false;
}

static bool address_in_frame(const struct walk *walk, Dwarf_Die *die, Dwarf_Addr *address)
{
	Dwarf_Op operation;

	if (!operation_at(die, DW_AT_location, walk->frame->pc, &operation) ||
	    operation.atom != DW_OP_fbreg)
		return false;
	*address = walk->base + operation.number;
	return true;
}

static bool address_of(const struct walk *walk, Dwarf_Die *die, Dwarf_Addr *address)
{
	if (walk->of_thread)
		return offset_in_thread(die, address);
	if (walk->frame && !walk->frame->pc)
		return address_anywhere(walk, die, address);
	if (walk->frame)
		return address_in_frame(walk, die, address);
	if (!address_fixed(die, address))
		return false;
	*address += walk->bias;
	return true;
}

static void variable_add(struct walk *walk, Dwarf_Die *die)
{
	struct variables *variables = walk->variables;
	Dwarf_Die type;
	Dwarf_Addr address;
	uint64_t size;

	if (!dwarf_diename(die) || !address_of(walk, die, &address) || !parts_type(die, &type))
		return;
	size = parts_size(&type);
	if (!size)
		return;
	if (variables->count == walk->room) {
		walk->room = walk->room ? 2 * walk->room : 64;
		variables = realloc(variables,
				    sizeof(*variables) + walk->room * sizeof(variables->all[0]));
		CHECK(variables && "enough memory");
		walk->variables = variables;
	}
	variables->all[variables->count++] =
		(struct variable){.low = address, .size = size, .die = *die};
}

/* Of a call only the blocks that it is in. */
static bool is_in_scope(const struct walk *walk, Dwarf_Die *die)
{
	return !walk->frame || !walk->frame->pc || dwarf_haspc(die, walk->frame->pc) > 0;
}

static void walk_down(struct walk *walk, Dwarf_Die *die, int depth)
{
	Dwarf_Die child;

	if (depth > DEPTH_MAX || dwarf_child(die, &child))
		return;
	do {
		switch (dwarf_tag(&child)) {
		case DW_TAG_variable:
		case DW_TAG_formal_parameter:
			variable_add(walk, &child);
			break;
		case DW_TAG_namespace:
		case DW_TAG_subprogram:
		case DW_TAG_lexical_block:
		case DW_TAG_inlined_subroutine:
		case DW_TAG_try_block:
		case DW_TAG_catch_block:
			if (is_in_scope(walk, &child))
				walk_down(walk, &child, depth + 1);
			break;
		}
	} while (dwarf_siblingof(&child, &child) == 0);
}

static int by_address(const void *left, const void *right)
{
	const struct variable *a = left, *b = right;

	if (a->low != b->low)
		return a->low < b->low ? -1 : 1;
	return a->size < b->size ? -1 : a->size > b->size;
}

static struct variables *read_module(Dwfl_Module *module, bool of_thread)
{
	struct walk walk = {.variables = calloc(1, sizeof(*walk.variables)),
			    .of_thread = of_thread};
	Dwarf_Die *unit = NULL;

	CHECK(walk.variables && "enough memory");
	while ((unit = dwfl_module_nextcu(module, unit, &walk.bias)))
		walk_down(&walk, unit, 0);
	qsort(walk.variables->all, walk.variables->count, sizeof(walk.variables->all[0]),
	      by_address);
	return walk.variables;
}

struct variables *variables_read(Dwfl_Module *module)
{
	return read_module(module, false);
}

struct variables *variables_read_thread(Dwfl_Module *module)
{
	return read_module(module, true);
}

static bool base_of(const struct variables_frame *frame, uint64_t *base)
{
	Dwarf_Op operation;

	Dwarf_Addr pc = frame->pc;

	if (!pc && dwarf_entrypc(frame->function, &pc))
		return false;
	if (!operation_at(frame->function, DW_AT_frame_base, pc, &operation))
		return false;
	switch (operation.atom) {
	case DW_OP_call_frame_cfa:
		*base = frame->cfa;
		return true;
	case DW_OP_reg6: /* rbp */
		*base = frame->rbp;
		return true;
	case DW_OP_breg6:
		*base = frame->rbp + operation.number;
		return true;
	}
	return false;
}

struct variables *variables_read_frame(const struct variables_frame *frame)
{
	struct walk walk = {.variables = calloc(1, sizeof(*walk.variables)), .frame = frame};

	CHECK(walk.variables && "enough memory");
	if (base_of(frame, &walk.base))
		walk_down(&walk, frame->function, 0);
	walk.variables->may_overlap = !frame->pc;
	qsort(walk.variables->all, walk.variables->count, sizeof(walk.variables->all[0]),
	      by_address);
	return walk.variables;
}

/* Whether another variable has a part of the same place. */
static bool overlaps(const struct variables *variables, size_t at)
{
	const struct variable *all = variables->all;

	for (size_t i = 0; i < variables->count; i++)
		if (i != at && all[i].low < all[at].low + all[at].size &&
		    all[at].low < all[i].low + all[i].size)
			return true;
	return false;
}

/* The last one that starts at or before `address`, if it reaches so far. */
static const struct variable *variable_find(const struct variables *variables, uint64_t address)
{
	size_t low = 0, high = variables->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (variables->all[middle].low <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || address - variables->all[low - 1].low >= variables->all[low - 1].size ||
	    (variables->may_overlap && overlaps(variables, low - 1)))
		return NULL;
	return &variables->all[low - 1];
}

bool variables_name(const struct variables *variables, uint64_t address, uint32_t size, char *name,
		    size_t room, enum symbols_type *type)
{
	const struct variable *variable = variable_find(variables, address);
	Dwarf_Die die, type_die;

	if (!variable)
		return false;
	die = variable->die;
	if (!parts_type(&die, &type_die))
		return false;
	*type = parts_name(&type_die, address - variable->low, size, dwarf_diename(&die), name,
			   room);
	return true;
}
