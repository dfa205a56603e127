/* shared.h - the block of memory between the command and its workers, and the verdicts that travel
 * in it.
 *
 * The command makes it (a memfd, so that nothing is left behind), fills `config`, and starts one
 * process for each worker with HEDDLE_SESSION="SHARED_FD:RECORDING_FD:OUTPUT_FD:WORKER" in its
 * environment. The library maps the block and takes the variable out of the environment again.
 *
 * A worker explores by itself. It speaks to the command through its `struct shared_worker` only,
 * and stops for it only where something has to be looked at while the program's memory is still
 * there (`WORKER_REPORTING`).
 *
 * Who writes what is said at each field: C the command, W the worker that owns the slot, A any
 * worker, under `lock`.
 */
#ifndef HEDDLE_SESSION_SHARED_H
#define HEDDLE_SESSION_SHARED_H

#include "base/expectation.h"
#include "detect/race.h"
#include "policy/dfs.h"
#include "policy/dpor_tree.h"

#include <stdint.h>

#define SHARED_MAGIC	    0x31656c6464656800ul
#define SHARED_WORKERS_MAX  64
#define SHARED_THREADS_MAX  256
#define SHARED_FAILURES_MAX 256
#define SHARED_NOTES_MAX    64
#define SHARED_RACES_MAX    128
#define SHARED_FRAMES_MAX   (1u << 16)
#define SHARED_TASKS_MAX    64
#define SHARED_TASK_DEPTH   4096
#define SHARED_VISIBLE_MAX  65536
#define SHARED_PREEMPT_MAX  256
#define SHARED_ENV	    "HEDDLE_SESSION"
#define SHARED_MODULE_BYTES 64
#define SHARED_POINTS_MAX   64
#define SHARED_WATCHES_MAX  4
#define SHARED_SITES_MAX    512
/* Distinct outcomes that are told apart; slots of their table; those with a trace. */
#define SHARED_RESULTS_MAX    8192
#define SHARED_RESULTS_ROOM   16384
#define SHARED_RESULTS_TRACED 32
#define SHARED_EXPECTED_MAX   64
#define SHARED_LABELS_MAX     64
#define SHARED_LABEL_BYTES    64

enum session_kind {
	SESSION_RUN,	 /* one execution, the real system calls, output passed on */
	SESSION_EXPLORE, /* many executions from a snapshot or in forked children */
	SESSION_REPLAY,	 /* as SESSION_RUN, led by the plan in the recording file */
};

enum strategy {
	STRATEGY_RANDOM,
	STRATEGY_DFS,
	STRATEGY_DPOR,
};

enum verdict {
	VERDICT_NONE, /* still running */
	VERDICT_PASSED,
	VERDICT_ASSERTION,
	VERDICT_ABORT,
	VERDICT_CRASH,
	VERDICT_STACK_OVERFLOW,
	VERDICT_EXIT_STATUS,
	VERDICT_DEADLOCK,
	VERDICT_STUCK,
	VERDICT_DISCARDED,
	VERDICT_DIVERGED, /* a replay, or the repetition of a failure, went another way */
	VERDICT_LOST,	  /* the worker died and could not say why */
	VERDICT_LIVELOCK, /* as a deadlock, but some threads go round in loops that only wait */
	VERDICT_DATA_RACE,
	VERDICT_MISUSE, /* of a synchronisation object or of a thread's handle */
	/* `heap` of the report says of which block. */
	VERDICT_USE_AFTER_FREE,
	VERDICT_HEAP_OVERFLOW,
	VERDICT_HEAP_UNDERFLOW,
	VERDICT_DOUBLE_FREE,
	VERDICT_INVALID_FREE, /* of what is no block's beginning */
	VERDICT_FORBIDDEN,    /* it passed, with an outcome that the program forbids */
	VERDICT_ASSUMED,      /* the program is not interested: heddle_assume() */
};

/* What is done about a data race. */
enum races_mode {
	RACES_REPORT, /* a finding; the execution goes on */
	RACES_STOP,   /* a failure, which ends the execution */
	RACES_OFF,    /* nobody looks */
};

enum worker_state {
	WORKER_EMPTY,	  /* C: no process */
	WORKER_STARTING,  /* C: process started, library not yet heard of */
	WORKER_RUNNING,	  /* W: the program is under control */
	WORKER_REPORTING, /* W: `report` is filled in and the process waits; C answers with
			     WORKER_RUNNING + futex wake */
	WORKER_DONE,	  /* W: nothing left to do, about to exit */
	WORKER_UNABLE,	  /* W: cannot control this program; the reason is in `report.message` */
};

