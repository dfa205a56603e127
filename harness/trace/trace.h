/* trace.h - the trace file: one execution, in text, made to be read, compared with `diff` and
 *pasted into a bug report.
 *
 * THE FORMAT, VERSION 1
 *
 *	heddle trace 1
 *	program ./counter
 *	argument 2
 *	program-hash 9ae16a3b2f90404f
 *	session run
 *	strategy random
 *	seed 42
 *	execution 0
 *	verdict assertion
 *	message counter.c:31: main: Assertion `counter == 2' failed.
 *
 *	T0   create        T1                 -  increment  counter.c:27   -
 *	T1   start         increment          -  "worker"   -              -
 *	T1   lock          lock               -  0          counter.c:9    choice
 *	T1   read          counter            4  0          counter.c:10   choice
 *	T1   write         counter            4  1          counter.c:10   -
 *	T1   atomic_rmw    total              8  0>1        counter.c:11   -
 *	T1   wait          nonempty,lock      -  -          queue.c:40     choice,pending
 *	T0   join          T1                 -  -          counter.c:30   pending
 *	end 8 events
 *
 * Lines end in a newline. The first is "heddle trace VERSION". Header lines follow, "KEY VALUE", in
 *any order, up to an empty line: `program`, as given on the command line; `argument`, once for
 *each, in order; `program-hash`, 64 bits of FNV-1a over the bytes of the program's file and of
 *nothing else; `session`, `strategy`, `seed`, `execution`; `setting NAME VALUE` for whatever else a
 *replay needs; `verdict`, one word with hyphens for spaces, and `message`, its one line. Only
 * `program`, `program-hash`, `session` and `verdict` must be there. A key that this version does
 *not know is kept, and told to the caller, and otherwise ignored: later versions may add keys under
 *the same version number, and change the number when an old reader would go wrong.
 *
 * Then each event is a line of seven fields, separated by any number of spaces (a trace that was
 *pasted or aligned anew is the same trace), padded to columns; an empty field is "-":
 *
 *	thread     T and its number in creation order; T0 is main
 *	operation  a word of model/op.h
 *	object     the memory or object by name; the other thread for create, join, detach and name;
 *the start routine for start; condition variable and mutex, with a comma between, for wait and wake
 *	size       bytes accessed, for memory accesses; of the block, for a free that was announced
 *	value      what was read or is there afterwards, BEFORE>AFTER for an atomic
 *read-modify-write, and for a write where it is known what that took the place of: a number, or a
 *name for the address of something that has one (&counter, heap(T1+0x40)); for calls their result,
 *0 or the name of the error; the start routine for create; the thread's name (pthread_setname_np),
 *quoted, for start and name; the alternative taken for choose; the status for exit place FILE:LINE,
 *FILE as in the debug information and relative to where it was compiled flags      of event_flag,
 *separated by commas: choice, volatile, pending, race (an access that a data race was found with)
 *
 * In all values and fields "\n", "\t", "\\" and "\xHH" stand for bytes that would not print; inside
 *a field "\s" stands for a space; "\-" is a field that is a hyphen and "\e" a header value that is
 *empty. The last line, "end N events", is how a reader knows that nothing is missing.
 *
 * A trace holds no address, kernel thread id, path of a machine or time: the same execution gives
 *the same bytes.
 *
 * This room knows nothing of debug information, of verdicts' meanings, or of how a replay is done.
 */
#ifndef HEDDLE_TRACE_TRACE_H
#define HEDDLE_TRACE_TRACE_H

#include "base/error.h"
#include "trace/event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define TRACE_VERSION  1
#define TRACE_LINE_MAX 4096 /* longest event line; names that would make it longer are cut */

/* An event in words. No text is null; "" where there is none. */
struct trace_event {
	uint32_t thread;
	uint32_t size; /* 0: none */
	uint16_t op;   /* enum op */
	/* enum event_flag; HAS_VALUE and HAS_BEFORE say whether the texts are there. */
	uint16_t flags;
	/* `value` where it is a number; the other thread's for create, join, detach and name; else
	 * 0. */
	uint64_t number;
	const char *object, *before, *value, *place;
};

/* What create, start and name events say of a thread. */
struct trace_thread {
	const char *routine; /* start routine; "main" for T0 */
	const char *name;    /* as set by the program, without quotes; "" where it set none */
};

struct trace_field {
	const char *key, *value;
	unsigned line; /* where it was read; 0 in a trace that was not */
};

struct trace {
	const char *program;
	const char **arguments; /* without the program itself */
	size_t argument_count;
	uint64_t program_hash;
	const char *session,
		*strategy; /* words of the command line: "run", "explore"; "random", "dfs" */
	uint64_t seed, execution;
	const char *verdict, *message;
	struct trace_field *settings; /* `setting NAME VALUE` lines: key NAME */
	size_t setting_count;
	struct trace_field *unknown; /* header keys of a later version: say so, and go on */
	size_t unknown_count;
	struct trace_event *events;
	size_t event_count;
	struct trace_thread *threads; /* by thread number, made from the events */
	size_t thread_count;
	struct trace_store *store; /* owns every text above */
};

/* An empty trace. Every text that goes in is copied; trace_free() gives all of it back. Memory that
 * runs out ends the process with a message. */
void trace_init(struct trace *trace);
void trace_free(struct trace *trace);

/* A copy of `text` that lives as long as the trace; equal texts give the same pointer. */
const char *trace_intern(struct trace *trace, const char *text);
void trace_argument_add(struct trace *trace, const char *argument);
void trace_setting_add(struct trace *trace, const char *name, const char *value);
/* The value of the last setting of that name, or null. */
const char *trace_setting(const struct trace *trace, const char *name);
/* Interns the event's texts. Fills `threads` from create, start and name events. */
void trace_event_add(struct trace *trace, const struct trace_event *event);

/* Writes beside `path` first and renames, so that a file that is there is a whole one; what is no
 * regular file (a pipe, /dev/stdout) is written directly. Returns 0, or -1 with `error`, and then
 * `path` is as it was. */
int trace_write(const struct trace *trace, const char *path, struct error *error);
int trace_write_stream(const struct trace *trace, FILE *out);

/* Reads and checks a whole trace into `trace`, which need not be initialised. Returns 0, or -1 with
 * `error` (line, what was found, what was expected) and `trace` empty. */
int trace_read(struct trace *trace, const char *path, struct error *error);
int trace_read_stream(struct trace *trace, FILE *in, struct error *error);

/* The line of an event without its newline, as in the file. `line` has TRACE_LINE_MAX bytes. */
void trace_event_line(const struct trace_event *event, char *line);

/* The events to follow in a replay (those that were carried out: no pending ones), with thread, op,
 * size, flags and value; the caller frees it. Null with a count of 0 when there are none. */
struct event *trace_plan(const struct trace *trace, size_t *count);

/* Where two traces part. */
struct trace_difference {
	size_t index; /* of the event, in both */
	char expected[TRACE_LINE_MAX],
		got[TRACE_LINE_MAX]; /* lines; "(end of trace)" past the last event */
};

/* Finds the first event that differs; false when none does. Places are compared only when both
 * programs have the same hash: an edit moves lines. */
bool trace_compare(const struct trace *expected, const struct trace *got,
		   struct trace_difference *difference);

/* FNV-1a over the file's bytes. Returns 0, or -1 with `error`. */
int trace_hash_file(const char *path, uint64_t *hash, struct error *error);

#endif
