/* search.h - a search in progress: its workers, what they have found, and why it ends.
 *
 * The workers explore by themselves. What is done here is what they cannot do: start them and start
 * them again, look at a failure while its memory is there, notice that one does not move any more,
 * and stop at a limit.
 */
#ifndef HEDDLE_CLI_SEARCH_H
#define HEDDLE_CLI_SEARCH_H

#include "base/error.h"
#include "cli/findings.h"
#include "cli/launch.h"
#include "cli/list.h"
#include "cli/notes.h"
#include "cli/options.h"
#include "cli/strays.h"
#include "cli/worker.h"
#include "session/shared.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Why a search ended. The words are part of the JSON result: json.h. */
enum search_reason {
	REASON_NONE,	     /* it goes on */
	REASON_COMPLETE,     /* there is nothing left to do */
	REASON_EXECUTIONS,   /* as many as were asked for */
	REASON_TIME,	     /* --time */
	REASON_FAILURE,	     /* the first one, without --keep-going */
	REASON_INTERRUPTED,  /* by a signal */
	REASON_DEPTH,	     /* an execution was longer than --depth, or the room, allows */
	REASON_MEMORY,	     /* more shared memory, or plans with choices, than there is room for */
	REASON_UNCONTROLLED, /* the program did what heddle does not control */
	REASON_LOST,	    /* what begins like an execution that killed its process was left out */
	REASON_DIVERGED,    /* the same choices had different consequences */
	REASON_WORKERS,	    /* workers ended again and again without getting on */
	REASON_PREEMPTIONS, /* --preemptions */
	REASON_TIMEOUTS,    /* --timeouts */
};

struct search {
	const struct options *options;
	struct target target;
	struct launch launch;
	struct origin origin;
	struct shared *shared;
	unsigned worker_count;
	struct worker workers[SHARED_WORKERS_MAX];
	/* Processes in a row that ended in a worker without an execution more than the one before.
	 */
	struct {
		unsigned deaths;
		uint64_t executions;
	} failed[SHARED_WORKERS_MAX];
	struct findings findings;
	struct list list;	 /* --list */
	struct findings results; /* one execution of each outcome: outcomes.h */
	struct looks looks[SHARED_WORKERS_MAX];
	struct notes notes;
	struct strays strays;
	int signals_fd;
	enum search_reason reason;
	uint64_t executions_before; /* those of a search that is continued */
	double start_s, end_s,
		kill_s; /* kill_s: when workers that were told to stop are killed; 0: not told */
	bool unable;	/* `error` says why there is no result at all */
	bool unwritten; /* a file with the result could not be written */
	struct error *error;
};

/* Carries out the search that the options describe. Returns 0, or -1 with `error` when the program
 * cannot be run. No process is left when it returns. Free with search_free() in both cases. */
int search_run(struct search *search, const struct options *options, struct error *error);
void search_free(struct search *search);

/* The reason as a word and as the end of a sentence. */
const char *search_reason_word(enum search_reason reason);
const char *search_reason_sentence(enum search_reason reason);

/* How many executions count: for a search that stopped at its first failure, those up to that one,
 * so that the number does not depend on how many workers there were. */
uint64_t search_executions(const struct search *search);

/* True when there is nothing that the search could still have done. */
bool search_is_complete(const struct search *search);

/* True when it was told to stop, or had a limit, and would else have gone on. */
bool search_is_cut_short(const struct search *search);

/* How many classes need 0, 1, ... preemptions: returns up to where in the list. `*unknown` is of
 * how many that is not known. Returns 0 where they were not counted. */
uint32_t search_preemptions(const struct search *search, uint64_t classes[SHARED_PREEMPT_MAX],
			    uint64_t *unknown);

/* True when a search by preemptions has executed all classes that need at most `*most`. */
bool search_preemptions_done(const struct search *search, uint32_t *most);

/* True when executions ran in forked children; `*why` is the reason. */
bool search_forked(const struct search *search, const char **why);

enum status search_status(const struct search *search);

/* True for what ends the search without --keep-going; false for a data race that is reported only.
 */
bool search_is_failure(const struct search *search, const struct finding *finding);

/* How many failures there are; the other findings are data races. */
size_t search_failures(const struct search *search);

/* Writes the command that shows the finding again. */
void search_print_replay(FILE *out, const struct search *search, const struct finding *finding);

#endif
