/* criterion_test.c - the same as tests of Criterion. */
#include <criterion/criterion.h>
#include <heddle_criterion.h>
#include <pthread.h>
#include <stdlib.h>

struct account {
	pthread_mutex_t lock;
	int balance;
};

static struct account *account;

static void open_account(void)
{
	account = calloc(1, sizeof(*account));
	pthread_mutex_init(&account->lock, NULL);
}

static void close_account(void)
{
	free(account);
}

TestSuite(account, .init = open_account, .fini = close_account);

static void *pay_in(void *amount)
{
	pthread_mutex_lock(&account->lock);
	account->balance += *(int *)amount;
	pthread_mutex_unlock(&account->lock);
	return NULL;
}

static void *pay_out(void *amount)
{
	pthread_mutex_lock(&account->lock);
	if (account->balance >= *(int *)amount)
		account->balance -= *(int *)amount;
	pthread_mutex_unlock(&account->lock);
	return NULL;
}

static void in_and_out(void)
{
	int amount = 10;
	pthread_t in, out;

	pthread_create(&in, NULL, pay_in, &amount);
	pthread_create(&out, NULL, pay_out, &amount);
	pthread_join(in, NULL);
	pthread_join(out, NULL);
}

HEDDLE_TEST(account, is_never_overdrawn)
{
	in_and_out();
	cr_assert(account->balance >= 0);
}

HEDDLE_TEST_WITH(account, keeps_what_is_left, .preemptions = 2, .races = HEDDLE_RACES_STOP)
{
	account->balance = 100;
	in_and_out();
	cr_assert_eq(account->balance, 100);
}
