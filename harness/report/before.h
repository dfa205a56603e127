/* before.h - names for what the program allocated before it called heddle_explore(). */
#ifndef HEDDLE_REPORT_BEFORE_H
#define HEDDLE_REPORT_BEFORE_H

#include "report/inside.h"

#include <stdint.h>

/* "before(2+0x18)": so far into the second such block that has a name. Where blocks lie depends on
 * what a test framework has done, the arguments that select one test among it; the order in which
 * what is explored comes upon them does not. */
const char *before_name(struct symbols *symbols, uint64_t address);

#endif
