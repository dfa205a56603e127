/*
 * symbols.c - opens a stopped process, and names what lies at its addresses.
 *
 * The list of modules and mappings is read once; the debug information of a module when a name in
 * it is first asked for, by libdw. A name is made of what does not change from machine to machine:
 * a variable, a thread's heap or stack with an offset, a file's name with an offset.
 *
 * Invariant: every text that goes out is in `texts`; what is cached is never changed.
 */
#include "report/inside.h"

#include "base/check.h"
#include "machine/heap.h"
#include "machine/layout.h"
#include "report/before.h"
#include "report/blocks.h"
#include "report/own.h"
#include "report/variables.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MAX_BYTES 1024

/* As libdw does it, but never from the network: a report must not wait for a server. */
static int find_debuginfo(Dwfl_Module *module, void **data, const char *name, Dwarf_Addr base,
			  const char *file, const char *link, GElf_Word checksum, char **found)
{
	static const char variable[] = "DEBUGINFOD_URLS";
	const char *urls = getenv(variable);
	char *kept = urls ? strdup(urls) : NULL;
	int result;

	unsetenv(variable);
	result =
		dwfl_standard_find_debuginfo(module, data, name, base, file, link, checksum, found);
	if (kept)
		setenv(variable, kept, 1);
	free(kept);
	return result;
}

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_linux_proc_find_elf,
	.find_debuginfo = find_debuginfo,
};

struct symbols *symbols_open(int pid, struct error *error)
{
	struct symbols *symbols = calloc(1, sizeof(*symbols));

	CHECK(symbols && "enough memory");
	symbols->pid = pid;
	symbols->texts = store_new();
	if (maps_read(&symbols->maps, pid, error)) {
		symbols_close(symbols);
		return NULL;
	}
	symbols->dwfl = dwfl_begin(&callbacks);
	/* Without modules there are no names of symbols, but still those of heaps and stacks. */
	if (symbols->dwfl) {
		dwfl_linux_proc_report(symbols->dwfl, pid);
		dwfl_report_end(symbols->dwfl, NULL, NULL);
	}
	return symbols;
}

void symbols_close(struct symbols *symbols)
{
	if (!symbols)
		return;
	cache_free(&symbols->chains);
	cache_free(&symbols->objects);
	cache_free(&symbols->variables);
	if (symbols->dwfl)
		dwfl_end(symbols->dwfl);
	maps_free(&symbols->maps);
	store_free(symbols->texts);
	free(symbols->stacks);
	free(symbols->before);
	free(symbols->locals);
	own_free(symbols);
	blocks_free(symbols);
	free(symbols);
}

void symbols_stacks(struct symbols *symbols, const struct symbols_stack *stacks, size_t count)
{
	if (!symbols || !count)
		return;
	free(symbols->stacks);
	symbols->stacks = malloc(count * sizeof(*stacks));
	CHECK(symbols->stacks && "enough memory");
	memcpy(symbols->stacks, stacks, count * sizeof(*stacks));
	symbols->stack_count = count;
	cache_free(&symbols->objects);
}

void symbols_caller(struct symbols *symbols, uint64_t low, uint64_t high)
{
	if (!symbols)
		return;
	symbols->caller_low = low;
	symbols->caller_high = high;
}

void symbols_heaps(struct symbols *symbols, const struct thread_report *report, size_t count)
{
	if (!symbols)
		return;
	/* From the last to the first: where several threads have one, it is named by the first. */
	for (size_t i = count; i-- > 0;)
		symbols->heaps[report[i].arena % HEAP_THREAD_ARENAS] = report[i].thread + 1;
	cache_free(&symbols->objects);
}

const char *inside_text(struct symbols *symbols, const char *format, ...)
{
	char text[2 * NAME_MAX_BYTES];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return store_intern(symbols->texts, text);
}

/* Where the last segment of the module ends in memory. */
static uint64_t module_end(Dwfl_Module *module)
{
	GElf_Addr bias;
	Elf *elf = dwfl_module_getelf(module, &bias);
	size_t count = 0;
	uint64_t end = 0;

	if (!elf || elf_getphdrnum(elf, &count))
		return 0;
	for (size_t i = 0; i < count; i++) {
		GElf_Phdr header;

		if (gelf_getphdr(elf, (int)i, &header) && header.p_type == PT_LOAD &&
		    header.p_vaddr + header.p_memsz + bias > end)
			end = header.p_vaddr + header.p_memsz + bias;
	}
	return end;
}

