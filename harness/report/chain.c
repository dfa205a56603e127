/*
 * chain.c - from an address in code to function, file and line, through inlined functions.
 *
 * The line table gives the innermost place. Which functions were inlined there, and from which
 * lines they were called, is read off the tree of the compilation unit by walking down to the
 * address.
 *
 * Compilation units are found by .debug_aranges where there is one; clang writes none, and then
 * each unit is asked.
 */
#include "report/inside.h"

#include "base/check.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <stdlib.h>
#include <string.h>

#define INLINED_MAX 32
/* Blocks within blocks: deeper is no program's debug information. */
#define DEPTH_MAX 256

/* Functions around an address, the outermost (which is not inlined) first. */
struct nest {
	Dwarf_Die functions[INLINED_MAX];
	size_t count;
};

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The part of `path` below the folder that the unit was compiled in, or null. */
static const char *below_folder(Dwarf_Die *unit, const char *path)
{
	Dwarf_Attribute attribute;
	const char *folder =
		dwarf_formstring(dwarf_attr_integrate(unit, DW_AT_comp_dir, &attribute));
	size_t length = folder ? strlen(folder) : 0;

	return length && !strncmp(path, folder, length) && path[length] == '/' ? path + length + 1
									       : NULL;
}

/* `path` without the folder of the machine that it was compiled on. */
static const char *relative(Dwarf_Die *unit, const char *path)
{
	const char *below = below_folder(unit, path);

	if (!below && path[0] == '/')
		return last_part(path);
	path = below ? below : path;
	while (!strncmp(path, "./", 2))
		path += 2;
	return path;
}

/* Code that a header of the C++ library was made into says nothing about the program: its caller
 * does. */
static bool is_installed(Dwarf_Die *unit, const char *path)
{
	return !strncmp(path, "/usr/", 5) && !below_folder(unit, path);
}

static bool unit_find(Dwfl_Module *module, uint64_t address, Dwarf_Die *unit, Dwarf_Addr *bias)
{
	Dwarf_Die *found = dwfl_module_addrdie(module, address, bias);

	if (!found || dwarf_haspc(found, address - *bias) <= 0) {
		found = NULL;
		while ((found = dwfl_module_nextcu(module, found, bias)))
			if (dwarf_haspc(found, address - *bias) > 0)
				break;
	}
	if (found)
		*unit = *found;
	return found;
}

/* Children of `die` that have `pc` in them, or may hold something that has. */
static bool leads_on(Dwarf_Die *die, Dwarf_Addr pc)
{
	switch (dwarf_tag(die)) {
	case DW_TAG_namespace:
		return true;
	case DW_TAG_subprogram:
	case DW_TAG_inlined_subroutine:
	case DW_TAG_lexical_block:
	case DW_TAG_try_block:
	case DW_TAG_catch_block:
		return dwarf_haspc(die, pc) > 0;
	}
	return false;
}

/* True when the address was found below `die`. */
static bool nest_find(Dwarf_Die *die, Dwarf_Addr pc, struct nest *nest, int depth)
{
	int tag = dwarf_tag(die);
	Dwarf_Die child;

	if ((tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine) &&
	    nest->count < INLINED_MAX)
		nest->functions[nest->count++] = *die;
	if (depth < DEPTH_MAX && dwarf_child(die, &child) == 0)
		do
			if (leads_on(&child, pc) && nest_find(&child, pc, nest, depth + 1))
				return true;
		while (dwarf_siblingof(&child, &child) == 0);
	return tag != DW_TAG_namespace && tag != DW_TAG_compile_unit;
}

static uint32_t attribute_number(Dwarf_Die *die, unsigned name)
{
	Dwarf_Attribute attribute;
	Dwarf_Word number;

	if (dwarf_formudata(dwarf_attr(die, name, &attribute), &number))
		return 0;
	return (uint32_t)number;
}

static void place_complete(struct symbols *symbols, struct place *place, Dwarf_Die *unit,
			   const char *path)
{
	const char *file = path ? relative(unit, path) : NULL;

	place->file = file && place->line ? store_intern(symbols->texts, file) : "";
	place->path = *place->file ? store_intern(symbols->texts, path) : "";
	if (*place->file)
		place->text = inside_text(symbols, "%s:%u", place->file, place->line);
}

/* The line that the inlined `function` was called from. Both return whether that is in an installed
 * header. */
