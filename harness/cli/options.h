/* options.h - the commands of heddle and their options: one table, from which parsing, the help of
 * each command, the messages about wrong usage and the manual page are made (see help.h).
 *
 * Options come before the program: the first word that is none ends them, and everything after it
 * belongs to the program. Knows what the words mean, not what is done with them.
 */
#ifndef HEDDLE_CLI_OPTIONS_H
#define HEDDLE_CLI_OPTIONS_H

#include "base/error.h"
#include "cli/points.h"
#include "session/shared.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum command {
	COMMAND_RUN,
	COMMAND_REPLAY,
	COMMAND_EXPLORE,
	COMMAND_SHOW,
	COMMAND_DIFF,
	COMMAND_NATIVE,
	COMMAND_COUNT,
};

/* All nodes of the tree of dpor, of 64 bytes each. */
#define MEMORY_MAX_MB 512u

/* More than one timeout, for what goes wrong only when a thread tries again; fewer than many, for
 * programs that try again for ever. */
#define OPTIONS_TIMEOUTS 2

/* What a command line says. Strings and `program` point into argv. */
struct options {
	enum command command;
	bool help; /* --help: nothing else has been checked */
	uint64_t seed;
	const char *trace; /* run: where to write it, or null; replay, show: the one to read */
	const char *other_trace; /* diff: the second one */
	enum strategy strategy;
	enum races_mode races;
	uint64_t executions_max; /* 0: no limit */
	uint64_t depth_max;	 /* 0: no limit but the room that there is */
	double time_s;		 /* 0: no limit */
	double stuck_s;
	unsigned workers;   /* 0: one for each processor */
	unsigned memory_mb; /* of what dpor plans, at most MEMORY_MAX_MB */
	bool keep_going, json, fork_only, wait_for_threads, output_order;
	bool strategy_given;
	bool by_preemptions; /* dpor: those that need at most so many `preemptions`, fewest first */
	uint32_t preemptions; /* UINT32_MAX: no bound */
	bool count_preemptions;
	/* So many waits of an execution end without a signal; UINT32_MAX until it is known;
	 * explore: so many of each thread by their deadline, where the search is exhaustive. */
	unsigned spurious, timeouts;
	struct points points;
	bool full;		   /* show: nothing is folded */
	const char *only, *object; /* show: threads, and what events are on; or null */
	/* native: so many runs, of which none is to take longer than that; explore, too. */
	uint64_t runs;
	double hang_s;
	bool search;
	bool list; /* explore: print all interleavings */
	const char *out_dir;
	const char *resume; /* the file of a search that can be continued, or null */
	const char *junit;  /* the file for a report in JUnit's form, or null */
	bool tap, annotate;
	char **program; /* run, explore: the program and its arguments, ended by a null pointer */
};

enum option_kind {
	OPTION_FLAG,
	OPTION_NUMBER,	/* uint64_t */
	OPTION_COUNT,	/* unsigned */
	OPTION_SECONDS, /* double */
	OPTION_TEXT,
	OPTION_STRATEGY,
	OPTION_RACES,
	OPTION_PREEMPTIONS,
	OPTION_ORDER,
	OPTION_POINT,
	OPTION_WATCH,
};

struct option_spec {
	const char *name;     /* without the dashes; of one letter: a short option */
	const char *argument; /* how help calls its argument; null for a flag */
	const char *help;
	unsigned commands; /* bit 1 << enum command */
	enum option_kind kind;
	size_t offset; /* of its field in struct options */
	double least,
		most; /* bounds of OPTION_COUNT and OPTION_SECONDS; least also of OPTION_NUMBER */
};

struct command_spec {
	const char *name;
	const char *operands;	 /* what stands after the options */
	const char *summary;	 /* half a line, for the list of commands */
	const char *description; /* paragraphs, an empty line between them */
};

extern const struct option_spec option_table[];
extern const size_t option_count;
extern const struct command_spec command_table[COMMAND_COUNT];

/* The exit statuses of all commands. */
enum status {
	STATUS_OK,
	STATUS_FAILURE,
	STATUS_USAGE,
	STATUS_UNABLE,
	STATUS_DIVERGED,
	STATUS_INCOMPLETE,
	STATUS_NOT_REACHED,
	STATUS_COUNT,
};

extern const char *const status_table[STATUS_COUNT];

/* Finds a command by its name. Returns 0, or -1 with `error`, which names the nearest one. */
int command_find(const char *name, enum command *command, struct error *error);

/* Reads the words after the command's name; they end in a null pointer. Returns 0, or -1 with
 * `error`. */
int options_parse(struct options *options, enum command command, char **words, struct error *error);

/* The word for a strategy on the command line and in reports. */
const char *strategy_word(enum strategy strategy);

/* The strategy of that word. Returns 0, or -1 where there is none. */
int strategy_find(const char *word, enum strategy *strategy);

#endif
