/* quote.h - words as a shell has to be given them, for commands that are printed to be pasted. */
#ifndef HEDDLE_CLI_QUOTE_H
#define HEDDLE_CLI_QUOTE_H

#include <stdio.h>

/* Writes `word`, in single quotes where it needs any. */
void quote_word(FILE *out, const char *word);

/* Writes words up to a null pointer, each with a space before it; "--" first where the first one
 * would be taken for an option. */
void quote_words(FILE *out, char *const *words);

/* Writes the name of the command as it was typed: one that is not in PATH was started with its
 * folder, and has to be again. */
void quote_self(FILE *out);

#endif
