#include "cli/below.h"
#include "cli/say.h"
#include "report/frames.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool is_file(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* `path` seen from the current folder, into `below`; false where it is not there, or not below. */
static bool find_below(const char *path, char below[PATH_MAX])
{
	char here[PATH_MAX], real[PATH_MAX];
	size_t length;

	if (!realpath(".", here) || !realpath(path, real) || !is_file(real))
		return false;
	length = strlen(here);
	if (strncmp(real, here, length) != 0 || real[length] != '/')
		return false;
	snprintf(below, PATH_MAX, "%s", real + length + 1);
	return true;
}

/* A program that was built elsewhere may still be run where its source is: that is what the short
 * name is tried for. */
static char *place_source(const struct place *place)
{
	char below[PATH_MAX];
	char *text;

	if (!place->line || (!find_below(place->path, below) && !find_below(place->file, below)))
		return NULL;
	if (asprintf(&text, "%s:%u", below, place->line) < 0)
		text = NULL;
	return must_have(text);
}

static char *stack_source(struct symbols *symbols, const struct thread_report *thread)
{
	const struct place *frames[SYMBOLS_FRAMES_MAX];
	size_t count = thread ? symbols_unwind(symbols, thread, frames) : 0;
	char *text = NULL;

	for (size_t i = 0; i < count && !text; i++)
		text = place_source(frames[i]);
	return text;
}

static char *or_nothing(char *text)
{
	return text ? text : must_have(strdup(""));
}

char *source_of(const struct report *report, struct symbols *symbols)
{
	char *text = NULL;

	if (!symbols)
		return or_nothing(NULL);
	if (report->verdict == VERDICT_DATA_RACE)
		text = place_source(symbols_place(symbols, report->race.second.pc));
	if (!text)
		text = stack_source(symbols, frames_culprit(report));
	if (!text)
		text = place_source(symbols_place(symbols, report->pc));
	return or_nothing(text);
}

char *source_of_first(const struct report *report, struct symbols *symbols)
{
	if (!symbols || report->verdict != VERDICT_DATA_RACE)
		return or_nothing(NULL);
	return or_nothing(place_source(symbols_place(symbols, report->race.first.pc)));
}

/* The word before ":31" at `colon`, if it is such a file. */
static char *word_source(const char *text, const char *colon)
{
	size_t digits = strspn(colon + 1, "0123456789");
	char word[PATH_MAX], below[PATH_MAX], *found;
	const char *start = colon;

	while (start > text && !strchr(" \n(", start[-1]))
		start--;
	if (!digits || start == colon || colon - start >= PATH_MAX)
		return NULL;
	snprintf(word, sizeof(word), "%.*s", (int)(colon - start), start);
	if (!find_below(word, below))
		return NULL;
	if (asprintf(&found, "%s:%.*s", below, (int)digits, colon + 1) < 0)
		found = NULL;
	return must_have(found);
}

char *source_in_text(const char *text)
{
	char *found = NULL;

	for (const char *colon = strchr(text, ':'); colon && !found; colon = strchr(colon + 1, ':'))
		found = word_source(text, colon);
	return or_nothing(found);
}
