#include "cli/utf8.h"

#include <stdbool.h>
#include <stdint.h>

/* The surrogates and the two that are no characters are left out, too. */
static bool is_character(uint32_t code, size_t length)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};

	if (length == 1)
		return code == '\t' || code == '\n' || code == '\r' || (code >= ' ' && code != 127);
	return code >= least[length] && code >= 0xa0 && code <= 0x10ffff &&
	       !(code >= 0xd800 && code < 0xe000) && code != 0xfffe && code != 0xffff;
}

size_t utf8_length(const char *bytes)
{
	unsigned char first = (unsigned char)*bytes;
	size_t length = first < 0x80   ? 1
			: first < 0xc0 ? 0
			: first < 0xe0 ? 2
			: first < 0xf0 ? 3
				       : 4;
	uint32_t code = length > 1 ? first & (0x7fu >> length) : first;

	if (!length || first > 0xf4)
		return 0;
	for (size_t i = 1; i < length; i++) {
		unsigned char next = (unsigned char)bytes[i];

		if ((next & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (next & 0x3f);
	}
	return is_character(code, length) ? length : 0;
}
