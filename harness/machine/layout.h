/* layout.h - the fixed addresses of a controlled program.
 *
 * Fixed, so that addresses repeat from run to run and the command can name them. All lie where neither the kernel nor the
 * dynamic linker puts anything by itself.
 */
#ifndef HEDDLE_MACHINE_LAYOUT_H
#define HEDDLE_MACHINE_LAYOUT_H

/* The program's heap: arena 0 for what the C library allocates on behalf of heddle (thread control blocks' tables), then one
 * for each thread: 1 + thread number modulo HEAP_THREAD_ARENAS. */
#define HEAP_BASE          0x100000000000ul
#define HEAP_ARENA_SPAN    (64ul << 30)
#define HEAP_THREAD_ARENAS 1023ul
#define HEAP_ARENAS        (1 + HEAP_THREAD_ARENAS)
#define HEAP_END           (HEAP_BASE + HEAP_ARENAS * HEAP_ARENA_SPAN)

/* All else lies close together, within the 512 GB that share an upper page table: a fork pays for each table.
 *
 * What heddle owns, and what of that a forked child has no use for. Never part of a snapshot. */
#define POOL_BASE          0x600000000000ul
#define POOL_BYTES         (16ul << 30)
#define PARENT_POOL_BASE   (POOL_BASE + POOL_BYTES)
#define PARENT_POOL_BYTES  (80ul << 30)

/* The stacks of the program's threads, one after the other in the order in which they were first needed. */
#define STACKS_BASE (PARENT_POOL_BASE + PARENT_POOL_BYTES)
#define STACKS_END  (STACKS_BASE + (256ul << 30))

/* Files shared with the command; heddle's own too. */
#define FILES_BASE STACKS_END
#define FILES_END  (POOL_BASE + (512ul << 30))

#define PAGE_BYTES 4096ul

#endif
