/* inside.h - what the files behind symbols.h share: an open process. For nobody else. */
#ifndef HEDDLE_REPORT_INSIDE_H
#define HEDDLE_REPORT_INSIDE_H

#include "machine/layout.h"
#include "report/cache.h"
#include "report/maps.h"
#include "report/symbols.h"
#include "trace/store.h"

#include <elfutils/libdwfl.h>

/* The places of one address: the innermost inlined function first. */
struct chain {
	size_t count; /* at least 1 */
	size_t shown; /* the innermost that is not in a header of an installed library */
	struct place places[];
};

struct symbols {
	int pid;
	Dwfl *dwfl;
	struct maps maps;
	unsigned maps_named;
	struct trace_store *texts;
	struct symbols_stack *stacks;
	size_t stack_count;
	/* By arena: the number of the thread that it is for + 1, or 0. */
	uint32_t heaps[HEAP_THREAD_ARENAS];
	struct cache chains;	  /* by address: struct chain */
	struct cache objects;	  /* by address and size: struct symbols_object */
	struct cache variables;	  /* by module: struct variables */
	struct variables *locals; /* of main(), or null */
	uint64_t caller_low, caller_high;
	/* Blocks of HEAP_ARENA_BEFORE, in the order in which they were first named. */
	uint64_t *before;
	size_t before_count;
	struct cache frames;	 /* by stack: struct variables of the start routine's call */
	struct cache of_threads; /* by module: struct variables with thread storage */
	struct blocks *blocks;	 /* of the heap, once they are asked for */
	bool attached;		 /* the unwinder's callbacks are set */
	const struct thread_report *unwinding;
};

/* The module with `address` in it, or null. */
Dwfl_Module *inside_module(struct symbols *symbols, uint64_t address);
/* The last part of its file's name: "libc.so.6". Lives as long as `symbols`. */
const char *inside_module_name(struct symbols *symbols, Dwfl_Module *module);

/* Is that the name of heddle's own library? */
bool inside_is_own(const char *module);

/* The places of the instruction at `address` (chain.c). */
const struct chain *inside_chain(struct symbols *symbols, uint64_t address);

/* The function that the instruction at `address` belongs to, itself not inlined, and how far its
 * module was moved. */
bool inside_function(struct symbols *symbols, uint64_t address, Dwarf_Die *function,
		     Dwarf_Addr *bias);

/* Reads memory of the process. False where it cannot be read. */
bool inside_read(const struct symbols *symbols, uint64_t address, void *to, size_t bytes);

/* Interned text, printf-like. */
const char *inside_text(struct symbols *symbols, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
