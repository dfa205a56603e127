/* Threads that each create a thread, which shares with its parent what it has allocated, or with
 * "stack" what lies on its stack; each of both adds one to that, without a lock. Who creates first
 * is a matter of order, and for the first two of a lock. With "check" the sum has to be right. */
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>

#define FAMILIES 3
#define LOCKING	 2

struct family {
	sem_t go, shared, done;
	int locks, *sum;
};

static struct family families[FAMILIES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int on_stack, checks;

static void *child(void *arg)
{
	struct family *family = arg;
	int own = 0, *sum = on_stack ? &own : calloc(1, sizeof(*sum));

	family->sum = sum;
	sem_post(&family->shared);
	++*sum;
	sem_wait(&family->done);
	return NULL;
}

static void *parent(void *arg)
{
	struct family *family = arg;
	pthread_t thread;

	sem_wait(&family->go);
	if (family->locks)
		pthread_mutex_lock(&lock);
	pthread_create(&thread, NULL, child, family);
	if (family->locks)
		pthread_mutex_unlock(&lock);
	sem_wait(&family->shared);
	++*family->sum;
	sem_post(&family->done);
	pthread_join(thread, NULL);
	assert(!checks || *family->sum == 2);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[FAMILIES];

	on_stack = argc > 1 && !strcmp(argv[1], "stack");
	checks = argc > 1 && !strcmp(argv[1], "check");
	for (int i = 0; i < FAMILIES; i++) {
		sem_init(&families[i].go, 0, 0);
		sem_init(&families[i].shared, 0, 0);
		sem_init(&families[i].done, 0, 0);
		families[i].locks = i < LOCKING;
		pthread_create(&threads[i], NULL, parent, &families[i]);
	}
	for (int i = 0; i < FAMILIES; i++)
		sem_post(&families[i].go);
	for (int i = 0; i < FAMILIES; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
