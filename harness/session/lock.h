/* lock.h - the lock over what workers share. Held for microseconds; a worker that is killed inside
 * is followed by one of the same number, which finds the lock its own and frees it after it has
 * mended what was half done. */
#ifndef HEDDLE_SESSION_LOCK_H
#define HEDDLE_SESSION_LOCK_H

void lock_take(void);
void lock_release(void);

/* True when a predecessor of this worker was killed while it held the lock: it is this worker's
 * now. */
int lock_inherited(void);

#endif
