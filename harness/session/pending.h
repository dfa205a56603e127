/* pending.h - what threads have announced, as the partial-order reduction (policy/dpor.h) is told.
 * Looks at threads, objects and memory, and changes nothing. */
#ifndef HEDDLE_SESSION_PENDING_H
#define HEDDLE_SESSION_PENDING_H

#include "policy/dpor.h"

struct thread;

/* The operation that the thread has announced, and its object, or what interrupts it. */
enum op pending_op(const struct thread *thread);
void *pending_object(const struct thread *thread);

/* Whether the value of the memory is of interest; that, as it is now. */
bool pending_has_value(const struct dpor_event *event);
uint64_t pending_value(const struct dpor_event *event);

/* How many bytes at the object the announced operation is on: its size, but for OP_WAIT what
 * footprint_of() wants, and for one on a channel, whose size names the descriptor, the channel's.
 */
uint32_t pending_bytes(const struct thread *thread);

/* Fills in the operation that the thread has announced, and what its object is like. */
void pending_fill(struct dpor *dpor, struct dpor_event *event, const struct thread *thread);

/* All that is announced, into `dpor->pending`. */
void pending_collect(struct dpor *dpor);

/* What the thread is at that is ending the process. Requires: one is. */
struct dpor_exiting pending_exit(void);

#endif
