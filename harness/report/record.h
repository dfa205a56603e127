/* record.h - gives words to a recording: the events that a worker wrote, as events of a trace.
 *
 * Objects are named by their symbol; else mutexes are M1, M2..., condition variables C1...,
 * semaphores S1..., read-write locks R1..., barriers B1..., once controls O1..., spin locks
 * L1..., futexes X1... in the order in which they first appear (numbers count named ones too, so
 * that a number means one object). Knows nothing of files and verdicts.
 */
#ifndef HEDDLE_REPORT_RECORD_H
#define HEDDLE_REPORT_RECORD_H

#include "report/symbols.h"
#include "session/shared.h"
#include "trace/event.h"
#include "trace/trace.h"

#include <stddef.h>
#include <stdint.h>

struct record;

/* Looks at a recording. `events` and `symbols` (which may be null) must outlive the result;
 * `report` gives the threads their names and may be null. Never null. */
struct record *record_open(const struct event *events, size_t count, const struct report *report,
			   struct symbols *symbols);
void record_close(struct record *record);

/* Adds all events in words to `trace`. */
void record_trace(struct record *record, struct trace *trace);

/* The name of the synchronisation object at `address`, as in the trace: "lock" or "M2"; and with
 * its number, "M2 `accounts[1].lock`" or "M2". Texts live as long as the record. */
const char *record_name(struct record *record, uint64_t address);
const char *record_title(struct record *record, uint64_t address);

/* The event by which `thread` got the mutex at `address` that it still holds, or null. */
const struct event *record_acquired(struct record *record, uint32_t thread, uint64_t address);

/* The events, of which there are `*count`; null where there are none. */
const struct event *record_events(const struct record *record, size_t *count);

/* The symbols that the record was opened with. */
struct symbols *record_symbols(struct record *record);

#endif
