#include "report/own.h"

#include "report/inside.h"
#include "report/variables.h"

#include <gelf.h>
#include <string.h>

#define NAME_MAX_BYTES 1024

static const struct symbols_stack *stack_of(const struct symbols *symbols, uint64_t address)
{
	for (size_t i = 0; i < symbols->stack_count; i++)
		if (address >= symbols->stacks[i].low && address < symbols->stacks[i].high)
			return &symbols->stacks[i];
	return NULL;
}

const char *own_handle(struct symbols *symbols, uint64_t value)
{
	for (size_t i = 0; value && i < symbols->stack_count; i++)
		if (symbols->stacks[i].control == value)
			return inside_text(symbols, "T%u", symbols->stacks[i].thread);
	return NULL;
}

static struct variables *frame_of(struct symbols *symbols, const struct symbols_stack *stack)
{
	/* Where there is a frame pointer, it stands below it. */
	struct variables_frame frame = {.cfa = stack->frame, .rbp = stack->frame - 16};
	Dwarf_Die function;
	Dwarf_Addr bias;
	void **slot;

	if (!inside_function(symbols, stack->start, &function, &bias))
		return NULL;
	slot = cache_at(&symbols->frames, stack->low, 1);
	frame.function = &function;
	if (!*slot)
		*slot = variables_read_frame(&frame);
	return *slot;
}

/* A local of the start routine. */
static bool name_in_frame(struct symbols *symbols, const struct symbols_stack *stack,
			  uint64_t address, uint32_t size, struct symbols_object *object)
{
	const struct variables *variables;
	char name[NAME_MAX_BYTES];
	const char *function;

	if (!stack->frame || !symbols->dwfl || !(variables = frame_of(symbols, stack)) ||
	    !variables_name(variables, address, size, name, sizeof(name), &object->type))
		return false;
	function = symbols_function(symbols, stack->start);
	/* There is but one main(). */
	object->name = stack->thread
			       ? inside_text(symbols, "T%u:%s::%s", stack->thread, function, name)
			       : inside_text(symbols, "%s::%s", function, name);
	return object->is_variable = true;
}

/* The thread storage of the program itself ends where the control block begins (System V ABI,
 * "variant II"); that of libraries lies farther below, in an order that only the dynamic linker
 * knows. */
static bool storage_of(Dwfl_Module *module, uint64_t control, uint64_t *low, uint64_t *high)
{
	GElf_Addr bias;
	Elf *elf = dwfl_module_getelf(module, &bias);
	size_t count = 0;

	if (!elf || elf_getphdrnum(elf, &count))
		return false;
	for (size_t i = 0; i < count; i++) {
		GElf_Phdr header;

		if (!gelf_getphdr(elf, (int)i, &header) || header.p_type != PT_TLS)
			continue;
		*low = (control - header.p_memsz) & -(header.p_align ? header.p_align : 1);
		*high = *low + header.p_memsz;
		return true;
	}
	return false;
}

/* The program is the first module, in the order of addresses. */
static int take_first(Dwfl_Module *module, void **data, const char *name, Dwarf_Addr start,
		      void *argument)
{
	(void)data, (void)name, (void)start;
	*(Dwfl_Module **)argument = module;
	return DWARF_CB_ABORT;
}

static Dwfl_Module *program_of(struct symbols *symbols)
{
	Dwfl_Module *module = NULL;

	if (symbols->dwfl)
		dwfl_getmodules(symbols->dwfl, take_first, &module, 0);
	return module;
}

static bool name_in_storage(struct symbols *symbols, const struct symbols_stack *stack,
			    uint64_t address, uint32_t size, struct symbols_object *object)
{
	Dwfl_Module *module = program_of(symbols);
	uint64_t low, high;
	char name[NAME_MAX_BYTES];
	void **slot;

	if (!module || !storage_of(module, stack->control, &low, &high) || address < low ||
	    address >= high)
		return false;
	slot = cache_at(&symbols->of_threads, (uint64_t)(uintptr_t)module, 0);
	if (!*slot)
		*slot = variables_read_thread(module);
	if (!variables_name(*slot, address - low, size, name, sizeof(name), &object->type))
		return false;
	object->name = inside_text(symbols, "T%u:%s", stack->thread, name);
	return object->is_variable = true;
}

bool own_name(struct symbols *symbols, uint64_t address, uint32_t size,
	      struct symbols_object *object)
{
	const struct symbols_stack *stack = stack_of(symbols, address);

	if (stack && name_in_frame(symbols, stack, address, size, object))
		return true;
	for (size_t i = 0; i < symbols->stack_count; i++)
		if (address < symbols->stacks[i].control &&
		    name_in_storage(symbols, &symbols->stacks[i], address, size, object))
			return true;
	return false;
}

void own_free(struct symbols *symbols)
{
	cache_free(&symbols->frames);
	cache_free(&symbols->of_threads);
}
