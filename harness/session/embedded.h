/* embedded.h - what the command, and a program that calls heddle_explore(), say to each other.
 *
 *	the caller            waits, with its threads as they are
 *	└─ heddle             the command: searches, as ever; it was started by the caller
 *	   ├─ the image       a copy of the caller that waits for requests, and forks for each
 *	   └─ workers         forked from the image, so each is as the caller was; the command's
 *children
 *
 * The command finds EMBEDDED_ENV in its environment: "SOCKET:RESULT:IMAGE:NAME", two descriptors,
 * the process that is the image, and how this call of heddle_explore() is named. Through the socket
 * it sends a request, with the descriptors of the worker's files (enum embedded_file), and receives
 * an answer. Before it ends it writes a struct embedded_result to the other descriptor.
 */
#ifndef HEDDLE_SESSION_EMBEDDED_H
#define HEDDLE_SESSION_EMBEDDED_H

#include <stdint.h>

#define EMBEDDED_ENV "HEDDLE_CALLER"

/* Set for a program that is to carry out one call of heddle_explore() again, the one of that name:
 * the trace, and the file for the result and the text (struct embedded_result, then the text). */
#define EMBEDDED_REPLAY_ENV	   "HEDDLE_REPLAY"
#define EMBEDDED_REPLAY_CALL_ENV   "HEDDLE_REPLAY_CALL"
#define EMBEDDED_REPLAY_RESULT_ENV "HEDDLE_REPLAY_RESULT"

enum embedded_file {
	EMBEDDED_SHARED,
	EMBEDDED_RECORDING,
	EMBEDDED_OUTPUT,
	EMBEDDED_FILES,
};

struct embedded_request {
	uint32_t worker;
	uint32_t captured; /* 1: its output goes to its file, and it is a group of its own */
};

struct embedded_answer {
	int32_t pid;   /* or -1 */
	int32_t error; /* errno, then */
};

#define EMBEDDED_MAGIC 0x656d6265646465ul

struct embedded_result {
	uint64_t magic, size;
	int32_t status;	   /* the command's exit status */
	uint32_t complete; /* 1: nothing is left that could have been executed */
	uint64_t executions, redundant, failures, races;
	char reason[32];  /* why the search ended: cli/json.h */
	char verdict[32]; /* of the first failure, or race; "" */
	char trace[4096]; /* where that was written to; "" */
};

#endif
