/* switch.S - the fiber switch, and a read that may fault. Contracts in fiber.h and probe.h.
 *
 * A suspended fiber's stack, from its saved stack pointer upwards, is `struct fiber_frame` of fiber.h.
 */
	.text

/* void fiber_swap(void **save, void *load, unsigned long fs_base, int fs_by_instruction) */
	.globl fiber_swap
	.hidden fiber_swap
	.type fiber_swap, @function
	.p2align 5
fiber_swap:
	.cfi_startproc
	push %rbp
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %rbp, 0
	push %rbx
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %rbx, 0
	push %r12
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %r12, 0
	push %r13
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %r13, 0
	push %r14
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %r14, 0
	push %r15
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %r15, 0
	sub $8, %rsp
	.cfi_adjust_cfa_offset 8
	stmxcsr (%rsp)
	fnstcw 4(%rsp)
	mov (%rsp), %rax
	mov %rsp, (%rdi)
	mov %rsi, %rsp
	test %ecx, %ecx
	jz 1f
	wrfsbase %rdx
1:
	/* Loading the control words is slow, and they hardly ever differ. */
	cmp (%rsp), %rax
	jne 3f
2:	add $8, %rsp
	.cfi_adjust_cfa_offset -8
	pop %r15
	.cfi_adjust_cfa_offset -8
	.cfi_restore %r15
	pop %r14
	.cfi_adjust_cfa_offset -8
	.cfi_restore %r14
	pop %r13
	.cfi_adjust_cfa_offset -8
	.cfi_restore %r13
	pop %r12
	.cfi_adjust_cfa_offset -8
	.cfi_restore %r12
	pop %rbx
	.cfi_adjust_cfa_offset -8
	.cfi_restore %rbx
	pop %rbp
	.cfi_adjust_cfa_offset -8
	.cfi_restore %rbp
	ret
3:	ldmxcsr (%rsp)
	fldcw 4(%rsp)
	jmp 2b
	.cfi_endproc
	.size fiber_swap, . - fiber_swap

/* Where a new fiber begins: %rbx is the function, %r12 its argument. No way out, so that unwinding ends here. */
	.globl fiber_begin
	.hidden fiber_begin
	.type fiber_begin, @function
fiber_begin:
	.cfi_startproc
	.cfi_undefined %rip
	mov %r12, %rdi
	xor %ebp, %ebp
	call *%rbx
	ud2
	.cfi_endproc
	.size fiber_begin, . - fiber_begin

/* void *fiber_call(const void *function, void *a, void *b, void *c, unsigned long *frame): exceptions go through it. */
	.globl fiber_call
	.hidden fiber_call
	.type fiber_call, @function
fiber_call:
	.cfi_startproc
	sub $8, %rsp
	.cfi_adjust_cfa_offset 8
	mov %rsp, (%r8)
	mov %rdi, %rax
	mov %rsi, %rdi
	mov %rdx, %rsi
	mov %rcx, %rdx
	call *%rax
	add $8, %rsp
	.cfi_adjust_cfa_offset -8
	ret
	.cfi_endproc
	.size fiber_call, . - fiber_call

/* void fiber_park(unsigned int *word): the real thread behind a fiber says that it is parked, wakes who waits for that, and
 * sleeps for good. From the moment at which it has said so its stack belongs to a fiber: it does not touch it again. */
	.globl fiber_park
	.hidden fiber_park
	.type fiber_park, @function
fiber_park:
	.cfi_startproc
	.cfi_undefined %rip
	movl $1, (%rdi)
	mov $202, %eax
	mov $129, %esi
	mov $1, %edx
	syscall
1:	mov $202, %eax
	mov $128, %esi
	mov $1, %edx
	xor %r10d, %r10d
	xor %r8d, %r8d
	xor %r9d, %r9d
	syscall
	jmp 1b
	.cfi_endproc
	.size fiber_park, . - fiber_park

/* int probe_read(const void *address, unsigned size, unsigned long *value) */
	.globl probe_read, probe_begin, probe_end, probe_fail
	.hidden probe_read, probe_begin, probe_end, probe_fail
	.type probe_read, @function
probe_read:
	.cfi_startproc
	xor %eax, %eax
	mov %rax, (%rdx)
	mov %esi, %ecx
	mov %rdi, %rsi
	mov %rdx, %rdi
probe_begin:
	rep movsb
probe_end:
	mov $1, %eax
	ret
probe_fail:
	xor %eax, %eax
	ret
	.cfi_endproc
	.size probe_read, . - probe_read
	.section .note.GNU-stack, "", @progbits