enum thread_state {
	THREAD_UNSTARTED,
	THREAD_RUNNING, /* the one that has the carrier */
	THREAD_PENDING, /* announced `op`, enabled */
	THREAD_BLOCKED, /* announced `op`, not enabled */
	THREAD_ENDED,
};

/* One thread at the moment of a report. */
struct thread_report {
	uint32_t thread;
	uint16_t state; /* enum thread_state */
	uint16_t op;	/* enum op: what it is about to do; for BLOCKED what it waits in */
	uint16_t loops; /* 1: BLOCKED in a loop that waits for a change of `address` */
	/* 1: BLOCKED, and nothing that others do can end that: it waits, with others or alone, in a
	 * ring, or for a thread that has ended. */
	uint16_t for_good;
	uint32_t arena; /* its part of the heap: machine/layout.h */
	uint32_t size;	/* of `op`: model/channel.h for those on channels */
	uint32_t reserved;
	uint64_t address;
	uint64_t pc;	/* return address of the call that announced `op` */
	uint64_t start; /* start routine; 0 for main */
	/* The thread that holds what this one waits for (a mutex owner, a thread to join), or -1.
	 */
	int64_t holder;
	/* Registers to unwind from: in a switched-out thread the callee-saved ones are those of the
	 * switch. */
	uint64_t rip, rsp, rbp, rbx, r12, r13, r14, r15;
	char name[16]; /* pthread_setname_np, else empty */
};

/* A stack of the program, and the last thread that had it. `frame` is the canonical frame address
 * of its start routine `start`; both are 0 where another thread had the stack before. */
struct stack_report {
	uint64_t low, high;
	uint64_t control; /* the thread's control block, which is its pthread_t */
	uint64_t frame, start;
	uint32_t thread, reserved;
};

/* An operation; `op` is enum op, 0 for none. */
struct shared_event {
	uint32_t thread, op;
	uint64_t address;
};

/* A block of the heap: who allocated it, and the return address of that call. All zero where that
 * is not known. */
struct block_report {
	uint64_t address, bytes, pc;
	uint32_t thread, reserved;
};

/* Where a block was allocated or freed: the return address of the call, who called, and the how
 * manieth such call of the execution it was. `pc` is 0 where that is not known. */
struct site_report {
	uint64_t pc;
	uint32_t thread, number;
};

/* An access to the heap, or a free, and the block that it is about. */
struct heap_report {
	uint64_t address, bytes; /* of the access; what was given to free() or realloc() */
	uint32_t op;		 /* enum op: an access, one on an object, or OP_FREE */
	uint32_t is_there;	 /* 0: no block is near */
	uint64_t block, block_bytes;
	struct site_report allocated, freed;
};

/* VERDICT_DATA_RACE, and looks at one. */
struct race_report {
	struct race_side first,
		second;		   /* `event`: its index in the recording, where there is one */
	uint64_t address, bytes;   /* of the second access */
	struct block_report block; /* in which that lies */
};

/* What makes an operation a misuse. */
enum misuse {
	MISUSE_NONE,
	MISUSE_NOT_HELD,    /* nobody holds it */
	MISUSE_HELD,	    /* `other` does */
	MISUSE_WAITED_FOR,  /* `other` waits there */
	MISUSE_DESTROYED,   /* `other` has destroyed it */
	MISUSE_NOT_MADE,    /* it has never been initialised */
	MISUSE_OTHER_MUTEX, /* `other` waits there with `with` */
	MISUSE_JOINED,	    /* `other` has joined the thread */
	MISUSE_JOINING,	    /* `other` waits for its end */
	MISUSE_DETACHED,    /* `other` has detached the thread; -1: it was created so */
};

/* VERDICT_MISUSE: the thread at fault was to do `op`. */
struct misuse_report {
	uint32_t why, op;
	uint64_t object; /* the number of the thread, of OP_JOIN and OP_DETACH */
	uint64_t mutex;	 /* OP_WAIT: with which */
	uint64_t with;
	int64_t other;		     /* a thread, or -1 */
	uint64_t other_pc;	     /* where it did that; 0 where unknown */
	uint32_t of_mutex, reserved; /* OP_WAIT: 1 where it is the mutex that is misused */
};

