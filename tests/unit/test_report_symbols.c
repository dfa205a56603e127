/*
 * test_report_symbols.c - names for the addresses of a process whose layout is known: a stopped
 * child of the test.
 */
#include "report/symbols.h"

#include "machine/layout.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

struct account {
	int balance;
	pthread_mutex_t lock;
	struct {
		char tag;
		double rates[3];
	} inner;
	union {
		long whole;
		char bytes[8];
	};
};

static int counter __attribute__((used)) = 1;
static volatile unsigned char flags[4][3] __attribute__((used));
static struct account accounts[2] __attribute__((used));
static pthread_mutex_t forks[3] __attribute__((used)) = {PTHREAD_MUTEX_INITIALIZER};
static struct account *chosen __attribute__((used)) = &accounts[1];
static _Atomic long hits __attribute__((used));
static char large[1 << 20] __attribute__((used));

static struct thread_report *registers;
static pid_t child;
static struct symbols *symbols;

static int *local_static(void)
{
	static int remembered = 3;

	remembered++;
	return &remembered;
}

static void registers_take(struct thread_report *report, const ucontext_t *context)
{
	const greg_t *g = context->uc_mcontext.gregs;

	report->rip = (uint64_t)g[REG_RIP];
	report->rsp = (uint64_t)g[REG_RSP];
	report->rbp = (uint64_t)g[REG_RBP];
	report->rbx = (uint64_t)g[REG_RBX];
	report->r12 = (uint64_t)g[REG_R12];
	report->r13 = (uint64_t)g[REG_R13];
	report->r14 = (uint64_t)g[REG_R14];
	report->r15 = (uint64_t)g[REG_R15];
}

/* Both stop here; the registers are those of a signal handler's context, as in a crash. */
static void stopped(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)info;
	registers_take(registers, context);
	raise(SIGSTOP);
	_exit(0);
}

enum { INLINED_LINE = __LINE__ + 4 };

static inline __attribute__((always_inline)) void inlined(void)
{
	__asm__ volatile("ud2" : : : "memory");
}

static __attribute__((noinline)) void innermost(void)
{
	inlined();
	counter++;
}

static __attribute__((noinline)) void outer(void)
{
	innermost();
	counter++;
}

static void child_run(void)
{
	struct sigaction action = {.sa_sigaction = stopped, .sa_flags = SA_SIGINFO};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigaction(SIGILL, &action, NULL);
	outer();
}

static void setup(void)
{
	struct error error = {""};
	int status;

	registers = mmap(NULL, sizeof(*registers), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	local_static();
	child = fork();
	if (!child)
		child_run();
	/* Only the child went through them. */
	cr_assert_eq(waitpid(child, &status, WUNTRACED), child);
	cr_assert(WIFSTOPPED(status));
	symbols = symbols_open(child, &error);
	cr_assert(symbols, "%s", error.text);
}

static void teardown(void)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	symbols_close(symbols);
}

TestSuite(symbols, .init = setup, .fini = teardown);

static const char *object(const volatile void *address, uint32_t size)
{
	return symbols_object(symbols, (uint64_t)address, size)->name;
}

Test(symbols, names_variables)
{
	cr_expect_str_eq(object(&counter, 4), "counter");
	cr_expect_str_eq(object(&hits, 8), "hits");
	cr_expect_str_eq(object(&chosen, 8), "chosen");
	cr_expect_str_eq(object(local_static(), 4), "remembered");
	cr_expect_str_eq(object(large, 1), "large[0]");
	cr_expect_str_eq(object(large + sizeof(large) - 1, 1), "large[1048575]");
	cr_expect(symbols_object(symbols, (uint64_t)&counter, 4)->is_variable);
}

Test(symbols, names_parts_of_variables)
{
	cr_expect_str_eq(object(&flags[2][1], 1), "flags[2][1]");
	cr_expect_str_eq(object(&accounts[1].balance, 4), "accounts[1].balance");
	cr_expect_str_eq(object(&accounts[0].balance, 4), "accounts[0].balance");
	cr_expect_str_eq(object(&accounts[1].inner.rates[2], 8), "accounts[1].inner.rates[2]");
	cr_expect_str_eq(object(&accounts[1].whole, 8), "accounts[1].whole");
	cr_expect_str_eq(object(&accounts[1].bytes[3], 1), "accounts[1].bytes[3]");
	cr_expect_str_eq(object((char *)&accounts[1].balance + 1, 1), "accounts[1].balance+0x1");
}

