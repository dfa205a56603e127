/* real.h - the functions that heddle takes the place of, as the C library has them. */
#ifndef HEDDLE_MACHINE_REAL_H
#define HEDDLE_MACHINE_REAL_H

#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>

/* X(result, name, parameters) */
#define REAL_FUNCTIONS(X)                                                                          \
	X(int, pthread_create, (pthread_t *, const pthread_attr_t *, void *(*)(void *), void *))   \
	X(int, pthread_join, (pthread_t, void **))                                                 \
	X(int, pthread_detach, (pthread_t))                                                        \
	X(void, pthread_exit, (void *)__attribute__((noreturn)))                                   \
	X(int, pthread_setname_np, (pthread_t, const char *))                                      \
	X(int, pthread_getname_np, (pthread_t, char *, size_t))                                    \
	X(int, pthread_getattr_np, (pthread_t, pthread_attr_t *))                                  \
	X(int, pthread_mutex_init, (pthread_mutex_t *, const pthread_mutexattr_t *))               \
	X(int, pthread_mutex_destroy, (pthread_mutex_t *))                                         \
	X(int, pthread_mutex_consistent, (pthread_mutex_t *))                                      \
	X(int, pthread_mutex_getprioceiling, (const pthread_mutex_t *, int *))                     \
	X(int, pthread_mutex_setprioceiling, (pthread_mutex_t *, int, int *))                      \
	X(int, pthread_mutex_lock, (pthread_mutex_t *))                                            \
	X(int, pthread_mutex_trylock, (pthread_mutex_t *))                                         \
	X(int, pthread_mutex_unlock, (pthread_mutex_t *))                                          \
	X(int, pthread_mutex_timedlock, (pthread_mutex_t *, const struct timespec *))              \
	X(int, pthread_mutex_clocklock, (pthread_mutex_t *, clockid_t, const struct timespec *))   \
	X(int, pthread_cond_clockwait,                                                             \
	  (pthread_cond_t *, pthread_mutex_t *, clockid_t, const struct timespec *))               \
	X(int, sigaltstack, (const stack_t *, stack_t *))                                          \
	X(int, pthread_cond_init, (pthread_cond_t *, const pthread_condattr_t *))                  \
	X(int, pthread_cond_destroy, (pthread_cond_t *))                                           \
	X(int, pthread_cond_wait, (pthread_cond_t *, pthread_mutex_t *))                           \
	X(int, pthread_cond_timedwait,                                                             \
	  (pthread_cond_t *, pthread_mutex_t *, const struct timespec *))                          \
	X(int, pthread_cond_signal, (pthread_cond_t *))                                            \
	X(int, pthread_cond_broadcast, (pthread_cond_t *))                                         \
	X(int, sem_init, (sem_t *, int, unsigned))                                                 \
	X(int, sem_destroy, (sem_t *))                                                             \
	X(int, sem_wait, (sem_t *))                                                                \
	X(int, sem_trywait, (sem_t *))                                                             \
	X(int, sem_timedwait, (sem_t *, const struct timespec *))                                  \
	X(int, sem_clockwait, (sem_t *, clockid_t, const struct timespec *))                       \
	X(int, sem_post, (sem_t *))                                                                \
	X(int, pthread_rwlock_init, (pthread_rwlock_t *, const pthread_rwlockattr_t *))            \
	X(int, pthread_rwlock_destroy, (pthread_rwlock_t *))                                       \
	X(int, pthread_rwlock_rdlock, (pthread_rwlock_t *))                                        \
	X(int, pthread_rwlock_wrlock, (pthread_rwlock_t *))                                        \
	X(int, pthread_rwlock_tryrdlock, (pthread_rwlock_t *))                                     \
	X(int, pthread_rwlock_trywrlock, (pthread_rwlock_t *))                                     \
	X(int, pthread_rwlock_timedrdlock, (pthread_rwlock_t *, const struct timespec *))          \
	X(int, pthread_rwlock_timedwrlock, (pthread_rwlock_t *, const struct timespec *))          \
	X(int, pthread_rwlock_clockrdlock,                                                         \
	  (pthread_rwlock_t *, clockid_t, const struct timespec *))                                \
	X(int, pthread_rwlock_clockwrlock,                                                         \
	  (pthread_rwlock_t *, clockid_t, const struct timespec *))                                \
	X(int, pthread_rwlock_unlock, (pthread_rwlock_t *))                                        \
	X(int, pthread_barrier_init,                                                               \
	  (pthread_barrier_t *, const pthread_barrierattr_t *, unsigned))                          \
	X(int, pthread_spin_init, (pthread_spinlock_t *, int))                                     \
	X(int, pthread_spin_destroy, (pthread_spinlock_t *))                                       \
	X(int, pthread_barrier_wait, (pthread_barrier_t *))                                        \
	X(int, pthread_barrier_destroy, (pthread_barrier_t *))                                     \
	X(int, pthread_spin_lock, (pthread_spinlock_t *))                                          \
	X(int, pthread_spin_trylock, (pthread_spinlock_t *))                                       \
	X(int, pthread_spin_unlock, (pthread_spinlock_t *))                                        \
	X(int, pthread_once, (pthread_once_t *, void (*)(void)))                                   \
	X(int, pthread_key_create, (pthread_key_t *, void (*)(void *)))                            \
	X(int, pthread_key_delete, (pthread_key_t))                                                \
	X(int, sched_yield, (void))                                                                \
	X(int, clock_gettime, (clockid_t, struct timespec *))                                      \
	X(int, gettimeofday, (struct timeval *, void *))                                           \
	X(time_t, time, (time_t *))                                                                \
	X(int, nanosleep, (const struct timespec *, struct timespec *))                            \
	X(int, clock_nanosleep, (clockid_t, int, const struct timespec *, struct timespec *))      \
	X(int, usleep, (useconds_t))                                                               \
	X(unsigned, sleep, (unsigned))                                                             \
	X(void, exit, (int)__attribute__((noreturn)))                                              \
	X(void, _exit, (int)__attribute__((noreturn)))                                             \
	X(void, abort, (void)__attribute__((noreturn)))                                            \
	X(void, __assert_fail,                                                                     \
	  (const char *, const char *, unsigned, const char *)__attribute__((noreturn)))           \
	X(int, sigaction, (int, const struct sigaction *, struct sigaction *))                     \
	X(int, raise, (int))                                                                       \
	X(void, __call_tls_dtors, (void))                                                          \
	X(ssize_t, getrandom, (void *, size_t, unsigned))                                          \
	X(int, getentropy, (void *, size_t))                                                       \
	X(void, arc4random_buf, (void *, size_t))                                                  \
	X(int, __cxa_atexit, (void (*)(void *), void *, void *))                                   \
	X(int, __cxa_thread_atexit_impl, (void (*)(void *), void *, void *))                       \
	X(int, on_exit, (void (*)(int, void *), void *))                                           \
	X(int, execve, (const char *, char *const *, char *const *))                               \
	X(int, execv, (const char *, char *const *))                                               \
	X(int, execvp, (const char *, char *const *))                                              \
	X(pid_t, fork, (void))                                                                     \
	X(ssize_t, write, (int, const void *, size_t))                                             \
	X(ssize_t, writev, (int, const struct iovec *, int))                                       \
	X(ssize_t, sendmsg, (int, const struct msghdr *, int))                                     \
	X(ssize_t, recv, (int, void *, size_t, int))                                               \
	X(int, connect, (int, const struct sockaddr *, socklen_t))                                 \
	X(int, ppoll, (struct pollfd *, nfds_t, const struct timespec *, const sigset_t *))        \
	X(int, pselect,                                                                            \
	  (int, fd_set *, fd_set *, fd_set *, const struct timespec *, const sigset_t *))          \
	X(int, epoll_pwait, (int, struct epoll_event *, int, int, const sigset_t *))               \
	X(int, close, (int))                                                                       \
	X(int, __libc_start_main,                                                                  \
	  (int (*)(int, char **, char **), int, char **, void (*)(void), void (*)(void),           \
	   void (*)(void), void *))

struct real {
#define X(result, name, parameters) result(*name) parameters;
	REAL_FUNCTIONS(X)
#undef X
};

/* Filled in by real_resolve(), which may be called more than once. */
extern struct real real;
void real_resolve(void);

#endif
