/*
 * start.c - from the dynamic linker's call of the library's constructor to main under control.
 */
#include "session/start.h"

#include "base/check.h"
#include "base/text.h"
#include "machine/console.h"
#include "machine/fiber.h"
#include "machine/heap.h"
#include "machine/memory.h"
#include "machine/real.h"
#include "machine/snapshot.h"
#include "machine/syscall.h"
#include "machine/trap.h"
#include "session/carrier.h"
#include "session/fault.h"
#include "session/kernel.h"
#include "session/loop.h"
#include "session/module.h"
#include "session/pace.h"
#include "session/point.h"
#include "session/races.h"
#include "session/record.h"
#include "session/reduction.h"
#include "session/session.h"
#include "session/spin.h"
#include "session/step.h"
#include "session/verdict.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What the command set for the dynamic linker; the program and its children get back what they had.
 */
static const char *const borrowed[] = {"LD_PRELOAD", "LD_BIND_NOW", "GLIBC_TUNABLES"};

#define CARRIER_STACK_BYTES (1ul << 20)

static bool name_is(const char *entry, const char *name)
{
	while (*name && *entry == *name) {
		entry++;
		name++;
	}
	return !*name && *entry == '=';
}

static char **entry_of(const char *name)
{
	for (char **entry = environ; entry && *entry; entry++)
		if (name_is(*entry, name))
			return entry;
	return 0;
}

/* In place: the C library's own functions would allocate. */
static void entry_remove(char **entry)
{
	for (; *entry; entry++)
		entry[0] = entry[1];
}

static void entry_give_back(const char *name)
{
	static const char prefix[] = "HEDDLE_SAVED_";
	char full[64];
	struct text text = text_over(full, sizeof(full));
	char **saved, **entry = entry_of(name);

	text_add(&text, prefix);
	text_add(&text, name);
	saved = entry_of(full);
	if (saved) {
		char *value = *saved + sizeof(prefix) - 1;

		entry_remove(saved);
		entry = entry_of(name);
		if (entry)
			*entry = value;
	} else if (entry) {
		entry_remove(entry);
	}
}

static long number_read(const char **at)
{
	long value = 0;

	while (**at >= '0' && **at <= '9')
		value = value * 10 + *(*at)++ - '0';
	if (**at == ':')
		(*at)++;
	return value;
}

static void policy_set(const struct shared_config *config)
{
	session.learned = config->strategy != STRATEGY_RANDOM && config->kind == SESSION_EXPLORE;
	session.spins = session.learned;
	session.reducing = session.learned && config->strategy == STRATEGY_DPOR;
	session.yields_are_choices = config->strategy == STRATEGY_RANDOM;
	session.starts_are_choices = session.yields_are_choices || config->kind == SESSION_REPLAY;
	session.explore = config->kind == SESSION_EXPLORE;
	heap_exact = session.explore || config->heap_exact;
	if (config->kind == SESSION_REPLAY) {
		session.replaying = true;
		session.replay.steps = record_plan(config->plan_count, &session.replay.count);
		session.replay.is_loose = config->plan_loose;
		session.policy = replay_policy(&session.replay);
	} else if (session.reducing) {
		reduction_init();
		session.policy = reduction_policy();
	} else if (config->strategy == STRATEGY_DFS) {
		session.dfs.frames = session.worker->frames;
		session.dfs.room = SHARED_FRAMES_MAX;
		if (config->depth_max && config->depth_max < SHARED_FRAMES_MAX)
			session.dfs.room = (uint32_t)config->depth_max;
		session.policy = dfs_policy(&session.dfs);
	} else {
		session.random.seed = config->seed;
		session.policy = random_policy(&session.random);
	}
	session.policy.begin(session.policy.state, 0);
	pace_begin(session.yields_are_choices);
}

static enum op announced(uint32_t thread)
{
	return threads[thread].op;
}

void start_attach_to(const struct start_files *files, unsigned worker)
{
	const struct shared_config *config;

	session.output_fd = files->output;
	session.worker_index = worker;
	session.shared = memory_map_file(files->shared, sizeof(struct shared));
	CHECK(session.shared && session.shared->magic == SHARED_MAGIC);
	CHECK(session.shared->size_of_shared == sizeof(struct shared) &&
	      "library and command are of different versions");
	config = &session.shared->config;
	session.worker = &session.shared->workers[session.worker_index];
	session_init();
	session.replay.announced = announced;
	record_init(files->recording, config->kind == SESSION_REPLAY ? config->plan_count : 0);
	policy_set(config);
	races_init();
	session.recording = config->record || config->kind == SESSION_REPLAY;
	session.attached = true;
}

