// A thread that is cancelled, or exits, runs C++ destructors, handlers and what catches everything;
// an initialiser that an exception leaves is run again. Exit status 13: cancelled; 20: not.
#include <cassert>
#include <cstdlib>
#include <cxxabi.h>
#include <pthread.h>
#include <semaphore.h>
#include <string>
static sem_t sem;
static int destroyed, caught, local_destroyed, handled;
struct Thing {
	~Thing()
	{
		destroyed++;
	}
};
struct Local {
	~Local()
	{
		local_destroyed++;
	}
};
static thread_local Local local;
static void handler(void *)
{
	handled++;
}
static void inner()
{
	Thing a;
	pthread_cleanup_push(handler, nullptr);
	sem_wait(&sem);
	pthread_cleanup_pop(0);
}
static void *body(void *u)
{
	(void)&local;
	local = Local();
	Thing b;
	try {
		inner();
	} catch (abi::__forced_unwind &) {
		caught++;
		throw;
	}
	return u;
}
static void *leaver(void *u)
{
	Thing b;
	pthread_exit(u);
}
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int tries;
static void init()
{
	if (++tries == 1)
		throw 1;
}
int main(int, char **)
{
	pthread_t t;
	void *r;
	sem_init(&sem, 0, 0);
	pthread_create(&t, nullptr, body, nullptr);
	int before = local_destroyed;
	sem_post(&sem);
	pthread_cancel(t);
	pthread_join(t, &r);
	if (r == PTHREAD_CANCELED)
		assert(destroyed == 2 && caught <= 1 && handled <= 1);
	else
		assert(destroyed == 2 && !caught && !handled);
	assert(local_destroyed > before);
	int code = r == PTHREAD_CANCELED ? 10 + handled + 2 * caught : 20;
	destroyed = 0;
	pthread_create(&t, nullptr, leaver, &sem);
	pthread_join(t, &r);
	assert(r == &sem && destroyed == 1);
	try {
		pthread_once(&once, init);
	} catch (int) {
	}
	pthread_once(&once, init);
	assert(tries == 2);
	return code;
}
