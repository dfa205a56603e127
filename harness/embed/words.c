/*
 * words.c - see words.h.
 *
 * A command line, and not a structure for the command to read, so that the command checks what it
 * is given in one place, and says of a wrong option what it says to everybody.
 */
#include "embed/words.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 4096

static void *must_have(void *memory)
{
	if (!memory) {
		fputs("heddle: no memory\n", stderr);
		abort();
	}
	return memory;
}

static void add(struct words *words, const char *word)
{
	size_t bytes = (words->count + 2) * sizeof(*words->list);

	words->list = must_have(realloc(words->list, bytes));
	words->list[words->count++] = must_have(strdup(word));
	words->list[words->count] = NULL;
}

__attribute__((format(printf, 2, 3))) static void add_made(struct words *words, const char *format,
							   ...)
{
	char word[PATH_BYTES + 8];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(word, sizeof(word), format, arguments);
	va_end(arguments);
	add(words, word);
}

static void add_text(struct words *words, const char *option, const char *text)
{
	if (!text || !*text)
		return;
	add(words, option);
	add(words, text);
}

/* As the public structure has it: 0 is the default. */
static void add_number(struct words *words, const char *option, int number)
{
	if (number)
		add_made(words, "%s=%d", option, number == HEDDLE_NONE ? 0 : number);
}

static void add_flag(struct words *words, const char *option, int is_set)
{
	if (is_set)
		add(words, option);
}

static void add_races(struct words *words, int races)
{
	if (races == HEDDLE_RACES_STOP)
		add(words, "--races=stop");
	else if (races == HEDDLE_RACES_OFF)
		add(words, "--races=off");
	else if (races != HEDDLE_RACES_REPORT)
		add_made(words, "--races=%d", races);
}

static void add_options(struct words *words, const heddle_options_t *options)
{
	add_text(words, "--strategy", options->strategy);
	if (options->seed)
		add_made(words, "--seed=%llu", options->seed);
	if (options->executions)
		add_made(words, "--executions=%llu", options->executions);
	if (options->seconds != 0)
		add_made(words, "--time=%g", options->seconds);
	add_number(words, "--preemptions", options->preemptions);
	add_number(words, "--spurious", options->spurious);
	add_number(words, "--timeouts", options->timeouts);
	add_races(words, options->races);
	if (options->workers)
		add_made(words, "-j%u", options->workers);
	add_flag(words, "--keep-going", options->keep_going);
	add_flag(words, "--wait-for-threads", options->wait_for_threads);
	add_text(words, "--out", options->out);
	for (const char *const *more = options->more; more && *more; more++)
		add(words, *more);
}

static void add_from_environment(struct words *words)
{
	const char *at = getenv("HEDDLE_OPTIONS");
	char word[256];

	while (at && *(at += strspn(at, " \t"))) {
		size_t length = strcspn(at, " \t");

		snprintf(word, sizeof(word), "%.*s", (int)length, at);
		add(words, word);
		at += length;
	}
}

static bool is_same_file(const char *one, const char *other)
{
	struct stat a, b;

	return !stat(one, &a) && !stat(other, &b) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* The program as it was typed, where that still leads to it; else from the current folder on, so
 * that a trace is good for others, too. */
static void add_program(struct words *words, const char *typed)
{
	char path[PATH_BYTES], folder[PATH_BYTES];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
	size_t inside;

	path[length > 0 ? length : 0] = '\0';
	if (strchr(typed, '/') && is_same_file(typed, path)) {
		add(words, typed);
		return;
	}
	inside = getcwd(folder, sizeof(folder)) ? strlen(folder) : 0;
	if (inside && !strncmp(path, folder, inside) && path[inside] == '/')
		add_made(words, ".%s", path + inside);
	else
		add(words, path);
}

/* All of them, one after the other. */
static char *own_words(size_t *bytes)
{
	FILE *file = fopen("/proc/self/cmdline", "re");
	char *words = NULL;
	size_t room = 0;
	int byte;

	*bytes = 0;
	while (file && (byte = getc(file)) != EOF) {
		if (*bytes + 1 >= room)
			words = must_have(realloc(words, room = 2 * room + 256));
		words[(*bytes)++] = (char)byte;
	}
	if (file)
		fclose(file);
	if (words)
		words[*bytes] = '\0';
	return words;
}

static void add_command_line(struct words *words, const char *const *arguments)
{
	size_t bytes;
	char *own = own_words(&bytes);

	add_program(words, own ? own : "");
	for (const char *const *argument = arguments; argument && *argument; argument++)
		add(words, *argument);
	if (!arguments && own)
		for (size_t at = strlen(own) + 1; at < bytes; at += strlen(own + at) + 1)
			add(words, own + at);
	free(own);
}

void words_explore(struct words *words, const char *command, const heddle_options_t *options)
{
	static const heddle_options_t defaults;

	options = options ? options : &defaults;
	*words = (struct words){.count = 0};
	add(words, command);
	add(words, "explore");
	add_options(words, options);
	add_from_environment(words);
	add(words, "--");
	add_command_line(words, options->arguments);
}

void words_replay(struct words *words, const char *command, const char *trace)
{
	*words = (struct words){.count = 0};
	add(words, command);
	add(words, "replay");
	add(words, trace);
}

void words_free(struct words *words)
{
	for (size_t i = 0; i < words->count; i++)
		free(words->list[i]);
	free(words->list);
}
