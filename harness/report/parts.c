/*
 * parts.c - walks down a type to the part at an offset.
 *
 * Stops at the synchronisation types of the C library, whose insides are nobody's business, and
 * leaves out what the C++ library calls its own members (`_M_...`): a `std::atomic<int> hits` is
 * `hits`.
 */
#include "report/parts.h"

#include "report/variables.h"

#include <dwarf.h>
#include <stdio.h>
#include <string.h>

#define DEPTH_MAX      64
#define DIMENSIONS_MAX 8

static const char *const closed_types[] = {
	"pthread_mutex_t",
	"pthread_cond_t",
	"pthread_rwlock_t",
	"pthread_barrier_t",
	"pthread_once_t",
	"pthread_spinlock_t",
	"sem_t",
	"mtx_t",
	"cnd_t",
	"once_flag",
};

/* A walk: the part reached so far. */
struct part {
	Dwarf_Die type;
	uint64_t offset; /* of the address in it */
	uint32_t size;	 /* wanted */
	bool is_thread;	 /* of a type that stands for a thread */
	char *name;
	size_t room;
};

bool parts_type(Dwarf_Die *die, Dwarf_Die *type)
{
	Dwarf_Attribute attribute;

	return dwarf_formref_die(dwarf_attr_integrate(die, DW_AT_type, &attribute), type);
}

uint64_t parts_size(Dwarf_Die *type)
{
	Dwarf_Word size;

	return dwarf_aggregate_size(type, &size) ? 0 : size;
}

static bool is_closed(Dwarf_Die *type)
{
	const char *name = dwarf_diename(type);

	for (size_t i = 0; name && i < sizeof(closed_types) / sizeof(closed_types[0]); i++)
		if (!strcmp(name, closed_types[i]))
			return true;
	return false;
}

static bool is_thread(Dwarf_Die *type)
{
	const char *name = dwarf_diename(type);

	return name && (!strcmp(name, "pthread_t") || !strcmp(name, "thrd_t"));
}

/* Takes typedefs and qualifiers off. False at a type whose insides are not shown. */
static bool peel(Dwarf_Die *type, bool *has_thread)
{
	for (int depth = 0; depth < DEPTH_MAX; depth++) {
		switch (dwarf_tag(type)) {
		case DW_TAG_typedef:
			if (is_closed(type))
				return false;
			if (has_thread)
				*has_thread |= is_thread(type);
			break;
		case DW_TAG_const_type:
		case DW_TAG_volatile_type:
		case DW_TAG_restrict_type:
		case DW_TAG_atomic_type:
			break;
		default:
			return true;
		}
		if (!parts_type(type, type))
			return false;
	}
	return false;
}

static void add(struct part *part, const char *text)
{
	size_t length = strlen(part->name);

	snprintf(part->name + length, part->room - length, "%s", text);
}

static void add_index(struct part *part, uint64_t index)
{
	char text[32];

	snprintf(text, sizeof(text), "[%lu]", (unsigned long)index);
	add(part, text);
}

/* How many elements each dimension has, outermost first; an unknown number is 0. */
static size_t dimensions(Dwarf_Die *array, uint64_t counts[DIMENSIONS_MAX])
{
	size_t count = 0;
	Dwarf_Die child;

	if (dwarf_child(array, &child))
		return 0;
	do {
		Dwarf_Attribute attribute;
		Dwarf_Word number = 0;

		if (dwarf_tag(&child) != DW_TAG_subrange_type || count == DIMENSIONS_MAX)
			continue;
		if (dwarf_formudata(dwarf_attr(&child, DW_AT_count, &attribute), &number) &&
		    dwarf_formudata(dwarf_attr(&child, DW_AT_upper_bound, &attribute), &number) ==
			    0)
			number++;
		counts[count++] = number;
	} while (dwarf_siblingof(&child, &child) == 0);
	return count;
}

/* Goes to the element; false when more than that was asked for, or nothing more can be said. */
static bool into_array(struct part *part)
{
	uint64_t counts[DIMENSIONS_MAX], stride;
	size_t count = dimensions(&part->type, counts);
	Dwarf_Die element;

	if (!parts_type(&part->type, &element))
		return false;
	stride = parts_size(&element);
	if (!stride || (!part->offset && part->size > stride))
		return false;
	for (size_t i = 0; i < count; i++) {
		uint64_t inner = stride;

		for (size_t j = i + 1; j < count; j++)
			inner *= counts[j];
		if (!inner)
			return false;
		add_index(part, part->offset / inner);
		part->offset %= inner;
	}
	part->type = element;
	return count > 0;
}

static bool member_offset(Dwarf_Die *member, uint64_t *offset)
{
	Dwarf_Attribute attribute;
	Dwarf_Word number = 0;

	if (dwarf_hasattr(member, DW_AT_external))
		return false;
	if (dwarf_attr(member, DW_AT_data_member_location, &attribute)) {
		*offset = 0;
		if (dwarf_formudata(&attribute, &number))
			return false;
	} else if (dwarf_attr(member, DW_AT_data_bit_offset, &attribute)) {
		if (dwarf_formudata(&attribute, &number))
			return false;
		number /= 8;
	}
	*offset = number;
	return true;
}

