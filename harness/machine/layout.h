/* layout.h - the fixed addresses of a controlled program.
 *
 * Fixed, so that addresses repeat from run to run and the command can name them. All lie where neither the kernel nor the
 * dynamic linker puts anything by itself.
 */
#ifndef HEDDLE_MACHINE_LAYOUT_H
#define HEDDLE_MACHINE_LAYOUT_H

/* The program's heap. Each thread allocates from an arena of its own: thread number modulo the number of those, the last
 * one being for what the C library allocates on behalf of heddle (thread control blocks' tables). */
#define HEAP_BASE       0x100000000000ul
#define HEAP_ARENA_SPAN (64ul << 30)
#define HEAP_ARENAS     1024ul
#define HEAP_END        (HEAP_BASE + HEAP_ARENAS * HEAP_ARENA_SPAN)

/* The stacks of the program's threads, one after the other in the order in which they were first needed. */
#define STACKS_BASE 0x580000000000ul
#define STACKS_END  0x5f0000000000ul

/* What heddle owns: never part of a snapshot. */
#define HARNESS_BASE 0x600000000000ul
#define HARNESS_END  0x680000000000ul

#define PAGE_BYTES 4096ul

#endif
