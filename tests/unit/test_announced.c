/* The string functions as instrumented code calls them, against the C library's, and with another
 * thread that writes at an announcement. */
#include "intercept/announced.h"
#include "intercept/strings.h"
#include "session/access.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define EVENTS_MAX 64

struct strings_real strings_real = {memmove, memset,  memcmp, memchr,  strlen, strnlen,
				    strcmp,  strncmp, strchr, strrchr, memcpy};

static struct {
	bool write;
	const char *at;
	size_t size;
} events[EVENTS_MAX];
static size_t event_count;

/* What the other thread does when so many announcements have been made; null for nothing. */
static void (*other)(void);
static size_t other_at;

static void announce(bool write, const volatile void *at, size_t size)
{
	cr_assert(size > 0 && event_count < EVENTS_MAX);
	events[event_count].write = write;
	events[event_count].at = (const char *)at;
	events[event_count].size = size;
	if (other && event_count == other_at)
		other();
	event_count++;
}

void access_read(const volatile void *at, size_t size, const void *pc)
{
	cr_assert_eq(pc, events);
	announce(false, at, size);
}

void access_write(const volatile void *at, size_t size, const void *pc)
{
	cr_assert_eq(pc, events);
	announce(true, at, size);
}

static void expect(size_t index, bool write, const char *at, size_t size)
{
	cr_assert_lt(index, event_count);
	cr_expect(events[index].write == write && events[index].at == at &&
			  events[index].size == size,
		  "announcement %zu: %s at %td, %zu bytes", index,
		  events[index].write ? "write" : "read", events[index].at - at,
		  events[index].size);
}

static void reset(void)
{
	event_count = 0;
	other = NULL;
}

static int sign(int order)
{
	return (order > 0) - (order < 0);
}

static char left[2048], right[2048];

Test(announced, move_reads_then_writes)
{
	reset();
	cr_expect_eq(announced_move(left, "hello", 6, events), left);
	cr_expect_str_eq(left, "hello");
	cr_expect_eq(event_count, 2u);
	expect(1, true, left, 6);
	reset();
	announced_move(left, right, 0, events);
	cr_expect_eq(event_count, 0u);
}

/* Every distance around the size of a piece, both ways, against memmove(). */
Test(announced, move_overlapping)
{
	static const int distances[] = {-1200, -513, -512, -1, 0, 1, 7, 512, 513, 600};
	char mine[4096], real[4096];

	for (size_t i = 0; i < sizeof(distances) / sizeof(*distances); i++) {
		for (size_t k = 0; k < sizeof(mine); k++)
			mine[k] = real[k] = (char)(k * 7 + k / 251);
		reset();
		announced_move(mine + 1500 + distances[i], mine + 1500, 1100, events);
		memmove(real + 1500 + distances[i], real + 1500, 1100);
		cr_expect_eq(memcmp(mine, real, sizeof(mine)), 0, "by %d", distances[i]);
		cr_expect_eq(event_count, 6u);
	}
}

static void change_right(void)
{
	right[0] = 'X';
}

/* What was announced as read is read before the write is announced. */
Test(announced, move_keeps_what_it_read)
{
	reset();
	strcpy(right, "abc");
	other = change_right;
	other_at = 1;
	announced_move(left, right, 4, events);
	cr_expect_str_eq(left, "abc");
	reset();
	other = change_right;
	other_at = 0;
	strcpy(right, "abc");
	announced_move(left, right, 4, events);
	cr_expect_str_eq(left, "Xbc");
}

static void lengthen_right(void)
{
	strcpy(right, "a longer text");
}

static void shorten_right(void)
{
	right[1] = '\0';
}

/* A text that grows at the announcement is announced again, with what it has become. */
Test(announced, copy_of_a_text_that_changes)
{
	reset();
	strcpy(right, "abc");
	other = lengthen_right;
	cr_expect_eq(announced_text_copy(left, right, SIZE_MAX, events), left + 13);
	cr_expect_str_eq(left, "a longer text");
	expect(0, false, right, 4);
	expect(1, false, right, 14);
	expect(2, true, left, 14);
	reset();
	strcpy(right, "abc");
	other = shorten_right;
	cr_expect_eq(announced_text_copy(left, right, SIZE_MAX, events), left + 1);
	cr_expect_str_eq(left, "a");
	expect(1, true, left, 2);
}

