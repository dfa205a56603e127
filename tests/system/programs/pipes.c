/* pipes.c - threads that wait for each other in the kernel, by what has two ends: each way natively
 * as under control. Prints what came out, which does not depend on the order. */
#include <assert.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define LARGE 300000

static int ends[2], others[2], count = 3;

static pthread_t start(void *(*work)(void *))
{
	pthread_t thread;

	assert(!pthread_create(&thread, NULL, work, NULL));
	return thread;
}

static void *produce(void *unused)
{
	for (int i = 1; i <= count; i++) {
		char byte = (char)i;

		assert(write(ends[1], &byte, 1) == 1);
	}
	close(ends[1]);
	return unused;
}

/* Until the end of the file, which is there when the other end is closed. */
static int consume(void)
{
	pthread_t producer;
	char byte;
	int sum = 0;

	assert(!pipe(ends));
	producer = start(produce);
	while (read(ends[0], &byte, 1) == 1)
		sum += byte;
	pthread_join(producer, NULL);
	return sum;
}

static void *produce_much(void *unused)
{
	static char bytes[LARGE];

	assert(write(ends[1], bytes, LARGE) == LARGE);
	close(ends[1]);
	return unused;
}

/* More than fits: the writer has to wait in the middle. */
static int consume_much(int sockets)
{
	static char bytes[LARGE];
	pthread_t producer;
	ssize_t got;
	int sum = 0;

	assert(!(sockets ? socketpair(AF_UNIX, SOCK_STREAM, 0, ends) : pipe(ends)));
	producer = start(produce_much);
	while ((got = read(ends[0], bytes, LARGE)) > 0)
		sum += (int)got;
	pthread_join(producer, NULL);
	return sum;
}

static void *answer(void *unused)
{
	char byte;

	for (int i = 0; i < count; i++) {
		assert(recv(ends[1], &byte, 1, 0) == 1);
		byte++;
		assert(send(ends[1], &byte, 1, 0) == 1);
	}
	return unused;
}

static int ping_pong(void)
{
	pthread_t thread;
	char byte = 1;

	assert(!socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	thread = start(answer);
	for (int i = 0; i < count; i++) {
		assert(write(ends[0], &byte, 1) == 1);
		assert(read(ends[0], &byte, 1) == 1);
	}
	pthread_join(thread, NULL);
	return byte;
}

static void *post(void *unused)
{
	for (int i = 0; i < count; i++)
		assert(!eventfd_write(ends[0], 1));
	return unused;
}

static int add_up(int flags)
{
	pthread_t thread;
	uint64_t value;
	int sum = 0;

	ends[0] = eventfd(0, flags);
	thread = start(post);
	while (sum < count) {
		assert(read(ends[0], &value, sizeof(value)) == sizeof(value));
		assert(!flags || value == 1);
		sum += (int)value;
	}
	pthread_join(thread, NULL);
	return sum;
}

static void *print(void *unused)
{
	FILE *file = fdopen(ends[1], "w");

	for (int i = 0; i < count; i++) {
		fprintf(file, "line %d\n", i);
		fflush(file);
	}
	fclose(file);
	return unused;
}

static int read_lines(void)
{
	pthread_t thread;
	char *line = NULL, first[16];
	size_t room = 0;
	int lines = 1;
	FILE *file;

	assert(!pipe(ends));
	thread = start(print);
	file = fdopen(ends[0], "r");
	assert(fgets(first, sizeof(first), file) && !strcmp(first, "line 0\n"));
	for (; getline(&line, &room, file) > 0; lines++)
		assert(line[5] == '0' + lines);
	pthread_join(thread, NULL);
	free(line);
	return lines;
}

/* Each waits for what the other one would only send after that. */
static void *wait_first(void *unused)
{
	char byte;

	if (read(others[0], &byte, 1) == 1)
		assert(write(ends[1], &byte, 1) == 1);
	return unused;
}

static int deadlock(void)
{
	pthread_t thread;
	char byte = 1;

	assert(!pipe(ends) && !pipe(others));
	thread = start(wait_first);
	assert(read(ends[0], &byte, 1) == 1);
	assert(write(others[1], &byte, 1) == 1);
	pthread_join(thread, NULL);
	return 0;
}

static int carry_out(const char *way)
{
	if (!strcmp(way, "pipe"))
		return consume();
	if (!strcmp(way, "large"))
		return consume_much(0);
	if (!strcmp(way, "large_sockets"))
		return consume_much(1);
	if (!strcmp(way, "ping_pong"))
		return ping_pong();
	if (!strcmp(way, "counter"))
		return add_up(0);
	if (!strcmp(way, "semaphore"))
		return add_up(EFD_SEMAPHORE);
	if (!strcmp(way, "lines"))
		return read_lines();
	return deadlock();
}

int main(int argc, char **argv)
{
	assert(argc >= 2);
	if (argc > 2)
		count = atoi(argv[2]);
	printf("%d\n", carry_out(argv[1]));
	return 0;
}
