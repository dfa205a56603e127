/* embedded_tests.c - tests of Criterion, some of which fail. For test_library.c, which builds it as
 * C++, too. */
#include <criterion/criterion.h>
#include <heddle_criterion.h>
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static volatile int counter;
static int *block;

static void make(void)
{
	block = (int *)calloc(1, sizeof(*block));
}

static void take_away(void)
{
	free(block);
}

TestSuite(counter, .init = make, .fini = take_away);

static void *count_locked(void *argument)
{
	pthread_mutex_lock(&lock);
	counter++;
	++*block;
	pthread_mutex_unlock(&lock);
	return argument;
}

static void *count(void *argument)
{
	counter++;
	++*block;
	return argument;
}

static void two(void *(*function)(void *))
{
	pthread_t one, another;

	pthread_create(&one, NULL, function, NULL);
	pthread_create(&another, NULL, function, NULL);
	pthread_join(one, NULL);
	pthread_join(another, NULL);
}

HEDDLE_TEST(counter, passes)
{
	two(count_locked);
	cr_assert(counter == 2 && *block == 2);
	cr_expect_eq(counter, 2);
}

HEDDLE_TEST(counter, races)
{
	two(count);
}

HEDDLE_TEST_WITH(counter, asserts, .races = HEDDLE_RACES_OFF)
{
	two(count);
	cr_assert(counter == 2, "the counter is %d", counter);
}

HEDDLE_TEST_WITH(counter, expects, .preemptions = 1, .races = HEDDLE_RACES_OFF)
{
	two(count);
	cr_expect_eq(counter, 2);
}

HEDDLE_TEST_WITH(counter, is_bounded, .preemptions = HEDDLE_NONE, .races = HEDDLE_RACES_OFF)
{
	two(count);
	cr_assert(counter == 2);
}

HEDDLE_TEST_WITH(counter, gives_up, .more = (const char *const[]){"--depth", "3", NULL})
{
	two(count_locked);
}

Test(counter, ordinary)
{
	cr_assert(*block == 0);
}
