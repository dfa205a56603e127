/* A thread that waits in read() is cancelled, or sent a signal whose handler writes to another
 * pipe: what becomes of the read is the exit status. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static int words[2], woken[2], result = -1;

static void handle(int number)
{
	(void)number;
	if (write(woken[1], "x", 1) != 1)
		_exit(9);
}

static void *reader(void *unused)
{
	char letter;
	long got = read(words[0], &letter, 1);

	result = got < 0 ? (errno == EINTR ? 2 : 3) : (int)got;
	return unused;
}

int main(int argc, char **argv)
{
	struct sigaction action = {.sa_handler = handle};
	pthread_t thread;
	void *end;
	char letter;

	if (argc < 2 || pipe(words) || pipe(woken))
		return 8;
	action.sa_flags = strcmp(argv[1], "restart") ? 0 : SA_RESTART;
	sigaction(SIGUSR1, &action, NULL);
	pthread_create(&thread, NULL, reader, NULL);
	if (!strcmp(argv[1], "cancel")) {
		pthread_cancel(thread);
		pthread_join(thread, &end);
		return end == PTHREAD_CANCELED ? 4 : 5;
	}
	pthread_kill(thread, SIGUSR1);
	if (read(woken[0], &letter, 1) != 1)
		return 7;
	if (write(words[1], "y", 1) != 1)
		return 6;
	pthread_join(thread, NULL);
	return result;
}
