/* Two threads that add to a counter which lies in a shared object: read and write each, six
 * interleavings. */
#include <pthread.h>

extern int counter_add(void);

static void *work(void *argument)
{
	counter_add();
	return argument;
}

int main(void)
{
	pthread_t one, two;

	pthread_create(&one, 0, work, 0);
	pthread_create(&two, 0, work, 0);
	pthread_join(one, 0);
	pthread_join(two, 0);
	return 0;
}
