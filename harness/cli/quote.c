#include "cli/quote.h"

#include <errno.h>
#include <string.h>

static const char harmless[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
			       "_@%+=:,./-";

void quote_word(FILE *out, const char *word)
{
	if (*word && word[strspn(word, harmless)] == 0) {
		fputs(word, out);
		return;
	}
	fputc('\'', out);
	for (; *word; word++) {
		if (*word == '\'')
			fputs("'\\''", out);
		else
			fputc(*word, out);
	}
	fputc('\'', out);
}

void quote_words(FILE *out, char *const *words)
{
	if (words[0] && words[0][0] == '-')
		fputs(" --", out);
	for (; *words; words++) {
		fputc(' ', out);
		quote_word(out, *words);
	}
}

void quote_self(FILE *out)
{
	const char *slash = strrchr(program_invocation_name, '/');

	if (slash && strcmp(slash + 1, "heddle") == 0)
		quote_word(out, program_invocation_name);
	else
		fputs("heddle", out);
}
