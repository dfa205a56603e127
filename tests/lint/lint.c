/*
 * lint.c - what the compiler and the formatter do not check: layers, sizes, and what has no place
 * in the repository.
 *
 * Usage: git ls-files | lint harness/LAYERS. Prints one line for each finding, FILE:LINE: what;
 * exit status 1 when there is any.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_BYTES	4096
#define ROOMS_MAX	32
#define FUNCTION_LINES	70
#define FUNCTION_REASON 50
#define FILE_LINES	500

struct room {
	char name[32];
	char may[256]; /* rooms that it may include, with a space before and after each */
};

static struct room rooms[ROOMS_MAX];
static int room_count, findings;

static void found(const char *file, int line, const char *what, const char *detail)
{
	printf("%s:%d: %s%s\n", file, line, what, detail);
	findings++;
}

/* The room called by the first `length` bytes of `name`. */
static const struct room *room_find(const char *name, size_t length)
{
	for (int i = 0; i < room_count; i++)
		if (strlen(rooms[i].name) == length && !strncmp(rooms[i].name, name, length))
			return &rooms[i];
	return NULL;
}

/* Each room names only rooms above its own line, so that there is no circle. */
static void room_add(const char *path, int line, const char *name, const char *may)
{
	struct room *room = &rooms[room_count];

	for (const char *word = may; *(word += strspn(word, " ")); word += strcspn(word, " "))
		if (!room_find(word, strcspn(word, " ")))
			found(path, line, "a room that does not stand above: ", word);
	if (room_count == ROOMS_MAX) {
		found(path, line, "more rooms than lint has place for", "");
		return;
	}
	snprintf(room->name, sizeof(room->name), "%.31s", name);
	snprintf(room->may, sizeof(room->may), "%.250s ", may);
	room_count++;
}

static void layers_read(const char *path)
{
	char line[LINE_BYTES], *colon;
	FILE *file = fopen(path, "r");
	int number = 0;

	if (!file) {
		fprintf(stderr, "lint: cannot read %s\n", path);
		exit(2);
	}
	while (fgets(line, sizeof(line), file)) {
		number++;
		line[strcspn(line, "\n")] = '\0';
		colon = strchr(line, ':');
		if (line[0] == '#' || !colon)
			continue;
		*colon = '\0';
		room_add(path, number, line, colon + 1);
	}
	fclose(file);
}

static const struct room *room_of(const char *path)
{
	const struct room *room;
	size_t length;

	if (strncmp(path, "harness/", 8) || !strchr(path + 8, '/'))
		return NULL;
	length = strcspn(path + 8, "/");
	room = room_find(path + 8, length);
	if (!room)
		found(path, 1, "in a room that harness/LAYERS does not have", "");
	return room;
}

static void include_check(const char *file, int number, const char *line, const struct room *room)
{
	char name[64], spaced[66];
	int slash = 0;

	if (!room || sscanf(line, "#include \"%63[^/\"]%n", name, &slash) != 1 ||
	    line[slash] != '/')
		return;
	if (!strcmp(name, room->name))
		return;
	snprintf(spaced, sizeof(spaced), " %s ", name);
	if (!strstr(room->may, spaced))
		found(file, number, "this room may not include ", name);
}

/* The pure rooms know no operating system. heddle's own assertion, which has to end the process, is
 * the one exception. */
static void purity_check(const char *file, int number, const char *line, const struct room *room)
{
	static const char *const pure[] = {"base", "model", "policy", "detect"};
	static const char *const allowed[] = {"std", "errno.h", "limits.h", "string.h"};
	bool is_pure = false;

	if (!room || strncmp(line, "#include <", 10) || strstr(file, "base/check.c"))
		return;
	for (size_t i = 0; i < sizeof(pure) / sizeof(*pure); i++)
		is_pure |= !strcmp(room->name, pure[i]);
	for (size_t i = 0; i < sizeof(allowed) / sizeof(*allowed); i++)
		is_pure &= strncmp(line + 10, allowed[i], strlen(allowed[i])) != 0;
	if (is_pure)
		found(file, number, "a pure room includes ", line + 9);
}

/* Words of a machine are put together here, so that this file does not have them. */
static void words_check(const char *file, int number, const char *line)
{
	static const char *const folders[] = {"work", "farm", "root"};
	char path[16];

	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		snprintf(path, sizeof(path), " /%s/", folders[i]);
		if (strstr(line, path))
			found(file, number, "the path of a machine: ", path);
		path[0] = '"';
		if (strstr(line, path))
			found(file, number, "the path of a machine: ", path);
	}
	if (strstr(line, "TO"
			 "DO") ||
	    strstr(line, "FIX"
			 "ME"))
		found(file, number, "a note to do something later", "");
}

static bool ends_with(const char *text, const char *end)
{
	size_t a = strlen(text), b = strlen(end);

	return a >= b && !strcmp(text + a - b, end);
}

struct body {
	int start;	/* line of the opening brace, or 0 outside of functions */
	bool commented; /* the line before the function's first is the end of a comment */
	bool candidate;
};

static void body_check(const char *file, int number, const char *line, struct body *body)
{
	bool comment_end = ends_with(line, "*/");

	if (!strcmp(line, "{")) {
		body->start = number;
	} else if (!strcmp(line, "}") && body->start) {
		int lines = number - body->start - 1;

		if (lines > FUNCTION_LINES)
			found(file, body->start, "a function of more than 70 lines", "");
		else if (lines > FUNCTION_REASON && !body->commented)
			found(file, body->start,
			      "a function of more than 50 lines without a comment", "");
		body->start = 0;
		body->commented = false;
	} else if (!body->start && comment_end) {
		body->commented = true;
	} else if (!body->start && !*line) {
		body->commented = false;
	}
}

static void file_check(const char *path)
{
	char line[LINE_BYTES];
	const struct room *room = room_of(path);
	struct body body = {0};
	bool is_c = ends_with(path, ".c") || ends_with(path, ".h");
	FILE *file = fopen(path, "r");
	int number = 0;

	if (!file)
		return;
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		number++;
		words_check(path, number, line);
		if (!is_c)
			continue;
		if (number == 1 && ends_with(path, ".h") && strncmp(line, "/*", 2))
			found(path, 1, "a header that does not open with what it is", "");
		include_check(path, number, line, room);
		purity_check(path, number, line, room);
		body_check(path, number, line, &body);
	}
	if (is_c && number > FILE_LINES)
		found(path, number, "a file of more than 500 lines", "");
	fclose(file);
}

static void top_level_check(const char *path)
{
	static const char *const allowed[] = {"harness/", "include/",  "scenarios/", "tests/",
					      "Makefile", "README.md", "LICENSE"};
	const char *slash = strchr(path, '/');
	size_t length = slash ? (size_t)(slash + 1 - path) : strlen(path);

	if (path[0] == '.')
		return;
	for (size_t i = 0; i < sizeof(allowed) / sizeof(*allowed); i++)
		if (strlen(allowed[i]) == length && !strncmp(path, allowed[i], length))
			return;
	found(path, 1, "has no place at the top level", "");
}

int main(int argc, char **argv)
{
	char path[LINE_BYTES];

	if (argc != 2) {
		fprintf(stderr, "usage: git ls-files | lint harness/LAYERS\n");
		return 2;
	}
	layers_read(argv[1]);
	while (fgets(path, sizeof(path), stdin)) {
		path[strcspn(path, "\n")] = '\0';
		top_level_check(path);
		file_check(path);
	}
	return findings > 0;
}
