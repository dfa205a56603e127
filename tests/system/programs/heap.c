/* The malloc family in two threads at once: what the C library's manual says of sizes, alignment,
 * contents and growth in place. Run natively and under heddle. Each thread is done before it meets
 * the other, so that no choice but the one of that lock exists. */
#include <assert.h>
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SIZE_MAX_TRIED (1 << 14)

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int done;

static int is_filled(const unsigned char *block, size_t size, int byte)
{
	for (size_t i = 0; i < size; i++)
		if (block[i] != byte)
			return 0;
	return 1;
}

static void sizes(int byte)
{
	for (size_t size = 0; size < SIZE_MAX_TRIED; size = size * 3 / 2 + 1) {
		unsigned char *block = malloc(size), *zero = calloc(3, size);

		assert(block && zero);
		assert((uintptr_t)block % _Alignof(max_align_t) == 0);
		assert(malloc_usable_size(block) >= size);
		assert(is_filled(zero, 3 * size, 0));
		memset(block, byte, malloc_usable_size(block));
		memset(zero, byte + 1, 3 * size);
		assert(is_filled(block, size, byte));
		free(zero);
		free(block);
	}
	assert(malloc_usable_size(NULL) == 0);
	free(NULL);
}

static void alignments(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	void *block;

	for (size_t alignment = sizeof(void *); alignment <= 1 << 12; alignment *= 2) {
		assert(!posix_memalign(&block, alignment, 100));
		assert((uintptr_t)block % alignment == 0);
		memset(block, 1, malloc_usable_size(block));
		free(block);
		block = memalign(alignment, 3 * alignment);
		assert((uintptr_t)block % alignment == 0);
		free(block);
		block = aligned_alloc(alignment, alignment);
		assert((uintptr_t)block % alignment == 0);
		free(realloc(block, 4 * alignment));
	}
	block = valloc(10);
	assert((uintptr_t)block % page == 0);
	free(block);
	block = pvalloc(10);
	assert((uintptr_t)block % page == 0 && malloc_usable_size(block) >= page);
	free(block);
}

static void growth(int byte)
{
	unsigned char *block = realloc(NULL, 10), *same;
	volatile size_t too_many = SIZE_MAX / 2;

	memset(block, byte, malloc_usable_size(block));
	same = realloc(block, malloc_usable_size(block));
	assert(same == block);
	same = realloc(same, 5);
	assert(is_filled(same, 5, byte));
	for (size_t size = 6; size < SIZE_MAX_TRIED; size *= 2) {
		same = realloc(same, size);
		assert(same && is_filled(same, 5, byte));
		memset(same, byte, size);
	}
	errno = 0;
	assert(!reallocarray(same, too_many, 4) && errno == ENOMEM);
	assert(is_filled(same, SIZE_MAX_TRIED / 4, byte));
	same = reallocarray(same, 7, 1);
	assert(is_filled(same, 7, byte));
	free(same);
}

static void *work(void *argument)
{
	int byte = (int)(intptr_t)argument;

	sizes(byte);
	alignments();
	growth(byte);
	pthread_mutex_lock(&mutex);
	done++;
	pthread_mutex_unlock(&mutex);
	return strdup("from another thread");
}

int main(void)
{
	pthread_t threads[2];
	void *text;

	for (intptr_t i = 0; i < 2; i++)
		assert(!pthread_create(&threads[i], 0, work, (void *)(i + 1)));
	for (int i = 0; i < 2; i++) {
		assert(!pthread_join(threads[i], &text));
		assert(!strcmp(text, "from another thread"));
		free(text);
	}
	assert(done == 2);
	return 0;
}
