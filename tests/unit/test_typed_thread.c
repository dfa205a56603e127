/*
 * test_typed_thread.c - heddle_thread() from end to end: what arrives in the function, what comes
 * back, what is refused.
 *
 * Needs its own debug information (-g), with which signatures are compared.
 */
#include <heddle.h>

#include <complex.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static heddle_thread_t *thread;

/* Runs a thread to its end and leaves its result in `result`. */
#define RUN(result, ...)                                                                           \
	do {                                                                                       \
		int code = heddle_thread(&thread, __VA_ARGS__);                                    \
		cr_assert_eq(code, 0, "%s", heddle_thread_error());                                \
		cr_assert_str_empty(heddle_thread_error());                                        \
		cr_assert_eq(heddle_thread_join(thread, result), 0);                               \
	} while (0)

#define REFUSED(sentence, ...)                                                                     \
	do {                                                                                       \
		thread = (heddle_thread_t *)&thread;                                               \
		cr_expect_eq(heddle_thread(&thread, __VA_ARGS__), EINVAL);                         \
		cr_expect_null(thread);                                                            \
		cr_expect_str_eq(heddle_thread_error(), sentence);                                 \
	} while (0)

static signed char small_signed(signed char a, short b)
{
	return (signed char)(a - b);
}

static uint8_t small_unsigned(uint8_t a)
{
	return (uint8_t)(a + 1);
}

static bool negate(bool b)
{
	return !b;
}

static int64_t wide(int64_t a, uint32_t b, size_t c)
{
	return a + b - (int64_t)c;
}

Test(typed_thread, integers_of_all_widths)
{
	signed char s[2] = {0, 99};
	uint8_t u[2] = {0, 99};
	bool b = true;
	int64_t w = 0;

	RUN(s, small_signed, "signed char(signed char, short)", (signed char)-100, (short)20);
	cr_expect_eq(s[0], -120);
	cr_expect_eq(s[1], 99, "more than the result was written");
	RUN(u, small_unsigned, "uint8_t(uint8_t)", 254);
	cr_expect_eq(u[0], 255);
	cr_expect_eq(u[1], 99, "more than the result was written");
	RUN(&b, negate, "bool(bool)", true);
	cr_expect_eq(b, false);
	RUN(&w, wide, "int64_t(int64_t, uint32_t, size_t)", (int64_t)-5000000000, 4000000000u,
	    (size_t)7);
	cr_expect_eq(w, -1000000007);
}

static float floats(float a, float b, double c)
{
	return a * b + (float)c;
}

static long double long_doubles(long double a, int b, long double c)
{
	return a * b - c;
}

static double complex complexes(double complex a, float complex b)
{
	return a * b;
}

Test(typed_thread, floating_point)
{
	float f = 0;
	long double l = 0;
	double complex c = 0;

	RUN(&f, floats, "float(float, float, double)", 1.5f, 2.0f, 0.25);
	cr_expect(f == 3.25f);
	RUN(&l, long_doubles, "long double(long double, int, long double)", 1.5L, 4, 0.5L);
	cr_expect(l == 5.5L);
	RUN(&c, complexes, "double _Complex(double _Complex, float _Complex)",
	    (double complex)(1 + 2 * I), (float complex)(3 + I));
	cr_expect(c == 1 + 7 * I);
}

static double many(int a, int b, int c, int d, int e, int f, int g, int h, double i, double j,
		   double k, double l, double m, double n, double o, double p)
{
	return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i + 10 * j + 11 * k +
	       12 * l + 13 * m + 14 * n + 15 * o + 16 * p;
}

Test(typed_thread, more_arguments_than_registers)
{
	double d = 0;

	RUN(&d, many,
	    "double(int, int, int, int, int, int, int, int, double, double, double, double, "
	    "double, "
	    "double, double, double)",
	    1, 1, 1, 1, 1, 1, 1, 1, 1., 1., 1., 1., 1., 1., 1., 1.);
	cr_expect(d == 136);
}

