/* layout.h - the fixed addresses of a controlled program.
 *
 * Fixed, so that addresses repeat from run to run and the command can name them. All lie where
 * neither the kernel nor the dynamic linker puts anything by itself.
 */
#ifndef HEDDLE_MACHINE_LAYOUT_H
#define HEDDLE_MACHINE_LAYOUT_H

/* The program's heap, an arena for each thread: which one follows from who has created it
 * (session/thread.c). */
#define HEAP_BASE	   0x100000000000ul
#define HEAP_ARENA_SPAN	   (64ul << 30)
#define HEAP_THREAD_ARENAS 1024ul
#define HEAP_END	   (HEAP_BASE + HEAP_THREAD_ARENAS * HEAP_ARENA_SPAN)

/* All else lies as close together as it can, since a forked execution pays for each page table.
 * First what heddle owns, which is never part of a snapshot: small tables, of which every execution
 * touches some. */
#define POOL_BASE  0x600000000000ul
#define POOL_BYTES (128ul << 20)

/* What the C library allocates on behalf of heddle (thread control blocks' tables). The program's,
 * for the snapshot. */
#define LIBRARY_HEAP_BASE  (POOL_BASE + POOL_BYTES)
#define LIBRARY_HEAP_BYTES (128ul << 20)

/* The stacks of the program's threads, one after the other in the order in which they were first
 * needed. */
#define STACKS_BASE (LIBRARY_HEAP_BASE + LIBRARY_HEAP_BYTES)
#define STACKS_END  (POOL_BASE + (256ul << 30))

/* Heddle's again: large tables, of which few executions touch any; what a forked execution has no
 * use for; files shared with the command. */
#define LARGE_POOL_BASE	  STACKS_END
#define LARGE_POOL_BYTES  (8ul << 30)
#define PARENT_POOL_BASE  (LARGE_POOL_BASE + LARGE_POOL_BYTES)
#define PARENT_POOL_BYTES (80ul << 30)
#define FILES_BASE	  (PARENT_POOL_BASE + PARENT_POOL_BYTES)
#define FILES_END	  (POOL_BASE + (512ul << 30))

#define PAGE_BYTES 4096ul

#endif
