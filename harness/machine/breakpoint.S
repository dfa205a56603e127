/* breakpoint.S - from a breakpoint to a function and back. Contract in breakpoint.h.
 *
 * The stack pointer is at a struct breakpoint_frame: registers lie from VECTORS on, in the order of <sys/ucontext.h>. The
 * vector registers are kept here, the others have been kept by the handler, which also puts them back at breakpoint_resume.
 * 0xe7: x87, SSE, AVX and AVX-512, whichever of them the processor has.
 */
#define VECTORS 2816

	.text
	.globl breakpoint_enter, breakpoint_resume
	.hidden breakpoint_enter, breakpoint_resume, breakpoint_call, breakpoint_has_xsave
	.type breakpoint_enter, @function
	.p2align 4
	.cfi_startproc
	.cfi_signal_frame
	.cfi_def_cfa %rsp, 0
	.cfi_offset %r8, VECTORS + 0
	.cfi_offset %r9, VECTORS + 8
	.cfi_offset %r10, VECTORS + 16
	.cfi_offset %r11, VECTORS + 24
	.cfi_offset %r12, VECTORS + 32
	.cfi_offset %r13, VECTORS + 40
	.cfi_offset %r14, VECTORS + 48
	.cfi_offset %r15, VECTORS + 56
	.cfi_offset %rdi, VECTORS + 64
	.cfi_offset %rsi, VECTORS + 72
	.cfi_offset %rbp, VECTORS + 80
	.cfi_offset %rbx, VECTORS + 88
	.cfi_offset %rdx, VECTORS + 96
	.cfi_offset %rax, VECTORS + 104
	.cfi_offset %rcx, VECTORS + 112
	.cfi_offset %rsp, VECTORS + 120
	.cfi_offset %rip, VECTORS + 128
	/* Unwinders look for the instruction before the return address. */
	nop
breakpoint_enter:
	mov $0xe7, %eax
	xor %edx, %edx
	cmpb $0, breakpoint_has_xsave(%rip)
	je 1f
	xsave64 (%rsp)
	jmp 2f
1:	fxsave64 (%rsp)
2:	fninit
	mov %rsp, %rdi
	call breakpoint_call
	mov $0xe7, %eax
	xor %edx, %edx
	cmpb $0, breakpoint_has_xsave(%rip)
	je 3f
	xrstor64 (%rsp)
	jmp breakpoint_resume
3:	fxrstor64 (%rsp)
breakpoint_resume:
	int3
	.cfi_endproc
	.size breakpoint_enter, . - breakpoint_enter
	.section .note.GNU-stack, "", @progbits
