#include "call/dwarf_cursor.h"

struct cursor cursor_at(struct section section, size_t offset)
{
	struct cursor c = {section.bytes + section.size, section.bytes + section.size, false};

	if (offset <= section.size)
		c.at = section.bytes + offset;
	else
		c.bad = true;
	return c;
}

void cursor_skip(struct cursor *c, uint64_t bytes)
{
	if (bytes > (uint64_t)(c->end - c->at)) {
		c->bad = true;
		c->at = c->end;
	} else {
		c->at += bytes;
	}
}

uint64_t cursor_number(struct cursor *c, unsigned bytes)
{
	const unsigned char *at = c->at;
	uint64_t number = 0;

	cursor_skip(c, bytes);
	for (unsigned i = 0; !c->bad && i < bytes && i < 8; i++)
		number |= (uint64_t)at[i] << 8 * i;
	return number;
}

uint64_t cursor_leb(struct cursor *c)
{
	uint64_t number = 0;
	unsigned char byte = 0x80;

	for (unsigned shift = 0; byte & 0x80 && !c->bad; shift += 7) {
		byte = (unsigned char)cursor_number(c, 1);
		if (shift < 64)
			number |= (uint64_t)(byte & 0x7f) << shift;
	}
	return number;
}

void cursor_skip_string(struct cursor *c)
{
	while (!c->bad && cursor_number(c, 1))
		;
}
