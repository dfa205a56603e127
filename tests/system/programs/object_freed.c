/* Two threads share an object with a lock in it, and the last one frees it once it has left the
 * lock, which is right; where ARGUMENT is "look", the first one locks it again. With "barrier", who
 * is let through first frees the barrier, which is right, too. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static struct object {
	pthread_mutex_t lock;
	int references;
} * object;

static struct meeting {
	pthread_barrier_t barrier;
} * meeting;

static void *drop(void *unused)
{
	int left;

	pthread_mutex_lock(&object->lock);
	left = --object->references;
	pthread_mutex_unlock(&object->lock);
	if (!left)
		free(object);
	return unused;
}

/* Who is not the last locks it once more. */
static void *drop_and_look(void *unused)
{
	int left;

	pthread_mutex_lock(&object->lock);
	left = --object->references;
	pthread_mutex_unlock(&object->lock);
	if (!left) {
		free(object);
		return unused;
	}
	pthread_mutex_lock(&object->lock);
	pthread_mutex_unlock(&object->lock);
	return unused;
}

static void *meet(void *unused)
{
	if (pthread_barrier_wait(&meeting->barrier) == PTHREAD_BARRIER_SERIAL_THREAD) {
		pthread_barrier_destroy(&meeting->barrier);
		free(meeting);
	}
	return unused;
}

int main(int argc, char **argv)
{
	void *(*work)(void *) = argc < 2 ? drop : strcmp(argv[1], "look") ? meet : drop_and_look;
	pthread_t threads[2];

	object = calloc(1, sizeof(*object));
	pthread_mutex_init(&object->lock, NULL);
	object->references = 2;
	meeting = malloc(sizeof(*meeting));
	pthread_barrier_init(&meeting->barrier, NULL, 2);
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
