/* raced.c - three data races, each between two functions deep in the program: on a member of a heap
 * block with different locks held, on an element of a table and on a volatile variable. */
#include <pthread.h>
#include <stdlib.h>

struct account {
	long number;
	int balance;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER, other = PTHREAD_MUTEX_INITIALIZER;
static struct account table[3];
static volatile int stop;

static __attribute__((noinline)) void deposit(struct account *account)
{
	account->balance = 10;
}

static __attribute__((noinline)) int look_at(struct account *account)
{
	return account->balance;
}

static void *pay(void *account)
{
	pthread_mutex_lock(&lock);
	deposit(account);
	pthread_mutex_unlock(&lock);
	table[1].number = 7;
	stop = 1;
	return NULL;
}

static void *audit(void *account)
{
	long sum;

	pthread_mutex_lock(&other);
	sum = look_at(account);
	pthread_mutex_unlock(&other);
	return (void *)(sum + table[1].number + stop);
}

int main(void)
{
	struct account *account = calloc(1, sizeof(*account));
	pthread_t threads[2];

	pthread_create(&threads[0], NULL, pay, account);
	pthread_create(&threads[1], NULL, audit, account);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	free(account);
	return 0;
}
