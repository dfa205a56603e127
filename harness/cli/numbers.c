#include "cli/numbers.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool number_read(const char *word, uint64_t *number)
{
	bool hexadecimal = word[0] == '0' && (word[1] == 'x' || word[1] == 'X');
	const char *digits = hexadecimal ? word + 2 : word;
	char *end;

	if (hexadecimal ? !isxdigit((unsigned char)*digits) : !isdigit((unsigned char)*digits))
		return false;
	errno = 0;
	*number = strtoull(digits, &end, hexadecimal ? 16 : 10);
	return errno == 0 && *end == 0 && *number <= INT64_MAX;
}

bool seconds_read(const char *word, double *seconds)
{
	char *end;

	/* strtod also takes signs, exponents, hexadecimal numbers, infinities and what the locale
	 * says. */
	if (!*word || word[strspn(word, "0123456789.")])
		return false;
	*seconds = strtod(word, &end);
	return end != word && *end == 0;
}