/* How well a member of `size` bytes, in which the address is at `offset`, fits what is wanted. */
static int member_fit(const struct part *part, Dwarf_Die *type, uint64_t offset, uint64_t size)
{
	Dwarf_Die plain = *type;

	if (!offset && size == part->size)
		return 3;
	if (peel(&plain, NULL) && dwarf_tag(&plain) != DW_TAG_base_type)
		return 2;
	return 1;
}

/* The member with the address in it; of several (a union) the first of those that fit best. */
static bool member_find(struct part *part, Dwarf_Die *found, uint64_t *found_offset)
{
	Dwarf_Die child, type;
	uint64_t offset;
	int best = 0;

	if (dwarf_child(&part->type, &child))
		return false;
	do {
		int tag = dwarf_tag(&child), fit;
		uint64_t size;

		if ((tag != DW_TAG_member && tag != DW_TAG_inheritance) ||
		    !member_offset(&child, &offset) || !parts_type(&child, &type))
			continue;
		size = parts_size(&type);
		if (part->offset < offset || part->offset - offset >= size)
			continue;
		fit = member_fit(part, &type, part->offset - offset, size);
		if (fit <= best)
			continue;
		best = fit;
		*found = child;
		*found_offset = offset;
	} while (dwarf_siblingof(&child, &child) == 0);
	return best;
}

static bool is_bits(Dwarf_Die *member)
{
	return dwarf_hasattr(member, DW_AT_bit_size) ||
	       dwarf_hasattr(member, DW_AT_data_bit_offset);
}

/* The access is to whole bytes, so to all bit-fields that have a part of them: `open/frozen`. */
static void add_bits(struct part *part, Dwarf_Die *first)
{
	uint64_t size = part->size && part->size != VARIABLES_WHOLE ? part->size : 1, offset;
	Dwarf_Die child = *first;

	while (dwarf_siblingof(&child, &child) == 0) {
		if (dwarf_tag(&child) != DW_TAG_member || !is_bits(&child) ||
		    !member_offset(&child, &offset) || offset >= part->offset + size ||
		    !dwarf_diename(&child))
			continue;
		add(part, "/");
		add(part, dwarf_diename(&child));
	}
}

static bool into_struct(struct part *part)
{
	uint64_t offset;
	Dwarf_Die member, type;
	const char *name;

	if (part->size == VARIABLES_WHOLE && !part->offset)
		return false;
	if (!member_find(part, &member, &offset) || !parts_type(&member, &type))
		return false;
	/* An access that reaches over more than this member is one to the whole. */
	if (part->size != VARIABLES_WHOLE && part->offset == offset &&
	    part->size > parts_size(&type))
		return false;
	name = dwarf_tag(&member) == DW_TAG_member ? dwarf_diename(&member) : NULL;
	if (name && strncmp(name, "_M_", 3)) {
		add(part, ".");
		add(part, name);
		if (is_bits(&member))
			add_bits(part, &member);
	}
	part->offset -= offset;
	part->type = type;
	return true;
}

static enum symbols_type base_type(Dwarf_Die *type)
{
	Dwarf_Attribute attribute;
	Dwarf_Word encoding = 0;
	const char *name = dwarf_diename(type);

	dwarf_formudata(dwarf_attr(type, DW_AT_encoding, &attribute), &encoding);
	switch (encoding) {
	case DW_ATE_boolean:
		return SYMBOLS_BOOLEAN;
	case DW_ATE_float:
		return SYMBOLS_FLOAT;
	case DW_ATE_signed:
		return SYMBOLS_SIGNED;
	case DW_ATE_signed_char:
		return name && !strcmp(name, "char") ? SYMBOLS_CHARACTER : SYMBOLS_SIGNED;
	case DW_ATE_unsigned:
	case DW_ATE_unsigned_char:
		return SYMBOLS_UNSIGNED;
	}
	return SYMBOLS_UNKNOWN;
}

static enum symbols_type type_of_value(struct part *part)
{
	if (part->offset)
		return SYMBOLS_UNKNOWN;
	if (part->is_thread)
		return SYMBOLS_THREAD;
	switch (dwarf_tag(&part->type)) {
	case DW_TAG_base_type:
		return base_type(&part->type);
	case DW_TAG_pointer_type:
	case DW_TAG_reference_type:
	case DW_TAG_rvalue_reference_type:
		return SYMBOLS_POINTER;
	}
	return SYMBOLS_UNKNOWN;
}

/* One step down. False when the part is reached. */
static bool step_down(struct part *part)
{
	part->is_thread = false;
	if (!peel(&part->type, &part->is_thread))
		return false;
	switch (dwarf_tag(&part->type)) {
	case DW_TAG_array_type:
		return into_array(part);
	case DW_TAG_structure_type:
	case DW_TAG_class_type:
	case DW_TAG_union_type:
		return into_struct(part);
	}
	return false;
}

enum symbols_type parts_name(Dwarf_Die *type, uint64_t offset, uint32_t size, const char *variable,
			     char *name, size_t room)
{
	struct part part = {
		.type = *type, .offset = offset, .size = size, .name = name, .room = room};
	char rest[32];

	*name = '\0';
	add(&part, variable);
	for (int depth = 0; depth < DEPTH_MAX && step_down(&part); depth++)
		;
	if (part.offset) {
		snprintf(rest, sizeof(rest), "+0x%lx", (unsigned long)part.offset);
		add(&part, rest);
	}
	return type_of_value(&part);
}
