/* Code that does little but access memory, for the cost of hooks that are not used: `loop` goes
 * over a table, `match` finds repeated strings through chains of hashes, as compressors do. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TABLE	    4096
#define LOOPS	    100000000L
#define TEXT	    4000000
#define HASHES	    32768
#define CHAIN_MAX   16
#define MATCH_MAX   258
#define HASH(place) ((place[0] << 10 ^ place[1] << 5 ^ place[2]) & (HASHES - 1))

static long table[TABLE];
static unsigned char text[TEXT + MATCH_MAX];
static int head[HASHES], previous[TEXT];

static long loop(void)
{
	long sum = 0;

	for (long i = 0; i < LOOPS; i++) {
		table[i * 7 % TABLE] += i;
		sum += table[i * 13 % TABLE];
	}
	return sum;
}

static void text_fill(void)
{
	unsigned long state = 1;

	for (int i = 0; i < TEXT; i++) {
		state = state * 6364136223846793005ul + 1442695040888963407ul;
		text[i] = state >> 61 ? 'a' + (state >> 40 & state >> 45 & 15) : ' ';
	}
}

static int match_length(const unsigned char *a, const unsigned char *b)
{
	int length = 0;

	while (length < MATCH_MAX && a[length] == b[length])
		length++;
	return length;
}

static int match_longest(int place)
{
	int best = 0, candidate = head[HASH((text + place))];

	for (int i = 0; i < CHAIN_MAX && candidate; i++) {
		int length = match_length(text + candidate, text + place);

		best = length > best ? length : best;
		candidate = previous[candidate];
	}
	return best;
}

static long match(void)
{
	long matched = 0;

	text_fill();
	for (int place = 1; place < TEXT; place++) {
		int *first = &head[HASH((text + place))];

		matched += match_longest(place);
		previous[place] = *first;
		*first = place;
	}
	return matched;
}

int main(int argc, char **argv)
{
	printf("%ld\n", argc > 1 && !strcmp(argv[1], "match") ? match() : loop());
	return 0;
}