/* The process stands still for something else than a verdict. */
enum report_look {
	LOOK_NONE,
	LOOK_FIRST,  /* `thread` is at `race.first`, an access that may be the first of a race */
	LOOK_SECOND, /* `thread` is at the second access of the race `race`, of `signature` */
	LOOK_BLOCK,  /* `thread` is at the allocation or free `heap.freed.number` of a block that
			something is wrong with later */
};

struct report {
	uint32_t verdict; /* enum verdict */
	/* The process to unwind: the worker, or its forked child. It stands still until the worker
	 * is answered. */
	int32_t pid;
	/* Number of the execution: for random its index under the seed, else in the order in which
	 * the worker ran. */
	uint64_t execution;
	int32_t exit_status;
	int32_t signal;
	uint64_t fault_address;
	/* Thread at fault, or -1 (deadlock). */
	int32_t thread;
	uint32_t thread_count; /* how many threads there are; `threads` holds the first
				  SHARED_THREADS_MAX */
	uint64_t pc;	       /* where it happened; 0 where unknown */
	uint64_t signature;    /* equal for equal failures of one program */
	uint64_t event_count;  /* events in the recording file */
	uint64_t step;	       /* VERDICT_DIVERGED: index of the first event that differs */
	/* For an assertion "file:line: function: Assertion `...' failed", as the C library words
	 * it; for WORKER_UNABLE and VERDICT_DIVERGED a sentence. */
	char message[512];
	/* VERDICT_DIVERGED in a search: what an execution that began alike did here, and what this
	 * one does. */
	struct shared_event expected, got;
	uint32_t look; /* enum report_look */
	struct race_report race;
	struct misuse_report misuse;
	struct heap_report heap;
	struct thread_report threads[SHARED_THREADS_MAX];
	/* VERDICT_DEADLOCK: 1 where the process has ended meanwhile; VERDICT_DISCARDED: 1 where it
	 * has not, for some threads wait for time to pass. */
	uint32_t in_part;
	uint32_t spurious; /* so many waits on condition variables ended without a signal */
	uint32_t stack_count;
	struct stack_report stacks[SHARED_THREADS_MAX];
	/* Marks of the program: an OP_LABEL has the number of its text, from 1. They only grow. */
	uint32_t label_count;
	char labels[SHARED_LABELS_MAX][SHARED_LABEL_BYTES];
	/* The frames of heddle_explore()'s callers; all zero where there is none. */
	struct stack_report caller;
};

/* The choices on the path of a depth-first search: policy/dfs.h. */
#define shared_frame dfs_frame

/* What a forked execution leaves for its parent beside the verdict. */
struct shared_outcome {
	double weight;
	uint32_t depth, at;
	uint32_t cut, differs;
};

/* What a worker has done. Two copies, the valid one named by `active`, so that a kill between two
 * stores loses nothing. */
struct shared_progress {
	uint64_t executions;	   /* counted executions; for dfs those of `generation` only */
	uint64_t first, next, end; /* random: indices [first, end) are this worker's now, [first,
				      next) are done */
	uint32_t depth;	 /* dfs: frames[0..depth) lead to the next execution; 0 with has_task: the
			    whole tree */
	uint32_t chosen; /* dfs: what frames[depth - 1].chosen is, whatever stands there */
	uint32_t has_task;
	uint32_t generation;
	double fraction; /* dfs: the sum over its executions of the product of 1/count on the path;
			  * all workers' sum is 1 when the search is complete */
};

/* A race of the execution in flight, or of the last one. */
struct shared_race {
	uint64_t signature; /* equal for equal pairs of places */
	struct race_found found;
};

