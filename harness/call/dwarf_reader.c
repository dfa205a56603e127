/*
 * dwarf_reader.c - walks .debug_info (DWARF 5, sections 7.5 and 7.5.6).
 *
 * Why not libdw: it would be opened inside the program under test, where it allocates, locks and
 * reads files, and all of that would then be part of what is recorded and searched.
 *
 * Invariant: an offset only ever grows while entries are read, so every walk ends, whatever the
 * bytes are.
 */
#include "call/dwarf_reader.h"

#include "call/dwarf_cursor.h"

#include <dwarf.h>
#include <string.h>

/* The value of an attribute, as far as it is a number. */
struct value {
	uint64_t number;
	bool is_address_index, is_in_unit;
};

/* Bytes of a form of fixed size, or -1. */
static int form_size(const struct dwarf_unit *unit, uint64_t form)
{
	switch (form) {
	case DW_FORM_flag_present:
		return 0;
	case DW_FORM_data1:
	case DW_FORM_ref1:
	case DW_FORM_flag:
	case DW_FORM_strx1:
	case DW_FORM_addrx1:
		return 1;
	case DW_FORM_data2:
	case DW_FORM_ref2:
	case DW_FORM_strx2:
	case DW_FORM_addrx2:
		return 2;
	case DW_FORM_strx3:
	case DW_FORM_addrx3:
		return 3;
	case DW_FORM_data4:
	case DW_FORM_ref4:
	case DW_FORM_strx4:
	case DW_FORM_addrx4:
	case DW_FORM_strp:
	case DW_FORM_line_strp:
	case DW_FORM_sec_offset:
	case DW_FORM_ref_sup4:
	case DW_FORM_strp_sup:
	case DW_FORM_GNU_ref_alt:
	case DW_FORM_GNU_strp_alt:
		return 4;
	case DW_FORM_data8:
	case DW_FORM_ref8:
	case DW_FORM_ref_sig8:
	case DW_FORM_ref_sup8:
		return 8;
	case DW_FORM_data16:
		return 16;
	case DW_FORM_addr:
		return (int)unit->address_size;
	case DW_FORM_ref_addr:
		return unit->version <= 2 ? (int)unit->address_size : 4;
	}
	return -1;
}

static bool form_is_address_index(uint64_t form)
{
	return form == DW_FORM_addrx || form == DW_FORM_GNU_addr_index ||
	       (form >= DW_FORM_addrx1 && form <= DW_FORM_addrx4);
}

static bool form_is_in_unit(uint64_t form)
{
	return form == DW_FORM_ref_udata || (form >= DW_FORM_ref1 && form <= DW_FORM_ref8);
}

static void value_read_sized(struct cursor *c, uint64_t form, struct value *value)
{
	switch (form) {
	case DW_FORM_string:
		cursor_skip_string(c);
		break;
	case DW_FORM_block1:
		cursor_skip(c, cursor_number(c, 1));
		break;
	case DW_FORM_block2:
		cursor_skip(c, cursor_number(c, 2));
		break;
	case DW_FORM_block4:
		cursor_skip(c, cursor_number(c, 4));
		break;
	case DW_FORM_block:
	case DW_FORM_exprloc:
		cursor_skip(c, cursor_leb(c));
		break;
	case DW_FORM_sdata:
	case DW_FORM_udata:
	case DW_FORM_ref_udata:
	case DW_FORM_strx:
	case DW_FORM_addrx:
	case DW_FORM_loclistx:
	case DW_FORM_rnglistx:
	case DW_FORM_GNU_addr_index:
	case DW_FORM_GNU_str_index:
		value->number = cursor_leb(c);
		break;
	default: /* a form of a later time: nothing behind it can be read */
		c->bad = true;
	}
}

static struct value value_read(const struct dwarf_unit *unit, struct cursor *c, uint64_t form,
			       uint64_t implicit)
{
	struct value value = {0};
	int size;

	if (form == DW_FORM_indirect)
		form = cursor_leb(c);
	size = form_size(unit, form);
	if (form == DW_FORM_implicit_const)
		value.number = implicit;
	else if (size >= 0)
		value.number = size ? cursor_number(c, (unsigned)size) : 1;
	else
		value_read_sized(c, form, &value);
	value.is_address_index = form_is_address_index(form);
	value.is_in_unit = form_is_in_unit(form);
	return value;
}

static uint64_t value_address(const struct dwarf_unit *unit, struct value value)
{
	struct cursor c;

	if (!value.is_address_index)
		return value.number;
	c = cursor_at(unit->dwarf->addr, unit->addr_base + value.number * unit->address_size);
	return cursor_number(&c, unit->address_size);
}

