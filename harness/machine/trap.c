#include "machine/trap.h"

#include "machine/memory.h"
#include "machine/probe.h"
#include "machine/snapshot.h"
#include "machine/syscall.h"
#include "machine/tick.h"

#include <stdint.h>
#include <sys/prctl.h>

#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH 59
#define PR_SYS_DISPATCH_OFF	     0
#define PR_SYS_DISPATCH_ON	     1
#endif

#define SA_RESTORER	 0x04000000ul
#define ALTSTACK_BYTES	 (128ul << 10)
#define PAGE_FAULT_WRITE 2 /* bit of the page fault's error code */

/* The kernel's struct sigaction, not the C library's. */
struct kernel_action {
	void (*handler)(int signal, siginfo_t *info, void *context);
	unsigned long flags;
	void (*restorer)(void);
	unsigned long mask;
};

volatile char trap_selector = TRAP_ALLOW;
static const struct trap_handlers *handlers;

static const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP};

static void on_fault(int signal, siginfo_t *info, void *argument)
{
	ucontext_t *context = argument;
	greg_t *registers = context->uc_mcontext.gregs;
	unsigned long rip = (unsigned long)registers[REG_RIP];

	if (signal == SIGSEGV && registers[REG_ERR] & PAGE_FAULT_WRITE &&
	    snapshot_fault((unsigned long)info->si_addr))
		return;
	if (signal == SIGTRAP && handlers->trap(info, context))
		return;
	if (rip >= (unsigned long)probe_begin && rip < (unsigned long)probe_end) {
		registers[REG_RIP] = (greg_t)probe_fail;
		return;
	}
	handlers->fault(signal, info, context);
}

static void on_system_call(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)info;
	handlers->system_call(context);
}

static void on_stuck(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	if (info->si_code != SI_TIMER) {
		handlers->stuck(context);
		return;
	}
	tick_add();
	handlers->tick(context);
}

static void install(int signal, void (*handler)(int, siginfo_t *, void *))
{
	struct kernel_action action = {
		.handler = handler,
		/* Not deferred: a handler may leave for another fiber and never return. */
		.flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | SA_RESTART | SA_RESTORER,
		.restorer = sys_sigreturn,
	};

	sys_call4(SYS_rt_sigaction, signal, &action, 0, 8);
}

void trap_init(const struct trap_handlers *wanted)
{
	stack_t stack = {.ss_sp = memory_reserve(ALTSTACK_BYTES), .ss_size = ALTSTACK_BYTES};
	unsigned long unblock = trap_owned();

	handlers = wanted;
	sys_call2(SYS_sigaltstack, &stack, 0);
	for (unsigned i = 0; i < sizeof(fatal) / sizeof(*fatal); i++)
		install(fatal[i], on_fault);
	install(SIGSYS, on_system_call);
	install(TRAP_STUCK_SIGNAL, on_stuck);
	sys_call4(SYS_rt_sigprocmask, SIG_UNBLOCK, &unblock, 0, 8);
}

unsigned long trap_owned(void)
{
	unsigned long owned = 1ul << (SIGSYS - 1) | 1ul << (TRAP_STUCK_SIGNAL - 1);

	for (unsigned i = 0; i < sizeof(fatal) / sizeof(*fatal); i++)
		owned |= 1ul << (fatal[i] - 1);
	return owned;
}

bool trap_owns(int signal)
{
	return trap_owned() >> (signal - 1) & 1;
}

bool trap_system_calls(void)
{
	return !sys_call5(SYS_prctl, PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, sys_begin,
			  sys_end - sys_begin, &trap_selector);
}

void trap_system_calls_end(void)
{
	sys_call5(SYS_prctl, PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_OFF, 0, 0, 0);
}