Test(symbols, names_wholes_by_size)
{
	cr_expect_str_eq(object(&accounts[1], sizeof(accounts[1])), "accounts[1]");
	cr_expect_str_eq(object(&accounts, sizeof(accounts)), "accounts");
	cr_expect_str_eq(object(&accounts[1].lock, sizeof(pthread_mutex_t)), "accounts[1].lock");
}

Test(symbols, names_synchronisation_objects)
{
	cr_expect_str_eq(object(&accounts[1].lock, 0), "accounts[1].lock");
	cr_expect_str_eq(object(&forks[2], 0), "forks[2]");
	cr_expect_str_eq(object(&forks[0], 0), "forks[0]");
}

Test(symbols, names_heap_and_stacks)
{
	const struct symbols_stack stacks[] = {
		{.thread = 3, .low = STACKS_BASE, .high = STACKS_BASE + 0x1000}};

	const struct thread_report threads[] = {
		{.thread = 0}, {.thread = 1, .arena = 1}, {.thread = 2, .arena = 7}};
	const char *second = (const char *)HEAP_BASE + HEAP_ARENA_SPAN;

	symbols_stacks(symbols, stacks, 1);
	symbols_heaps(symbols, threads, 3);
	cr_expect_str_eq(object((void *)(HEAP_BASE + 0x40), 4), "heap(T0+0x40)");
	cr_expect_str_eq(object(second + 8, 4), "heap(T1+0x8)");
	cr_expect_str_eq(object(second + 6 * HEAP_ARENA_SPAN + 8, 4), "heap(T2+0x8)");
	/* Nobody's that is known. */
	cr_expect_str_eq(object(second + HEAP_ARENA_SPAN, 4), "heap(2+0x0)");
	cr_expect_str_eq(object((void *)(STACKS_BASE + 0xff0), 4), "stack(T3-0x10)");
}

Test(symbols, names_nothing_by_its_address)
{
	cr_expect_str_eq(object((void *)POOL_BASE, 4), "?");
	cr_expect_str_eq(object((void *)8, 4), "?");
	cr_expect_str_eq(object(NULL, 4), "?");
	cr_expect_str_eq(object(registers, 4), "map1+0x0");
	cr_expect_not(symbols_is_known(symbols, 8));
	cr_expect(symbols_is_known(symbols, (uint64_t)&counter));
}

static const char *value(uint64_t number, uint32_t size, enum symbols_type type)
{
	return symbols_value(symbols, number, size, type);
}

Test(symbols, reads_types)
{
	cr_expect_eq(symbols_object(symbols, (uint64_t)&counter, 4)->type, SYMBOLS_SIGNED);
	cr_expect_eq(symbols_object(symbols, (uint64_t)&hits, 8)->type, SYMBOLS_SIGNED);
	cr_expect_eq(symbols_object(symbols, (uint64_t)&flags[0][1], 1)->type, SYMBOLS_UNSIGNED);
	cr_expect_eq(symbols_object(symbols, (uint64_t)&chosen, 8)->type, SYMBOLS_POINTER);
	cr_expect_eq(symbols_object(symbols, (uint64_t)&accounts[0].inner.rates[0], 8)->type,
		     SYMBOLS_FLOAT);
	cr_expect_eq(symbols_object(symbols, (uint64_t)&accounts[0].inner.tag, 1)->type,
		     SYMBOLS_CHARACTER);
}

