/*
 * source.c - finds and reads source files.
 *
 * Each file is looked for once, and read whole. What is stale is not shown at all: a line beside an
 * event that it did not make is worse than none.
 */
#include "cli/source.h"

#include "cli/say.h"
#include "trace/store.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_BYTES_MAX (16 << 20)

enum state { STATE_READ, STATE_ABSENT, STATE_NEWER };

struct file {
	const char *name; /* as places have it */
	enum state state;
	char **lines;
	size_t count;
	char *text;
};

struct source {
	const struct trace *trace;
	struct stat program;
	bool has_program, is_same; /* as when the trace was made */
	bool was_asked;
	struct file *files;
	size_t file_count;
};

struct source *source_open(const struct trace *trace)
{
	struct source *source = must_have(calloc(1, sizeof(*source)));
	struct error error;
	uint64_t hash;

	source->trace = trace;
	source->has_program = strchr(trace->program, '/') &&
			      stat(trace->program, &source->program) == 0 &&
			      trace_hash_file(trace->program, &hash, &error) == 0;
	source->is_same = source->has_program && hash == trace->program_hash;
	return source;
}

void source_close(struct source *source)
{
	for (size_t i = 0; i < source->file_count; i++) {
		free(source->files[i].lines);
		free(source->files[i].text);
	}
	free(source->files);
	free(source);
}

/* Opens FOLDER/NAME, where FOLDER are the first `length` bytes of `path`. */
static FILE *open_in(const char *path, size_t length, const char *name)
{
	char full[PATH_MAX];
	struct stat status;
	FILE *in;

	if (snprintf(full, sizeof(full), "%.*s%s", (int)length, path, name) >= (int)sizeof(full))
		return NULL;
	in = fopen(full, "re");
	if (in && (fstat(fileno(in), &status) != 0 || !S_ISREG(status.st_mode))) {
		fclose(in);
		return NULL;
	}
	return in;
}

/* From the current folder; then from the program's and those above it. */
static FILE *open_file(const struct source *source, const char *name)
{
	const char *program = source->trace->program;
	size_t length = strlen(program);
	FILE *in = open_in("", 0, name);

	while (!in && name[0] != '/') {
		while (length && program[length - 1] == '/')
			length--;
		while (length && program[length - 1] != '/')
			length--;
		if (!length)
			break;
		in = open_in(program, length, name);
	}
	return in;
}

static void split(struct file *file, size_t length)
{
	char *rest = file->text, *line;

	file->text[length] = '\0';
	while ((line = strsep(&rest, "\n"))) {
		file->lines = store_room(file->lines, file->count, sizeof(*file->lines));
		line += strspn(line, " \t");
		for (size_t end = strlen(line); end && strchr(" \t\r", line[end - 1]);)
			line[--end] = '\0';
		file->lines[file->count++] = line;
	}
}

static enum state file_read(const struct source *source, struct file *file)
{
	FILE *in = open_file(source, file->name);
	enum state state = STATE_ABSENT;
	struct stat status;

	if (!in)
		return STATE_ABSENT;
	if (fstat(fileno(in), &status) != 0 || status.st_size > FILE_BYTES_MAX) {
		state = STATE_ABSENT;
	} else if (status.st_mtim.tv_sec > source->program.st_mtim.tv_sec) {
		state = STATE_NEWER;
	} else {
		file->text = must_have(malloc((size_t)status.st_size + 1));
		split(file, fread(file->text, 1, (size_t)status.st_size, in));
		state = STATE_READ;
	}
	fclose(in);
	return state;
}

static const struct file *file_of(struct source *source, const char *place, size_t length)
{
	char name[PATH_MAX];
	struct file *file;

	for (size_t i = 0; i < source->file_count; i++)
		if (strlen(source->files[i].name) == length &&
		    !strncmp(source->files[i].name, place, length))
			return &source->files[i];
	if (length >= sizeof(name))
		return NULL;
	memcpy(name, place, length);
	name[length] = '\0';
	source->files = store_room(source->files, source->file_count, sizeof(*source->files));
	file = &source->files[source->file_count++];
	*file = (struct file){.name = store_intern(source->trace->store, name)};
	file->state = file_read(source, file);
	return file;
}

const char *source_line(void *argument, const char *place)
{
	struct source *source = argument;
	const char *colon = strrchr(place, ':');
	const struct file *file;
	unsigned long number;

	if (!colon || colon == place || !colon[1] || colon[1 + strspn(colon + 1, "0123456789")])
		return NULL;
	source->was_asked = true;
	if (!source->is_same)
		return NULL;
	file = file_of(source, place, (size_t)(colon - place));
	number = strtoul(colon + 1, NULL, 10);
	if (!file || file->state != STATE_READ || !number || number > file->count)
		return NULL;
	return file->lines[number - 1];
}

void source_notes(const struct source *source, FILE *out)
{
	if (source->was_asked && source->has_program && !source->is_same)
		fputs("no source lines: the program has changed since the trace was made\n", out);
	for (size_t i = 0; i < source->file_count; i++)
		if (source->files[i].state == STATE_NEWER)
			fprintf(out, "no lines of %s: it is newer than the program\n",
				source->files[i].name);
}
