/* Variables of all kinds, each of which two threads use: what the table calls them. */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct node {
	struct node *next;
	pthread_mutex_t lock;
	int value;
};

struct account {
	char owner[8];
	struct {
		long balance;
		union {
			int whole;
			short halves[2];
		} limit;
	};
	unsigned open : 1, frozen : 3;
};

static struct account accounts[3];
static struct node *head;
static __thread int errors;
static int *shared;

static int calls(void)
{
	static volatile int count;

	return ++count;
}

static void *other(void *argument)
{
	struct account *account = argument;

	*shared += 5;
	account->balance += 2;
	account->limit.halves[1] = 3;
	account->frozen = 4;
	pthread_mutex_lock(&head->lock);
	head->value++;
	pthread_mutex_unlock(&head->lock);
	calls();
	return NULL;
}

static void *work(void *argument)
{
	volatile int sum = 0;
	struct node *node = malloc(sizeof(*node));
	pthread_t thread;

	errors = 1;
	shared = (int *)&sum;
	memset(node, 0, sizeof(*node));
	pthread_mutex_init(&node->lock, NULL);
	node->next = head;
	head = node;
	assert(!pthread_create(&thread, NULL, other, argument));
	sum += 1;
	shared = &errors;
	assert(!pthread_join(thread, NULL));
	shared = NULL;
	calls();
	return NULL;
}

int main(void)
{
	pthread_t thread;

	head = calloc(2, sizeof(*head));
	assert(!pthread_create(&thread, NULL, work, &accounts[1]));
	assert(!pthread_join(thread, NULL));
	assert(head->value == 0);
}
