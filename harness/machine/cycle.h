/* cycle.h - finds out whether code goes round in a loop that changes nothing, by carrying it out
 * one instruction at a time.
 *
 * It does where it comes back to a state that it has been in: all registers, vectors included, and
 * all memory that it has written to in between are as they were, and no system call was made. Then
 * it does the same again for as long as what it reads stays the same. To find two such states it
 * keeps one and compares those that follow with it, and takes a later one after 1, 2, 4, ... of
 * them (R. P. Brent: An improved Monte Carlo factorization algorithm, 1980).
 *
 * One of the states of the loop is its *head*: of the outermost function in it, the one at the
 * lowest address of the program. Which one that is does not depend on where the search began.
 *
 * Knows nothing of threads, nor of how an instruction is carried out alone.
 */
#ifndef HEDDLE_MACHINE_CYCLE_H
#define HEDDLE_MACHINE_CYCLE_H

#include <stdbool.h>
#include <stdint.h>
#include <ucontext.h>

/* Places in memory that the instructions of a loop may read; with more it is not found. */
#define CYCLE_READS_MAX 128u

struct cycle_read {
	uint64_t address;
	uint32_t bytes; /* at most 8 */
};

enum cycle_answer {
	CYCLE_ON,    /* not known yet: the next instruction is to be carried out */
	CYCLE_NONE,  /* no such loop, or not soon enough, or the next instruction is not for this */
	CYCLE_FOUND, /* the code is at the head of one */
};

/* Prepares tables. Call once. `is_program` tells of an address whether a thread can be kept waiting
 * there. */
void cycle_init(bool (*is_program)(unsigned long address));

/* A search of at most so many instructions begins. `length`: that of the loop whose head the code
 * is at, or 0. */
void cycle_begin(uint32_t limit, uint32_t length);

/* The code is in the state `context`, right before an instruction. */
enum cycle_answer cycle_step(const ucontext_t *context);

/* So many instructions were looked at in this search. */
uint32_t cycle_steps(void);

/* How many instructions the loop that was found has. */
uint32_t cycle_length(void);

/* What the loop reads, in the order of addresses. Valid until the next search. */
const struct cycle_read *cycle_reads(uint32_t *count);

#endif
