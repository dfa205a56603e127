/* json.h - the result of a search, for a program: `heddle explore --json`.
 *
 * THE OBJECT, VERSION 1
 *
 * One object on one line, the last on standard output. Later versions of heddle may add keys under
 * the same version; none is renamed or changes its meaning without a new one.
 *
 *	version                1
 *	program                as it was named on the command line
 *	strategy               "random", "dfs" or "dpor"
 *	seed                   a number; without meaning for dfs and dpor
 *	workers                how many there were
 *	executions             how many executions count (up to the first failure where the search
 *	                       stopped there)
 *	classes                distinct equivalence classes among them; null where the strategy does
 *	                       not tell
 *	redundant              executions of a class that had been executed before; 0 where classes
 *	                       is null
 *	source_sets            true when the memory for plans was too small (--memory), which is why
 *	                       there may be redundant executions
 *	complete               true when nothing is left that could have been executed
 *	reason                 why the search ended:
 *	                       "complete"     nothing is left
 *	                       "executions"   --executions, or the default of random
 *	                       "time"         --time
 *	                       "failure"      the first failure, without --keep-going
 *	                       "interrupted"  SIGINT, SIGTERM or SIGHUP
 *	                       "depth"        an execution was longer than --depth allows, or
 *	                                      than there is room for
 *	                       "memory"       more shared memory, or with heddle_choose more
 *	                                      plans, than there is room for
 *	                       "uncontrolled" the program did what heddle does not control
 *	                       "lost"         an execution killed its process, and what
 *	                                      begins like it was left out
 *	                       "diverged"     the program is not deterministic
 *	                       "workers"      workers ended again and again
 *	                       "preemptions"  there may be classes that need more of them than
 *	                                      --preemptions says
 *	                       "timeouts"     some thread would time out more often than
 *	                                      --timeouts says
 *	preemptions_bound      the number of --preemptions, or null
 *	preemptions_done       all classes that need at most so many have been executed; null where
 *	                       that cannot be said, or of any number
 *	preemptions            how many of the classes need none, one, ... preemptions: a list, or
 *	                       null where they were not counted
 *	preemptions_unknown    of how many of them that is not known: they are too large
 *	forecast               of a search that was cut short ("executions", "time", "interrupted"),
 *	                       where the strategy tells; else null:
 *	                       classes_certain  how many there are at least
 *	                       classes_low      an estimated range of how many there are; null where
 *	                       classes_high     it is too early to tell
 *	executions_per_second  a number
 *	mode                   "snapshot" or "fork"
 *	mode_reason            why it is "fork", else null
 *	uncontrolled           calls that heddle does not control, a list of strings
 *	                       "pthread_rwlock_wrlock, cache.c:12"
 *	failures               the distinct failures, lowest execution first, each an object:
 *	                       kind           the verdict in words: "assertion", "deadlock", ...
 *	                       where          "file:line", or ""
 *	                       with           "data race": where the other access is; else null
 *	                       message        one sentence
 *	                       count          in how many executions it was seen
 *	                       execution      the lowest of them; for dfs in the order of one worker
 *	                       trace          name of the trace file, or null where there is none
 *	                       replay         the command that shows it again
 *	                       source         "src/bank.c:31", of `where` or else of the innermost
 *	                                      line of the stack, as a file that is below the
 *	                                      current folder; null where there is none
 *	races                  the distinct data races, each an object as in failures (count: at
 *	                       least, where reason is "failure"); empty with --races=stop, which
 *	                       makes them failures
 *	assumed_away           how many of the executions the program was not interested in
 *	outcomes               what it said of the others, an object:
 *	                       seen           the distinct outcomes, a list of objects; empty where
 *	                                      it said nothing:
 *	                                      kind   "outcome"; "failure", of those that did
 *	                                             not pass; "none", of the others that
 *	                                             said nothing
 *	                                      text   the outcome, or the failure in words
 *	                                      count  how many executions ended so; null where
 *	                                             reason is "failure"
 *	                                      share  of all not assumed away, or null
 *	                                      grade  "acceptable", "interesting" or
 *	                                             "forbidden"; null if not declared
 *	                                      trace  of one such execution, or null
 *	                       unreached      those declared that are not among them, each with
 *	                                      text, grade, and unreachable: true where that is
 *	                                      so in every interleaving
 *	                       others         how many executions ended with outcomes beyond the
 *	                                      number of those that are told apart
 *	exit_status            with which the command ends
 *
 * Bytes that are not UTF-8 are replaced by "?". The same as a JSON schema: explore.schema.json.
 */
#ifndef HEDDLE_CLI_JSON_H
#define HEDDLE_CLI_JSON_H

#include "cli/search.h"

#include <stdio.h>

#define JSON_VERSION 1

void json_print(FILE *out, const struct search *search);

#endif
