/*
 * hooks_stubs.S - each hook as a jump through its slot in heddle_hooks.
 *
 * A jump and not a call: the function in the slot then finds the program's own return address and arguments. All are hidden,
 * so that each program and each shared object reaches the copy and the table that were linked into it, and weak, so that
 * a program may bring its own.
 */
#include "cc/hooks_list.h"

	.text
	.globl	heddle_stubs_begin, heddle_stubs_end
	.hidden	heddle_stubs_begin, heddle_stubs_end
	.set	slot, 0
heddle_stubs_begin:

	.macro	stub hook
	.weak	\hook
	.hidden	\hook
	.type	\hook, @function
	.p2align 3
\hook:
	jmp	*heddle_hooks + 8 + slot(%rip)
	.size	\hook, . - \hook
	.set	slot, slot + 8
	.endm

#define ACCESS(hook, kind, size)         stub hook ;
#define ATOMIC(hook, bits, operation)    stub hook ;
#define OTHER(hook, native)              stub hook ;
#define REMARK(hook)                     stub hook ;

HOOKS(ACCESS, ACCESS, ATOMIC, OTHER, REMARK)
heddle_stubs_end:

	.hidden	heddle_hooks
	.section .note.GNU-stack,"",@progbits
