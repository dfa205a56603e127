/* With -DLIBRARY a library whose `gap` lies between a read and a write of `total`; else two threads
 * that call it. */
#include <pthread.h>

int library_add(void);
extern int total;

#ifdef LIBRARY
int total;

static __attribute__((noinline)) void gap(void)
{
	__asm__ volatile("");
}

int library_add(void)
{
	int was = total;

	gap();
	total = was + 1;
	return total;
}
#else
static void *work(void *argument)
{
	library_add();
	return argument;
}

int main(void)
{
	pthread_t first, second;

	pthread_create(&first, NULL, work, NULL);
	pthread_create(&second, NULL, work, NULL);
	pthread_join(first, NULL);
	pthread_join(second, NULL);
	return total != 2;
}
#endif
