/*
 * test_signature.c - what harness/call reads out of a signature, and what it says about one that it
 * cannot read; what the kinds of the passed arguments are compared with.
 */
#include "call/kinds.h"
#include "call/signature.h"

#include "heddle.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static struct pool pool;
static struct signature signature;
static char error[256];

static void pool_end(void)
{
	pool_free(&pool);
}

TestSuite(signature, .fini = pool_end);

static void reads(const char *text)
{
	int code = signature_parse(&signature, &pool, text, error, sizeof(error));

	cr_assert_eq(code, 0, "%s", error);
	cr_assert_str_empty(error);
}

static void result_is(const char *words, enum type_kind kind, size_t size)
{
	char text[128];

	snprintf(text, sizeof(text), "%s(void)", words);
	reads(text);
	cr_expect_eq(signature.result.kind, kind, "kind of %s", words);
	cr_expect_eq(signature.result.size, size, "size of %s", words);
	cr_expect_eq(signature.argument_count, 0, "arguments of %s", text);
}

static void fails(const char *text, size_t character, const char *sentence)
{
	char expected[256];
	int code = signature_parse(&signature, &pool, text, error, sizeof(error));

	snprintf(expected, sizeof(expected), "signature \"%s\", character %zu: %s", text, character,
		 sentence);
	cr_expect_eq(code, EINVAL, "%s is read", text);
	cr_expect_str_eq(error, expected);
}

Test(signature, words_of_a_type_in_any_order)
{
	result_is("void", TYPE_VOID, 0);
	result_is("_Bool", TYPE_BOOL, 1);
	result_is("bool", TYPE_BOOL, 1);
	result_is("char", TYPE_SIGNED, 1);
	result_is("signed char", TYPE_SIGNED, 1);
	result_is("char unsigned", TYPE_UNSIGNED, 1);
	result_is("short", TYPE_SIGNED, 2);
	result_is("int signed short", TYPE_SIGNED, 2);
	result_is("unsigned short int", TYPE_UNSIGNED, 2);
	result_is("int", TYPE_SIGNED, 4);
	result_is("signed", TYPE_SIGNED, 4);
	result_is("int signed", TYPE_SIGNED, 4);
	result_is("unsigned", TYPE_UNSIGNED, 4);
	result_is("unsigned int", TYPE_UNSIGNED, 4);
	result_is("long", TYPE_SIGNED, 8);
	result_is("long int", TYPE_SIGNED, 8);
	result_is("long unsigned int", TYPE_UNSIGNED, 8);
	result_is("long long", TYPE_SIGNED, 8);
	result_is("long int unsigned long", TYPE_UNSIGNED, 8);
	result_is("float", TYPE_REAL, 4);
	result_is("double", TYPE_REAL, 8);
	result_is("long double", TYPE_REAL, 16);
	result_is("double long", TYPE_REAL, 16);
	result_is("float _Complex", TYPE_COMPLEX, 8);
	result_is("complex double", TYPE_COMPLEX, 16);
	result_is("long _Complex double", TYPE_COMPLEX, 32);
	result_is("const volatile int", TYPE_SIGNED, 4);
	result_is("int const", TYPE_SIGNED, 4);
}

Test(signature, types_by_name)
{
	result_is("int8_t", TYPE_SIGNED, 1);
	result_is("uint8_t", TYPE_UNSIGNED, 1);
	result_is("int16_t", TYPE_SIGNED, 2);
	result_is("uint16_t", TYPE_UNSIGNED, 2);
	result_is("int32_t", TYPE_SIGNED, 4);
	result_is("uint32_t", TYPE_UNSIGNED, 4);
	result_is("int64_t", TYPE_SIGNED, 8);
	result_is("uint64_t", TYPE_UNSIGNED, 8);
	result_is("size_t", TYPE_UNSIGNED, 8);
	result_is("ssize_t", TYPE_SIGNED, 8);
	result_is("intptr_t", TYPE_SIGNED, 8);
	result_is("uintptr_t", TYPE_UNSIGNED, 8);
	result_is("ptrdiff_t", TYPE_SIGNED, 8);
	result_is("enum colour", TYPE_UNSIGNED, 4);
}

Test(signature, words_that_make_no_type)
{
	fails("short double()", 1, "these words make no type together");
	fails("int(int int)", 5, "these words make no type together");
	fails("unsigned signed()", 1, "these words make no type together");
	fails("long long long()", 1, "these words make no type together");
	fails("long long double()", 1, "these words make no type together");
	fails("int char()", 1, "these words make no type together");
	fails("unsigned float()", 1, "these words make no type together");
	fails("int(flot, int)", 5, "there is no type \"flot\"");
	fails("foo(int)", 1, "there is no type \"foo\"");
	fails("int(size_t int)", 12, "\"int\" cannot follow the type before it");
}

