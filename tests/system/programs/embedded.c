/* embedded.c - explores functions of its own, each named by an argument; prints what came of each
 * in one line, then the text. For test_library.c. */
#include <heddle.h>

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER, other = PTHREAD_MUTEX_INITIALIZER;
static volatile int counter;
static int *block;

static void two(void *(*one)(void *), void *(*another)(void *), void *argument)
{
	pthread_t threads[2];

	pthread_create(&threads[0], NULL, one, argument);
	pthread_create(&threads[1], NULL, another, argument);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
}

static void *count_locked(void *argument)
{
	pthread_mutex_lock(&lock);
	counter++;
	pthread_mutex_unlock(&lock);
	return argument;
}

static void *count(void *argument)
{
	counter++;
	return argument;
}

static void passing(void *argument)
{
	two(count_locked, count_locked, argument);
	assert(counter == 2);
}

static void failing(void *argument)
{
	two(count, count, argument);
	puts("the end");
	assert(counter == 2);
}

static void *add(void *number)
{
	pthread_mutex_lock(&lock);
	++*(int *)number;
	pthread_mutex_unlock(&lock);
	return NULL;
}

/* The argument lies on the caller's stack. */
static void adding(void *number)
{
	two(add, add, number);
	assert(*(int *)number == 2);
}

static void *one_way(void *argument)
{
	pthread_mutex_lock(&lock);
	pthread_mutex_lock(&other);
	pthread_mutex_unlock(&other);
	pthread_mutex_unlock(&lock);
	return argument;
}

static void *other_way(void *argument)
{
	pthread_mutex_lock(&other);
	pthread_mutex_lock(&lock);
	pthread_mutex_unlock(&lock);
	pthread_mutex_unlock(&other);
	return argument;
}

static void locking(void *argument)
{
	two(one_way, other_way, argument);
}

static void *use(void *argument)
{
	pthread_mutex_lock(&lock);
	if (block)
		++*block;
	pthread_mutex_unlock(&lock);
	return argument;
}

/* Forgets to say that the block is gone. */
static void *give_back(void *argument)
{
	pthread_mutex_lock(&lock);
	free(block);
	pthread_mutex_unlock(&lock);
	return argument;
}

static void freeing(void *argument)
{
	block = calloc(1, sizeof(*block));
	two(use, give_back, argument);
}

/* `block` is the caller's. */
static void *use_twice(void *argument)
{
	use(argument);
	return use(argument);
}

static void using(void *argument)
{
	two(use_twice, use, argument);
	assert(*block == 3);
	free(block);
	block = malloc(100000);
	free(block);
}

static void using_wrongly(void *argument)
{
	int before = *block;

	two(count_locked, count_locked, argument);
	*block = before + counter;
	assert(*block == 3);
}

static int ends[2];

static void *reader(void *argument)
{
	char byte;

	return read(ends[0], &byte, 1) == 1 ? argument : NULL;
}

static void *writer(void *argument)
{
	return write(ends[1], "x", 1) == 1 ? argument : NULL;
}

static void piping(void *argument)
{
	assert(pipe(ends) == 0);
	two(reader, writer, argument);
	close(ends[0]);
	close(ends[1]);
}

static void *leave(void *argument)
{
	exit(argument ? 0 : 3);
}

static void leaving(void *argument)
{
	two(leave, count_locked, argument);
}

static void *count_long(void *argument)
{
	for (int i = 0; i < 12; i++)
		count_locked(argument);
	return argument;
}

static void for_long(void *argument)
{
	two(count_long, count_long, argument);
}

static void crashing(void *argument)
{
	two(count_locked, count_locked, argument);
	*(volatile int *)argument = 0;
}

static int exploring(void)
{
	heddle_report_t report;
	int result = heddle_explore(passing, NULL, NULL, &report);

	heddle_report_free(&report);
	return result;
}

