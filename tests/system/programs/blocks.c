/* What can be done wrong with a block of the heap, one kind for each KIND, and what looks like it
 * and is right. With a second thread, that does nothing but lock, where the argument WITH is
 * "thread": then there are choices. The wrong thing is done by a function of its own, so that its
 * place can be told. */
#define _GNU_SOURCE
#include <assert.h>
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline, noclone))

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char *volatile block;
static volatile long sink;
static char global[64];

NOINLINE static char *allocate(size_t bytes)
{
	return malloc(bytes);
}

NOINLINE static void release(void *at)
{
	free(at);
}

static void read_freed(void)
{
	block = allocate(24);
	release(block);
	sink = *(long *)(block + 8);
}

static void write_freed(void)
{
	block = allocate(24);
	release(block);
	*(int *)(block + 16) = 1;
}

static void atomic_freed(void)
{
	block = allocate(sizeof(atomic_int));
	release(block);
	atomic_fetch_add((atomic_int *)block, 1);
}

static void exchange_freed(void)
{
	int expected = 0;

	block = allocate(sizeof(atomic_int));
	release(block);
	atomic_compare_exchange_strong((atomic_int *)block, &expected, 1);
}

static void copy_from_freed(void)
{
	char to[24];

	block = allocate(24);
	release(block);
	memcpy(to, block, (size_t)sink + 24);
	sink = to[3];
}

static void length_of_freed(void)
{
	block = allocate(24);
	strcpy(block, "text");
	release(block);
	sink = (long)strlen(block);
}

static void lock_freed(void)
{
	block = calloc(1, sizeof(pthread_mutex_t));
	release(block);
	pthread_mutex_lock((pthread_mutex_t *)block);
}

static void old_of_realloc(void)
{
	char *larger;

	block = allocate(24);
	larger = realloc(block, 4000);
	larger[0] = 1;
	sink = block[0];
}

static void free_twice(void)
{
	block = allocate(24);
	release(block);
	release(block);
}

static void free_inside(void)
{
	block = allocate(64);
	release(block + 16);
}

static void free_global(void)
{
	block = global + 16;
	release(block);
}

static void free_stack(void)
{
	char local[64] = "";

	block = local + 16;
	release(block);
}

static void realloc_freed(void)
{
	block = allocate(24);
	release(block);
	block = realloc(block, 48);
}

static void write_past(void)
{
	block = allocate(13);
	block[13] = 1;
}

static void write_large_past(void)
{
	block = allocate(300001);
	block[300001] = 1;
}

static void read_large_freed(void)
{
	block = allocate(300001);
	release(block);
	sink = block[150000];
}

static void read_before(void)
{
	block = allocate(13);
	sink = *(int *)(block - 4);
}

static void set_past(void)
{
	block = allocate(24);
	memset(block, 0, (size_t)sink + 25);
}

static void shrunk(void)
{
	block = allocate(64);
	block = realloc(block, 20);
	block[20] = 1;
}

static void aligned_before(void)
{
	void *at;

	assert(!posix_memalign(&at, 256, 100));
	block = at;
	sink = block[-1];
}

static void zero_bytes(void)
{
	block = allocate(0);
	block[0] = 1;
}

/* ---- right */

/* All that malloc_usable_size() says may be used, of any size and alignment. */
static void sizes(void)
{
	for (size_t size = 1; size < 300000; size = size * 5 / 4 + 1) {
		char *at = allocate(size), *same = realloc(at, size + size / 3);
		void *aligned;

		for (size_t i = 0; i < malloc_usable_size(same); i += 1 + size / 64)
			same[i] = 1;
		same[malloc_usable_size(same) - 1] = 1;
		memset(same, 0, malloc_usable_size(same));
		assert(!posix_memalign(&aligned, 64, size));
		memset(aligned, 1, malloc_usable_size(aligned));
		((char *)aligned)[size - 1] = 1;
		release(aligned);
		release(realloc(same, size / 5 + 1));
		at = calloc(3, size);
		at[3 * size - 1] = 1;
		release(at);
	}
}

/* What the C library allocates. */
static void library(void)
{
	char *line = NULL, *copy = strdup("copied");
	size_t room = 0;
	FILE *memory = fmemopen(global, sizeof(global), "w+");

	fputs("a line of text\n", memory);
	rewind(memory);
	assert(getline(&line, &room, memory) == 15);
	assert(strlen(line) == 15 && line[14] == '\n' && strlen(copy) == 6);
	line[room - 1] = 0;
	fclose(memory);
	release(line);
	assert(asprintf(&line, "%s %d", copy, 7) == 8 && !strcmp(line, "copied 7"));
	release(line);
	release(copy);
}

/* So much that freed memory is used again. */
static void again(void)
{
	for (int i = 0; i < 20000; i++) {
		long *at = malloc(200);

		for (int j = 0; j < 25; j += 6)
			at[j] = i;
		release(at);
	}
}

static const struct {
	const char *name;
	void (*call)(void);
} kinds[] = {
	{"read_freed", read_freed},
	{"write_freed", write_freed},
	{"atomic_freed", atomic_freed},
	{"exchange_freed", exchange_freed},
	{"copy_from_freed", copy_from_freed},
	{"length_of_freed", length_of_freed},
	{"lock_freed", lock_freed},
	{"old_of_realloc", old_of_realloc},
	{"free_twice", free_twice},
	{"free_inside", free_inside},
	{"free_global", free_global},
	{"free_stack", free_stack},
	{"realloc_freed", realloc_freed},
	{"write_past", write_past},
	{"write_large_past", write_large_past},
	{"read_large_freed", read_large_freed},
	{"read_before", read_before},
	{"set_past", set_past},
	{"shrunk", shrunk},
	{"aligned_before", aligned_before},
	{"zero_bytes", zero_bytes},
	{"sizes", sizes},
	{"library", library},
	{"again", again},
};

static void call(const char *kind)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(kind, kinds[i].name))
			kinds[i].call();
}

static void *lock(void *argument)
{
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
	return argument;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	if (argc > 2) {
		pthread_create(&thread, NULL, lock, NULL);
		lock(NULL);
	}
	if (argc > 1)
		call(argv[1]);
	if (argc > 2)
		pthread_join(thread, NULL);
	return 0;
}
