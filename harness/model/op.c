#include "model/op.h"

static const char *const words[OP_COUNT] = {
#define X(name, word, visible, letter) [name] = word,
	OPS(X)
#undef X
};

static const bool visibilities[OP_COUNT] = {
#define X(name, word, visible, letter) [name] = visible,
	OPS(X)
#undef X
};

static const char letters[OP_COUNT] = {
#define X(name, word, visible, letter) [name] = letter,
	OPS(X)
#undef X
};

const char *op_word(enum op op)
{
	return words[op];
}

bool op_is_visible(enum op op)
{
	return visibilities[op];
}

char op_letter(enum op op)
{
	return letters[op];
}
