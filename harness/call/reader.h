/* reader.h - steps through the text of a signature and words its errors.
 *
 * Knows characters and identifiers, not what they mean. White space between them is passed over.
 */
#ifndef HEDDLE_CALL_READER_H
#define HEDDLE_CALL_READER_H

#include <stdbool.h>
#include <stddef.h>

struct pool;

struct reader {
	const char *text, *at;
	char *error; /* the sentence about the first failure */
	size_t error_size;
	int failed;	   /* 0, EINVAL or ENOMEM */
	struct pool *pool; /* what the parser keeps goes here */
	unsigned depth;	   /* structures that the parser has open */
};

/* Fails with a sentence about the character at `where`; does nothing when it has failed before. */
__attribute__((format(printf, 3, 4))) void reader_fail(struct reader *r, const char *where,
						       const char *format, ...);
void reader_fail_memory(struct reader *r);

void reader_skip_space(struct reader *r);

/* Steps over the next character when it is `c`. */
bool reader_accept(struct reader *r, char c);

/* Steps over `c` or fails; `after` names what stands before it. */
void reader_expect(struct reader *r, char c, const char *after);

/* The length of the identifier that comes next, or 0. */
size_t reader_word(struct reader *r);

/* Steps over the next identifier when it is `word`. */
bool reader_accept_word(struct reader *r, const char *word);

/* At a '(': steps over it, what is nested in it and its ')'. */
void reader_skip_parentheses(struct reader *r);

#endif
