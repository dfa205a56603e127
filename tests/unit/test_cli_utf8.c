/* Which bytes are characters that XML and YAML take. */
#include "cli/utf8.h"

#include <criterion/criterion.h>

Test(cli_utf8, lengths)
{
	static const struct {
		const char *bytes;
		size_t length;
	} cases[] = {
		{"a", 1},
		{"\t", 1},
		{"\n", 1},
		{"\x01", 0},
		{"\x1b", 0},
		{"\x7f", 0},
		{"\xc3\xa4", 2},	 /* a letter */
		{"\xc2\x85", 0},	 /* a control character */
		{"\xe2\x94\x82", 3},	 /* a line of a table */
		{"\xf0\x9f\x98\x80", 4}, /* a face */
		{"\xc0\x80", 0},	 /* longer than it need be */
		{"\xe0\x80\xaf", 0},	 /* the same */
		{"\xed\xa0\x80", 0},	 /* half of a pair */
		{"\xef\xbf\xbf", 0},	 /* no character */
		{"\xf4\x90\x80\x80", 0}, /* too large */
		{"\xff", 0},
		{"\x80", 0},
		{"\xc3", 0}, /* cut off */
		{"\xe2\x94", 0},
		{"\xf0\x9f\x98", 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		cr_expect(utf8_length(cases[i].bytes) == cases[i].length, "case %zu", i);
}
