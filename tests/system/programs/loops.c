/*
 * loops.c - loops that wait, to be built without hooks: `loops KIND [forever]`. With `forever` what
 * is waited for never comes. The events between are those of a lock that has nothing to do with it.
 *
 * Ends with 0 where the loops have let through what they should; with 1 where not.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 2

static bool forever;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static volatile int flag;
static int data, wrong;
static atomic_int ticket, serving, taken, version;
static volatile int first, second;

static void event(void)
{
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
}

/* ------- a flag ------- */

static void *flag_wait(void *unused)
{
	while (!flag)
		;
	wrong += data != 42;
	return unused;
}

static void *flag_wait_pausing(void *unused)
{
	while (!flag)
		__builtin_ia32_pause();
	wrong += data != 42;
	return unused;
}

static void *flag_wait_yielding(void *unused)
{
	while (!flag)
		sched_yield();
	wrong += data != 42;
	return unused;
}

static void flag_set(void)
{
	event();
	data = 42;
	event();
	if (!forever)
		flag = 1;
	event();
}

/* ------- locks ------- */

static void count_up(void)
{
	int was = data;

	event();
	data = was + 1;
}

static void *ticket_lock(void *unused)
{
	for (int i = 0; i < ROUNDS; i++) {
		int mine = atomic_fetch_add(&ticket, 1);

		while (atomic_load(&serving) != mine)
			;
		count_up();
		if (!forever)
			atomic_fetch_add(&serving, 1);
	}
	return unused;
}

static void *exchange_lock(void *unused)
{
	for (int i = 0; i < ROUNDS; i++) {
		while (atomic_exchange(&taken, 1))
			__builtin_ia32_pause();
		count_up();
		if (!forever)
			atomic_store(&taken, 0);
	}
	return unused;
}

static void *compare_lock(void *unused)
{
	for (int i = 0; i < ROUNDS; i++) {
		int none = 0;

		while (!atomic_compare_exchange_weak(&taken, &none, 1))
			none = 0;
		count_up();
		if (!forever)
			atomic_store(&taken, 0);
	}
	return unused;
}

/* ------- a sequence lock ------- */

static void sequence_write(void)
{
	for (int i = 0; i < ROUNDS; i++) {
		atomic_fetch_add(&version, 1);
		first++;
		event();
		second++;
		if (forever)
			return;
		atomic_fetch_add(&version, 1);
		event();
	}
}

static void *sequence_read(void *unused)
{
	int before, one, two;

	event();
	do {
		before = atomic_load(&version);
		one = first;
		two = second;
	} while (before & 1 || before != atomic_load(&version));
	wrong += one != two;
	return unused;
}

/* ------- what others end ------- */

static int ends[2];

static void *flag_after_sleep(void *unused)
{
	sleep(3600);
	flag = 1;
	return unused;
}

static void *flag_after_input(void *unused)
{
	char byte;

	wrong += read(ends[0], &byte, 1) != 1;
	flag = 1;
	return unused;
}

/* A loop that ends by itself, after longer than anybody looks. */
static void *count_long(void *unused)
{
	volatile unsigned long sum = 0;

	for (unsigned long i = 0; i < 30000000; i++)
		sum += i;
	wrong += sum != 30000000ul * (30000000ul - 1) / 2;
	return unused;
}

static void run(void *(*one)(void *), void *(*other)(void *), void (*meanwhile)(void))
{
	pthread_t threads[2];

	pthread_create(&threads[0], 0, one, 0);
	if (other)
		pthread_create(&threads[1], 0, other, 0);
	if (meanwhile)
		meanwhile();
	pthread_join(threads[0], 0);
	if (other)
		pthread_join(threads[1], 0);
}

static void lock_check(void *(*lock)(void *))
{
	run(lock, lock, 0);
	wrong += data != 2 * ROUNDS;
}

static void pipe_write(void)
{
	event();
	wrong += write(ends[1], "x", 1) != 1;
}

int main(int argc, char **argv)
{
	const char *kind = argc > 1 ? argv[1] : "";

	forever = argc > 2;
	if (!strcmp(kind, "flag"))
		run(flag_wait, 0, flag_set);
	else if (!strcmp(kind, "pause"))
		run(flag_wait_pausing, 0, flag_set);
	else if (!strcmp(kind, "yield"))
		run(flag_wait_yielding, 0, flag_set);
	else if (!strcmp(kind, "ticket"))
		lock_check(ticket_lock);
	else if (!strcmp(kind, "exchange"))
		lock_check(exchange_lock);
	else if (!strcmp(kind, "compare"))
		lock_check(compare_lock);
	else if (!strcmp(kind, "sequence"))
		run(sequence_read, 0, sequence_write);
	else if (!strcmp(kind, "sleep")) {
		data = 42;
		run(flag_wait, flag_after_sleep, 0);
	} else if (!strcmp(kind, "yield-sleep")) {
		data = 42;
		run(flag_wait_yielding, flag_after_sleep, 0);
	} else if (!strcmp(kind, "input")) {
		data = 42;
		wrong += pipe(ends);
		run(flag_wait, flag_after_input, pipe_write);
	} else if (!strcmp(kind, "long")) {
		run(count_long, 0, event);
	} else {
		return 2;
	}
	printf("%s: data %d, wrong %d\n", kind, data, wrong);
	return wrong != 0;
}
