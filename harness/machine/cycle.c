/*
 * cycle.c - see cycle.h.
 *
 * Three phases: until a state has come back; once more round the loop, to learn what it reads and
 * where its head is; on to the head.
 *
 * Why compare memory and not take any write for a change: a test-and-set lock is waited for by
 * writing what is there already, and calls in the loop write return addresses to the stack.
 */
#include "machine/cycle.h"

#include "machine/breakpoint.h"
#include "machine/insn.h"
#include "machine/memory.h"
#include "machine/probe.h"

#include <stddef.h>

#define REGISTERS  (REG_RIP + 1)
#define TRAP_FLAGS 0x10100ll /* TF, RF */
/* Words that may be written to between two states that are compared. */
#define WORDS_MAX 256u
#define WORD	  8ul

struct state {
	greg_t registers[REGISTERS], flags;
	uint64_t vectors; /* a hash */
};

/* A word as it was in the state that is kept. */
struct word {
	uint64_t address, value;
};

enum phase {
	PHASE_SEARCH,
	PHASE_GATHER,
	PHASE_REACH,
};

static struct {
	enum phase phase;
	uint32_t steps, limit;
	struct state kept, head;
	uint32_t since, until; /* the state was kept; another one is */
	uint32_t first;	       /* the first `until` */
	bool has_head, ambiguous;
	uint32_t word_count, read_count;
	struct word *words;
	struct cycle_read *reads;
	/* Below the stack pointer, before the instruction: it may push. */
	uint64_t below_address, below;
} cycle;

static bool (*is_program)(unsigned long address);

void cycle_init(bool (*program)(unsigned long address))
{
	is_program = program;
	cycle.words = memory_reserve(WORDS_MAX * sizeof(*cycle.words));
	cycle.reads = memory_reserve(CYCLE_READS_MAX * sizeof(*cycle.reads));
}

void cycle_begin(uint32_t limit, uint32_t length)
{
	cycle.phase = PHASE_SEARCH;
	cycle.steps = cycle.since = cycle.until = 0;
	cycle.limit = limit;
	cycle.first = length ? length : 1;
	cycle.below_address = 0;
}

uint32_t cycle_length(void)
{
	return cycle.until;
}

uint32_t cycle_steps(void)
{
	return cycle.steps;
}

const struct cycle_read *cycle_reads(uint32_t *count)
{
	*count = cycle.read_count;
	return cycle.reads;
}

/* ------- states ------- */

static uint64_t mix(uint64_t hash, const unsigned char *at, size_t bytes)
{
	for (size_t i = 0; i < bytes; i += WORD) {
		hash = (hash ^ *(const uint64_t *)(at + i)) * 0x9e3779b97f4a7c15u;
		hash ^= hash >> 32;
	}
	return hash;
}

/* Intel SDM, volume 1, 13.4: the legacy region, the header, the extended region in the order of the
 * components' bits. What is in its initial state need not be there. */
#define X87_AT	     32
#define SSE_AT	     160
#define SSE_END	     416
#define RESERVED_AT  464
#define HEADER_AT    512
#define EXTENDED_AT  576
#define AVX_END	     832
#define MAGIC_XSTATE 0x46505853u

static uint64_t hash_vectors(const ucontext_t *context)
{
	const unsigned char *area = (const unsigned char *)context->uc_mcontext.fpregs;
	uint32_t magic, bytes;
	uint64_t there = 3, hash = 0;

	if (!area)
		return 0;
	magic = *(const uint32_t *)(area + RESERVED_AT);
	bytes = *(const uint32_t *)(area + RESERVED_AT + 16);
	if (magic == MAGIC_XSTATE)
		there = *(const uint64_t *)(area + HEADER_AT);
	hash = mix(hash, area + X87_AT - WORD, WORD); /* MXCSR */
	if (there & 1)
		hash = mix(hash, area + X87_AT, SSE_AT - X87_AT);
	if (there & 2)
		hash = mix(hash, area + SSE_AT, SSE_END - SSE_AT);
	if (there & 4 && bytes >= AVX_END)
		hash = mix(hash, area + EXTENDED_AT, AVX_END - EXTENDED_AT);
	if (there & 0xe0 && bytes > AVX_END)
		hash = mix(hash, area + AVX_END, (bytes - AVX_END) & -WORD);
	return hash;
}

static void state_take(struct state *state, const ucontext_t *context)
{
	memory_copy(state->registers, context->uc_mcontext.gregs, sizeof(state->registers));
	state->flags = context->uc_mcontext.gregs[REG_EFL] & ~TRAP_FLAGS;
	state->vectors = hash_vectors(context);
}

