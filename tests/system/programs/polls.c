/* polls.c - threads that wait for one of several in the kernel, for time, for children, for files'
 * locks and for each other's streams. */
#include <arpa/inet.h>
#include <assert.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int one[2], other[2], turns;

static pthread_t start(void *(*work)(void *), void *argument)
{
	pthread_t thread;

	assert(!pthread_create(&thread, NULL, work, argument));
	return thread;
}

static void *write_both(void *unused)
{
	assert(write(one[1], "x", 1) == 1);
	assert(write(other[1], "y", 1) == 1);
	return unused;
}

static pthread_t start_writer(void)
{
	assert(!pipe(one) && !pipe(other));
	return start(write_both, NULL);
}

static int take(int fd)
{
	char byte;

	assert(read(fd, &byte, 1) == 1);
	return byte;
}

static int by_poll(void)
{
	pthread_t writer = start_writer();
	struct pollfd fds[2] = {{one[0], POLLIN, 0}, {other[0], POLLIN, 0}};
	int sum = 0;

	while (sum < 'x' + 'y') {
		assert(poll(fds, 2, -1) > 0);
		for (int i = 0; i < 2; i++)
			sum += fds[i].revents ? take(fds[i].fd) : 0;
	}
	pthread_join(writer, NULL);
	return sum;
}

static int by_select(void)
{
	pthread_t writer = start_writer();
	int sum = 0;

	while (sum < 'x' + 'y') {
		fd_set set;

		FD_ZERO(&set);
		FD_SET(one[0], &set);
		FD_SET(other[0], &set);
		assert(select(other[0] + 1, &set, NULL, NULL, NULL) > 0);
		sum += FD_ISSET(one[0], &set) ? take(one[0]) : 0;
		sum += FD_ISSET(other[0], &set) ? take(other[0]) : 0;
	}
	pthread_join(writer, NULL);
	return sum;
}

static int by_epoll(uint32_t how)
{
	pthread_t writer = start_writer();
	struct epoll_event event = {.events = EPOLLIN | how}, found[2];
	int epoll = epoll_create1(0), sum = 0;

	event.data.fd = one[0];
	assert(!epoll_ctl(epoll, EPOLL_CTL_ADD, one[0], &event));
	event.data.fd = other[0];
	assert(!epoll_ctl(epoll, EPOLL_CTL_ADD, other[0], &event));
	while (sum < 'x' + 'y') {
		int count = epoll_wait(epoll, found, 2, -1);

		assert(count > 0);
		while (count > 0)
			sum += take(found[--count].data.fd);
	}
	pthread_join(writer, NULL);
	return sum;
}

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/* An hour of waits for what does not come. */
static int time_out(void)
{
	time_t began = seconds();
	struct timeval wait = {.tv_sec = 1800};
	struct pollfd look;
	fd_set set;

	assert(!pipe(one));
	look = (struct pollfd){.fd = one[0], .events = POLLIN};
	assert(poll(&look, 1, 1800000) == 0);
	FD_ZERO(&set);
	FD_SET(one[0], &set);
	assert(select(one[0] + 1, &set, NULL, NULL, &wait) == 0 && !FD_ISSET(one[0], &set));
	return (int)(seconds() - began) / 60;
}

/* First after an hour, then each minute; in the end three at once. */
static int by_timer(void)
{
	struct itimerspec times = {.it_value = {.tv_sec = 3600}, .it_interval = {.tv_sec = 60}};
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);
	struct pollfd look = {.fd = fd, .events = POLLIN};
	time_t began = seconds();
	uint64_t count;

	assert(!timerfd_settime(fd, 0, &times, NULL));
	assert(read(fd, &count, sizeof(count)) == sizeof(count) && count == 1);
	assert(poll(&look, 1, 0) == 0 && poll(&look, 1, -1) == 1);
	assert(read(fd, &count, sizeof(count)) == sizeof(count) && count == 1);
	sleep(185);
	assert(read(fd, &count, sizeof(count)) == sizeof(count) && count == 3);
	return (int)(seconds() - began) / 60;
}

static void *serve(void *unused)
{
	int fd = accept(one[0], NULL, NULL);
	char bytes[8];
	ssize_t got;

	while ((got = recv(fd, bytes, sizeof(bytes), 0)) > 0)
		assert(send(fd, bytes, (size_t)got, 0) == got);
	close(fd);
	return unused;
}

