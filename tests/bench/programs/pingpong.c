/* Two threads hand a turn to each other with a condition variable, 50,000 times each: every
 * wait is a switch. */
#include <pthread.h>
#include <stddef.h>

#define ROUNDS 50000

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int turn;

static void *play(void *number)
{
	int mine = (int)(size_t)number;

	pthread_mutex_lock(&mutex);
	for (int i = 0; i < ROUNDS; i++) {
		while (turn != mine)
			pthread_cond_wait(&changed, &mutex);
		turn = !mine;
		pthread_cond_signal(&changed);
	}
	pthread_mutex_unlock(&mutex);
	return NULL;
}

int main(void)
{
	pthread_t one, two;

	pthread_create(&one, NULL, play, (void *)0);
	pthread_create(&two, NULL, play, (void *)1);
	pthread_join(one, NULL);
	pthread_join(two, NULL);
	return 0;
}
