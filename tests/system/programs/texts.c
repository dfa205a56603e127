/* One thread copies a text and another measures it: two events, in the string functions alone, so
 * two interleavings. */
#include <pthread.h>
#include <string.h>

static char shared[16] = "one";
static const char *volatile longer = "seven";
static volatile size_t length;

static void *copy(void *from)
{
	strcpy(shared, from);
	return NULL;
}

static void *measure(void *text)
{
	length = strlen(text);
	return NULL;
}

int main(void)
{
	pthread_t copying, measuring;

	pthread_create(&copying, NULL, copy, (void *)longer);
	pthread_create(&measuring, NULL, measure, shared);
	pthread_join(copying, NULL);
	pthread_join(measuring, NULL);
	return length != 3 && length != 5;
}