static bool is_state(const struct state *state, const ucontext_t *context)
{
	const greg_t *registers = context->uc_mcontext.gregs;

	if (registers[REG_RIP] != state->registers[REG_RIP] ||
	    (registers[REG_EFL] & ~TRAP_FLAGS) != state->flags)
		return false;
	for (int i = 0; i < REGISTERS; i++)
		if (registers[i] != state->registers[i])
			return false;
	return state->vectors == hash_vectors(context);
}

/* Which of two states is to be the head: negative for the first. */
static int compare(const struct state *a, const struct state *b)
{
	if (a->registers[REG_RSP] != b->registers[REG_RSP])
		return a->registers[REG_RSP] > b->registers[REG_RSP] ? -1 : 1;
	if (a->registers[REG_RIP] != b->registers[REG_RIP])
		return a->registers[REG_RIP] < b->registers[REG_RIP] ? -1 : 1;
	for (int i = 0; i < REGISTERS; i++)
		if (a->registers[i] != b->registers[i])
			return a->registers[i] < b->registers[i] ? -1 : 1;
	return a->flags < b->flags ? -1 : a->flags > b->flags;
}

/* ------- memory ------- */

static uint64_t word_at(uint64_t address)
{
	unsigned long value = 0;

	probe_read((const void *)address, WORD, &value);
	return value;
}

/* `value` was at `address`, a multiple of a word, before it was written to. */
static bool word_add(uint64_t address, uint64_t value)
{
	for (uint32_t i = 0; i < cycle.word_count; i++)
		if (cycle.words[i].address == address)
			return true;
	if (cycle.word_count == WORDS_MAX)
		return false;
	cycle.words[cycle.word_count++] = (struct word){.address = address, .value = value};
	return true;
}

static bool write_add(uint64_t address, uint32_t bytes)
{
	for (uint64_t at = address & -WORD; at < address + bytes; at += WORD)
		if (!word_add(at, word_at(at)))
			return false;
	return true;
}

static bool memory_is_as_it_was(void)
{
	for (uint32_t i = 0; i < cycle.word_count; i++)
		if (word_at(cycle.words[i].address) != cycle.words[i].value)
			return false;
	return true;
}

/* In pieces that a value fits in; sorted. */
static bool piece_add(uint64_t address, uint32_t bytes)
{
	uint32_t at = cycle.read_count;

	for (uint32_t i = 0; i < cycle.read_count; i++)
		if (cycle.reads[i].address == address && cycle.reads[i].bytes == bytes)
			return true;
	if (at == CYCLE_READS_MAX)
		return false;
	for (; at && cycle.reads[at - 1].address > address; at--)
		cycle.reads[at] = cycle.reads[at - 1];
	cycle.reads[at] = (struct cycle_read){.address = address, .bytes = bytes};
	cycle.read_count++;
	return true;
}

static bool read_add(uint64_t address, uint32_t bytes)
{
	for (; bytes > WORD; bytes -= WORD, address += WORD)
		if (!piece_add(address, WORD))
			return false;
	return piece_add(address, bytes);
}

/* ------- instructions ------- */

/* What gives something else each time, reads or changes the flags whole, or enters the kernel. */
static bool is_strange_one(uint8_t opcode)
{
	switch (opcode) {
	case 0x6c ... 0x6f: /* ins, outs */
	case 0x9c:	    /* pushf */
	case 0x9d:	    /* popf */
	case 0xc8:	    /* enter */
	case 0xcc ... 0xcf: /* int3, int, into, iret */
	case 0xe4 ... 0xe7: /* in, out */
	case 0xec ... 0xef:
	case 0xf1: /* int1 */
	case 0xf4: /* hlt */
		return true;
	}
	return false;
}

static bool is_strange_two(const uint8_t *code)
{
	switch (code[0]) {
	case 0x01: /* rdtscp */
		return code[1] == 0xf9;
	case 0xc7: /* rdrand, rdseed, rdpid */
		return code[1] >= 0xf0;
	case 0x05: /* syscall */
	case 0x31: /* rdtsc */
	case 0x33: /* rdpmc */
	case 0x34: /* sysenter */
	case 0xa2: /* cpuid */
	case 0xae: /* the states of the vectors; fences are not in memory */
		return code[0] != 0xae || code[1] < 0xc0;
	}
	return false;
}

static bool is_prefix(uint8_t byte)
{
	return byte == 0x66 || byte == 0x67 || byte == 0xf2 || byte == 0xf3 || byte == 0xf0 ||
	       byte == 0x26 || byte == 0x2e || byte == 0x36 || byte == 0x3e || byte == 0x64 ||
	       byte == 0x65;
}

static bool is_strange(const uint8_t *code)
{
	while (is_prefix(*code))
		code++;
	if ((*code & 0xf0) == 0x40)
		code++;
	return *code == 0x0f ? is_strange_two(code + 1) : is_strange_one(*code);
}

