/* bitset.h - a set of small numbers (thread numbers) whose members are found in order. Fixed
 * capacity, no allocation. */
#ifndef HEDDLE_BASE_BITSET_H
#define HEDDLE_BASE_BITSET_H

#include <stdbool.h>
#include <stdint.h>

#define BITSET_MAX   16384u
#define BITSET_WORDS (BITSET_MAX / 64)

/* `count` members; all of them in words[0..used). */
struct bitset {
	uint32_t count, used;
	uint64_t words[BITSET_WORDS];
};

static inline bool bitset_has(const struct bitset *set, uint32_t member)
{
	return set->words[member / 64] >> (member % 64) & 1;
}

static inline void bitset_add(struct bitset *set, uint32_t member)
{
	uint32_t word = member / 64;
	uint64_t bit = 1ul << (member % 64);

	set->count += !(set->words[word] & bit);
	set->words[word] |= bit;
	if (word >= set->used)
		set->used = word + 1;
}

static inline void bitset_remove(struct bitset *set, uint32_t member)
{
	uint64_t *word = &set->words[member / 64], bit = 1ul << (member % 64);

	set->count -= !!(*word & bit);
	*word &= ~bit;
}

/* The member with `rank` smaller ones. Requires: rank < count. */
static inline uint32_t bitset_at(const struct bitset *set, uint32_t rank)
{
	for (uint32_t i = 0;; i++) {
		uint64_t word = set->words[i];

		/* Without the processor's own instruction, counting a whole word costs more than a
		 * few steps. */
		for (; word && rank; rank--)
			word &= word - 1;
		if (word)
			return i * 64 + (uint32_t)__builtin_ctzl(word);
	}
}

/* How many members are smaller than `member`. */
static inline uint32_t bitset_rank(const struct bitset *set, uint32_t member)
{
	uint32_t rank = 0;

	for (uint32_t i = 0; i < member / 64; i++)
		rank += (uint32_t)__builtin_popcountl(set->words[i]);
	return rank + (uint32_t)__builtin_popcountl(set->words[member / 64] &
						    ((1ul << (member % 64)) - 1));
}

#endif
