/*
 * signature.c - a recursive descent over a function's type.
 *
 * Invariant: once the reader has failed it accepts nothing more; every function here may therefore
 * go on without asking, and loops ask once each round.
 *
 * Only what decides how a value is passed is kept. What a pointer points to, names and qualifiers
 * are read and forgotten, so that a prototype copied out of a header is a signature.
 */
#include "call/signature.h"

#include "call/reader.h"
#include "call/words.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Where a declaration stands decides what it may be. */
enum place { PLACE_RESULT, PLACE_ARGUMENT, PLACE_MEMBER };

struct vector {
	struct type *types;
	size_t count, room;
};

static void parse_declaration(struct reader *r, struct type *type, enum place place);

static bool accept_qualifiers(struct reader *r)
{
	bool any = false;
	size_t length;

	while ((length = reader_word(r)) && words_is_qualifier(r->at, length)) {
		r->at += length;
		any = true;
	}
	return any;
}

static void vector_append(struct reader *r, struct vector *v, const struct type *type)
{
	if (v->count == v->room) {
		size_t room = v->room ? 2 * v->room : 4;
		struct type *types = pool_allocate(r->pool, room * sizeof(*types));

		if (!types) {
			reader_fail_memory(r);
			return;
		}
		if (v->count)
			memcpy(types, v->types, v->count * sizeof(*types));
		v->types = types;
		v->room = room;
	}
	v->types[v->count++] = *type;
}

/* Puts a member behind those before it, as the ABI lays structures out. */
static void struct_add(struct reader *r, struct type *type, struct vector *members,
		       struct type *member, const char *where)
{
	member->offset = (type->size + member->align - 1) & ~(member->align - 1);
	if (member->repeat > (SIGNATURE_STRUCT_MAX - member->offset) / member->size) {
		reader_fail(r, where, "a structure of more than %d bytes cannot be passed by value",
			    SIGNATURE_STRUCT_MAX);
		return;
	}
	type->size = member->offset + member->repeat * member->size;
	if (type->align < member->align)
		type->align = member->align;
	vector_append(r, members, member);
}

static void parse_members(struct reader *r, struct type *type)
{
	struct vector members = {NULL, 0, 0};

	*type = (struct type){.kind = TYPE_STRUCT, .align = 1, .repeat = 1};
	if (++r->depth > SIGNATURE_DEPTH_MAX)
		reader_fail(r, r->at - 1, "more than %d structures in each other",
			    SIGNATURE_DEPTH_MAX);
	while (!r->failed && !reader_accept(r, '}')) {
		struct type member = {0};
		const char *where = r->at;

		parse_declaration(r, &member, PLACE_MEMBER);
		if (!r->failed)
			struct_add(r, type, &members, &member, where);
		reader_skip_space(r);
		if (*r->at != '}')
			reader_expect(r, ';', "a member of a structure");
	}
	if (!members.count)
		reader_fail(r, r->at - 1, "a structure needs at least one member");
	r->depth--;
	type->size = (type->size + type->align - 1) & ~(type->align - 1);
	type->members = members.types;
	type->member_count = members.count;
}

/* What stands before the stars. A type that is only named, such as `FILE`, will do when a star
 * follows. */
struct base {
	struct type type;
	const char *named; /* where an unknown or unfinished name starts, else null */
	size_t named_length;
	const char *tag; /* "struct", "union" or null */
};

static void parse_tagged(struct reader *r, struct base *base, const char *tag)
{
	const char *start = r->at - strlen(tag);
	size_t length = reader_word(r);

	r->at += length;
	base->tag = tag;
	base->named = start;
	base->named_length = (size_t)(r->at - start);
	if (*tag == 's' && reader_accept(r, '{')) {
		parse_members(r, &base->type);
		base->named = NULL;
	} else if (!length && !r->failed) {
		reader_fail(r, r->at,
			    *tag == 's' ? "expected '{' or a name after %s"
					: "expected a name after %s",
			    tag);
	}
	accept_qualifiers(r);
}

static void parse_arithmetic(struct reader *r, struct base *base)
{
	const char *start = r->at;
	struct words words = {0};
	const struct type *type;
	size_t length;

	while ((length = reader_word(r)) &&
	       (words_is_qualifier(r->at, length) || words_add(&words, r->at, length)))
		r->at += length;
	if (!words.sum && !words.defined) {
		base->named = r->at;
		base->named_length = length;
		r->at += length;
		accept_qualifiers(r);
		return;
	}
	type = words_type(&words);
	if (!type)
		reader_fail(r, start, "these words make no type together");
	else
		base->type = *type;
}

static void parse_base(struct reader *r, struct base *base)
{
	*base = (struct base){.named = NULL};
	accept_qualifiers(r);
	if (reader_accept_word(r, "struct")) {
		parse_tagged(r, base, "struct");
	} else if (reader_accept_word(r, "union")) {
		parse_tagged(r, base, "union");
	} else if (reader_accept_word(r, "enum")) {
		parse_tagged(r, base, "enum");
		base->type = (struct type){TYPE_UNSIGNED, sizeof(int), sizeof(int), 0, 1, NULL, 0};
		base->named = NULL;
	} else if (reader_word(r)) {
		parse_arithmetic(r, base);
	} else if (!strncmp(r->at, "...", 3)) {
		reader_fail(r, r->at, "a function with variable arguments cannot be started");
	} else if (*r->at) {
		reader_fail(r, r->at, "expected a type, not '%c'", *r->at);
	} else {
		reader_fail(r, r->at, "expected a type, but the signature ends");
	}
}

