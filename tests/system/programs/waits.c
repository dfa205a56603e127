/* Loops that only read and wait: waits KIND [THREADS] [ROUNDS]. What each has to be found to do is
 * in test_waits.c. */
#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_int flag, word, next, serving, turn, flags[2];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static volatile int plain;
static int counter, done, rounds = 1;

/* A thread of the kind: `me` is its number. */
typedef void body_fn(int me);

static void write_flag(int me)
{
	(void)me;
	counter++;
	atomic_store(&flag, 1);
}

static void write_plain(int me)
{
	(void)me;
	counter++;
	plain = 1;
}

static void blink(int me)
{
	(void)me;
	counter++;
	atomic_store(&flag, 1);
	atomic_store(&flag, 0);
}

static void exchange(int me)
{
	(void)me;
	while (atomic_exchange(&word, 1))
		;
	counter++;
	atomic_store(&word, 0);
}

static void compare(int me)
{
	int free = 0;

	(void)me;
	while (!atomic_compare_exchange_strong(&word, &free, 1))
		free = 0;
	counter++;
	atomic_store(&word, 0);
}

static void ticket(int me)
{
	me = atomic_fetch_add(&next, 1);
	while (atomic_load(&serving) != me)
		sched_yield();
	counter++;
	atomic_store(&serving, me + 1);
}

static void peterson(int me)
{
	atomic_store(&flags[me], 1);
	atomic_store(&turn, 1 - me);
	while (atomic_load(&flags[1 - me]) && atomic_load(&turn) == 1 - me)
		;
	counter++;
	atomic_store(&flags[me], 0);
}

static void try_lock(int me)
{
	(void)me;
	while (pthread_mutex_trylock(&mutex))
		sched_yield();
	counter++;
	pthread_mutex_unlock(&mutex);
}

static void finish(int me)
{
	(void)me;
	counter++;
	pthread_mutex_lock(&mutex);
	done = 1;
	pthread_mutex_unlock(&mutex);
}

static void store_three(int me)
{
	(void)me;
	counter++;
	atomic_store(&flag, 1);
	atomic_store(&flag, 0);
	atomic_store(&flag, 2);
}

/* What main does meanwhile. */
static void await_flag(void)
{
	while (!atomic_load(&flag))
		;
}

static void await_plain(void)
{
	while (!plain)
		;
}

/* Asks under a lock, and sleeps. */
static void poll_done(void)
{
	for (int is_done = 0; !is_done;) {
		pthread_mutex_lock(&mutex);
		is_done = done;
		pthread_mutex_unlock(&mutex);
		usleep(1000);
	}
}

/* No loop that waits, though it looks like one: it goes on after four turns. */
static void look_four_times(void)
{
	int seen = 0;

	for (int i = 0; i < 4; i++)
		seen += atomic_load(&flag) == 1;
	assert(seen <= 4);
}

static void nothing(void)
{
}

static const struct {
	const char *name;
	body_fn *body;
	void (*of_main)(void);
} kinds[] = {
	{"flag", write_flag, await_flag}, {"plain", write_plain, await_plain},
	{"blink", blink, await_flag},	  {"exchange", exchange, nothing},
	{"compare", compare, nothing},	  {"ticket", ticket, nothing},
	{"peterson", peterson, nothing},  {"try", try_lock, nothing},
	{"poll", finish, poll_done},	  {"four", store_three, look_four_times},
};

static body_fn *body;

static void *run(void *me)
{
	for (int i = 0; i < rounds; i++)
		body((int)(long)me);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[8];
	int count = argc > 2 ? atoi(argv[2]) : 1;
	size_t kind = 0;

	rounds = argc > 3 ? atoi(argv[3]) : 1;
	while (strcmp(kinds[kind].name, argv[1]))
		kind++;
	body = kinds[kind].body;
	for (int i = 0; i < count; i++)
		pthread_create(&threads[i], NULL, run, (void *)(long)i);
	kinds[kind].of_main();
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	assert(counter == count * rounds);
	return 0;
}
