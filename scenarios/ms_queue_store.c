/*
 * ms_queue_store.c - two threads put an item each into a queue without locks and take one out
 * again.
 *
 * Shows: what was looked at and what is changed have to be one atomic step.
 * Bug: that nothing stands behind the last node is looked up, and then the new node is stored
 * there. Where both threads have looked before either has stored, the second store overwrites the
 * first one, and an item is lost.
 * Fixed twin: ms_queue.c.
 *
 * Verdict: assertion, under random and dpor.
 * Interleavings: 706534, of which 65280 fail; classes: 72, of which 22 fail (by enumeration).
 * Fewest preemptions: 1 (the first thread is stopped before it stores).
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
		struct node *next = atomic_load(&last->next);

		if (!next) {
			atomic_store(&last->next, node);
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