struct shared_worker {
	uint32_t state;	 /* enum worker_state, a futex; C and W as said there */
	int32_t pid;	 /* C */
	uint32_t active; /* W: which of `progress` is valid */
	uint32_t skip; /* C: the execution in flight killed the worker: count it and go on with the
			  next; W clears it */
	struct shared_progress progress[2]; /* W */
	uint64_t steps;		       /* W: grows while the program reaches scheduling points */
	uint32_t in_execution;	       /* W: 1 between start and verdict of an execution */
	uint32_t repeating;	       /* W: 1 while a failing one is carried out once more */
	uint32_t forked;	       /* W: executions run in children */
	uint32_t again;		       /* W's child: 1: the execution is to be carried out again */
	int32_t child;		       /* W: pid of the child that runs, or 0 */
	uint32_t donating;	       /* W: task slot + 1 while a subtree is being given away */
	uint32_t taking;	       /* W: task slot + 1 while one is being taken */
	struct shared_outcome outcome; /* W or its child, at the end of an execution */
	char mode_reason[128];	       /* W: why executions are forked; empty while they are not */
	struct report report;	       /* W, before WORKER_REPORTING */
	uint32_t race_count;	       /* W or its child: distinct races of the execution */
	struct shared_race races[SHARED_RACES_MAX];
	/* W: dpor: how many classes need so many preemptions, of that generation. */
	uint64_t preemptions[SHARED_PREEMPT_MAX];
	uint32_t preemptions_generation, reserved;
	/* W or its child: what the last execution that came to an end ended with; the signature is
	 * 0 where it said nothing. */
	uint64_t outcome_signature;
	char outcome_text[OUTCOME_BYTES];
	/* W: which result the execution in flight is going to count for (slot + 1, or 0), what its
	 * number becomes then, and how many executions had been counted before: results.c. */
	uint32_t result_pending, result_reserved;
	uint64_t result_number, result_executions;
	/* W: by slot of `results`, of its generation; the last one for those without a slot. */
	uint64_t results[SHARED_RESULTS_ROOM + 1];
	struct shared_frame frames[SHARED_FRAMES_MAX]; /* W: the path of the execution in flight */
};

/* A subtree that a busy worker gives away: the path to it, the last frame being a range of
 * alternatives. */
struct shared_task {
	uint32_t depth; /* frames; 0 in a task that is `there`: the whole tree */
	uint32_t there; /* 0: the slot is empty */
	struct shared_frame frames[SHARED_TASK_DEPTH];
};

/* A failure, by signature. */
struct shared_failure {
	uint64_t signature;
	uint64_t counted;   /* A: shared_count(), and above it the generation of which it is */
	uint64_t execution; /* A: lowest index (random) at which it was seen */
	uint32_t verdict;
	uint32_t reported; /* A: the command has seen it */
	/* C: what it has seen, for a search that is continued later; empty until then. */
	char where[128], with[128], message[384], path[512];
};

/* What executions end with, in the program's words, or VERDICT_ASSUMED. A slot of a hash table. */
struct shared_result {
	uint64_t signature; /* A, last: 0: the slot is empty */
	uint64_t execution; /* C: of the trace */
	uint32_t traced;    /* C: there is a trace */
	uint32_t reserved;
	char text[OUTCOME_BYTES];
};

/* Of those that are assumed away. */
#define SHARED_RESULT_ASSUMED 1u

/* Bytes of memory that more than one thread can reach at once: `mask` has a bit for each byte of
 * the granule, or is a mark of detect/sharing.h. */
struct shared_visible {
	uint64_t granule; /* address / 8 */
	uint64_t mask;
};

/* Something that heddle does not control, and the program did. */
struct shared_note {
	uint64_t pc;	/* return address of the first such call */
	uint64_t count; /* A */
	char what[48];	/* "pthread_rwlock_wrlock" */
};

/* Where something lies in what is loaded: the same in all runs of the program. */
struct shared_place {
	/* The last part of its file's name; SHARED_PROGRAM; or "": `offset` is the address. */
	char module[SHARED_MODULE_BYTES];
	uint64_t offset;
};
#define SHARED_PROGRAM "."

/* Memory of which each access is an event, wherever it is made. */
struct shared_watch {
	struct shared_place place;
	uint32_t bytes;
	uint16_t is_atomic, is_volatile; /* 1: by its type */
};

struct shared_config {
	uint32_t kind;	   /* enum session_kind */
	uint32_t strategy; /* enum strategy */
	uint64_t seed;
	uint64_t executions_max;   /* 0: no limit */
	uint64_t depth_max;	   /* dfs: choices of an execution, dpor: events; 0: no limit */
	uint32_t nodes_max;	   /* dpor: nodes of the tree */
	uint32_t keep_going;	   /* 1: do not stop at the first failure */
	uint32_t fork_only;	   /* 1: never use a snapshot */
	uint32_t wait_for_threads; /* 1: main's return does not end the process */
	uint32_t record;	   /* SESSION_RUN: 1 when a trace is wanted */
	uint32_t workers;
	uint64_t plan_count;	/* SESSION_REPLAY: events at the start of the recording file, to be
				   followed */
	uint32_t plan_loose;	/* SESSION_REPLAY: 1 when the plan is of another version of the
				   program */
	uint32_t plan_livelock; /* SESSION_REPLAY: 1 when the plan ends in a livelock */
	uint32_t races;		/* enum races_mode */
	uint64_t stack_bytes; /* stack of each thread that asks for none; 0: the default of 8 MB */
	/* dpor: 1: only classes that need at most `preemptions` of them, UINT32_MAX for any number,
	 * and those that need fewer first. */
	uint32_t by_preemptions, preemptions;
	uint32_t count_preemptions; /* dpor: 1: count how many the classes need */
	uint32_t output_order;	    /* 1: output is an event */
	/* In one execution so many waits end without a signal at most; and, where the search is
	 * exhaustive, so many of each thread by their deadline. */
	uint32_t spurious_max, timeouts_max;
	uint32_t heap_exact; /* SESSION_REPLAY: 1: of a trace of a search: addresses */
	/* dfs, one worker: so many executions are reported, each. */
	uint32_t list;
	uint32_t point_count, watch_count;
	struct shared_place points[SHARED_POINTS_MAX]; /* instructions before which there is a
							  choice */
	struct shared_watch watches[SHARED_WATCHES_MAX];
};