Test(signature, pointers_to_anything)
{
	result_is("char *", TYPE_POINTER, 8);
	result_is("const char *const *", TYPE_POINTER, 8);
	result_is("FILE *", TYPE_POINTER, 8);
	result_is("struct node *", TYPE_POINTER, 8);
	result_is("union u **", TYPE_POINTER, 8);
	result_is("struct{int; double} *", TYPE_POINTER, 8);
	result_is("void *", TYPE_POINTER, 8);
	result_is("int (*)(int, void (*)(void))", TYPE_POINTER, 8);
	reads("void(char *argv[], int row[3], double table[2][3], int (*compare)(int, int))");
	cr_expect_eq(signature.argument_count, 4);
	for (size_t i = 0; i < 4; i++)
		cr_expect_eq(signature.arguments[i].kind, TYPE_POINTER, "argument %zu", i);
}

Test(signature, a_prototype_is_a_signature)
{
	reads("long sum(const int *numbers, size_t count)");
	cr_expect_eq(signature.result.size, 8);
	cr_assert_eq(signature.argument_count, 2);
	cr_expect_eq(signature.arguments[0].kind, TYPE_POINTER);
	cr_expect_eq(signature.arguments[1].kind, TYPE_UNSIGNED);
	reads(" int\t( )\n");
	cr_expect_eq(signature.argument_count, 0);
}

struct inner {
	char c[3];
	float f;
};
struct outer {
	short s;
	struct inner in[2];
	long double l;
	int table[2][3];
	char last;
};

Test(signature, a_structure_is_laid_out_as_the_compiler_does)
{
	const struct type *t, *in;

	reads("struct outer{short s; struct inner{char c[3]; float f;} in[2]; long double; "
	      "int[2][3]; "
	      "char}(int)");
	t = &signature.result;
	cr_assert_eq(t->kind, TYPE_STRUCT);
	cr_expect_eq(t->size, sizeof(struct outer));
	cr_expect_eq(t->align, alignof(struct outer));
	cr_assert_eq(t->member_count, 5);
	in = &t->members[1];
	cr_expect_eq(in->offset, offsetof(struct outer, in));
	cr_expect_eq(in->repeat, 2);
	cr_expect_eq(in->size, sizeof(struct inner));
	cr_expect_eq(in->members[1].offset, offsetof(struct inner, f));
	cr_expect_eq(t->members[2].offset, offsetof(struct outer, l));
	cr_expect_eq(t->members[3].offset, offsetof(struct outer, table));
	cr_expect_eq(t->members[3].repeat, 6);
	cr_expect_eq(t->members[4].offset, offsetof(struct outer, last));
}

Test(signature, structures_that_cannot_be)
{
	fails("int(struct{})", 12, "a structure needs at least one member");
	fails("int(struct{void})", 12, "a member cannot be void");
	fails("int(struct{int,int})", 15, "expected ';' after a member of a structure, not ','");
	fails("int(struct{int:3;})", 15, "expected ';' after a member of a structure, not ':'");
	fails("int(struct{int[]})", 16, "expected a number of elements");
	fails("int(struct{int[0]})", 16, "an array has 1 to 65536 elements");
	fails("int(struct{int[99999999999]})", 16, "an array has 1 to 65536 elements");
	fails("int(struct{char[300][300]})", 16, "an array has 1 to 65536 elements");
	fails("int(struct{int[60000]})", 12,
	      "a structure of more than 65536 bytes cannot be passed by value");
	fails("int(struct node)", 5,
	      "\"struct node\" has to be spelled out: struct{TYPE; TYPE; ...}");
	fails("int(union u)", 5, "a union cannot be passed by value");
	fails("int(struct *)", 12, "expected '{' or a name after struct");
	fails("int(enum)", 9, "expected a name after enum");
}

Test(signature, nesting_has_an_end)
{
	char text[512] = "";

	for (int i = 0; i < SIGNATURE_DEPTH_MAX; i++)
		strcat(text, "struct{");
	strcat(text, "int");
	for (int i = 0; i < SIGNATURE_DEPTH_MAX; i++)
		strcat(text, "}");
	strcat(text, "()");
	reads(text);
	memmove(text + 7, text, strlen(text) + 1);
	memcpy(text, "struct{", 7);
	cr_expect_eq(signature_parse(&signature, &pool, text, error, sizeof(error)), EINVAL);
	cr_expect(strstr(error, "more than 16 structures in each other"), "%s", error);
}