static void nesting(void *argument)
{
	(void)argument;
	assert(exploring() == HEDDLE_UNABLE);
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;

static void unlock(void *held)
{
	pthread_mutex_unlock(held);
}

static void make_key(void)
{
	pthread_key_create(&key, unlock);
}

/* The destructor of thread-specific data lets go. */
static void *keep_locked(void *argument)
{
	pthread_mutex_lock(&lock);
	pthread_setspecific(key, &lock);
	return argument;
}

static void keeping(void *argument)
{
	two(keep_locked, keep_locked, argument);
}

static void said(const char *name, int result, const heddle_report_t *report)
{
	printf("%s: result %d, %llu executions, %llu redundant, %llu failures, %llu races, "
	       "complete %d, reason '%s', verdict '%s'\n%s",
	       name, result, report->executions, report->redundant, report->failures, report->races,
	       report->complete, report->reason, report->verdict, report->text);
	fflush(stdout);
}

static void explore(const char *name, void (*body)(void *), void *argument,
		    const heddle_options_t *options)
{
	heddle_report_t report;
	int result = heddle_explore(body, argument, options, &report);

	said(name, result, &report);
	assert(counter == 0);
	heddle_report_free(&report);
}

static void *from_thread(void *name)
{
	int number = 0;

	explore(name, adding, &number, NULL);
	assert(number == 0);
	return NULL;
}

static void *busy(void *argument)
{
	for (;;) {
		void *bytes = malloc(100);

		usleep(50);
		free(bytes);
	}
	return argument;
}

/* Each block is one thread's alone. */
static void *hammer(void *argument)
{
	for (int i = 0; i < 300000; i++) {
		void *volatile *bytes = malloc(sizeof(*bytes));

		*bytes = &i;
		assert(*bytes == (void *)&i);
		free((void *)bytes);
	}
	return argument;
}

static void at_exit(void)
{
	static const char words[] = "at exit\n";
	ssize_t written = write(STDOUT_FILENO, words, sizeof(words) - 1);

	(void)written;
}

static const struct {
	const char *name;
	void (*body)(void *);
	void *argument;
	heddle_options_t options;
} cases[] = {
	{"passing", passing, NULL, {.out = NULL}},
	{"failing", failing, NULL, {.races = HEDDLE_RACES_OFF}},
	{"all", failing, NULL, {.races = HEDDLE_RACES_OFF, .keep_going = 1}},
	{"raced", failing, NULL, {.races = HEDDLE_RACES_STOP}},
	{"locking", locking, NULL, {.out = NULL}},
	{"freeing", freeing, NULL, {.keep_going = 1}},
	{"using", using, NULL, {.out = NULL}},
	{"using-wrongly", using_wrongly, NULL, {.out = NULL}},
	{"piping", piping, NULL, {.out = NULL}},
	{"leaving", leaving, "", {.out = NULL}},
	{"leaving-ill", leaving, NULL, {.out = NULL}},
	{"crashing", crashing, NULL, {.out = NULL}},
	{"nesting", nesting, NULL, {.out = NULL}},
	{"keeping", keeping, NULL, {.out = NULL}},
	{"for-long", for_long, NULL, {.preemptions = 0}},
	{"bounded", for_long, NULL, {.preemptions = 1}},
	{"random", failing, NULL, {.seed = 7, .races = HEDDLE_RACES_OFF}},
	{"nonsense", passing, NULL, {.strategy = "nonsense"}},
};

static void run(const char *name)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (!strcmp(name, cases[i].name)) {
			explore(name, cases[i].body, cases[i].argument, &cases[i].options);
			return;
		}
	fprintf(stderr, "no case `%s'\n", name);
	exit(2);
}

/* What a framework may have done before. */
static int set(const char *name)
{
	pthread_t thread;

	if (!strcmp(name, "--busy")) {
		for (int i = 0; i < 3; i++)
			pthread_create(&thread, NULL, busy, NULL);
	} else if (!strcmp(name, "--hammer")) {
		two(hammer, hammer, NULL);
	} else if (!strcmp(name, "--no-children")) {
		signal(SIGCHLD, SIG_IGN);
	} else if (!strcmp(name, "--threads")) {
		pthread_t threads[2];

		for (int i = 0; i < 2; i++)
			pthread_create(&threads[i], NULL, from_thread, "thread");
		for (int i = 0; i < 2; i++)
			pthread_join(threads[i], NULL);
	} else if (!strcmp(name, "--closed")) {
		close(STDIN_FILENO);
		close(STDERR_FILENO);
	} else {
		return 0;
	}
	return 1;
}

int main(int argc, char **argv)
{
	pthread_once(&once, make_key);
	block = calloc(1, sizeof(*block));
	atexit(at_exit);
	printf("not flushed\n");
	for (int i = 1; i < argc; i++)
		if (!set(argv[i]))
			run(argv[i]);
	assert(*block == 0 && !counter);
	return 0;
}
