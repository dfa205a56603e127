/* code.h - the code that is loaded when the program starts: which object an address lies in, and
 * where its functions begin.
 *
 * Functions are found by the tables for unwinding (.eh_frame_hdr, .eh_frame: Linux Standard Base
 * Core 5.0, 10.6), which a stripped program has, too.
 */
#ifndef HEDDLE_SESSION_CODE_H
#define HEDDLE_SESSION_CODE_H

#include "session/shared.h"

#include <stdbool.h>

enum code_kind {
	CODE_PROGRAM, /* the program, and its libraries */
	/* The C library and the dynamic linker: a thread may hold locks there that are not
	 * modelled.
	 */
	CODE_LIBRARY,
	CODE_OWN, /* heddle itself */
	CODE_UNKNOWN,
};

/* Remembers the objects that are loaded now. Call once, before main. */
void code_find(void);

/* The address of a place, or 0 where its object is not loaded. */
unsigned long code_address(const struct shared_place *place);

/* The place of an address: its object and where it lies in that, or the address alone. */
void code_place(unsigned long address, struct shared_place *place);

enum code_kind code_kind(unsigned long address);

/* True where an instruction can be: in executable memory of an object. */
bool code_is_executable(unsigned long address);

struct code_function {
	unsigned long start, end;
};

/* The function with `address` in it. False where none is known. */
bool code_function(unsigned long address, struct code_function *function);

/* Calls `each` for all functions of the program and its libraries. */
void code_each_function(void (*each)(const struct code_function *function));

#endif