Test(signature, where_it_ends_too_early_or_too_late)
{
	fails("", 1, "expected a type, but the signature ends");
	fails("int", 4, "expected '(' after the type of the result, but the signature ends");
	fails("int(", 5, "expected a type, but the signature ends");
	fails("int(int", 8, "expected ',' or ')' after an argument, but the signature ends");
	fails("int(int,", 9, "expected a type, but the signature ends");
	fails("int(int (*)(int)", 17,
	      "expected ',' or ')' after an argument, but the signature ends");
	fails("int(int (*f)(int", 13, "this parenthesis is not closed");
	fails("int(int) x", 10, "expected nothing after ')', not 'x'");
	fails("int(int))", 9, "expected nothing after ')', not ')'");
}

Test(signature, what_a_function_cannot_have)
{
	fails("int(void x)", 5, "an argument cannot be void");
	fails("int(int, void)", 10, "an argument cannot be void");
	fails("int(...)", 5, "a function with variable arguments cannot be started");
	fails("int(const char *, ...)", 19, "a function with variable arguments cannot be started");
	fails("int[3](int)", 4, "a function cannot return an array");
	fails("int(3)", 5, "expected a type, not '3'");
}

Test(signature, arguments_have_an_end)
{
	char text[1024] = "void(int";

	for (int i = 1; i < SIGNATURE_ARGUMENTS_MAX; i++)
		strcat(text, ",int");
	strcat(text, ")");
	reads(text);
	cr_expect_eq(signature.argument_count, SIGNATURE_ARGUMENTS_MAX);
	text[strlen(text) - 1] = '\0';
	strcat(text, ",int)");
	cr_expect_eq(signature_parse(&signature, &pool, text, error, sizeof(error)), EINVAL);
	cr_expect(strstr(error, "more than 64 arguments"), "%s", error);
}

Test(signature, a_short_buffer_is_not_overrun)
{
	char small[16];

	memset(small, 'x', sizeof(small));
	cr_expect_eq(signature_parse(&signature, &pool, "int(flot)", small, 8), EINVAL);
	cr_expect_eq(strlen(small), 7);
	cr_expect_eq(small[8], 'x');
}

static void kinds_fail(const char *text, unsigned long long kinds, const char *sentence)
{
	reads(text);
	cr_expect_eq(kinds_check(&signature, kinds, error, sizeof(error)), EINVAL, "%s", text);
	cr_expect_str_eq(error, sentence);
}

Test(signature, kinds_of_arguments_that_fit)
{
	struct inner in = {"ab", 1};
	char c = 'c';
	float f = 1;

	reads("int(char, short, int, bool, long, size_t, char *, void *, float, double, long "
	      "double, "
	      "struct{char[3]; float}, int (*)(void))");
	cr_expect_eq(kinds_check(&signature,
				 HEDDLE_KINDS("", c, (short)1, 'x', 1 == 1, 1L, sizeof(c), "text",
					      NULL, f, 1.0, 1.0L, in, pool_end),
				 error, sizeof(error)),
		     0, "%s", error);
	reads("int()");
	cr_expect_eq(kinds_check(&signature, HEDDLE_KINDS(""), error, sizeof(error)), 0);
	reads("int(int)");
	cr_expect_eq(kinds_check(&signature, KINDS_UNKNOWN, error, sizeof(error)), 0);
}

Test(signature, kinds_of_arguments_that_do_not_fit)
{
	struct inner in = {"ab", 1};

	kinds_fail("int(int, int)", HEDDLE_KINDS("", 1),
		   "the signature has 2 arguments, the call passes 1");
	kinds_fail("int(int)", HEDDLE_KINDS("", 1, 2),
		   "the signature has 1 argument, the call passes 2");
	kinds_fail("int(long)", HEDDLE_KINDS("", 5),
		   "argument 1: the signature has an integer of 8 bytes, the call passes an "
		   "integer of "
		   "up to 4 bytes");
	kinds_fail(
		"int(int, double)", HEDDLE_KINDS("", 1, 2),
		"argument 2: the signature has a float or double, the call passes an integer of up "
		"to 4 bytes");
	kinds_fail("int(int)", HEDDLE_KINDS("", "text"),
		   "argument 1: the signature has an integer of up to 4 bytes, the call passes a "
		   "pointer");
	kinds_fail(
		"int(double)", HEDDLE_KINDS("", 1.0L),
		"argument 1: the signature has a float or double, the call passes a long double");
	kinds_fail("int(char *)", HEDDLE_KINDS("", in),
		   "argument 1: the signature has a pointer, the call passes a structure");
}