static size_t value_reference(const struct dwarf_unit *unit, struct value value,
			      struct dwarf_entry *entry)
{
	if (value.is_in_unit && value.number < unit->end - unit->start)
		return unit->start + value.number;
	entry->is_foreign = true;
	return 0;
}

static void entry_note(struct dwarf_unit *unit, struct dwarf_entry *entry, uint64_t name,
		       struct value value)
{
	switch (name) {
	case DW_AT_low_pc:
		entry->has_low_pc = true;
		entry->low_pc = value_address(unit, value);
		break;
	case DW_AT_type:
		entry->type = value_reference(unit, value, entry);
		break;
	case DW_AT_abstract_origin:
	case DW_AT_specification:
		entry->origin = value_reference(unit, value, entry);
		break;
	case DW_AT_byte_size:
		entry->byte_size = value.number;
		break;
	case DW_AT_encoding:
		entry->encoding = value.number;
		break;
	case DW_AT_declaration:
		entry->is_declaration = value.number;
		break;
	case DW_AT_addr_base:
		unit->addr_base = value.number;
		break;
	}
}

bool dwarf_entry_read(struct dwarf_unit *unit, size_t offset, struct dwarf_entry *entry)
{
	const struct section inside = {unit->dwarf->info.bytes, unit->end};
	struct cursor c = cursor_at(inside, offset), abbreviation;
	uint64_t name, form, implicit, code = cursor_leb(&c);

	*entry = (struct dwarf_entry){.next = (size_t)(c.at - inside.bytes)};
	if (c.bad || code >= DWARF_ABBREVIATIONS_MAX || (code && !unit->abbreviations[code]))
		return false;
	if (!code)
		return true;
	abbreviation = cursor_at(unit->dwarf->abbrev, unit->abbreviations[code]);
	entry->tag = (unsigned)cursor_leb(&abbreviation);
	entry->has_children = cursor_number(&abbreviation, 1);
	do {
		name = cursor_leb(&abbreviation);
		form = cursor_leb(&abbreviation);
		implicit = form == DW_FORM_implicit_const ? cursor_leb(&abbreviation) : 0;
		if (name || form)
			entry_note(unit, entry, name, value_read(unit, &c, form, implicit));
	} while ((name || form) && !c.bad && !abbreviation.bad);
	entry->next = (size_t)(c.at - inside.bytes);
	return !c.bad && !abbreviation.bad;
}

static bool abbreviations_read(struct dwarf_unit *unit, uint64_t offset)
{
	struct cursor c = cursor_at(unit->dwarf->abbrev, offset);
	uint64_t code, name, form;

	memset(unit->abbreviations, 0, sizeof(unit->abbreviations));
	while ((code = cursor_leb(&c)) && !c.bad) {
		if (code >= DWARF_ABBREVIATIONS_MAX)
			return false;
		unit->abbreviations[code] = (uint32_t)(c.at - unit->dwarf->abbrev.bytes);
		cursor_leb(&c);
		cursor_number(&c, 1);
		do {
			name = cursor_leb(&c);
			form = cursor_leb(&c);
			if (form == DW_FORM_implicit_const)
				cursor_leb(&c);
		} while ((name || form) && !c.bad);
	}
	return !c.bad;
}

size_t dwarf_unit_read(struct dwarf_unit *unit, const struct dwarf *dwarf, size_t start,
		       bool *usable)
{
	struct cursor c = cursor_at(dwarf->info, start);
	uint64_t length = cursor_number(&c, 4), abbreviations, type = DW_UT_compile;

	/* Lengths above this mark the 64-bit format, which no compiler writes unasked. */
	if (c.bad || length >= 0xfffffff0 || length > (uint64_t)(c.end - c.at))
		return 0;
	unit->dwarf = dwarf;
	unit->start = start;
	unit->end = start + 4 + length;
	unit->version = (unsigned)cursor_number(&c, 2);
	if (unit->version >= 5) {
		type = cursor_number(&c, 1);
		unit->address_size = (unsigned)cursor_number(&c, 1);
	}
	abbreviations = cursor_number(&c, 4);
	if (unit->version < 5)
		unit->address_size = (unsigned)cursor_number(&c, 1);
	unit->first = (size_t)(c.at - dwarf->info.bytes);
	unit->addr_base = 8; /* behind the header of .debug_addr, where nothing else is said */
	*usable = !c.bad && type == DW_UT_compile && unit->version >= 2 && unit->version <= 5 &&
		  unit->address_size == 8 && abbreviations_read(unit, abbreviations);
	return unit->end;
}
