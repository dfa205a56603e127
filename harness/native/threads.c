/*
 * threads.c - threads that start together, each on a processor of its own.
 *
 * A thread that has just been created waits until nobody has created another one for a while, and
 * all have come to their processors: a burst of them leaves at the same moment, so that what each
 * does first really meets. Whether the creator waits with them differs from run to run; so does a
 * small delay of each.
 */
#include "native/native.h"

#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>

/* In cycles of the time stamp counter, which all processors have in common. For so long nobody has
 * created another thread. */
#define QUIET_CYCLES 300000u
/* When all are there they leave so much later: time enough for all to have seen it. */
#define TOGETHER_CYCLES 4000u
/* For one that does not come nobody waits longer. */
#define PATIENCE_CYCLES 30000000u
/* Who looks more often than that waits in vain, where there are more threads than processors. */
#define LOOKS_YIELD 1024u

typedef int create_fn(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

struct start {
	void *(*routine)(void *);
	void *argument;
	uint32_t number;
};

static uint64_t leave_at;
static uint32_t arrived;
static cpu_set_t processors;
static int processor_count;

/* By the run: how many cycles a thread loses at its start, at most. */
static uint64_t start_delay(void)
{
	static const uint32_t most[] = {1, 1, 64, 256, 1024, 4096, 1, 200000};

	return native_random() % most[native_board->seed >> 8 & 7];
}

static uint32_t created(void)
{
	return __atomic_load_n(&native_board->threads, __ATOMIC_ACQUIRE);
}

static void leave_not_before(uint64_t time)
{
	uint64_t now = __atomic_load_n(&leave_at, __ATOMIC_RELAXED);

	while (now < time && !__atomic_compare_exchange_n(&leave_at, &now, time, 0,
							  __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
		;
}

static bool all_leave(uint64_t later)
{
	uint64_t now = __builtin_ia32_rdtsc(), time = __atomic_load_n(&leave_at, __ATOMIC_ACQUIRE);

	if (now < time + later)
		return false;
	return __atomic_load_n(&arrived, __ATOMIC_ACQUIRE) >= created() ||
	       now >= time + PATIENCE_CYCLES;
}

/* What follows is to take as long in all threads, so nothing else does. */
static void wait_until_all_leave(uint64_t later)
{
	bool crowded = created() > (uint32_t)processor_count;
	unsigned looks = 0;

	while (!all_leave(later))
		if (crowded && ++looks % LOOKS_YIELD == 0)
			sched_yield();
}

/* The k-th one that the process may use. */
static void pin(uint32_t k)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &processors) && !k--)
			CPU_SET(cpu, &one);
	if (CPU_COUNT(&one))
		sched_setaffinity(0, sizeof(one), &one);
}

static void *start_together(void *argument)
{
	struct start start = *(struct start *)argument;

	free(argument);
	native_random_begin(start.number);
	if (processor_count > 1)
		pin((start.number + (uint32_t)(native_board->seed >> 16)) %
		    (uint32_t)processor_count);
	native_touch((const void *)start.routine);
	if (__atomic_add_fetch(&arrived, 1, __ATOMIC_ACQ_REL) >= created())
		leave_not_before(__builtin_ia32_rdtsc() + TOGETHER_CYCLES);
	wait_until_all_leave(start_delay());
	return start.routine(start.argument);
}

static create_fn *real_create(void)
{
	static create_fn *found;

	if (!found)
		*(void **)&found = dlsym(RTLD_NEXT, "pthread_create");
	return found;
}

static void processors_find(void)
{
	if (processor_count || sched_getaffinity(0, sizeof(processors), &processors) != 0)
		return;
	processor_count = CPU_COUNT(&processors);
}

/* In one run of four. */
static int creator_waits(void)
{
	return (native_board->seed & 3) == 0;
}

NATIVE_PUBLIC int pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
				 void *(*routine)(void *), void *argument)
{
	struct start *start = native_board ? malloc(sizeof(*start)) : NULL;
	int result;

	if (!start)
		return real_create()(thread, attributes, routine, argument);
	processors_find();
	*start = (struct start){
		.routine = routine,
		.argument = argument,
		.number = __atomic_add_fetch(&native_board->threads, 1, __ATOMIC_RELAXED)};
	leave_not_before(__builtin_ia32_rdtsc() + QUIET_CYCLES);
	result = real_create()(thread, attributes, start_together, start);
	if (result) {
		free(start);
		__atomic_add_fetch(&arrived, 1, __ATOMIC_ACQ_REL);
	} else if (creator_waits()) {
		wait_until_all_leave(0);
	}
	return result;
}
