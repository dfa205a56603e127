/*
 * unwind.c - the stacks of the threads of a stopped process.
 *
 * The threads are heddle's, so the kernel cannot tell their registers; those in the report are what
 * unwinding starts from, by the call frame information of each module. Only the callee-saved ones
 * are known, which is what a suspended thread needs.
 *
 * heddle's own frames are left out: at the inner end the library call that the program is in, at
 * the outer end what started the thread.
 */
#include "report/inside.h"

#include "report/variables.h"

#include <string.h>
#include <sys/uio.h>

/* Frames looked at: heddle's own come on top of what is shown. */
#define RAW_MAX (SYMBOLS_FRAMES_MAX + 32)

/* Numbers of registers in DWARF: System V ABI, AMD64 supplement, figure 3.36. */
enum dwarf_register {
	DWARF_RBX = 3,
	DWARF_RBP = 6,
	DWARF_RSP = 7,
	DWARF_R12 = 12,
	DWARF_RIP = 16,
};

struct raw {
	uint64_t addresses[RAW_MAX]; /* of an instruction in each frame, innermost first */
	uint64_t rsp[RAW_MAX], rbp[RAW_MAX];
	size_t count;
};

static pid_t next_thread(Dwfl *dwfl, void *argument, void **thread)
{
	struct symbols *symbols = argument;

	(void)dwfl;
	if (*thread)
		return 0;
	*thread = symbols;
	return symbols->pid;
}

static bool get_thread(Dwfl *dwfl, pid_t tid, void *argument, void **thread)
{
	(void)dwfl;
	*thread = argument;
	return tid == ((struct symbols *)argument)->pid;
}

bool inside_read(const struct symbols *symbols, uint64_t address, void *to, size_t bytes)
{
	struct iovec local = {.iov_base = to, .iov_len = bytes};
	struct iovec remote = {.iov_base = (void *)address, .iov_len = bytes};

	return process_vm_readv(symbols->pid, &local, 1, &remote, 1, 0) == (ssize_t)bytes;
}

static bool memory_read(Dwfl *dwfl, Dwarf_Addr address, Dwarf_Word *result, void *argument)
{
	(void)dwfl;
	return inside_read(argument, address, result, sizeof(*result));
}

static bool set_registers(Dwfl_Thread *thread, void *argument)
{
	const struct thread_report *from = ((struct symbols *)argument)->unwinding;
	const Dwarf_Word high[] = {from->r12, from->r13, from->r14, from->r15, from->rip};
	const Dwarf_Word frame[] = {from->rbp, from->rsp};
	const Dwarf_Word rbx = from->rbx;

	return dwfl_thread_state_registers(thread, DWARF_RBX, 1, &rbx) &&
	       dwfl_thread_state_registers(thread, DWARF_RBP, 2, frame) &&
	       dwfl_thread_state_registers(thread, DWARF_R12, 5, high);
}

static const Dwfl_Thread_Callbacks thread_callbacks = {
	.next_thread = next_thread,
	.get_thread = get_thread,
	.memory_read = memory_read,
	.set_initial_registers = set_registers,
};

static int take_frame(Dwfl_Frame *frame, void *argument)
{
	struct raw *raw = argument;
	Dwarf_Addr pc;
	bool is_activation;

	if (!dwfl_frame_pc(frame, &pc, &is_activation) || !pc || raw->count == RAW_MAX)
		return DWARF_CB_ABORT;
	if (dwfl_frame_reg(frame, DWARF_RSP, &raw->rsp[raw->count]))
		raw->rsp[raw->count] = 0;
	if (dwfl_frame_reg(frame, DWARF_RBP, &raw->rbp[raw->count]))
		raw->rbp[raw->count] = 0;
	raw->addresses[raw->count++] = is_activation ? pc : pc - 1;
	return DWARF_CB_OK;
}

static const char *module_of(struct symbols *symbols, uint64_t address)
{
	Dwfl_Module *module = inside_module(symbols, address);

	return module ? inside_module_name(symbols, module) : "";
}

