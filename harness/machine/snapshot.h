/* snapshot.h - takes a copy of the program's whole writable memory and puts it back.
 *
 * Taken on the carrier, while every fiber is suspended. From then on the pages are write-protected;
 * the first write to a page faults once and makes it *hot*, and only hot pages are compared with
 * the copy and put back. What the program never writes costs nothing, however much of it there is.
 *
 * Requires that the kernel itself writes to the program's memory only where snapshot_touch() was
 * called before.
 */
#ifndef HEDDLE_MACHINE_SNAPSHOT_H
#define HEDDLE_MACHINE_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>

/* Takes the copy; a former one is dropped. `outer_stack` is where the program's part of the
 * kernel-made stack (arguments, environment) begins; 0 where all of it does, because the carrier is
 * elsewhere. */
void snapshot_take(unsigned long outer_stack);

/* Puts everything back. */
void snapshot_restore(void);

/* Lets go: all pages are writable again and nothing is tracked. The contents stay as they are. */
void snapshot_drop(void);

/* True when a write to `address` faulted because of the protection; the page is writable now. False
 * too when there is no room for it: snapshot_is_full(). */
bool snapshot_fault(unsigned long address);

/* Makes [at, at + bytes) safe for the kernel to write to. */
void snapshot_touch(const void *at, size_t bytes);

/* Memory that was mapped after the snapshot, and has to be all zero when it is put back. */
void snapshot_add_zero(unsigned long at, size_t bytes);

/* True while there is a snapshot. */
extern bool snapshot_active;

/* True when a write could not be let through, since an execution writes to more pages than can be
 * put back (64 MB), or the kernel allows no more mappings. The write has not happened: forked
 * executions are the way out. */
bool snapshot_is_full(void);

#endif
