/* layout.h - where the program's heap lives.
 *
 * Fixed, so that addresses repeat from run to run and the command can name them. Each thread allocates from an arena of its
 * own: thread number modulo the number of arenas.
 */
#ifndef HEDDLE_MACHINE_LAYOUT_H
#define HEDDLE_MACHINE_LAYOUT_H

#define HEAP_BASE       0x100000000000ul
#define HEAP_ARENA_SPAN (64ul << 30)
#define HEAP_ARENAS     1024ul
#define HEAP_END        (HEAP_BASE + HEAP_ARENAS * HEAP_ARENA_SPAN)

#endif
