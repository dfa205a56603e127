/* findings.h - the distinct failures of a search: each once, as the execution of the lowest number
 * in which it was seen.
 *
 * Failures are the same when their signatures are. Knows captures and files, not workers.
 */
#ifndef HEDDLE_CLI_FINDINGS_H
#define HEDDLE_CLI_FINDINGS_H

#include "base/error.h"
#include "cli/capture.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct finding {
	struct capture capture;
	bool lost; /* its process died without a report: there is no trace */
	uint64_t count;
	char *path; /* of the trace, once it is written, else null */
};

struct findings {
	struct finding *items;
	size_t count;
};

/* The finding of that signature, or null. */
struct finding *findings_find(const struct findings *findings, uint64_t signature);

/* Takes over the capture: as a new finding, or in place of the same failure seen in a later
 * execution; else frees it. Returns the finding if the capture is now part of it, else null.
 * Pointers from before are void. */
struct finding *findings_add(struct findings *findings, struct capture *capture, bool lost);

/* Drops all but the failure of the lowest execution. With `races`, data races are none, and those
 * that were seen up to then stay. */
void findings_keep_lowest(struct findings *findings, bool races);

/* Sorts by execution. */
void findings_sort(struct findings *findings);

/* Writes the finding's trace as DIR/PROGRAM-SIGNATURE.trace, a name that depends on nothing but the
 * failure. Returns 0, or -1 with `error`. */
int findings_write(const struct findings *findings, struct finding *finding, const char *folder,
		   const char *program, struct error *error);

/* The name that findings_write() gives, where no other trace has it. The caller frees it. */
char *findings_path(const char *folder, const char *program, uint64_t signature);

void findings_free(struct findings *findings);

#endif
