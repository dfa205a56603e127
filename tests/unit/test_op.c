/* test_op.c - every operation has a word of its own, which a trace can hold, and the visible ones
 * are those whose order matters. */
#include "model/op.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <string.h>

Test(op, every_operation_has_a_word_of_its_own)
{
	for (int op = OP_NONE; op < OP_COUNT; op++) {
		cr_assert(op_word((enum op)op), "%d", op);
		for (int other = OP_NONE; other < op; other++)
			cr_expect_str_neq(op_word((enum op)op), op_word((enum op)other));
	}
}

/* One field of a line: small letters and underscores. */
Test(op, words_are_single_fields)
{
	for (int op = OP_NONE; op < OP_COUNT; op++) {
		const char *word = op_word((enum op)op);

		cr_expect(*word);
		for (; *word; word++)
			cr_expect(islower((unsigned char)*word) || *word == '_', "%s",
				  op_word((enum op)op));
	}
}

/* Each enumerator is its word in capitals: so no row of the table has slipped. */
Test(op, words_are_the_enumerators)
{
	static const char *const names[OP_COUNT] = {
#define X(name, word, visible, letter) [name] = #name,
		OPS(X)
#undef X
	};

	for (int op = OP_NONE; op < OP_COUNT; op++) {
		const char *word = op_word((enum op)op);

		cr_assert(strlen(names[op]) == strlen(word) + 3, "%s", names[op]);
		for (size_t i = 0; word[i]; i++)
			cr_expect(names[op][i + 3] == toupper((unsigned char)word[i]), "%s",
				  names[op]);
	}
}

/* All others commute with everything, or are ordered by create and join alone. */
Test(op, those_without_a_choice)
{
	static const enum op silent[] = {OP_NONE, OP_CREATE, OP_START, OP_END,	OP_JOIN, OP_DETACH,
					 OP_NAME, OP_YIELD,  OP_FENCE, OP_FREE, OP_LABEL};

	for (int op = OP_NONE; op < OP_COUNT; op++) {
		bool expected = true;

		for (size_t i = 0; i < sizeof(silent) / sizeof(*silent); i++)
			expected &= (int)silent[i] != op;
		cr_expect(op_is_visible((enum op)op) == expected, "%s", op_word((enum op)op));
	}
}

/* What a choice is made before is on memory, on a synchronisation object, or neither of both. */
Test(op, visible_ones_are_on_something)
{
	for (int i = OP_NONE; i < OP_COUNT; i++) {
		enum op op = (enum op)i;
		bool on_nothing = (op >= OP_CANCEL && op <= OP_LEAVE) || op == OP_POINT ||
				  op == OP_CHOOSE || op == OP_EXIT || op == OP_ABORT ||
				  !op_is_visible(op);

		cr_expect(on_nothing + op_is_access(op) + (op_letter(op) != 0) == 1, "%s",
			  op_word(op));
		cr_expect(!op_is_load(op) || op_is_access(op), "%s", op_word(op));
	}
}
