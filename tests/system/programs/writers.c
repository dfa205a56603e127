/* Two threads that write twice each, in the way that the argument names. */
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *way;

static int is(const char *name)
{
	return !strcmp(way, name);
}

__attribute__((format(printf, 1, 2))) static void by_list(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	if (is("vprintf"))
		vprintf(format, list);
	else if (is("vfprintf"))
		vfprintf(stdout, format, list);
	else
		vdprintf(1, format, list);
	va_end(list);
}

static void to_memory(int number)
{
	char *text = NULL;
	size_t bytes;
	FILE *file = open_memstream(&text, &bytes);

	fprintf(file, "%d\n", number);
	fclose(file);
	free(text);
}

static void write_number(int number)
{
	struct iovec part = {.iov_base = "text\n", .iov_len = 5};

	if (is("printf"))
		printf("%d\n", number);
	else if (is("fprintf"))
		fprintf(stdout, "%d\n", number);
	else if (is("dprintf"))
		dprintf(1, "%d\n", number);
	else if (is("puts"))
		puts("text");
	else if (is("putchar"))
		putchar('0' + number);
	else if (is("fputc"))
		fputc('0' + number, stderr);
	else if (is("fputs"))
		fputs("text\n", stderr);
	else if (is("fwrite"))
		fwrite(&number, sizeof(number), 1, stdout);
	else if (is("write"))
		number = (int)write(1, "text\n", 5);
	else if (is("writev"))
		number = (int)writev(2, &part, 1);
	else if (is("perror"))
		perror("text");
	else if (is("memory"))
		to_memory(number);
	else if (is("apart"))
		fprintf(number ? stdout : stderr, "%d\n", number);
	else
		by_list("%d\n", number);
}

static void *work(void *argument)
{
	int number = *(int *)argument;

	write_number(number);
	write_number(number);
	return NULL;
}

int main(int argc, char **argv)
{
	static int numbers[] = {0, 1};
	pthread_t threads[2];

	way = argc > 1 ? argv[1] : "printf";
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, work, &numbers[i]);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
