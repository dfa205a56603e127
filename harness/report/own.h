/* own.h - names for what is one thread's own: its handle (T1, for a pthread_t), its variables with
 * thread storage (`T1:errors`), and the locals of its start routine (`T1:work::sum`), which lie
 * where they lie for as long as the thread lives. Locals of functions that those call have none:
 * what they used, another call may have used before. */
#ifndef HEDDLE_REPORT_OWN_H
#define HEDDLE_REPORT_OWN_H

#include "report/symbols.h"

#include <stdbool.h>

/* Names what lies at `address`, `size` as for symbols_object(). False where that is nobody's own,
 * or not known. */
bool own_name(struct symbols *symbols, uint64_t address, uint32_t size,
	      struct symbols_object *object);

/* "T1" where that is the handle of a thread; else null. */
const char *own_handle(struct symbols *symbols, uint64_t value);

void own_free(struct symbols *symbols);

#endif
