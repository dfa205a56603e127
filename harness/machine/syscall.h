/* syscall.h - the harness's own system calls.
 *
 * They are made from one place in the library, [sys_begin, sys_end), which the trap on the
 * program's system calls lets pass (trap.h). They touch no errno: the result is negative on error,
 * as the kernel gives it.
 */
#ifndef HEDDLE_MACHINE_SYSCALL_H
#define HEDDLE_MACHINE_SYSCALL_H

#include <sys/syscall.h>

long sys_call6(long number, long a, long b, long c, long d, long e, long f);
extern const char sys_begin[], sys_end[];

/* What SA_RESTORER of the harness's signal handlers points to. */
void sys_sigreturn(void);

#define SYS_ARG(x)		 ((long)(x))
#define sys_call0(n)		 sys_call6(n, 0, 0, 0, 0, 0, 0)
#define sys_call1(n, a)		 sys_call6(n, SYS_ARG(a), 0, 0, 0, 0, 0)
#define sys_call2(n, a, b)	 sys_call6(n, SYS_ARG(a), SYS_ARG(b), 0, 0, 0, 0)
#define sys_call3(n, a, b, c)	 sys_call6(n, SYS_ARG(a), SYS_ARG(b), SYS_ARG(c), 0, 0, 0)
#define sys_call4(n, a, b, c, d) sys_call6(n, SYS_ARG(a), SYS_ARG(b), SYS_ARG(c), SYS_ARG(d), 0, 0)
#define sys_call5(n, a, b, c, d, e)                                                                \
	sys_call6(n, SYS_ARG(a), SYS_ARG(b), SYS_ARG(c), SYS_ARG(d), SYS_ARG(e), 0)

#endif
