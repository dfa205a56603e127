#include "base/text.h"

struct text text_over(char *buffer, size_t size)
{
	buffer[0] = '\0';
	return (struct text){.buffer = buffer, .size = size};
}

void text_add(struct text *text, const char *words)
{
	while (*words && text->length + 1 < text->size)
		text->buffer[text->length++] = *words++;
	text->buffer[text->length] = '\0';
}

void text_add_number(struct text *text, unsigned long number)
{
	char digits[24];
	int at = sizeof(digits) - 1;

	digits[at] = '\0';
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	text_add(text, digits + at);
}
