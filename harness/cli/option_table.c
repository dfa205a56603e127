/* option_table.c - the table of commands and options, which the parser, help and manual follow. */
#include "cli/options.h"

#include <stddef.h>

#define IN_RUN	   (1u << COMMAND_RUN)
#define IN_REPLAY  (1u << COMMAND_REPLAY)
#define IN_EXPLORE (1u << COMMAND_EXPLORE)
#define IN_SHOW	   (1u << COMMAND_SHOW)
#define IN_NATIVE  (1u << COMMAND_NATIVE)

#define FIELD(name)   offsetof(struct options, name)
#define DAYS_10_YEARS 3.2e8
#define WAKEUPS_MAX   1000000

const struct option_spec option_table[] = {
	{"seed", "N", "the seed of all random decisions (default 1)",
	 IN_RUN | IN_EXPLORE | IN_NATIVE, OPTION_NUMBER, FIELD(seed), 0, 0},
	{"trace", "FILE", "write what happened to FILE, for `heddle show` and `heddle replay`",
	 IN_RUN, OPTION_TEXT, FIELD(trace), 0, 0},
	{"strategy", "NAME",
	 "how schedules are chosen: `dpor` (the default), one of each class of equivalent ones; "
	 "`dfs`, every one of them; `random` (the default where --seed is given)",
	 IN_EXPLORE, OPTION_STRATEGY, FIELD(strategy), 0, 0},
	{"preemptions", "K",
	 "with `dpor`: execute the classes that have a schedule with at most K preemptions (a "
	 "switch "
	 "away from a thread that could go on), those that need fewer first, and count them; `..` "
	 "is no bound",
	 IN_EXPLORE, OPTION_PREEMPTIONS, FIELD(preemptions), 0, 0},
	{"order", "NAME",
	 "with `dpor`: `leftmost` (the default), which needs the least memory; `simplest`, those "
	 "that need the fewest preemptions first, as `--preemptions ..`",
	 IN_EXPLORE, OPTION_ORDER, 0, 0, 0},
	{"depth", "N",
	 "give an execution up after N events (`dpor`) or choices (`dfs`); the search is "
	 "incomplete "
	 "then",
	 IN_EXPLORE, OPTION_NUMBER, FIELD(depth_max), 1, 0},
	{"memory", "MB",
	 "with `dpor`: keep what is planned in at most MB megabytes (default 512); where that "
	 "needs "
	 "more, the search goes on and misses nothing, but executions may turn out to repeat "
	 "others",
	 IN_EXPLORE, OPTION_COUNT, FIELD(memory_mb), 1, MEMORY_MAX_MB},
	{"count-preemptions", NULL,
	 "with `dpor`: count how many preemptions the classes need, without a bound and in any "
	 "order",
	 IN_EXPLORE, OPTION_FLAG, FIELD(count_preemptions), 0, 0},
	{"executions", "N",
	 "stop after N executions (default for random: 10000 where --time is not given)",
	 IN_EXPLORE, OPTION_NUMBER, FIELD(executions_max), 1, 0},
	{"time", "SECONDS", "stop after SECONDS", IN_EXPLORE | IN_NATIVE, OPTION_SECONDS,
	 FIELD(time_s), 0.001, DAYS_10_YEARS},
	{"runs", "N", "run the program N times (default 1000)", IN_NATIVE, OPTION_NUMBER,
	 FIELD(runs), 1, 0},
	{"hang", "SECONDS",
	 "end a run that takes longer, and count it as one that hangs (default 10)", IN_NATIVE,
	 OPTION_SECONDS, FIELD(hang_s), 0.01, DAYS_10_YEARS},
	{"explore", NULL,
	 "explore the program before, as `heddle explore --keep-going` does, and compare: what the "
	 "machine shows, and what is possible",
	 IN_NATIVE, OPTION_FLAG, FIELD(search), 0, 0},
	{"j", "N", "use N workers (default: one for each processor)", IN_EXPLORE, OPTION_COUNT,
	 FIELD(workers), 1, SHARED_WORKERS_MAX},
	{"keep-going", NULL, "go on after the first failure; each distinct one is reported once",
	 IN_EXPLORE, OPTION_FLAG, FIELD(keep_going), 0, 0},
	{"out", "DIR", "write the traces of failures into DIR (default: the current folder)",
	 IN_EXPLORE | IN_NATIVE, OPTION_TEXT, FIELD(out_dir), 0, 0},
	{"json", NULL,
	 "print the result as one JSON object on standard output, and all else on standard error",
	 IN_EXPLORE, OPTION_FLAG, FIELD(json), 0, 0},
	{"junit", "FILE",
	 "write the result to FILE, too, as test cases in the XML of JUnit, which servers that run "
	 "tests read",
	 IN_RUN | IN_REPLAY | IN_EXPLORE, OPTION_TEXT, FIELD(junit), 0, 0},
	{"tap", NULL,
	 "print the result in the Test Anything Protocol on standard output, and all else on "
	 "standard error",
	 IN_EXPLORE, OPTION_FLAG, FIELD(tap), 0, 0},
	{"annotate", NULL,
	 "print a line for each failure on standard error that makes GitHub show it beside the "
	 "source: `::error file=FILE,line=LINE::MESSAGE`, with FILE below the current folder",
	 IN_RUN | IN_REPLAY | IN_EXPLORE, OPTION_FLAG, FIELD(annotate), 0, 0},
	{"resume", "FILE",
	 "keep the state of the search in FILE, and go on with the search that is there: also "
	 "after "
	 "it was killed",
	 IN_EXPLORE, OPTION_TEXT, FIELD(resume), 0, 0},
	{"fork", NULL,
	 "run each execution in a forked child, never from a snapshot: slower, and right for every "
	 "program",
	 IN_EXPLORE, OPTION_FLAG, FIELD(fork_only), 0, 0},
	{"wait-for-threads", NULL,
	 "when main() returns, do not end the process but let the other threads finish first, as "
	 "if main() had called pthread_exit(); the exit status stays main()'s",
	 IN_RUN | IN_EXPLORE, OPTION_FLAG, FIELD(wait_for_threads), 0, 0},
	{"list", NULL,
	 "with `dfs`, for a program of a few interleavings: print all of them, side by side",
	 IN_EXPLORE, OPTION_FLAG, FIELD(list), 0, 0},
	{"output-order", NULL,
	 "take each piece of output (`printf`, `write` and their like) for an event, so that a "
	 "search tells apart, and tries, the orders of what is written to the same file",
	 IN_RUN | IN_EXPLORE, OPTION_FLAG, FIELD(output_order), 0, 0},
	{"spurious", "N",
	 "let at most N waits on condition variables of an execution end without a signal, as "
	 "POSIX "
	 "allows (default: 1 in a search, 0 for `run`)",
	 IN_RUN | IN_EXPLORE, OPTION_COUNT, FIELD(spurious), 0, WAKEUPS_MAX},
	{"timeouts", "N",
	 "with `dpor` and `dfs`: let each thread time out at most N times in an execution (default "
	 "2); the search is incomplete where one could do so more often",
	 IN_EXPLORE, OPTION_COUNT, FIELD(timeouts), 0, WAKEUPS_MAX},
	{"watch", "VARIABLE",
	 "take each access to VARIABLE (or LIBRARY:VARIABLE, or ADDRESS:SIZE) for an event, also "
	 "in "
	 "code that was not instrumented; may be given for four times 8 bytes together",
	 IN_RUN | IN_EXPLORE, OPTION_WATCH, 0, 0, 0},
	{"point", "PLACE",
	 "let other threads go before the instruction at PLACE: FUNCTION or FUNCTION+OFFSET, "
	 "FILE:LINE, an address, or one of these in a shared library, LIBRARY:PLACE; may be given "
	 "several times",
	 IN_RUN | IN_EXPLORE, OPTION_POINT, 0, 0, 0},
	{"races", "WHAT",
	 "what to do about a data race: `report` it and go on (the default); `stop` there, as at a "
	 "failure; `off`, do not look for any",
	 IN_RUN | IN_REPLAY | IN_EXPLORE, OPTION_RACES, FIELD(races), 0, 0},
	{"stuck", "SECONDS",
	 "take a program for stuck that uses SECONDS of processor time without reaching a call or "
	 "an "
	 "access that heddle controls (default 10)",
	 IN_RUN | IN_REPLAY | IN_EXPLORE, OPTION_SECONDS, FIELD(stuck_s), 0.01, DAYS_10_YEARS},
	{"full", NULL, "show each event in a row of its own, however many there are", IN_SHOW,
	 OPTION_FLAG, FIELD(full), 0, 0},
	{"only", "THREADS", "show the events of these threads only: `T1`, or `T1,T2`", IN_SHOW,
	 OPTION_TEXT, FIELD(only), 0, 0},
	{"object", "NAME",
	 "show the events on NAME only, a variable or lock as the table calls it, or on a part of "
	 "it: `counter`, `accounts[1]`",
	 IN_SHOW, OPTION_TEXT, FIELD(object), 0, 0},
};