static bool place_of_call(struct symbols *symbols, struct place *place, Dwarf_Die *unit,
			  Dwarf_Die *function)
{
	const char *path = NULL;
	Dwarf_Files *files;
	size_t count;

	place->line = attribute_number(function, DW_AT_call_line);
	if (dwarf_getsrcfiles(unit, &files, &count) == 0)
		path = dwarf_filesrc(files, attribute_number(function, DW_AT_call_file), NULL,
				     NULL);
	place_complete(symbols, place, unit, path);
	return path && is_installed(unit, path);
}

static bool place_of_line(struct symbols *symbols, struct place *place, Dwarf_Die *unit,
			  Dwarf_Addr pc)
{
	Dwarf_Line *line = dwarf_getsrc_die(unit, pc);
	const char *path = line ? dwarf_linesrc(line, NULL, NULL) : NULL;
	int number = 0;

	if (line)
		dwarf_lineno(line, &number);
	place->line = (uint32_t)number;
	place_complete(symbols, place, unit, path);
	return path && is_installed(unit, path);
}

static void function_name(struct symbols *symbols, struct place *place, Dwarf_Die *function)
{
	const char *name = dwarf_diename(function);

	if (name)
		place->function = store_intern(symbols->texts, name);
}

/* What can be said without debug information. */
static struct place place_plain(struct symbols *symbols, Dwfl_Module *module, uint64_t address)
{
	struct place place = {.function = "", .file = "", .path = "", .text = "?", .module = ""};
	const char *name;
	GElf_Off offset;
	GElf_Sym symbol;
	Dwarf_Addr low = 0;

	if (!module)
		return place;
	place.module = inside_module_name(symbols, module);
	dwfl_module_info(module, NULL, &low, NULL, NULL, NULL, NULL, NULL);
	name = dwfl_module_addrinfo(module, address, &offset, &symbol, NULL, NULL, NULL);
	/* A symbol without a size is just the nearest label. */
	if (name && *name && symbol.st_size) {
		place.function = store_intern(symbols->texts, name);
		place.text = inside_text(symbols, "%s:%s+0x%lx", place.module, name,
					 (unsigned long)offset);
	} else {
		place.text = inside_text(symbols, "%s+0x%lx", place.module,
					 (unsigned long)(address - low));
	}
	return place;
}

static struct chain *chain_make(struct symbols *symbols, uint64_t address)
{
	Dwfl_Module *module = inside_module(symbols, address);
	struct place plain = place_plain(symbols, module, address);
	struct nest nest = {.count = 0};
	struct chain *chain;
	Dwarf_Die unit;
	Dwarf_Addr bias = 0;
	bool installed = false;
	bool has_unit = module && unit_find(module, address, &unit, &bias);

	if (has_unit)
		nest_find(&unit, address - bias, &nest, 0);
	chain = malloc(sizeof(*chain) + (nest.count + 1) * sizeof(chain->places[0]));
	CHECK(chain && "enough memory");
	chain->count = nest.count ? nest.count : 1;
	chain->shown = 0;
	for (size_t i = 0; i < chain->count; i++) {
		struct place *place = &chain->places[i];

		*place = plain;
		if (nest.count)
			function_name(symbols, place, &nest.functions[nest.count - 1 - i]);
		if (i)
			installed = place_of_call(symbols, place, &unit,
						  &nest.functions[nest.count - i]);
		else if (has_unit)
			installed = place_of_line(symbols, place, &unit, address - bias);
		if (installed && chain->shown == i)
			chain->shown++;
	}
	if (chain->shown == chain->count)
		chain->shown = 0;
	return chain;
}

const struct chain *inside_chain(struct symbols *symbols, uint64_t address)
{
	void **slot = cache_at(&symbols->chains, address, 0);

	if (!*slot)
		*slot = chain_make(symbols, address);
	return *slot;
}

bool inside_function(struct symbols *symbols, uint64_t address, Dwarf_Die *function,
		     Dwarf_Addr *bias)
{
	Dwfl_Module *module = inside_module(symbols, address);
	struct nest nest = {.count = 0};
	Dwarf_Die unit;

	if (!module || !unit_find(module, address, &unit, bias))
		return false;
	nest_find(&unit, address - *bias, &nest, 0);
	if (nest.count)
		*function = nest.functions[0];
	return nest.count;
}