static bool is_own(struct symbols *symbols, uint64_t address)
{
	return inside_is_own(module_of(symbols, address));
}

/* What runs before main() or a start routine. */
static bool is_runtime(struct symbols *symbols, uint64_t address)
{
	static const char *const functions[] = {"_start",  "start_thread", "clone",
						"__clone", "clone3",	   "__clone3"};
	const struct place *place = &inside_chain(symbols, address)->places[0];

	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		if (!strcmp(place->function, functions[i]))
			return true;
	return !strncmp(place->function, "__libc_start_", 13);
}

/* Drops the outer frames that are not the program's. */
static void cut_outer(struct symbols *symbols, struct raw *raw)
{
	size_t i = raw->count;

	while (i && (is_runtime(symbols, raw->addresses[i - 1]) ||
		     is_own(symbols, raw->addresses[i - 1]) ||
		     !strncmp(module_of(symbols, raw->addresses[i - 1]), "libc.so", 7) ||
		     !inside_module(symbols, raw->addresses[i - 1]))) {
		i--;
		if (is_runtime(symbols, raw->addresses[i]) || is_own(symbols, raw->addresses[i]))
			raw->count = i;
	}
}

static size_t add_chain(const struct chain *chain, const struct place **frames, size_t count)
{
	for (size_t i = 0; i < chain->count && count < SYMBOLS_FRAMES_MAX; i++)
		frames[count++] = &chain->places[i];
	return count;
}

static void raw_take(struct symbols *symbols, const struct thread_report *thread, struct raw *raw)
{
	struct thread_report caller = *thread;

	if (!symbols->dwfl || !thread->rsp)
		return;
	if (!symbols->attached)
		symbols->attached = dwfl_attach_state(symbols->dwfl, NULL, symbols->pid,
						      &thread_callbacks, symbols);
	if (!symbols->attached)
		return;
	symbols->unwinding = thread;
	/* A call of what is no function left nothing but its return address. */
	if (!inside_module(symbols, thread->rip)) {
		if (!memory_read(symbols->dwfl, thread->rsp, &caller.rip, symbols))
			return;
		caller.rsp += sizeof(caller.rip);
		symbols->unwinding = &caller;
	}
	dwfl_getthread_frames(symbols->dwfl, symbols->pid, take_frame, raw);
	if (raw->count && symbols->unwinding == &caller)
		raw->addresses[0]--;
}

size_t symbols_unwind(struct symbols *symbols, const struct thread_report *thread,
		      const struct place *frames[SYMBOLS_FRAMES_MAX])
{
	struct raw raw = {.count = 0};
	size_t count = 0;

	if (!symbols)
		return 0;
	raw_take(symbols, thread, &raw);
	if (raw.count < RAW_MAX)
		cut_outer(symbols, &raw);
	for (size_t i = 0; i < raw.count; i++)
		if (!is_own(symbols, raw.addresses[i]))
			count = add_chain(inside_chain(symbols, raw.addresses[i]), frames, count);
	return count;
}

void symbols_main(struct symbols *symbols, const struct thread_report *thread)
{
	struct raw raw = {.count = 0};
	struct variables_frame frame;
	Dwarf_Die function;
	Dwarf_Addr bias;
	size_t i;

	if (!symbols || symbols->locals)
		return;
	raw_take(symbols, thread, &raw);
	/* The canonical frame address is where the stack pointer will be after the return: that of
	 * the next frame. */
	for (i = 0; i + 1 < raw.count; i++)
		if (inside_function(symbols, raw.addresses[i], &function, &bias) &&
		    dwarf_diename(&function) && !strcmp(dwarf_diename(&function), "main"))
			break;
	if (i + 1 >= raw.count)
		return;
	frame = (struct variables_frame){.function = &function,
					 .pc = raw.addresses[i] - bias,
					 .cfa = raw.rsp[i + 1],
					 .rbp = raw.rbp[i]};
	symbols->locals = variables_read_frame(&frame);
	cache_free(&symbols->objects);
}
