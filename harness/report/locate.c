#include "report/locate.h"

#include "base/check.h"
#include "report/parts.h"

#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <stdlib.h>
#include <string.h>

/* Types of types, blocks in blocks: deeper is no program's debug information. */
#define DEPTH_MAX 64

struct locate {
	Dwfl *dwfl;
	Dwfl_Module *module;
	Dwarf_Addr bias; /* libdwfl's, for files that can be loaded anywhere */
	bool moves;
};

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_build_id_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
	.section_address = dwfl_offline_section_address,
};

struct locate *locate_open(const char *path)
{
	struct locate *locate = calloc(1, sizeof(*locate));
	GElf_Ehdr header;
	Elf *elf;

	CHECK(locate && "enough memory");
	locate->dwfl = dwfl_begin(&callbacks);
	CHECK(locate->dwfl && "enough memory");
	locate->module = dwfl_report_offline(locate->dwfl, "", path, -1);
	dwfl_report_end(locate->dwfl, NULL, NULL);
	elf = locate->module ? dwfl_module_getelf(locate->module, &locate->bias) : NULL;
	if (!elf || !gelf_getehdr(elf, &header)) {
		locate_close(locate);
		return NULL;
	}
	locate->moves = header.e_type == ET_DYN;
	return locate;
}

void locate_close(struct locate *locate)
{
	if (!locate)
		return;
	dwfl_end(locate->dwfl);
	free(locate);
}

/* The symbol of that name and kind; the first of them. */
static bool symbol_find(struct locate *locate, const char *name, bool code, GElf_Sym *symbol,
			GElf_Addr *address)
{
	int count = dwfl_module_getsymtab(locate->module);

	for (int i = 1; i < count; i++) {
		GElf_Word section;
		const char *text = dwfl_module_getsym_info(locate->module, i, symbol, address,
							   &section, NULL, NULL);
		int type = GELF_ST_TYPE(symbol->st_info);
		bool is_code = type == STT_FUNC || type == STT_GNU_IFUNC;

		if (text && section != SHN_UNDEF && is_code == code &&
		    (code || type == STT_OBJECT || type == STT_TLS) && strcmp(text, name) == 0)
			return true;
	}
	return false;
}

bool locate_function(struct locate *locate, const char *name, uint64_t *address)
{
	GElf_Sym symbol;
	GElf_Addr at;

	if (!symbol_find(locate, name, true, &symbol, &at))
		return false;
	*address = at - locate->bias;
	return true;
}

/* ------- lines ------- */

static bool is_file(const char *path, const char *wanted)
{
	size_t length = strlen(path), tail = strlen(wanted);

	return length >= tail && strcmp(path + length - tail, wanted) == 0 &&
	       (length == tail || path[length - tail - 1] == '/');
}

static bool is_line(Dwarf_Line *line, const char *file, unsigned number)
{
	const char *path = dwarf_linesrc(line, NULL, NULL);
	bool statement = false;
	int at = 0;

	return path && dwarf_lineno(line, &at) == 0 && at == (int)number &&
	       dwarf_linebeginstatement(line, &statement) == 0 && statement && is_file(path, file);
}

static size_t address_add(uint64_t address, uint64_t *addresses, size_t count, size_t room)
{
	size_t kept = count < room ? count : room, at = 0;

	while (at < kept && addresses[at] < address)
		at++;
	if (at < kept && addresses[at] == address)
		return count;
	if (at < room) {
		size_t last = kept < room ? kept : room - 1;

		memmove(addresses + at + 1, addresses + at, (last - at) * sizeof(*addresses));
		addresses[at] = address;
	}
	return count + 1;
}

size_t locate_line(struct locate *locate, const char *file, unsigned line, uint64_t *addresses,
		   size_t room)
{
	Dwarf_Die *unit = NULL;
	Dwarf_Addr bias;
	size_t found = 0;

	while ((unit = dwfl_module_nextcu(locate->module, unit, &bias))) {
		Dwarf_Lines *lines;
		bool inside = false;
		size_t count;

		if (dwarf_getsrclines(unit, &lines, &count) != 0)
			continue;
		for (size_t i = 0; i < count; i++) {
			Dwarf_Line *at = dwarf_onesrcline(lines, i);
			bool was_inside = inside;
			Dwarf_Addr address;

			inside = is_line(at, file, line);
			if (inside && !was_inside && dwarf_lineaddr(at, &address) == 0)
				found = address_add(address, addresses, found, room);
		}
	}
	return found;
}

/* ------- variables ------- */