/* Variables without initial value lie in anonymous memory right behind the mapping of the file. */
static Dwfl_Module *module_before(struct symbols *symbols, const struct map *map, uint64_t address)
{
	Dwfl_Module *module;

	while (map > symbols->maps.maps && !*map->path && map[-1].high == map->low)
		map--;
	if (map->path[0] != '/')
		return NULL;
	module = dwfl_addrmodule(symbols->dwfl, map->low);
	return module && address < module_end(module) ? module : NULL;
}

/* By the mapping first: libdw gives addresses between modules to one of them. */
Dwfl_Module *inside_module(struct symbols *symbols, uint64_t address)
{
	const struct map *map = maps_find(&symbols->maps, address);

	if (!symbols->dwfl || !map)
		return NULL;
	if (map->path[0] == '/' || !strcmp(map->path, "[vdso]"))
		return dwfl_addrmodule(symbols->dwfl, address);
	if (*map->path)
		return NULL;
	return module_before(symbols, map, address);
}

bool inside_is_own(const char *module)
{
	return !strncmp(module, "libheddle.so", 12);
}

const char *inside_module_name(struct symbols *symbols, Dwfl_Module *module)
{
	static const char deleted[] = " (deleted)";
	const char *path = dwfl_module_info(module, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
	const char *slash = path ? strrchr(path, '/') : NULL, *name = slash ? slash + 1 : path;
	size_t length = name ? strlen(name) : 0;

	if (!length)
		return "?";
	if (length > strlen(deleted) && !strcmp(name + length - strlen(deleted), deleted))
		length -= strlen(deleted);
	return inside_text(symbols, "%.*s", (int)length, name);
}

const struct place *symbols_place(struct symbols *symbols, uint64_t pc)
{
	const struct chain *chain;
	static const struct place unknown = {
		.function = "", .file = "", .path = "", .text = "?", .module = ""};

	if (!symbols || !pc)
		return &unknown;
	chain = inside_chain(symbols, pc - 1);
	return inside_is_own(chain->places[0].module) ? &unknown : &chain->places[chain->shown];
}

static const struct variables *variables_of(struct symbols *symbols, Dwfl_Module *module)
{
	void **slot = cache_at(&symbols->variables, (uint64_t)(uintptr_t)module, 0);

	if (!*slot)
		*slot = variables_read(module);
	return *slot;
}

/* The compiler numbers variables of functions: "count.0" is `count`. */
static int plain_length(const char *symbol)
{
	const char *dot = strrchr(symbol, '.');

	if (!dot || dot == symbol || !dot[1] || dot[1 + strspn(dot + 1, "0123456789")])
		return (int)strlen(symbol);
	return (int)(dot - symbol);
}

static void object_in_module(struct symbols *symbols, Dwfl_Module *module, uint64_t address,
			     uint32_t size, struct symbols_object *object)
{
	char name[NAME_MAX_BYTES];
	const char *symbol;
	GElf_Off offset;
	GElf_Sym entry;
	Dwarf_Addr low = 0;

	if (variables_name(variables_of(symbols, module), address, size, name, sizeof(name),
			   &object->type)) {
		object->name = store_intern(symbols->texts, name);
		object->is_variable = true;
		return;
	}
	symbol = dwfl_module_addrinfo(module, address, &offset, &entry, NULL, NULL, NULL);
	dwfl_module_info(module, NULL, &low, NULL, NULL, NULL, NULL, NULL);
	object->is_variable = symbol && *symbol && entry.st_size;
	if (!object->is_variable)
		object->name = inside_text(symbols, "%s+0x%lx", inside_module_name(symbols, module),
					   (unsigned long)(address - low));
	else if (GELF_ST_TYPE(entry.st_info) == STT_FUNC && !offset)
		object->name = symbols_function(symbols, address);
	else if (offset)
		object->name = inside_text(symbols, "%.*s+0x%lx", plain_length(symbol), symbol,
					   (unsigned long)offset);
	else
		object->name = inside_text(symbols, "%.*s", plain_length(symbol), symbol);
}

static const char *name_in_heap(struct symbols *symbols, uint64_t address)
{
	uint64_t arena = (address - HEAP_BASE) / HEAP_ARENA_SPAN;
	uint64_t offset = (address - HEAP_BASE) % HEAP_ARENA_SPAN;

	if (arena == HEAP_ARENA_BEFORE && symbols->caller_low)
		return before_name(symbols, address);
	if (!symbols->heaps[arena])
		return inside_text(symbols, "heap(%lu+0x%lx)", (unsigned long)arena,
				   (unsigned long)offset);
	return inside_text(symbols, "heap(T%u+0x%lx)", symbols->heaps[arena] - 1,
			   (unsigned long)offset);
}

static const char *name_in_stack(struct symbols *symbols, uint64_t address)
{
	for (size_t i = 0; i < symbols->stack_count; i++) {
		const struct symbols_stack *stack = &symbols->stacks[i];

		if (address >= stack->low && address < stack->high)
			return inside_text(symbols, "stack(T%u-0x%lx)", stack->thread,
					   (unsigned long)(stack->high - address));
	}
	if (address >= symbols->caller_low && address < symbols->caller_high)
		return inside_text(symbols, "caller+0x%lx",
				   (unsigned long)(address - symbols->caller_low));
	if (address >= STACKS_BASE && address < STACKS_END)
		return "stack";
	return NULL;
}

static bool name_in_main(struct symbols *symbols, uint64_t address, uint32_t size,
			 struct symbols_object *object)
{
	char name[NAME_MAX_BYTES];

	if (!symbols->locals ||
	    !variables_name(symbols->locals, address, size, name, sizeof(name), &object->type))
		return false;
	object->name = inside_text(symbols, "main::%s", name);
	return object->is_variable = true;
}

static const char *name_in_map(struct symbols *symbols, uint64_t address)
{
	struct map *map = maps_find(&symbols->maps, address);

	if (!map)
		return NULL;
	if (map->path[0] == '[')
		return inside_text(symbols, "%s+0x%lx", map->path,
				   (unsigned long)(address - map->low));
	if (!map->number)
		map->number = ++symbols->maps_named;
	return inside_text(symbols, "map%u+0x%lx", map->number,
			   (unsigned long)(address - map->low));
}

/* Anonymous memory that is shared bears the name of a file. */
static bool is_shared_memory(struct symbols *symbols, uint64_t address)
{
	const struct map *map = maps_find(&symbols->maps, address);

	return map && !strncmp(map->path, "/dev/zero", 9);
}

static void object_fill(struct symbols *symbols, uint64_t address, uint32_t size,
			struct symbols_object *object)
{
	const char *stack = name_in_stack(symbols, address);
	Dwfl_Module *module;

	*object = (struct symbols_object){.name = "?"};
	if (address >= HEAP_BASE && address < HEAP_END) {
		if (!blocks_name(symbols, address, size, object))
			object->name = name_in_heap(symbols, address);
		return;
	}
	if (own_name(symbols, address, size, object))
		return;
	if (stack) {
		if (!name_in_main(symbols, address, size, object))
			object->name = stack;
		return;
	}
	/* heddle's own. */
	if (address >= POOL_BASE && address < FILES_END)
		return;
	module = is_shared_memory(symbols, address) ? NULL : inside_module(symbols, address);
	if (module)
		object_in_module(symbols, module, address, size, object);
	else if ((stack = name_in_map(symbols, address)))
		object->name = stack;
}

const struct symbols_object *symbols_object(struct symbols *symbols, uint64_t address,
					    uint32_t size)
{
	static const struct symbols_object unknown = {.name = "?"};
	void **slot;

	if (!symbols || !address)
		return &unknown;
	slot = cache_at(&symbols->objects, address, size);
	if (!*slot) {
		struct symbols_object *object = malloc(sizeof(*object));

		CHECK(object && "enough memory");
		*slot = object;
		object_fill(symbols, address, size, object);
	}
	return *slot;
}

bool symbols_is_known(struct symbols *symbols, uint64_t address)
{
	return strcmp(symbols_object(symbols, address, VARIABLES_WHOLE)->name, "?");
}

const char *symbols_function(struct symbols *symbols, uint64_t address)
{
	const struct chain *chain;

	if (!symbols || !address)
		return "?";
	chain = inside_chain(symbols, address);
	/* The whole function, not what was inlined at its beginning. */
	if (*chain->places[chain->count - 1].function)
		return chain->places[chain->count - 1].function;
	return chain->places[0].text;
}
