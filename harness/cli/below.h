/* below.h - places as files below the current folder, which is what a code host wants to know to
 * show something beside a line: "src/bank.c:31".
 *
 * A report names a file as short as it can, so that it is the same on every machine; here the whole
 * path from the debug information is looked for. Nothing is named that is not there.
 */
#ifndef HEDDLE_CLI_BELOW_H
#define HEDDLE_CLI_BELOW_H

#include "report/symbols.h"
#include "session/shared.h"

#include <stddef.h>

/* Where the report's failure is: of the stack at fault, the innermost line that is in such a file.
 * "" where there is none. The caller frees it. */
char *source_of(const struct report *report, struct symbols *symbols);

/* Where the first access of the report's data race is; "" for anything else. */
char *source_of_first(const struct report *report, struct symbols *symbols);

/* The first "FILE:LINE" in `text` that is in such a file, or "". The caller frees it. */
char *source_in_text(const char *text);

#endif