Test(announced, length_and_duplicate_of_a_text_that_changes)
{
	char *copy;

	reset();
	strcpy(right, "abc");
	other = lengthen_right;
	cr_expect_eq(announced_length(right, SIZE_MAX, events), 13u);
	reset();
	strcpy(right, "abc");
	other = lengthen_right;
	copy = announced_text_duplicate(right, SIZE_MAX - 1, events);
	cr_expect_str_eq(copy, "a longer text");
	free(copy);
}

Test(announced, copies_as_the_c_library)
{
	static const char *const texts[] = {"", "a", "some words"};
	static const size_t limits[] = {0, 1, 2, 10, 11, 40};
	char mine[64], real[64];

	for (size_t t = 0; t < 3; t++)
		for (size_t l = 0; l < 6; l++) {
			memset(mine, '#', sizeof(mine));
			memset(real, '#', sizeof(real));
			reset();
			cr_expect_eq(announced_text_copy_padded(mine, texts[t], limits[l], events) -
					     mine,
				     stpncpy(real, texts[t], limits[l]) - real);
			cr_expect_eq(memcmp(mine, real, sizeof(mine)), 0);
			strcpy(mine, "before ");
			strcpy(real, "before ");
			cr_expect_eq(announced_text_append(mine, texts[t], limits[l], events),
				     mine);
			strncat(real, texts[t], limits[l]);
			cr_expect_eq(memcmp(mine, real, sizeof(mine)), 0);
		}
}

Test(announced, append_touches_only_what_it_needs)
{
	reset();
	strcpy(left, "ab");
	strcpy(right, "cd");
	announced_text_append(left, right, SIZE_MAX, events);
	cr_expect_str_eq(left, "abcd");
	cr_expect_eq(event_count, 3u);
	expect(0, false, left, 3);
	expect(1, false, right, 3);
	expect(2, true, left + 2, 3);
}

Test(announced, long_texts_go_in_pieces)
{
	reset();
	memset(right, 'x', 1500);
	right[1500] = '\0';
	cr_expect_eq(announced_text_copy(left, right, SIZE_MAX, events), left + 1500);
	cr_expect_str_eq(left, right);
	cr_expect_eq(event_count, 6u);
	cr_expect_eq(announced_text_compare(left, right, SIZE_MAX, events), 0);
	left[1400]--;
	cr_expect_eq(sign(announced_text_compare(left, right, SIZE_MAX, events)), -1);
	cr_expect_eq(announced_text_compare(left, right, 1400, events), 0);
	cr_expect_eq(sign(announced_compare(right, left, 1500, events)), 1);
	cr_expect_eq(announced_compare(right, left, 1400, events), 0);
}

Test(announced, comparison_ends_at_the_first_difference)
{
	strcpy(left, "abcdef");
	strcpy(right, "abxdef");
	reset();
	cr_expect_eq(sign(announced_text_compare(left, right, SIZE_MAX, events)), -1);
	cr_expect_eq(event_count, 2u);
	expect(0, false, left, 3);
	expect(1, false, right, 3);
	reset();
	cr_expect_eq(announced_text_compare(left, right, 0, events), 0);
	cr_expect_eq(event_count, 0u);
	cr_expect_eq(announced_text_compare("", "", SIZE_MAX, events), 0);
	cr_expect_eq(sign(announced_text_compare("a", "", SIZE_MAX, events)), 1);
}

Test(announced, search)
{
	strcpy(right, "a/b/c");
	reset();
	cr_expect_eq(announced_text_find(right, '/', events), right + 1);
	expect(0, false, right, 2);
	reset();
	cr_expect_eq(announced_text_find(right, '\0', events), right + 5);
	cr_expect_null(announced_text_find(right, 'x', events));
	expect(0, false, right, 6);
	expect(1, false, right, 6);
	cr_expect_eq(announced_text_find_last(right, '/', events), right + 3);
	reset();
	cr_expect_eq(announced_find(right, 'b', 5, events), right + 2);
	expect(0, false, right, 3);
	cr_expect_null(announced_find(right, 'x', 5, events));
	expect(1, false, right, 5);
	cr_expect_null(announced_find(right, 'a', 0, events));
	cr_expect_eq(event_count, 2u);
}
