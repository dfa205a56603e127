/* verdict.h - a failure in words: what happened, what each thread does, where it is, and how to see
 *it again.
 *
 *	heddle: deadlock: no thread can run
 *	  T1 transfer  waits for M2 `accounts[1].lock` (bank.c:31), held by T2 since bank.c:44
 *	  T2 audit     waits for M1 `accounts[0].lock` (bank.c:45), held by T1 since bank.c:30
 *	  T1 transfer
 *	    #0 transfer bank.c:31
 *	  ...
 *	  replay with: heddle replay bank.trace
 *
 * Works from a report whose process still stands still. Knows nothing of how executions are run.
 */
#ifndef HEDDLE_REPORT_VERDICT_H
#define HEDDLE_REPORT_VERDICT_H

#include "report/record.h"
#include "report/symbols.h"
#include "session/shared.h"

#include <stdbool.h>
#include <stdio.h>

/* The verdict in a word or two, as printed and as in JSON: "passed", "assertion", "exit status"; in
 * a trace file with hyphens for spaces. Never null. */
const char *verdict_word(enum verdict verdict);
/* As in a trace file: "exit-status". */
const char *verdict_key(enum verdict verdict);

/* True for verdicts that a search counts as failures of the program: not passed, discarded, none.
 */
bool verdict_is_failure(enum verdict verdict);

/* True where no thread is at fault: all wait. */
bool verdict_is_wait(enum verdict verdict);

/* The sentence after "heddle: KIND: ", without a newline: "no thread can run". Kept in `buffer`. */
const char *verdict_message(const struct report *report, struct symbols *symbols, char *buffer,
			    size_t size);

/* Where it happened, "counter.c:31"; for an assertion as its message has it, for a deadlock or
 * livelock the first blocked thread's call.
 * "" where unknown. Kept in `buffer`. */
const char *verdict_where(const struct report *report, struct symbols *symbols, char *buffer,
			  size_t size);

/* Prints the whole failure. `record` may be null when there is no recording. `about` is what is
 * known beside it of what it is about, lines to follow the sentence, or null. `replay` is the
 * command to see it again, "heddle replay bank.trace", or null. */
void verdict_print(FILE *out, const struct report *report, struct symbols *symbols,
		   struct record *record, const char *about, const char *replay);

#endif
