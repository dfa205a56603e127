#include "session/streams.h"

#include "machine/memory.h"
#include "model/mutex.h"
#include "session/note.h"
#include "session/objects.h"

#define STREAMS_MAX 256

/* By descriptor. */
static pthread_mutex_t stream[STREAMS_MAX], saved[STREAMS_MAX];
static bool any;

static pthread_mutex_t *lock_of(int fd, const void *pc)
{
	if (fd < 0 || fd >= STREAMS_MAX) {
		note_uncontrolled("flockfile of a stream in memory or of a high number", pc);
		return 0;
	}
	((struct mutex *)&stream[fd])->kind = PTHREAD_MUTEX_RECURSIVE;
	any = true;
	return &stream[fd];
}

void stream_lock(struct thread *self, int fd, const void *pc)
{
	pthread_mutex_t *lock = lock_of(fd, pc);

	if (lock)
		object_mutex_lock(self, lock, pc);
}

int stream_trylock(struct thread *self, int fd, const void *pc)
{
	pthread_mutex_t *lock = lock_of(fd, pc);

	return lock ? object_mutex_trylock(self, lock, pc) : 0;
}

void stream_unlock(struct thread *self, int fd, const void *pc)
{
	pthread_mutex_t *lock = lock_of(fd, pc);

	if (lock)
		object_mutex_unlock(self, lock, pc);
}

void stream_use(struct thread *self, int fd, const void *pc)
{
	const struct mutex *mutex;

	if (!any || !self || fd < 0 || fd >= STREAMS_MAX)
		return;
	mutex = (const struct mutex *)&stream[fd];
	if (mutex_is_free(mutex) || mutex_owner(mutex) == (int64_t)self->number)
		return;
	object_mutex_lock(self, &stream[fd], pc);
	object_mutex_unlock(self, &stream[fd], pc);
}

void streams_save(void)
{
	if (any)
		memory_copy(saved, stream, sizeof(saved));
}

void streams_restore(void)
{
	if (any)
		memory_copy(stream, saved, sizeof(saved));
}
