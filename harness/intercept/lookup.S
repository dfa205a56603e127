/* lookup.S - dlsym() and dlvsym(). Contract in lookups.c.
 *
 * The C library's functions look at who has called them (RTLD_NEXT: the objects after that one), so they are jumped to, with
 * stack and arguments as they were. `lookup_answer` says what to return instead; `lookup_real` has their addresses by then.
 */
	.macro LOOKUP name, version, index
	.globl \name
	.type \name, @function
	.p2align 4
\name:
	.cfi_startproc
	push %rdi
	.cfi_adjust_cfa_offset 8
	push %rsi
	.cfi_adjust_cfa_offset 8
	push %rdx
	.cfi_adjust_cfa_offset 8
	mov 24(%rsp), %rcx
	mov \version, %edx
	call lookup_answer
	pop %rdx
	.cfi_adjust_cfa_offset -8
	pop %rsi
	.cfi_adjust_cfa_offset -8
	pop %rdi
	.cfi_adjust_cfa_offset -8
	test %rax, %rax
	jnz 1f
	jmp *(lookup_real + 8 * \index)(%rip)
1:	ret
	.cfi_endproc
	.size \name, . - \name
	.endm

	.text
	.hidden lookup_answer, lookup_real
	LOOKUP dlsym, $0, 0
	LOOKUP dlvsym, $1, 1
	.section .note.GNU-stack, "", @progbits
