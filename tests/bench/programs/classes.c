/* KIND THREADS ROUNDS: programs of many shapes whose classes are counted. Each of THREADS threads
 * goes ROUNDS times through:
 * - mutex: adds 1 to a counter under a mutex;
 * - racy: adds 1 to a counter without one;
 * - uneven: as mutex, the J-th thread J + 1 times as often;
 * - ticket: as mutex, under a ticket lock;
 * - philosophers: takes the lock of its own and its neighbour's, the lower one first;
 * - readers: writes an array's place of its own and reads its neighbour's;
 * - rwlock: the first thread writes under a read-write lock, the others read under it;
 * - semaphore: takes one of two that a semaphore has, and gives it back;
 * - stack: pushes a node to a stack by compare-exchange;
 * - trylock: adds 1 to a counter where the lock is free, else to another;
 * - sums: adds the other counter of two to its own, as in the Fibonacci benchmark;
 * - filled: sets its place of an array from the one before, while another looks for the last zero;
 * - buffer: half of the threads put, and half take, an item of a buffer with one place;
 * - pairs: posts to a semaphore that all share, which commutes; at the end each of the first seven
 *   pairs of threads takes a lock in common: 2^7 classes;
 * - table: puts words into a table by their hash, and goes on to the next place where one is taken.
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define THREADS_MAX 32
#define ROUNDS_MAX  1024
#define PAIRS	    7
#define TABLE	    16

static pthread_mutex_t mutexes[THREADS_MAX], common[PAIRS];
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_cond_t not_empty = PTHREAD_COND_INITIALIZER, not_full = PTHREAD_COND_INITIALIZER;
static sem_t semaphore;
static volatile int counter, missed, full;
static volatile int sums[2] = {1, 1};
static atomic_int places[THREADS_MAX + 1], next_ticket, serving, table[TABLE];
static int threads, rounds;

static struct node {
	struct node *below;
} nodes[THREADS_MAX][ROUNDS_MAX];
static _Atomic(struct node *) top;

static void mutex(int self, int round)
{
	(void)self, (void)round;
	pthread_mutex_lock(&mutexes[0]);
	counter++;
	pthread_mutex_unlock(&mutexes[0]);
}

static void racy(int self, int round)
{
	(void)self, (void)round;
	counter++;
}

static void uneven(int self, int round)
{
	for (int i = 0; i <= self; i++)
		mutex(self, round);
}

static void ticket(int self, int round)
{
	int mine = atomic_fetch_add(&next_ticket, 1);

	(void)self, (void)round;
	while (atomic_load(&serving) != mine)
		;
	counter++;
	atomic_fetch_add(&serving, 1);
}

static void philosophers(int self, int round)
{
	int other = (self + 1) % threads, first = self < other ? self : other;

	(void)round;
	pthread_mutex_lock(&mutexes[first]);
	pthread_mutex_lock(&mutexes[self + other - first]);
	counter = self;
	pthread_mutex_unlock(&mutexes[self + other - first]);
	pthread_mutex_unlock(&mutexes[first]);
}

static void readers(int self, int round)
{
	atomic_store(&places[self], round + 1);
	counter = atomic_load(&places[(self + 1) % threads]);
}

static void rwlocked(int self, int round)
{
	(void)round;
	if (self) {
		pthread_rwlock_rdlock(&rwlock);
		pthread_rwlock_unlock(&rwlock);
	} else {
		pthread_rwlock_wrlock(&rwlock);
		counter++;
		pthread_rwlock_unlock(&rwlock);
	}
}

static void semaphores(int self, int round)
{
	(void)self, (void)round;
	sem_wait(&semaphore);
	sem_post(&semaphore);
}

static void stack(int self, int round)
{
	struct node *node = &nodes[self][round];

	node->below = atomic_load(&top);
	while (!atomic_compare_exchange_weak(&top, &node->below, node))
		;
}

static void trylock(int self, int round)
{
	(void)self, (void)round;
	if (pthread_mutex_trylock(&mutexes[0]) == 0) {
		counter++;
		pthread_mutex_unlock(&mutexes[0]);
	} else {
		missed++;
	}
}

static void sum(int self, int round)
{
	(void)round;
	sums[self % 2] += sums[!(self % 2)];
}

static void filled(int self, int round)
{
	int place = threads - 1;

	(void)round;
	if (self)
		atomic_store(&places[self], atomic_load(&places[self - 1]) + 1);
	else
		while (atomic_load(&places[place]) != 0)
			place--;
}

static void buffer(int self, int round)
{
	pthread_cond_t *wait = self % 2 ? &not_empty : &not_full;
	pthread_cond_t *wake = self % 2 ? &not_full : &not_empty;

	(void)round;
	pthread_mutex_lock(&mutexes[0]);
	while (full == !(self % 2))
		pthread_cond_wait(wait, &mutexes[0]);
	full = !(self % 2);
	pthread_cond_signal(wake);
	pthread_mutex_unlock(&mutexes[0]);
}

static void pair(int self, int round)
{
	sem_post(&semaphore);
	if (round == rounds - 1 && self / 2 < PAIRS) {
		pthread_mutex_lock(&common[self / 2]);
		pthread_mutex_unlock(&common[self / 2]);
	}
}

static void put(int self, int round)
{
	int word = self * rounds + round + 1, at = word * 7 % 11, nothing = 0;

	while (!atomic_compare_exchange_strong(&table[at % TABLE], &nothing, word)) {
		nothing = 0;
		at++;
	}
}

static const struct {
	const char *name;
	void (*work)(int self, int round);
} kinds[] = {
	{"mutex", mutex},
	{"racy", racy},
	{"uneven", uneven},
	{"ticket", ticket},
	{"philosophers", philosophers},
	{"readers", readers},
	{"rwlock", rwlocked},
	{"semaphore", semaphores},
	{"stack", stack},
	{"trylock", trylock},
	{"sums", sum},
	{"filled", filled},
	{"buffer", buffer},
	{"pairs", pair},
	{"table", put},
};
static unsigned kind;

static void *work(void *argument)
{
	for (int i = 0; i < rounds; i++)
		kinds[kind].work((int)(intptr_t)argument, i);
	return argument;
}

int main(int argc, char **argv)
{
	pthread_t ids[THREADS_MAX];

	if (argc != 4)
		return 2;
	while (kind < sizeof(kinds) / sizeof(*kinds) && strcmp(kinds[kind].name, argv[1]))
		kind++;
	threads = atoi(argv[2]);
	rounds = atoi(argv[3]);
	if (kind == sizeof(kinds) / sizeof(*kinds) || threads > THREADS_MAX || rounds > ROUNDS_MAX)
		return 2;
	sem_init(&semaphore, 0, 2);
	for (int i = 0; i < threads; i++)
		pthread_mutex_init(&mutexes[i], 0);
	for (int i = 0; i < PAIRS; i++)
		pthread_mutex_init(&common[i], 0);
	for (int i = 0; i < threads; i++)
		pthread_create(&ids[i], 0, work, (void *)(intptr_t)i);
	for (int i = 0; i < threads; i++)
		pthread_join(ids[i], 0);
	return 0;
}
