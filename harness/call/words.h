/* words.h - the words that name C's arithmetic types: "unsigned long int", "uint8_t".
 *
 * Words are collected one by one, in any order as C has it, and looked up when all have been seen.
 * Pure.
 */
#ifndef HEDDLE_CALL_WORDS_H
#define HEDDLE_CALL_WORDS_H

#include "call/type.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Starts as all zero. */
struct words {
	uint64_t sum;		    /* how often each keyword was seen */
	const struct type *defined; /* a type by name, such as size_t */
};

/* Takes one more word. False when it is no word of a type, or has no place beside the others. */
bool words_add(struct words *words, const char *word, size_t length);

/* The type that the words name, or null when they make none, such as "short double". */
const struct type *words_type(const struct words *words);

/* True for const, volatile and their like, which change nothing about how a value is passed. */
bool words_is_qualifier(const char *word, size_t length);

#endif