static char *longer(const char *text)
{
	char *copy = malloc(strlen(text) + 2);

	if (copy)
		strcat(strcpy(copy, text), "!");
	return copy;
}

static int calls(int (*function)(const char *), const char *text)
{
	return function(text);
}

static int text_length(const char *text)
{
	return (int)strlen(text);
}

static void store(int *place, int value)
{
	*place = value;
}

static void nothing(void)
{
}

Test(typed_thread, pointers_and_void)
{
	char *text = NULL;
	int number = 0;

	RUN(&text, longer, "char *(const char *)", "hello");
	cr_expect_str_eq(text, "hello!");
	free(text);
	RUN(&number, calls, "int(int (*)(const char *), const char *)", text_length, "four");
	cr_expect_eq(number, 4);
	RUN(NULL, store, "void(int *, int)", &number, 42);
	cr_expect_eq(number, 42);
	RUN(NULL, nothing, "void(void)");
	RUN(NULL, nothing, "void()");
}

struct pair {
	int x;
	double y;
};
struct floats {
	float a, b;
};
struct doubles {
	double a, b;
};
struct longs {
	long a[3];
};
struct mixed {
	char c[3];
	short s;
	float f;
};
struct large {
	long a[5];
	char t[7];
	struct floats in[2];
};
struct wide {
	long double v;
	int z;
};

static struct pair pair_change(int by, struct pair p)
{
	p.x += by;
	p.y *= 2;
	return p;
}

static struct floats floats_swap(struct floats f)
{
	return (struct floats){f.b, f.a};
}

static struct doubles doubles_swap(struct doubles d)
{
	return (struct doubles){d.b, d.a};
}

static struct mixed mixed_change(struct mixed m)
{
	m.c[2]++;
	m.s = (short)-m.s;
	m.f *= 3;
	return m;
}

static struct large large_change(int by, struct large l, double d)
{
	l.a[4] += by;
	l.t[6] = 'z';
	l.in[1].b = (float)d;
	return l;
}

/* `before` leaves an odd number of words on the stack, behind which `w` has to be aligned. */
static struct wide wide_change(int by, struct longs before, struct wide w, double d)
{
	w.v += by + before.a[2];
	w.z = (int)d;
	return w;
}

Test(typed_thread, structures_in_registers)
{
	struct pair p = {1, 2.5};
	struct floats f = {1, 2};
	struct doubles d = {1, 2};
	struct mixed m = {"ab", 5, 1.5f};

	RUN(&p, pair_change, "struct{int; double}(int, struct pair{int x; double y;})", 5, p);
	cr_expect_eq(p.x, 6);
	cr_expect(p.y == 5);
	RUN(&f, floats_swap, "struct{float; float}(struct{float[2]})", f);
	cr_expect(f.a == 2 && f.b == 1);
	RUN(&d, doubles_swap, "struct{double; double}(struct{double; double})", d);
	cr_expect(d.a == 2 && d.b == 1);
	RUN(&m, mixed_change, "struct{char[3]; short; float}(struct{char[3]; short; float})", m);
	cr_expect(m.c[0] == 'a' && m.c[2] == 1 && m.s == -5 && m.f == 4.5f);
}

#define LARGE "struct{long[5]; char[7]; struct{float; float}[2]}"

Test(typed_thread, structures_in_memory)
{
	struct large l = {{1, 2, 3, 4, 5}, "abcdef", {{1, 2}, {3, 4}}};
	struct longs before = {{0, 0, 100}};
	struct wide w = {1.25L, 3};

	RUN(&l, large_change, LARGE "(int, " LARGE ", double)", 10, l, 9.5);
	cr_expect(l.a[0] == 1 && l.a[4] == 15 && l.t[0] == 'a' && l.t[6] == 'z');
	cr_expect(l.in[0].a == 1 && l.in[1].b == 9.5f);
	RUN(&w, wide_change,
	    "struct{long double; int}(int, struct{long[3]}, struct{long double; int}, double)", 2,
	    before, w, 7.0);
	cr_expect(w.v == 103.25L && w.z == 7);
}

