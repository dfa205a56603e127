/*
 * ms_queue.c - two threads put an item each into a queue without locks and take one out again.
 *
 * Shows: putting in takes two steps, linking the node behind the last one and moving the tail; who
 * finds the tail behind moves it for the other one (Michael and Scott, "Simple, fast, and practical
 * non-blocking and blocking concurrent queue algorithms", 1996; without reuse of nodes, so without
 * counters in the pointers).
 * Fixed twin of: ms_queue_store.c.
 *
 * Verdict: passed, under random and dpor.
 * Interleavings: 288460; classes: 50 (by enumeration).
 */
#include "must.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

struct node {
	struct node *_Atomic next;
	int value;
};

/* The first node is one that has been taken out, or the empty one of the beginning. */
static struct node empty;
static struct node *_Atomic head = &empty, *_Atomic tail = &empty;
static struct node nodes[2];
static int got[2];

static void move_tail(struct node *from, struct node *to)
{
	atomic_compare_exchange_strong(&tail, &from, to);
}

static void enqueue(struct node *node)
{
	for (;;) {
		struct node *last = atomic_load(&tail);
		struct node *next = NULL;

		if (atomic_compare_exchange_strong(&last->next, &next, node)) {
			move_tail(last, node);
			return;
		}
		move_tail(last, next);
	}
}

/* The value, or 0 when the queue is empty. */
static int dequeue(void)
{
	struct node *first = atomic_load(&head), *next;

	do {
		next = atomic_load(&first->next);
		if (!next)
			return 0;
		if (atomic_load(&tail) == first)
			move_tail(first, next);
	} while (!atomic_compare_exchange_strong(&head, &first, next));
	return next->value;
}

static void *put_and_get(void *argument)
{
	struct node *mine = argument;

	mine->value = (int)(mine - nodes) + 1;
	enqueue(mine);
	got[mine - nodes] = dequeue();
	return NULL;
}

int main(void)
{
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		MUST(pthread_create(&threads[i], NULL, put_and_get, &nodes[i]));
	for (int i = 0; i < 2; i++)
		MUST(pthread_join(threads[i], NULL));
	assert(got[0] + got[1] == 3 && got[0] && got[1]);
	return 0;
}