const size_t option_count = sizeof(option_table) / sizeof(option_table[0]);

const struct command_spec command_table[COMMAND_COUNT] = {
	[COMMAND_RUN] = {"run", "PROG [ARGS...]", "run a program once, under a seed",
			 "Runs PROG once. The order in which its threads go is decided by the seed "
			 "alone: the same seed gives the same run. The program keeps its standard "
			 "input, output and error.\n\n"
			 "When it fails (an assertion, a fatal signal, a deadlock, an exit status "
			 "other than 0), says how and where each thread is, and ends with status "
			 "1. So does a data race, which is told at the end."},
	[COMMAND_REPLAY] =
		{"replay", "TRACE", "run a program again exactly as a trace says",
		 "Starts the program that TRACE names, with the arguments it names, and "
		 "makes its threads go in the order it records. Prints the verdict again "
		 "and ends with status 1 where the trace ended in a failure and it came "
		 "back, and with 0 where it passed.\n\n"
		 "When the program does anything else than the trace says, prints the first "
		 "difference and ends with status 4.\n\n"
		 "Where the program was changed since, what was added or taken out is looked for "
		 "in a few trials (without input, and output that is not shown) and told; what "
		 "both versions do comes in the order of the trace. Ends with status 6 where that "
		 "leads to another end, and with 4 where it cannot be done."},
	[COMMAND_EXPLORE] =
		{"explore", "PROG [ARGS...]", "run a program under many schedules",
		 "Runs PROG many times under different schedules, on all processors, and "
		 "stops at the first failure unless told to go on. Prints how many "
		 "executions there were, whether they were all that exist, and each "
		 "distinct failure with the command that replays it, and each data race, "
		 "which does not stop the search. The program's "
		 "standard input is empty; its output is shown for the failure "
		 "reported.\n\n"
		 "`random` makes each choice at random: execution I under seed S is the "
		 "same whatever -j is. `dfs` makes every sequence of choices once; unless "
		 "a limit is hit, it ends when there is no other left. `dpor` makes one "
		 "sequence of each class of those that differ only in the order of independent "
		 "events."},
	[COMMAND_SHOW] =
		{"show", "TRACE", "print a trace as a table",
		 "Prints TRACE with one column for each thread and one line for each event: "
		 "what was done, to which object, with which value, at which line of which "
		 "file, and the line itself where there is room for it and its file is not newer "
		 "than the program. Where a thread was left for another one, its column says why: "
		 "`(preempted)`, `(waits for M1)`, `(yielded)`.\n\n"
		 "Of more than 80 events, loops and what happens again and again become one row, "
		 "with the number of times. The table is as wide as the terminal (or `COLUMNS` "
		 "says), and of ASCII where the locale is not of UTF-8."},
	[COMMAND_DIFF] =
		{"diff", "TRACE1 TRACE2", "print what two traces differ in",
		 "Compares two executions of a program: how they ended; the first two events that "
		 "depend on each other and come in another order; the first value that is another "
		 "one; the first such events on other objects; and what only one of the traces "
		 "has. Events are matched by thread; the order of independent events is no "
		 "difference.\n\n"
		 "Ends with status 0 where both are of the same class, and with 1 where they "
		 "differ."},
	[COMMAND_NATIVE] =
		{"native", "PROG [ARGS...]", "run a program freely, many times",
		 "Runs PROG many times without any control, on the real processors: its threads "
		 "start together, on different processors, with small random delays. Counts the "
		 "outcomes that it tells of (heddle_outcome), and assertions, crashes, exit "
		 "statuses and hangs. Its input is empty and its output is dropped.\n\n"
		 "With --explore a search comes first, and both stand side by side. What the "
		 "machine shows, and a complete search has called impossible, is said loudly: "
		 "weak memory, or an error of heddle's.\n\n"
		 "Ends with status 1 where a run failed, or had an outcome that the program "
		 "forbids."},
};

const char *const status_table[STATUS_COUNT] = {
	[STATUS_OK] = "no failure, and what was asked for was done",
	[STATUS_FAILURE] = "a failure or a data race was found",
	[STATUS_USAGE] = "wrong usage",
	[STATUS_UNABLE] = "the program could not be run, or a file could not be read or written",
	[STATUS_DIVERGED] = "a replay went another way than its trace",
	[STATUS_INCOMPLETE] = "no failure, but the search is incomplete",
	[STATUS_NOT_REACHED] = "an edited program went the way of the trace, and to another end",
};