static void fail_base(struct reader *r, const struct base *base)
{
	int length = base->named_length > 60 ? 60 : (int)base->named_length;

	if (!base->tag)
		reader_fail(r, base->named, "there is no type \"%.*s\"", length, base->named);
	else if (*base->tag == 'u')
		reader_fail(r, base->named, "a union cannot be passed by value");
	else
		reader_fail(r, base->named,
			    "\"%.*s\" has to be spelled out: struct{TYPE; TYPE; ...}", length,
			    base->named);
}

static void parse_name(struct reader *r)
{
	struct words words = {0};
	size_t length = reader_word(r);

	if (length && words_add(&words, r->at, length))
		reader_fail(r, r->at, "\"%.*s\" cannot follow the type before it", (int)length,
			    r->at);
	r->at += length;
}

/* After the base and its stars: "(*name)(...)", the only declarator with parentheses. */
static bool parse_function_pointer(struct reader *r)
{
	const char *start = r->at;

	if (!reader_accept(r, '('))
		return false;
	if (!reader_accept(r, '*')) {
		r->at = start;
		return false;
	}
	while (reader_accept(r, '*') || accept_qualifiers(r))
		;
	parse_name(r);
	reader_expect(r, ')', "a pointer to a function");
	reader_skip_space(r);
	if (*r->at != '(')
		reader_expect(r, '(', "a pointer to a function");
	else
		reader_skip_parentheses(r);
	return true;
}

static size_t parse_length(struct reader *r, enum place place)
{
	unsigned long length;
	char *end;

	reader_skip_space(r);
	if (place == PLACE_ARGUMENT && *r->at == ']')
		return 1;
	if (!isdigit((unsigned char)*r->at)) {
		reader_fail(r, r->at, "expected a number of elements");
		return 1;
	}
	errno = 0;
	length = strtoul(r->at, &end, 0);
	if (!length || errno || length > SIGNATURE_STRUCT_MAX)
		reader_fail(r, r->at, "an array has 1 to %d elements", SIGNATURE_STRUCT_MAX);
	r->at = end;
	return length;
}

/* "[2][3]": elements in a structure, a pointer as an argument. */
static void parse_arrays(struct reader *r, struct type *type, enum place place)
{
	const char *start = r->at;
	bool is_array = false;

	while (reader_accept(r, '[')) {
		size_t length = parse_length(r, place);

		reader_expect(r, ']', "the number of elements");
		if (r->failed)
			return;
		is_array = true;
		type->repeat *= length;
		if (place == PLACE_MEMBER && type->repeat > SIGNATURE_STRUCT_MAX)
			reader_fail(r, start, "an array has 1 to %d elements",
				    SIGNATURE_STRUCT_MAX);
	}
	if (is_array && place == PLACE_RESULT)
		reader_fail(r, start, "a function cannot return an array");
	if (is_array && place == PLACE_ARGUMENT)
		*type = (struct type){TYPE_POINTER, sizeof(void *), sizeof(void *), 0, 1, NULL, 0};
}

static void parse_declaration(struct reader *r, struct type *type, enum place place)
{
	struct base base;
	const char *start;
	bool is_pointer = false;

	reader_skip_space(r);
	start = r->at;
	parse_base(r, &base);
	while (reader_accept(r, '*') || (is_pointer && accept_qualifiers(r)))
		is_pointer = true;
	is_pointer |= parse_function_pointer(r);
	if (is_pointer)
		base.type =
			(struct type){TYPE_POINTER, sizeof(void *), sizeof(void *), 0, 1, NULL, 0};
	else if (base.named && !r->failed)
		fail_base(r, &base);
	*type = base.type;
	parse_name(r);
	parse_arrays(r, type, place);
	if (!r->failed && type->kind == TYPE_VOID && place != PLACE_RESULT)
		reader_fail(r, start,
			    place == PLACE_MEMBER ? "a member cannot be void"
						  : "an argument cannot be void");
}

static bool is_nothing(struct reader *r)
{
	const char *start = r->at;

	if (reader_accept(r, ')') || (reader_accept_word(r, "void") && reader_accept(r, ')')))
		return true;
	r->at = start;
	return false;
}

static void parse_arguments(struct reader *r, struct signature *signature)
{
	struct vector arguments = {NULL, 0, 0};
	struct type type = {0};

	if (is_nothing(r))
		return;
	do {
		parse_declaration(r, &type, PLACE_ARGUMENT);
		if (arguments.count == SIGNATURE_ARGUMENTS_MAX)
			reader_fail(r, r->at, "more than %d arguments", SIGNATURE_ARGUMENTS_MAX);
		if (!r->failed)
			vector_append(r, &arguments, &type);
	} while (reader_accept(r, ','));
	if (!r->failed && !reader_accept(r, ')'))
		reader_fail(
			r, r->at,
			*r->at ? "expected ',' or ')' after an argument, not '%c'"
			       : "expected ',' or ')' after an argument, but the signature ends",
			*r->at);
	signature->arguments = arguments.types;
	signature->argument_count = arguments.count;
}

int signature_parse(struct signature *signature, struct pool *pool, const char *text, char *error,
		    size_t error_size)
{
	struct reader r = {
		.text = text, .at = text, .pool = pool, .error = error, .error_size = error_size};

	*error = '\0';
	*signature = (struct signature){.arguments = NULL};
	parse_declaration(&r, &signature->result, PLACE_RESULT);
	reader_expect(&r, '(', "the type of the result");
	if (!r.failed)
		parse_arguments(&r, signature);
	reader_skip_space(&r);
	if (!r.failed && *r.at)
		reader_fail(&r, r.at, "expected nothing after ')', not '%c'", *r.at);
	return r.failed;
}
