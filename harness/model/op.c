#include "model/op.h"

static const char *const words[OP_COUNT] = {
#define X(name, word, visible) [name] = word,
	OPS(X)
#undef X
};

static const bool visibilities[OP_COUNT] = {
#define X(name, word, visible) [name] = visible,
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