struct shared {
	uint64_t magic;
	uint32_t size_of_shared; /* C: sizeof(struct shared), so that a library of another version
				    is noticed */
	uint32_t stop;		 /* C: 1 asks the workers to finish with the execution in flight */
	struct shared_config config; /* C, before the first worker */
	uint64_t identity;	     /* C: of a search that can be continued: which one it is */

	uint32_t lock; /* A: 1 + the number of the worker that holds it, or 0; a killed holder's
			  successor frees it */
	uint32_t generation; /* A: dfs: grows when `visible` does, which starts the search anew */
	uint64_t begun;	     /* A: dfs, dpor with executions_max: executions begun */
	uint64_t stop_index; /* A: random without keep_going: lowest index that failed, else
				UINT64_MAX */
	uint32_t hungry;     /* A: dfs: 1 while some worker waits for a task */
	uint32_t finished;   /* A: dfs: the tree is used up */
	uint32_t depth_cut;  /* A: dfs: a path was longer than SHARED_FRAMES_MAX, so the search is
				incomplete */
	uint32_t died;	     /* W: dpor: a forked execution died without a word, so the search is
				incomplete */
	uint32_t no_choices; /* W: the program has no scheduling choice at all */
	/* W: dpor: there may be classes that need more preemptions; all that need fewer than these
	 * have been executed. */
	uint32_t preemptions_cut, preemptions_reached;
	uint32_t timeouts_cut;	/* W: a thread would have timed out more often than it may */
	uint32_t visible_count; /* A */
	uint32_t visible_full;	/* A: SHARED_VISIBLE_MAX was not enough, so the search is incomplete
				 */
	uint32_t failure_count; /* A */
	uint32_t races_full;	/* W: there was no memory to look for all races */
	uint32_t note_count;	/* A: any note makes a search incomplete */
	/* A; C before the first worker of a replay: instructions that have been seen to access what
	 * is watched. They only grow. */
	uint32_t site_count;
	struct shared_place sites[SHARED_SITES_MAX];
	struct shared_note notes[SHARED_NOTES_MAX];	     /* A */
	struct shared_failure failures[SHARED_FAILURES_MAX]; /* A */
	struct shared_visible visible[SHARED_VISIBLE_MAX];   /* A */
	struct shared_task tasks[SHARED_TASKS_MAX];	     /* A */
	/* W: the program has chosen numbers. With little room for plans (tree.sources) a search may
	 * miss some of them: where the first way sleeps, nobody plans the others. */
	uint32_t chooses;
	uint32_t weak_orders; /* W: an atomic operation asked for less than memory_order_seq_cst */
	/* A: outcomes that the program has declared; 1: there were more than there is room for. */
	uint32_t expected_count, expected_full;
	struct expectation expected[SHARED_EXPECTED_MAX];
	uint32_t result_count;	 /* A: slots in use */
	uint32_t results_traced; /* C: how many have traces */
	struct shared_result results[SHARED_RESULTS_ROOM];
	struct shared_worker workers[SHARED_WORKERS_MAX];
	struct dpor_tree tree; /* A, by locks of its own; last, for most of it is never touched */
};

#define SHARED_COUNT_BITS 40

/* How many executions of the search as it is now, since it last began anew, ended so. */
static inline uint64_t shared_count(const struct shared *shared,
				    const struct shared_failure *failure)
{
	uint64_t counted = __atomic_load_n(&failure->counted, __ATOMIC_RELAXED);

	return counted >> SHARED_COUNT_BITS == shared->generation
		       ? counted & ((1ul << SHARED_COUNT_BITS) - 1)
		       : 0;
}

#endif