static int by_tcp(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t bytes = sizeof(at);
	int client = socket(AF_INET, SOCK_STREAM, 0);
	char text[8];
	pthread_t server;

	one[0] = socket(AF_INET, SOCK_STREAM, 0);
	assert(!bind(one[0], (struct sockaddr *)&at, bytes) && !listen(one[0], 1));
	assert(!getsockname(one[0], (struct sockaddr *)&at, &bytes));
	server = start(serve, NULL);
	assert(!connect(client, (struct sockaddr *)&at, bytes));
	assert(send(client, "hello", 5, 0) == 5 && recv(client, text, 5, MSG_WAITALL) == 5);
	assert(!shutdown(client, SHUT_WR) && recv(client, text, 5, 0) == 0);
	pthread_join(server, NULL);
	return text[4];
}

/* Nobody connects; somebody might. */
static void *accept_one(void *unused)
{
	accept(one[0], NULL, NULL);
	return unused;
}

static int by_nobody(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};

	one[0] = socket(AF_INET, SOCK_STREAM, 0);
	assert(!bind(one[0], (struct sockaddr *)&at, sizeof(at)) && !listen(one[0], 1));
	pthread_join(start(accept_one, NULL), NULL);
	return 0;
}

static void *print(void *word)
{
	flockfile(stdout);
	for (int i = 0; i < 3; i++) {
		printf("%s", (char *)word);
		sched_yield();
	}
	puts("");
	funlockfile(stdout);
	return NULL;
}

/* No line is torn. */
static int by_stream(void)
{
	pthread_t a = start(print, "a"), b = start(print, "b");

	puts("main");
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}

static void *turn(void *unused)
{
	while (turns < 100) {
		turns++;
		sched_yield();
	}
	return unused;
}

/* The child ends once it has been told so, and the one who does that goes on meanwhile. */
static void *tell_child(void *unused)
{
	turn(NULL);
	assert(write(one[1], "x", 1) == 1);
	return unused;
}

static int by_child(void)
{
	pthread_t thread;
	int status;
	pid_t child;

	assert(!pipe(one));
	child = fork();
	if (!child)
		_exit(take(one[0]));
	thread = start(tell_child, NULL);
	assert(waitpid(child, &status, 0) == child);
	pthread_join(thread, NULL);
	return WEXITSTATUS(status) + turns;
}

static void *count_up(void *path)
{
	int fd = open(path, O_RDONLY), seen;

	assert(fd >= 0 && !flock(fd, LOCK_EX));
	seen = turns;
	sched_yield();
	usleep(10);
	turns = seen + 1;
	close(fd);
	return NULL;
}

static int by_lock(char *path)
{
	pthread_t a = start(count_up, path), b = start(count_up, path);

	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return turns;
}

static void *write_fifo(void *path)
{
	int fd = open(path, O_WRONLY);

	assert(fd >= 0 && write(fd, "hi", 2) == 2);
	close(fd);
	return NULL;
}

/* Each end is open once the other one is. */
static int by_fifo(void)
{
	char path[] = "fifo", bytes[8];
	pthread_t writer;
	int fd;

	unlink(path);
	assert(!mkfifo(path, 0600));
	writer = start(write_fifo, path);
	fd = open(path, O_RDONLY);
	assert(fd >= 0 && read(fd, bytes, 8) == 2 && read(fd, bytes, 8) == 0);
	pthread_join(writer, NULL);
	return bytes[1];
}

static int carry_out(const char *way, char *path)
{
	if (!strcmp(way, "poll"))
		return by_poll();
	if (!strcmp(way, "select"))
		return by_select();
	if (!strcmp(way, "epoll"))
		return by_epoll(0);
	if (!strcmp(way, "epoll_edge"))
		return by_epoll(EPOLLET);
	if (!strcmp(way, "time_out"))
		return time_out();
	if (!strcmp(way, "timer"))
		return by_timer();
	if (!strcmp(way, "tcp"))
		return by_tcp();
	if (!strcmp(way, "nobody"))
		return by_nobody();
	if (!strcmp(way, "stream"))
		return by_stream();
	if (!strcmp(way, "fifo"))
		return by_fifo();
	if (!strcmp(way, "child"))
		return by_child();
	return by_lock(path);
}

int main(int argc, char **argv)
{
	assert(argc == 2);
	printf("%d\n", carry_out(argv[1], argv[0]));
	return 0;
}
