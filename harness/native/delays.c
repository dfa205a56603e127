/* delays.c - calls before which a thread may lose some time. What they do stays the C library's. */
#include "native/native.h"

#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>

/* X(name, type of its only argument, version of it that the C library takes by default) */
#define DELAYED(X)                                                                                 \
	X(pthread_mutex_lock, pthread_mutex_t, 0)                                                  \
	X(pthread_mutex_unlock, pthread_mutex_t, 0)                                                \
	X(pthread_cond_signal, pthread_cond_t, "GLIBC_2.3.2")                                      \
	X(pthread_cond_broadcast, pthread_cond_t, "GLIBC_2.3.2")                                   \
	X(pthread_rwlock_rdlock, pthread_rwlock_t, 0)                                              \
	X(pthread_rwlock_wrlock, pthread_rwlock_t, 0)                                              \
	X(sem_post, sem_t, 0)                                                                      \
	X(sem_wait, sem_t, 0)

/* There are older ones of the same name that would be found first. */
#define FIND(name, version)                                                                        \
	((version) ? dlvsym(RTLD_NEXT, #name, (version) ? (version) : "") : dlsym(RTLD_NEXT, #name))

#define DELAY(name, type, version)                                                                 \
	NATIVE_PUBLIC int name(type *object)                                                       \
	{                                                                                          \
		static int (*real_one)(type *);                                                    \
                                                                                                   \
		if (!real_one)                                                                     \
			*(void **)&real_one = FIND(name, version);                                 \
		native_delay();                                                                    \
		return real_one(object);                                                           \
	}
DELAYED(DELAY)
