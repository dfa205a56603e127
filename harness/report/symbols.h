/* symbols.h - names for the addresses of a stopped process: functions, lines, variables, values,
 * stacks.
 *
 * Reads the process's list of mappings once, and the debug information of the files in it when
 * first asked. Everything degrades instead of failing: without debug information there are ELF
 * symbols, without those `module+0x123`, and for a null `symbols` every name is "?". Answers are
 * cached by address, and every text lives until symbols_close(). No name holds an absolute address,
 * so names can go into a trace. Knows nothing of events, objects or verdicts.
 */
#ifndef HEDDLE_REPORT_SYMBOLS_H
#define HEDDLE_REPORT_SYMBOLS_H

#include "base/error.h"
#include "session/shared.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct symbols;

/* A point in the program's code. No text is null. */
struct place {
	const char *function; /* as the source calls it, else as the symbol table does; "" where
				 unknown */
	const char *file; /* relative to the compilation folder, else the last part of the name; ""
			     where unknown */
	const char *path; /* the same as the debug information has it; "" where unknown */
	uint32_t line;	  /* 0 where unknown */
	const char *text; /* "counter.c:9", else "libz.so.1:deflate+0x12", else "libz.so.1+0x123",
			     else "?" */
	const char *module; /* last part of the file's name, "" where unknown */
};

/* How the bytes of a value are to be read. */
enum symbols_type {
	SYMBOLS_UNKNOWN,
	SYMBOLS_SIGNED,
	SYMBOLS_UNSIGNED,
	SYMBOLS_BOOLEAN,
	SYMBOLS_CHARACTER,
	SYMBOLS_FLOAT,
	SYMBOLS_POINTER,
	SYMBOLS_THREAD, /* a pthread_t or thrd_t */
};

/* What lies at an address. */
struct symbols_object {
	const char *name; /* "accounts[1].lock", "counter", "heap(T1+0x40)", "stack(T0-0x18)",
			     "libz.so.1+0x123", "?" */
	enum symbols_type type;
	bool is_variable; /* the name is a variable's (debug information or symbol table) */
};

/* The memory in which `thread` has its stack: [low, high); the address of its control block; and
 * the canonical frame address of its start routine `start`. 0 where that is not known. */
struct symbols_stack {
	uint32_t thread;
	uint64_t low, high;
	uint64_t control, frame, start;
};

/* Opens the process, which must stand still, and have been started without address randomisation,
 * until symbols_close(). Returns null with `error` when it cannot be read; all other functions
 * accept that null. */
struct symbols *symbols_open(int pid, struct error *error);
void symbols_close(struct symbols *symbols);

/* Gives the stacks of the program, copied, each with the last thread that had it: "stack(T2-0x18)".
 * Before anything is asked for. */
void symbols_stacks(struct symbols *symbols, const struct symbols_stack *stacks, size_t count);

/* Tells where the frames of heddle_explore()'s callers lie: "caller+0x18". Before anything is asked
 * for. */
void symbols_caller(struct symbols *symbols, uint64_t low, uint64_t high);

/* Tells whose the arenas of the heap are: "heap(T2+0x40)". Before anything is asked for. */
void symbols_heaps(struct symbols *symbols, const struct thread_report *report, size_t count);

/* Tells where T0 stands, so that the variables of main() have names: "main::counter". Those of
 * other functions have none: what they used, another call may have used before. Before anything is
 * asked for. */
void symbols_main(struct symbols *symbols, const struct thread_report *thread);

/* The place of the call that returns to `pc`. In an inlined function that is the innermost one; in
 * heddle itself none. */
const struct place *symbols_place(struct symbols *symbols, uint64_t pc);

/* The function that starts at or contains `address`: "increment"; never null. */
const char *symbols_function(struct symbols *symbols, uint64_t address);

/* What lies at `address`. With `size` bytes given, the member or element of that size; with 0 the
 * synchronisation object or innermost first member. */
const struct symbols_object *symbols_object(struct symbols *symbols, uint64_t address,
					    uint32_t size);

/* A value of `size` bytes in words: a number as its type has it, or "&name" when it is an address
 * in something known. */
const char *symbols_value(struct symbols *symbols, uint64_t value, uint32_t size,
			  enum symbols_type type);

/* True when `address` is mapped and belongs to something that has a name. */
bool symbols_is_known(struct symbols *symbols, uint64_t address);

#define SYMBOLS_FRAMES_MAX 64

/* The stack of a thread, innermost frame first, inlined functions as frames of their own, without
 * the frames of heddle itself and without what the C library runs before main() or a start routine.
 * Returns how many, at most SYMBOLS_FRAMES_MAX. */
size_t symbols_unwind(struct symbols *symbols, const struct thread_report *thread,
		      const struct place *frames[SYMBOLS_FRAMES_MAX]);

#endif
