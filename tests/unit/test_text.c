/* test_text.c - a message is put together in its room, cut where it does not fit, and nothing
 * beyond is touched. */
#include "base/text.h"

#include <criterion/criterion.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define GUARD 0x5a

Test(text, is_empty_at_first)
{
	char buffer[4] = "abc";
	struct text text = text_over(buffer, sizeof(buffer));

	cr_expect_str_eq(buffer, "");
	cr_expect(text.length == 0);
}

Test(text, puts_words_and_numbers_together)
{
	char buffer[64];
	struct text text = text_over(buffer, sizeof(buffer));

	text_add(&text, "step ");
	text_add_number(&text, 12);
	text_add(&text, "");
	text_add(&text, " of ");
	text_add_number(&text, 3400);
	cr_expect_str_eq(buffer, "step 12 of 3400");
	cr_expect(text.length == strlen(buffer));
}

Test(text, writes_numbers_as_the_c_library_does)
{
	for (unsigned bit = 0; bit < 64; bit++)
		for (unsigned long more = 0; more < 3; more++) {
			unsigned long number = (1ul << bit) - 1 + more;
			char buffer[32], expected[32];
			struct text text = text_over(buffer, sizeof(buffer));

			snprintf(expected, sizeof(expected), "%lu", number);
			text_add_number(&text, number);
			cr_expect_str_eq(buffer, expected);
		}
}

Test(text, largest_number)
{
	char buffer[32];
	struct text text = text_over(buffer, sizeof(buffer));

	text_add_number(&text, ULONG_MAX);
	cr_expect_str_eq(buffer, "18446744073709551615");
}

/* At every size the beginning is there, a NUL at its end, and the byte after the room is whole. */
Test(text, is_cut_at_every_size)
{
	static const char whole[] = "at 1234567890, over";

	for (size_t size = 1; size <= sizeof(whole) + 2; size++) {
		char buffer[sizeof(whole) + 3], expected[sizeof(whole)];
		struct text text;

		memset(buffer, GUARD, sizeof(buffer));
		text = text_over(buffer, size);
		text_add(&text, "at ");
		text_add_number(&text, 1234567890);
		text_add(&text, ", over");
		snprintf(expected, size < sizeof(whole) ? size : sizeof(whole), "%s", whole);
		cr_expect_str_eq(buffer, expected);
		cr_expect(buffer[size] == GUARD, "%zu", size);
		cr_expect(text.length == strlen(expected));
	}
}
