/*
 * words.c - from the words of an arithmetic type to the type.
 *
 * C lets the words stand in any order and leave out `int` and `signed` nearly everywhere. So each
 * keyword is a digit of a number, the words are added up, what may be left out is taken away, and
 * what remains is one row of a small table: there is no list of the spellings.
 */
#include "call/words.h"

#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>
#include <wchar.h>

/* One hexadecimal digit for each keyword; words_add() keeps it from overflowing. */
#define WORD_VOID     0x1ull
#define WORD_BOOL     0x10ull
#define WORD_CHAR     0x100ull
#define WORD_SHORT    0x1000ull
#define WORD_INT      0x10000ull
#define WORD_LONG     0x100000ull
#define WORD_SIGNED   0x1000000ull
#define WORD_UNSIGNED 0x10000000ull
#define WORD_FLOAT    0x100000000ull
#define WORD_DOUBLE   0x1000000000ull
#define WORD_COMPLEX  0x10000000000ull
#define DIGIT_MAX     15ull

#define TYPE(kind, c)                                                                              \
	{                                                                                          \
		kind, sizeof(c), alignof(c), 0, 1, NULL, 0                                         \
	}
#define TYPE_NOTHING                                                                               \
	{                                                                                          \
		TYPE_VOID, 0, 1, 0, 1, NULL, 0                                                     \
	}
#define SIGN_OF(c) ((c)-1 < (c)0 ? TYPE_SIGNED : TYPE_UNSIGNED)

static const struct {
	const char *word;
	uint64_t digit;
} keywords[] = {
	{"void", WORD_VOID},	   {"_Bool", WORD_BOOL},    {"bool", WORD_BOOL},
	{"char", WORD_CHAR},	   {"short", WORD_SHORT},   {"int", WORD_INT},
	{"long", WORD_LONG},	   {"signed", WORD_SIGNED}, {"unsigned", WORD_UNSIGNED},
	{"float", WORD_FLOAT},	   {"double", WORD_DOUBLE}, {"_Complex", WORD_COMPLEX},
	{"complex", WORD_COMPLEX},
};

static const struct {
	uint64_t sum;
	struct type type;
} types[] = {
	{WORD_VOID, TYPE_NOTHING},
	{WORD_BOOL, TYPE(TYPE_BOOL, _Bool)},
	{WORD_CHAR, TYPE(SIGN_OF(char), char)},
	{WORD_SIGNED + WORD_CHAR, TYPE(TYPE_SIGNED, signed char)},
	{WORD_UNSIGNED + WORD_CHAR, TYPE(TYPE_UNSIGNED, unsigned char)},
	{WORD_SHORT, TYPE(TYPE_SIGNED, short)},
	{WORD_UNSIGNED + WORD_SHORT, TYPE(TYPE_UNSIGNED, unsigned short)},
	{WORD_INT, TYPE(TYPE_SIGNED, int)},
	{WORD_UNSIGNED, TYPE(TYPE_UNSIGNED, unsigned)},
	{WORD_LONG, TYPE(TYPE_SIGNED, long)},
	{WORD_UNSIGNED + WORD_LONG, TYPE(TYPE_UNSIGNED, unsigned long)},
	{2 * WORD_LONG, TYPE(TYPE_SIGNED, long long)},
	{WORD_UNSIGNED + 2 * WORD_LONG, TYPE(TYPE_UNSIGNED, unsigned long long)},
	{WORD_FLOAT, TYPE(TYPE_REAL, float)},
	{WORD_DOUBLE, TYPE(TYPE_REAL, double)},
	{WORD_LONG + WORD_DOUBLE, TYPE(TYPE_REAL, long double)},
	{WORD_FLOAT + WORD_COMPLEX, TYPE(TYPE_COMPLEX, float _Complex)},
	{WORD_DOUBLE + WORD_COMPLEX, TYPE(TYPE_COMPLEX, double _Complex)},
	{WORD_LONG + WORD_DOUBLE + WORD_COMPLEX, TYPE(TYPE_COMPLEX, long double _Complex)},
};

static const struct {
	const char *word;
	struct type type;
} defined[] = {
	{"int8_t", TYPE(TYPE_SIGNED, int8_t)},	     {"uint8_t", TYPE(TYPE_UNSIGNED, uint8_t)},
	{"int16_t", TYPE(TYPE_SIGNED, int16_t)},     {"uint16_t", TYPE(TYPE_UNSIGNED, uint16_t)},
	{"int32_t", TYPE(TYPE_SIGNED, int32_t)},     {"uint32_t", TYPE(TYPE_UNSIGNED, uint32_t)},
	{"int64_t", TYPE(TYPE_SIGNED, int64_t)},     {"uint64_t", TYPE(TYPE_UNSIGNED, uint64_t)},
	{"intptr_t", TYPE(TYPE_SIGNED, intptr_t)},   {"uintptr_t", TYPE(TYPE_UNSIGNED, uintptr_t)},
	{"intmax_t", TYPE(TYPE_SIGNED, intmax_t)},   {"uintmax_t", TYPE(TYPE_UNSIGNED, uintmax_t)},
	{"ssize_t", TYPE(TYPE_SIGNED, ssize_t)},     {"size_t", TYPE(TYPE_UNSIGNED, size_t)},
	{"ptrdiff_t", TYPE(TYPE_SIGNED, ptrdiff_t)}, {"wchar_t", TYPE(SIGN_OF(wchar_t), wchar_t)},
};

static const char *const qualifiers[] = {"const", "volatile", "restrict", "__restrict"};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool is_word(const char *known, const char *word, size_t length)
{
	return strlen(known) == length && !memcmp(known, word, length);
}

bool words_add(struct words *words, const char *word, size_t length)
{
	for (size_t i = 0; !words->defined && i < COUNT(keywords); i++) {
		if (!is_word(keywords[i].word, word, length))
			continue;
		if (words->sum / keywords[i].digit % (DIGIT_MAX + 1) == DIGIT_MAX)
			return false;
		words->sum += keywords[i].digit;
		return true;
	}
	for (size_t i = 0; !words->defined && !words->sum && i < COUNT(defined); i++) {
		if (!is_word(defined[i].word, word, length))
			continue;
		words->defined = &defined[i].type;
		return true;
	}
	return false;
}

/* Takes away the `int` and `signed` that change nothing: "signed long int" is "long". */
static uint64_t sum_reduce(uint64_t sum)
{
	const uint64_t sized = DIGIT_MAX * (WORD_SHORT | WORD_LONG);
	const uint64_t signs = DIGIT_MAX * (WORD_SIGNED | WORD_UNSIGNED);
	uint64_t rest = sum - WORD_INT;

	if ((sum & DIGIT_MAX * WORD_INT) == WORD_INT && rest && !(rest & ~(sized | signs)))
		sum = rest;
	rest = sum - WORD_SIGNED;
	if ((sum & signs) == WORD_SIGNED && !(rest & ~sized))
		sum = rest ? rest : WORD_INT;
	return sum;
}

const struct type *words_type(const struct words *words)
{
	uint64_t sum = sum_reduce(words->sum);

	if (words->defined)
		return words->defined;
	for (size_t i = 0; i < COUNT(types); i++) {
		if (types[i].sum == sum)
			return &types[i].type;
	}
	return NULL;
}

bool words_is_qualifier(const char *word, size_t length)
{
	for (size_t i = 0; i < COUNT(qualifiers); i++) {
		if (is_word(qualifiers[i], word, length))
			return true;
	}
	return false;
}
