/*
 * escape.c - the escapes of the trace format (trace.h).
 *
 * Bytes of valid UTF-8 stand for themselves, since names in comments and threads are written by
 * people; all others that do not print are numbers, so that a trace is a text whatever the
 * program's arguments are.
 */
#include "trace/escape.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* How many bytes at `text` are one printable UTF-8 character above ASCII; 0 when they are none. */
static unsigned utf8_length(const unsigned char *text)
{
	unsigned length = text[0] >= 0xf0 ? 4 : text[0] >= 0xe0 ? 3 : 2;
	uint32_t code = text[0] & (0xffu >> (length + 1));
	static const uint32_t least[] = {0, 0, 0xa0, 0x800, 0x10000};

	if (text[0] < 0xc2 || text[0] > 0xf4)
		return 0;
	for (unsigned i = 1; i < length; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (text[i] & 0x3f);
	}
	if (code < least[length] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return 0;
	return length;
}

/* One character of `text` as it stands in a trace, in `unit`. Returns how many bytes of `text` it
 * took. */
static unsigned escape_one(char unit[8], const char *text, bool space, const char *also)
{
	unsigned char c = (unsigned char)text[0];
	unsigned length = c >= 0x80 ? utf8_length((const unsigned char *)text) : 0;

	if (length) {
		memcpy(unit, text, length);
		unit[length] = '\0';
		return length;
	}
	if (c == '\n')
		strcpy(unit, "\\n");
	else if (c == '\t')
		strcpy(unit, "\\t");
	else if (c == '\\')
		strcpy(unit, "\\\\");
	else if (c == ' ' && space)
		strcpy(unit, "\\s");
	else if (c < 0x20 || c >= 0x7f || strchr(also, c))
		snprintf(unit, 8, "\\x%02x", c);
	else
		snprintf(unit, 8, "%c", c);
	return 1;
}

static size_t put(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text);
	return strlen(out);
}

size_t escape_field(char *out, size_t size, const char *text, const char *also)
{
	size_t length = 0;
	char unit[8];

	if (!*text)
		return put(out, size, "-");
	if (!strcmp(text, "-"))
		return put(out, size, "\\-");
	while (*text) {
		text += escape_one(unit, text, true, also);
		if (length + strlen(unit) >= size)
			break;
		strcpy(out + length, unit);
		length += strlen(unit);
	}
	out[length] = '\0';
	return length;
}

size_t escape_room(size_t length)
{
	return 4 * length + 8;
}

size_t escape_value(char *out, size_t size, const char *text)
{
	size_t length = 0;
	char unit[8];

	if (!*text)
		return put(out, size, "\\e");
	for (const char *at = text; *at;) {
		bool at_end = at == text || !at[1];

		at += escape_one(unit, at, at_end, "");
		if (length + strlen(unit) >= size)
			break;
		strcpy(out + length, unit);
		length += strlen(unit);
	}
	out[length] = '\0';
	return length;
}

/* The byte that the escape at `text` (after its backslash) stands for, or 0; *length is what the
 * escape takes. */
static char escape_byte(const char *text, unsigned *length)
{
	static const char letters[] = "ntse\\-", bytes[] = "\n\t \0\\-";
	const char *letter = *text ? strchr(letters, *text) : NULL;
	unsigned value;

	*length = 1;
	if (letter)
		return bytes[letter - letters];
	if (*text != 'x' || strspn(text + 1, "0123456789abcdef") < 2)
		return 0;
	sscanf(text + 1, "%2x", &value);
	*length = 3;
	return (char)value;
}

static bool is_escaped(const char *text)
{
	unsigned length;

	while ((text = strchr(text, '\\'))) {
		if (!escape_byte(text + 1, &length))
			return false;
		text += 1 + length;
	}
	return true;
}

bool escape_undo(char *text)
{
	char *out = text;
	unsigned length;

	if (!strcmp(text, "\\e"))
		*text = '\0';
	if (!is_escaped(text))
		return false;
	while (*text) {
		if (*text != '\\') {
			*out++ = *text++;
			continue;
		}
		*out++ = escape_byte(text + 1, &length);
		text += 1 + length;
	}
	*out = '\0';
	return true;
}
