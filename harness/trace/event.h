/* event.h - one recorded event, as the program under test writes it and the command reads it.
 *
 * Binary and address-based: names, files and lines are found by the command (report/symbols.h)
 * while the program is still there, and only they go into a trace file (trace/trace.h). Fixed size,
 * so that a recording is an array.
 */
#ifndef HEDDLE_TRACE_EVENT_H
#define HEDDLE_TRACE_EVENT_H

#include <stdint.h>

enum event_flag {
	/* `value` holds what was read or is there after the operation; for calls the result (0 or
	   an errno). */
	EVENT_HAS_VALUE = 1 << 0,
	/* `before` holds what an atomic read-modify-write or compare-exchange found, or a write
	   took the place of. */
	EVENT_HAS_BEFORE = 1 << 1,
	/* Another thread could have gone here: the policy was asked. */
	EVENT_WAS_CHOICE = 1 << 2,
	/* The access was to a `volatile` object. */
	EVENT_VOLATILE = 1 << 3,
	/* The thread announced this operation but never carried it out (deadlock, process ended).
	 */
	EVENT_PENDING = 1 << 4,
	/* The access is part of a data race that was found. */
	EVENT_RACE = 1 << 5,
};

struct event {
	/* The object or memory operated on; for OP_CREATE the start routine; 0 where there is none.
	 */
	uint64_t address;
	/* Return address of the call in the program (look up `pc - 1`); 0 where unknown. */
	uint64_t pc;
	/* For accesses up to 8 bytes the value, zero-extended. OP_CREATE, OP_JOIN, OP_DETACH: the
	 * other thread's number. OP_EXIT: the exit status. OP_CHOOSE: the alternative taken.
	 * OP_WAIT: how it ends (trace/way.h). */
	uint64_t value;
	/* With EVENT_HAS_BEFORE as above; for OP_WAIT and OP_WAKE the address of the mutex,
	 * for OP_FUTEX_REQUEUE of the other word. */
	uint64_t before;
	/* Number in creation order: 0 is main. */
	uint32_t thread;
	/* Bytes accessed; 0 for operations on objects. */
	uint32_t size;
	uint16_t op; /* enum op */
	uint16_t flags;
	uint32_t reserved;
};

#endif
