#include "machine/addresses.h"

#include "machine/syscall.h"

#include <limits.h>
#include <sys/auxv.h>
#include <sys/personality.h>

#define ASK 0xffffffff

void addresses_fix(char **argv, char **envp)
{
	static char program[PATH_MAX];
	long before = sys_call1(SYS_personality, ASK);
	long length;

	if (before < 0 || before & ADDR_NO_RANDOMIZE || getauxval(AT_SECURE))
		return;
	/* Started by naming the dynamic linker, whose arguments are not all here. */
	if (!getauxval(AT_BASE))
		return;
	length = sys_call3(SYS_readlink, "/proc/self/exe", program, sizeof(program) - 1);
	if (length <= 0 || sys_call1(SYS_personality, before | ADDR_NO_RANDOMIZE) < 0)
		return;
	sys_call3(SYS_execve, program, argv, envp);
	sys_call1(SYS_personality, before);
}
