/* What a program says of its executions: two threads have ROUNDS sections each under one lock, and
 * what they note there is the outcome. C(2 ROUNDS, ROUNDS) classes and interleavings. */
#include <heddle.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *mode;
static unsigned rounds, order, first, last;

static int is_mode(const char *name)
{
	return !strcmp(mode, name);
}

static void section(unsigned who)
{
	pthread_mutex_lock(&lock);
	order = order * 2 + who - 1;
	first = first ? first : who;
	last = who;
	pthread_mutex_unlock(&lock);
}

static void *work(void *argument)
{
	unsigned who = (unsigned)(unsigned long)argument;

	for (unsigned i = 0; i < rounds; i++)
		section(who);
	if (is_mode("joined")) {
		heddle_outcome("%u a", who);
		heddle_outcome("%u b", who);
	}
	if (is_mode("late") && who == 2)
		heddle_expect(HEDDLE_FORBIDDEN, "2%s", "*");
	return argument;
}

static void declare(void)
{
	if (is_mode("ends")) {
		heddle_expect(HEDDLE_ACCEPTABLE, "1 2");
		heddle_expect(HEDDLE_INTERESTING, "* *");
		heddle_expect(HEDDLE_FORBIDDEN, "3 *");
	}
	if (is_mode("forbidden"))
		heddle_expect(HEDDLE_FORBIDDEN, "2 1");
}

static void tell(void)
{
	if (is_mode("order"))
		heddle_outcome("%u", order);
	else if (is_mode("joined"))
		heddle_outcome("main");
	else if (is_mode("silent") && first == 1)
		heddle_outcome("1");
	else if (is_mode("assumed"))
		heddle_assume(first == 1);
	else if (is_mode("asserted"))
		heddle_assert(first == 1);
	else if (is_mode("long"))
		heddle_outcome("%0250u%u", 0, first);
	else if (is_mode("time"))
		heddle_outcome(time(NULL) < 1750000000 ? "heddle's" : "the machine's");
	if (is_mode("ends") || is_mode("forbidden") || is_mode("late") || is_mode("assumed"))
		heddle_outcome("%u %u", first, last);
}

int main(int argc, char **argv)
{
	pthread_t threads[2];

	mode = argc > 1 ? argv[1] : "";
	rounds = argc > 2 ? (unsigned)atoi(argv[2]) : 1;
	if (is_mode("alone")) {
		heddle_outcome("%s", "nobody \\ else\n");
		return 0;
	}
	declare();
	for (unsigned long i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, work, (void *)(i + 1));
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	tell();
	return 0;
}