static void attach(const char *value)
{
	struct start_files files;

	files.shared = (int)number_read(&value);
	files.recording = (int)number_read(&value);
	files.output = (int)number_read(&value);
	start_attach_to(&files, (unsigned)number_read(&value));
}

void start_attach(void)
{
	char **entry = entry_of(SHARED_ENV);

	real_resolve();
	if (!entry)
		return;
	attach(*entry + sizeof(SHARED_ENV));
	entry_remove(entry);
	for (unsigned i = 0; i < sizeof(borrowed) / sizeof(*borrowed); i++)
		entry_give_back(borrowed[i]);
}

bool start_is_attached(void)
{
	return session.attached;
}

/* The block that is shared lies in a file (--resume) that cannot grow any more. */
static void no_room(void) __attribute__((noreturn));
static void no_room(void)
{
	struct text text =
		text_over(session.worker->report.message, sizeof(session.worker->report.message));

	text_add(&text, "there is no room for the file of --resume to grow: what has been explored "
			"is in it, so make room and go on");
	session.worker->state = WORKER_UNABLE;
	sys_call1(SYS_exit_group, 1);
	__builtin_unreachable();
}

static void on_fault(int signal, const siginfo_t *info, ucontext_t *context)
{
	unsigned long action[4] = {0};

	point_abandon(context);
	if (signal == SIGBUS && (char *)info->si_addr >= (char *)session.shared &&
	    (char *)info->si_addr < (char *)(session.shared + 1))
		no_room();

	if (execution.current && snapshot_is_full())
		kernel_snapshot_full();
	if (execution.current && spin_is_trying())
		spin_break(execution.current);
	if (execution.current) {
		if (session.signal_handlers[signal].called) {
			session.signal_handlers[signal].called(signal, (siginfo_t *)info, context);
			return;
		}
		fault_take(signal, info, context);
		return;
	}
	/* Not the program under control: as if heddle were not there. */
	sys_call4(SYS_rt_sigaction, signal, action, 0, 8);
	if (signal == SIGABRT)
		sys_call2(SYS_kill, sys_call0(SYS_getpid), SIGABRT);
}

static void on_stuck(ucontext_t *context)
{
	if (execution.current)
		verdict_stuck(context);
}

static const struct trap_handlers handlers = {
	.fault = on_fault,
	.system_call = kernel_call,
	.stuck = on_stuck,
	.trap = point_trap,
	.tick = loop_tick,
};

/* What the first use of some parts of the C library would do in every execution, system calls among
 * them. */
static void library_warm_up(void)
{
	/* Makes stdout's buffer. */
	if (putc_unlocked('\0', stdout) == '\0')
		stdout->_IO_write_ptr--;
	/* pthread_exit() unwinds with it, and would open it then. */
	dlopen("libgcc_s.so.1", RTLD_NOW);
}

static int (*program_main)(int, char **, char **);

void start_set_main(int (*function)(int, char **, char **))
{
	program_main = function;
}

static void begin(unsigned long outer_stack)
{
	session.pid = (int32_t)sys_call0(SYS_getpid);
	session.outer_stack = outer_stack;
	trap_init(&handlers);
	console_init(session.output_fd);
	module_find();
	point_start();
	races_start();
	/* From here on the library's memory is no thread's; and all kinds of session begin alike,
	 * for addresses of the heap stand in traces. */
	session.controlled = true;
	library_warm_up();
	session.ends_plainly &= module_none_has_destructors();
}

int start_main(int argc, char **argv, char **envp)
{
	/* argc lies just below the arguments. */
	begin((unsigned long)(argv - 1));
	carrier_main(program_main, argc, argv, envp);
}

static struct {
	void (*function)(void *);
	void *argument;
} body;

static int body_main(int argc, char **argv, char **envp)
{
	(void)argc;
	(void)argv;
	(void)envp;
	body.function(body.argument);
	return 0;
}

static void body_on_carrier(void *unused)
{
	static char *no_words[1];

	(void)unused;
	begin(0);
	carrier_main(body_main, 0, no_words, environ);
}

/* The carrier may not stay on the caller's stack: that belongs to the program, with what its
 * functions keep there, and is put back with everything else. */
void start_body(void (*function)(void *), void *argument, const struct stack_report *caller)
{
	static struct fiber left;
	struct fiber carrier = {.fs_base = pthread_self()};
	char *stack = memory_reserve(CARRIER_STACK_BYTES);

	body.function = function;
	body.argument = argument;
	session.is_body = true;
	session.caller = *caller;
	fiber_prepare(&carrier, stack + CARRIER_STACK_BYTES, body_on_carrier, 0);
	fiber_switch(&left, &carrier);
	__builtin_unreachable();
}
