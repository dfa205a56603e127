/*
 * reader.c - characters and words of a signature, and the one sentence about what is wrong with it.
 *
 * Invariant: the first failure wins. Once there is one, nothing is accepted any more, so whoever
 * parses may go on without asking after each step.
 */
#include "call/reader.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void reader_fail(struct reader *r, const char *where, const char *format, ...)
{
	va_list ap;
	int length;

	if (r->failed)
		return;
	r->failed = EINVAL;
	length = snprintf(r->error, r->error_size, "signature \"%.80s\", character %zu: ", r->text,
			  (size_t)(where - r->text) + 1);
	if (length < 0 || (size_t)length >= r->error_size)
		return;
	va_start(ap, format);
	vsnprintf(r->error + length, r->error_size - (size_t)length, format, ap);
	va_end(ap);
}

void reader_fail_memory(struct reader *r)
{
	if (r->failed)
		return;
	r->failed = ENOMEM;
	snprintf(r->error, r->error_size, "no memory for the signature");
}

void reader_skip_space(struct reader *r)
{
	while (isspace((unsigned char)*r->at))
		r->at++;
}

bool reader_accept(struct reader *r, char c)
{
	reader_skip_space(r);
	if (r->failed || *r->at != c)
		return false;
	r->at++;
	return true;
}

void reader_expect(struct reader *r, char c, const char *after)
{
	if (reader_accept(r, c))
		return;
	if (*r->at)
		reader_fail(r, r->at, "expected '%c' after %s, not '%c'", c, after, *r->at);
	else
		reader_fail(r, r->at, "expected '%c' after %s, but the signature ends", c, after);
}

static size_t word_length(const char *at)
{
	size_t length = 0;

	if (isdigit((unsigned char)*at))
		return 0;
	while (isalnum((unsigned char)at[length]) || at[length] == '_')
		length++;
	return length;
}

size_t reader_word(struct reader *r)
{
	reader_skip_space(r);
	return r->failed ? 0 : word_length(r->at);
}

bool reader_accept_word(struct reader *r, const char *word)
{
	size_t length = reader_word(r);

	if (!length || length != strlen(word) || memcmp(r->at, word, length))
		return false;
	r->at += length;
	return true;
}

void reader_skip_parentheses(struct reader *r)
{
	const char *start = r->at;
	unsigned open = 0;

	do {
		if (!*r->at) {
			reader_fail(r, start, "this parenthesis is not closed");
			return;
		}
		open += *r->at == '(';
		open -= *r->at == ')';
		r->at++;
	} while (open);
}