static bool type_of(Dwarf_Die *die, Dwarf_Die *type)
{
	Dwarf_Attribute attribute;

	return dwarf_attr_integrate(die, DW_AT_type, &attribute) &&
	       dwarf_formref_die(&attribute, type);
}

static void look_at_type(Dwarf_Die *die, struct locate_variable *variable)
{
	Dwarf_Die type;
	const char *name;

	if (!type_of(die, &type))
		return;
	if (!variable->bytes)
		variable->bytes = parts_size(&type);
	for (int depth = 0; depth < DEPTH_MAX; depth++) {
		int tag;

		if (depth && !type_of(&type, &type))
			return;
		tag = dwarf_tag(&type);
		name = dwarf_diename(&type);
		variable->is_volatile |= tag == DW_TAG_volatile_type;
		variable->is_atomic |= tag == DW_TAG_atomic_type;
		/* C++: std::atomic<int>, std::atomic_flag. */
		if (tag == DW_TAG_structure_type || tag == DW_TAG_class_type)
			variable->is_atomic |= name && strncmp(name, "atomic", 6) == 0 &&
					       (name[6] == '<' || name[6] == '_');
		if (tag != DW_TAG_volatile_type && tag != DW_TAG_atomic_type &&
		    tag != DW_TAG_const_type && tag != DW_TAG_typedef && tag != DW_TAG_array_type)
			return;
	}
}

/* Where the variable lies always: one operation, an address. */
static bool address_of(Dwarf_Die *die, uint64_t *address)
{
	Dwarf_Attribute attribute, indexed;
	Dwarf_Op *expression;
	Dwarf_Addr at;
	size_t length;

	if (!dwarf_attr_integrate(die, DW_AT_location, &attribute) ||
	    dwarf_getlocation(&attribute, &expression, &length) != 0 || length != 1)
		return false;
	*address = expression[0].number;
	if (expression[0].atom == DW_OP_addr)
		return true;
	if (expression[0].atom != DW_OP_addrx ||
	    dwarf_getlocation_attr(&attribute, expression, &indexed) != 0 ||
	    dwarf_formaddr(&indexed, &at) != 0)
		return false;
	*address = at;
	return true;
}

struct search {
	const char *name;
	bool at_address; /* only the one at `variable->address` */
	struct locate_variable *variable;
};

static bool is_wanted(const struct search *search, Dwarf_Die *die)
{
	const char *name = dwarf_diename(die);
	uint64_t address;

	if (!name || !address_of(die, &address))
		return false;
	if (search->at_address)
		return address == search->variable->address;
	if (strcmp(name, search->name) != 0)
		return false;
	search->variable->address = address;
	return true;
}

static bool walk(const struct search *search, Dwarf_Die *die, int depth)
{
	Dwarf_Die child;

	if (depth > DEPTH_MAX || dwarf_child(die, &child) != 0)
		return false;
	do {
		int tag = dwarf_tag(&child);

		if (tag == DW_TAG_variable && is_wanted(search, &child)) {
			look_at_type(&child, search->variable);
			return true;
		}
		if ((tag == DW_TAG_namespace || tag == DW_TAG_subprogram ||
		     tag == DW_TAG_lexical_block) &&
		    walk(search, &child, depth + 1))
			return true;
	} while (dwarf_siblingof(&child, &child) == 0);
	return false;
}

static bool debug_find(struct locate *locate, const struct search *search)
{
	Dwarf_Die *unit = NULL;
	Dwarf_Addr bias;

	while ((unit = dwfl_module_nextcu(locate->module, unit, &bias)))
		if (walk(search, unit, 0))
			return true;
	return false;
}

bool locate_variable(struct locate *locate, const char *name, struct locate_variable *variable)
{
	struct search search = {.name = name, .variable = variable};
	GElf_Sym symbol;
	GElf_Addr address;

	*variable = (struct locate_variable){.address = 0};
	if (!symbol_find(locate, name, false, &symbol, &address))
		return debug_find(locate, &search);
	variable->bytes = symbol.st_size;
	variable->is_global = GELF_ST_BIND(symbol.st_info) != STB_LOCAL;
	variable->is_thread_local = GELF_ST_TYPE(symbol.st_info) == STT_TLS;
	variable->address = address - locate->bias;
	search.at_address = true;
	debug_find(locate, &search);
	return true;
}

bool locate_is_inside(struct locate *locate, uint64_t address)
{
	Dwarf_Addr start, end;

	dwfl_module_info(locate->module, NULL, &start, &end, NULL, NULL, NULL, NULL);
	return locate->moves && address < end - start;
}