Test(symbols, shows_values)
{
	double half = 0.5;
	uint64_t bits;

	memcpy(&bits, &half, 8);
	cr_expect_str_eq(value(5, 4, SYMBOLS_SIGNED), "5");
	cr_expect_str_eq(value(0xffffffff, 4, SYMBOLS_SIGNED), "-1");
	cr_expect_str_eq(value(0xffffffff, 4, SYMBOLS_UNSIGNED), "4294967295");
	cr_expect_str_eq(value(0xffffffff, 4, SYMBOLS_UNKNOWN), "-1");
	cr_expect_str_eq(value(0xab000000ff, 1, SYMBOLS_UNSIGNED), "255");
	cr_expect_str_eq(value(bits, 8, SYMBOLS_FLOAT), "0.5");
	cr_expect_str_eq(value('x', 1, SYMBOLS_CHARACTER), "'x'");
	cr_expect_str_eq(value(0, 1, SYMBOLS_CHARACTER), "0");
	cr_expect_str_eq(value(1, 1, SYMBOLS_BOOLEAN), "true");
	cr_expect_str_eq(value(0, 8, SYMBOLS_POINTER), "NULL");
	cr_expect_str_eq(value((uint64_t)&accounts[1], 8, SYMBOLS_POINTER), "&accounts[1]");
	cr_expect_str_eq(value((uint64_t)accounts, 8, SYMBOLS_UNKNOWN), "&accounts");
	cr_expect_str_eq(value((uint64_t)&accounts[1].lock, 8, SYMBOLS_POINTER),
			 "&accounts[1].lock");
	cr_expect_str_eq(value((uint64_t)outer, 8, SYMBOLS_POINTER), "&outer");
	cr_expect_str_eq(value(HEAP_BASE + 0x40, 8, SYMBOLS_POINTER), "heap(0+0x40)");
	cr_expect_str_eq(value(0x8000123456789a, 8, SYMBOLS_UNKNOWN), "0x8000123456789a");
}

Test(symbols, names_functions)
{
	cr_expect_str_eq(symbols_function(symbols, (uint64_t)outer), "outer");
	cr_expect_str_eq(symbols_function(symbols, (uint64_t)innermost), "innermost");
	cr_expect_str_eq(symbols_function(symbols, 0), "?");
}

Test(symbols, finds_places)
{
	char text[64];
	const struct place *place = symbols_place(symbols, registers->rip + 1);

	cr_expect_str_eq(place->function, "inlined");
	sprintf(text, "test_report_symbols.c:%u", place->line);
	cr_expect(strstr(place->text, text), "%s", place->text);
	cr_expect_eq(place->line, INLINED_LINE);
	cr_expect_neq(place->text[0], '/', "%s", place->text);
	cr_expect_str_eq(symbols_place(symbols, 0)->text, "?");
	cr_expect_str_eq(symbols_place(symbols, 8)->text, "?");
}

Test(symbols, unwinds_through_inlined_functions)
{
	const struct place *frames[SYMBOLS_FRAMES_MAX];
	size_t count = symbols_unwind(symbols, registers, frames);

	cr_assert_geq(count, 4);
	cr_expect_str_eq(frames[0]->function, "inlined");
	cr_expect_str_eq(frames[1]->function, "innermost");
	cr_expect_str_eq(frames[2]->function, "outer");
	cr_expect_str_eq(frames[3]->function, "child_run");
	cr_expect_gt(frames[1]->line, frames[0]->line);
	cr_expect_gt(frames[2]->line, frames[1]->line);
	cr_expect_gt(frames[3]->line, frames[2]->line);
}

Test(symbols, unwinding_from_garbage_ends)
{
	const struct place *frames[SYMBOLS_FRAMES_MAX];
	struct thread_report garbage;

	memset(&garbage, 0x5a, sizeof(garbage));
	symbols_unwind(symbols, &garbage, frames);
	garbage = *registers;
	garbage.rsp = 16;
	symbols_unwind(symbols, &garbage, frames);
	garbage = *registers;
	garbage.rsp = 0;
	cr_expect_eq(symbols_unwind(symbols, &garbage, frames), 0);
}

Test(symbols, none_is_an_answer)
{
	const struct place *frames[SYMBOLS_FRAMES_MAX];
	struct error error = {""};

	cr_expect_null(symbols_open(0x7ffffff0, &error));
	cr_expect(strstr(error.text, "No such"), "%s", error.text);
	cr_expect_str_eq(symbols_object(NULL, 1, 1)->name, "?");
	cr_expect_str_eq(symbols_place(NULL, 1)->text, "?");
	cr_expect_str_eq(symbols_value(NULL, 7, 4, SYMBOLS_UNKNOWN), "7");
	cr_expect_str_eq(symbols_function(NULL, 7), "?");
	cr_expect_eq(symbols_unwind(NULL, registers, frames), 0);
	symbols_close(NULL);
}

Test(symbols, a_process_that_ended_leaves_names)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	cr_expect_str_eq(object(&counter, 4), "counter");
	cr_expect_str_eq(symbols_function(symbols, (uint64_t)outer), "outer");
}