static unsigned long control_block(void)
{
	unsigned long address;

	__asm__("mov %%fs:0, %0" : "=r"(address));
	return address;
}

static uint64_t address_of(const struct insn_operand *operand, const struct insn *insn,
			   const greg_t *registers)
{
	/* In the order of the numbers in instructions. */
	static const uint8_t places[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP,
					   REG_RSI, REG_RDI, REG_R8,  REG_R9,  REG_R10, REG_R11,
					   REG_R12, REG_R13, REG_R14, REG_R15};
	uint64_t values[16];

	for (unsigned i = 0; i < sizeof(places); i++)
		values[i] = (uint64_t)registers[places[i]];
	return insn_address(operand, values, (uint64_t)registers[REG_RIP] + insn->length,
			    operand->fs ? control_block() : 0);
}

static bool operand_add(const struct insn_operand *operand, uint64_t address)
{
	if (operand->access & INSN_WRITE && !write_add(address, operand->bytes))
		return false;
	return cycle.phase != PHASE_GATHER || !(operand->access & INSN_READ) ||
	       read_add(address, operand->bytes);
}

/* The instruction before may have pushed: then the word below its stack pointer is another one. */
static bool push_add(const greg_t *registers)
{
	uint64_t sp = (uint64_t)registers[REG_RSP], at = cycle.below_address;

	return !at || sp >= at + WORD || word_at(at) == cycle.below || word_add(at, cycle.below);
}

/* Takes note of what the next instruction reads and writes. False where it is not for this. */
static bool look_ahead(const greg_t *registers)
{
	unsigned char code[INSN_BYTES_MAX];
	struct insn insn;

	breakpoint_read((unsigned long)registers[REG_RIP], code, sizeof(code));
	if (!insn_decode(&insn, code, sizeof(code)) || insn.unclear || is_strange(code))
		return false;
	/* A repeated one is carried out one turn at a time. */
	for (uint32_t i = 0; i < insn.operands; i++)
		if (!operand_add(&insn.operand[i], address_of(&insn.operand[i], &insn, registers)))
			return false;
	cycle.below_address = ((uint64_t)registers[REG_RSP] & -WORD) - WORD;
	cycle.below = word_at(cycle.below_address);
	return true;
}

/* ------- phases ------- */

static void keep(const ucontext_t *context)
{
	state_take(&cycle.kept, context);
	cycle.until = cycle.until ? 2 * cycle.until : cycle.first;
	cycle.since = 0;
	cycle.word_count = 0;
}

static void search(const ucontext_t *context)
{
	if (!cycle.until) {
		keep(context);
		return;
	}
	cycle.since++;
	if (is_state(&cycle.kept, context) && memory_is_as_it_was()) {
		cycle.phase = PHASE_GATHER;
		cycle.until = cycle.since;
		cycle.since = cycle.word_count = cycle.read_count = 0;
		cycle.has_head = cycle.ambiguous = false;
		return;
	}
	if (cycle.since == cycle.until)
		keep(context);
}

static void head_see(const ucontext_t *context)
{
	struct state state;
	int order;

	if (!is_program((unsigned long)context->uc_mcontext.gregs[REG_RIP]))
		return;
	state_take(&state, context);
	order = cycle.has_head ? compare(&state, &cycle.head) : -1;
	if (order > 0)
		return;
	cycle.ambiguous = !order;
	cycle.head = state;
	cycle.has_head = true;
}

/* Each of the loop's states but the last, which is the first again. False where nothing in it can
 * be the head. */
static bool gather(const ucontext_t *context)
{
	head_see(context);
	if (++cycle.since < cycle.until)
		return true;
	cycle.phase = PHASE_REACH;
	cycle.since = 0;
	return cycle.has_head && !cycle.ambiguous;
}

static enum cycle_answer reach(const ucontext_t *context)
{
	if (is_state(&cycle.head, context))
		return CYCLE_FOUND;
	return cycle.since++ > cycle.until ? CYCLE_NONE : CYCLE_ON;
}

enum cycle_answer cycle_step(const ucontext_t *context)
{
	enum cycle_answer answer = CYCLE_ON;
	bool was_search = cycle.phase == PHASE_SEARCH;

	if ((was_search && cycle.steps == cycle.limit) || !push_add(context->uc_mcontext.gregs))
		return CYCLE_NONE;
	cycle.steps++;
	if (was_search)
		search(context);
	if (cycle.phase == PHASE_REACH)
		answer = reach(context);
	if (answer != CYCLE_ON)
		return answer;
	if (!look_ahead(context->uc_mcontext.gregs))
		return CYCLE_NONE;
	return cycle.phase != PHASE_GATHER || gather(context) ? CYCLE_ON : CYCLE_NONE;
}