static double pairs_sum(struct pair a, struct pair b, struct pair c, struct pair d, struct pair e,
			struct pair f, struct pair g, struct pair h, struct pair i)
{
	return a.x + b.x + c.x + d.x + e.x + f.x + g.x + 10 * h.x + 100 * i.x + a.y + b.y + c.y +
	       d.y + e.y + f.y + g.y + h.y + i.y;
}

Test(typed_thread, structures_when_the_registers_run_out)
{
	struct pair p = {1, 0.5};
	double sum = 0;

#define PAIR "struct{int; double}"
	RUN(&sum, pairs_sum,
	    "double(" PAIR "," PAIR "," PAIR "," PAIR "," PAIR "," PAIR "," PAIR "," PAIR "," PAIR
	    ")",
	    p, p, p, p, p, p, p, p, p);
	cr_expect(sum == 117 + 4.5);
}

static int leaves(int value)
{
	(void)value;
	pthread_exit(NULL);
}

Test(typed_thread, a_function_that_does_not_return)
{
	int result = 77;

	cr_assert_eq(heddle_thread(&thread, leaves, "int(int)", 1), 0);
	cr_expect_eq(heddle_thread_join(thread, &result), ECANCELED);
	cr_expect_eq(result, 77);
	cr_expect_eq(heddle_thread_join(NULL, &result), ESRCH);
}

static heddle_thread_t *_Atomic own;

static int joins_itself(void)
{
	heddle_thread_t *self;

	while (!(self = own))
		;
	return heddle_thread_join(self, NULL);
}

Test(typed_thread, a_thread_that_joins_itself)
{
	int result = 0;

	cr_assert_eq(heddle_thread(&thread, joins_itself, "int()"), 0);
	own = thread;
	cr_assert_eq(heddle_thread_join(thread, &result), 0);
	cr_expect_eq(result, EDEADLK);
}

Test(typed_thread, arguments_are_not_evaluated_twice)
{
	int number = 3;

	RUN(NULL, store, "void(int *, int)", &number, number++);
	cr_expect_eq(number, 3);
}

Test(typed_thread, a_signature_that_does_not_fit_the_call)
{
	REFUSED("the signature has 2 arguments, the call passes 1", store, "void(int *, int)",
		NULL);
	REFUSED("argument 1: the signature has an integer of 8 bytes, the call passes an integer "
		"of "
		"up to 4 bytes",
		wide, "int64_t(int64_t, uint32_t, size_t)", 1, 2, (size_t)3);
	REFUSED("signature \"int(flot)\", character 5: there is no type \"flot\"", negate,
		"int(flot)", 1);
	REFUSED("the signature is null", negate, NULL, 1);
	REFUSED("the function is null", NULL, "void()");
}

Test(typed_thread, a_signature_that_does_not_fit_the_function)
{
	struct floats f = {1, 2};

	REFUSED("the function has 1 parameter, the signature 2", negate, "bool(bool, int)", 1, 2);
	REFUSED("result: the function has an integer of 1 byte, the signature an integer of 4 "
		"bytes",
		negate, "int(bool)", 1);
	REFUSED("argument 2: the function has a floating-point number of 4 bytes, the signature a "
		"floating-point number of 8 bytes",
		floats, "float(float, double, double)", 1.0f, 2.0, 3.0);
	REFUSED("argument 1: the function has a pointer, the signature an integer of 8 bytes",
		longer, "char *(long)", 1L);
	REFUSED("argument 1: the function has a structure of 12 bytes, the signature a structure "
		"of "
		"8 bytes",
		mixed_change, "struct{char[3]; short; float}(struct{float; float})", f);
	REFUSED("result: the function has an integer of 8 bytes, the signature an integer of 4 "
		"bytes",
		wide, "int(int64_t, uint32_t, size_t)", (int64_t)1, 2, (size_t)3);
	REFUSED("result: the function has void, the signature an integer of 4 bytes", nothing,
		"int()");
}
