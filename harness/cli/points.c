/*
 * points.c - see points.h.
 *
 * A place is given to the library as the name of a file and an address in that, since only the
 * dynamic linker decides where it will lie.
 */
#include "cli/points.h"
#include "cli/needed.h"
#include "cli/numbers.h"
#include "cli/quote.h"
#include "report/locate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SETTING_POINT "point"
#define SETTING_WATCH "watch"
#define SETTING_SITE  "watched-at"

#define NAME_BYTES 512

/* What is being looked for, and where. */
struct finder {
	const char *executable;
	struct needed needed;
	struct locate *files[NEEDED_MAX + 1]; /* the program first; opened when asked */
	struct shared_config *config;
	struct error *error;
	const char *option, *word; /* as it was typed */
	char library[NAME_BYTES];  /* "" for the program, and then its libraries */
	char name[NAME_BYTES];	   /* without the library */
};

static int refuse(const struct finder *finder, const char *why)
{
	return error_set(finder->error, "--%s %s: %s", finder->option, finder->word, why);
}

static const char *path_of(const struct finder *finder, size_t file)
{
	return file ? finder->needed.paths[file - 1] : finder->executable;
}

static struct locate *file_at(struct finder *finder, size_t file)
{
	if (!finder->files[file])
		finder->files[file] = locate_open(path_of(finder, file));
	return finder->files[file];
}

/* Threads cannot be switched there, so nothing is looked for either. */
static bool is_c_library(const char *name)
{
	return strncmp(name, "libc.so", 7) == 0 || strncmp(name, "ld-linux", 8) == 0;
}

/* The file may have what is looked for. */
static bool is_candidate(const struct finder *finder, size_t file)
{
	const char *name = needed_name(path_of(finder, file));

	if (finder->library[0])
		return file && strcmp(name, finder->library) == 0;
	return !file || !is_c_library(name);
}

static struct shared_place place_in(const struct finder *finder, size_t file, uint64_t offset)
{
	struct shared_place place = {.offset = offset};

	snprintf(place.module, sizeof(place.module), "%s",
		 file ? needed_name(path_of(finder, file)) : SHARED_PROGRAM);
	return place;
}

static bool library_is_there(const struct finder *finder)
{
	for (size_t file = 1; file <= finder->needed.count; file++)
		if (is_candidate(finder, file))
			return true;
	return !finder->library[0];
}

/* Splits LIBRARY:NAME; a library's name has ".so" in it. */
static int word_take(struct finder *finder, const char *option, const char *word)
{
	const char *colon = strchr(word, ':'), *so = strstr(word, ".so");
	bool has_library = colon && so && so < colon;

	finder->option = option;
	finder->word = word;
	snprintf(finder->library, NAME_BYTES, "%.*s", has_library ? (int)(colon - word) : 0, word);
	snprintf(finder->name, NAME_BYTES, "%s", has_library ? colon + 1 : word);
	if (!finder->name[0])
		return refuse(finder, "nothing is named");
	if (!library_is_there(finder))
		return refuse(finder,
			      "the program is not started with that library (`ldd` tells with "
			      "which ones it is)");
	return 0;
}

/* ------- points ------- */

static int point_add(struct finder *finder, struct shared_place place)
{
	struct shared_config *config = finder->config;

	if (config->point_count == SHARED_POINTS_MAX)
		return refuse(finder, "too many places: there can be 64");
	config->points[config->point_count++] = place;
	return 0;
}

/* An address as the file has it, or where the program has it when it runs. */
static struct shared_place address_place(struct finder *finder, uint64_t address)
{
	for (size_t file = 0; file <= finder->needed.count; file++) {
		struct locate *locate = is_candidate(finder, file) ? file_at(finder, file) : NULL;

		if (locate && (finder->library[0] || locate_is_inside(locate, address)))
			return place_in(finder, file, address);
		if (!finder->library[0])
			break;
	}
	return (struct shared_place){.offset = address};
}

static int line_take(struct finder *finder, char *colon)
{
	uint64_t addresses[SHARED_POINTS_MAX], line = 0;
	size_t count = 0;

	*colon = 0;
	number_read(colon + 1, &line);
	for (size_t file = 0; file <= finder->needed.count && !count; file++) {
		if (!is_candidate(finder, file) || !file_at(finder, file))
			continue;
		count = locate_line(finder->files[file], finder->name, (unsigned)line, addresses,
				    SHARED_POINTS_MAX);
		for (size_t i = 0; i < count; i++)
			if (i == SHARED_POINTS_MAX ||
			    point_add(finder, place_in(finder, file, addresses[i])) != 0)
				return refuse(finder,
					      "the code of that line is in too many places");
	}
	return count ? 0
		     : refuse(finder,
			      "there is no code of that line (the debug information says so, "
			      "or there is none: build with -g)");
}

/* NAME or NAME+OFFSET. */
static int function_take(struct finder *finder)
{
	char *plus = strrchr(finder->name, '+');
	uint64_t address, offset = 0;

	if (plus && number_read(plus + 1, &offset))
		*plus = 0;
	for (size_t file = 0; file <= finder->needed.count; file++)
		if (is_candidate(finder, file) && file_at(finder, file) &&
		    locate_function(finder->files[file], finder->name, &address))
			return point_add(finder, place_in(finder, file, address + offset));
	return refuse(finder,
		      "there is no such function in the program and its libraries (a file that "
		      "was stripped has only the names that it exports)");
}

static int point_take(struct finder *finder, const char *word)
{
	uint64_t number;
	char *colon;

	if (word_take(finder, SETTING_POINT, word) != 0)
		return -1;
	colon = strrchr(finder->name, ':');
	if (strncmp(finder->name, "0x", 2) == 0 && number_read(finder->name, &number))
		return point_add(finder, address_place(finder, number));
	if (colon && colon != finder->name && number_read(colon + 1, &number))
		return line_take(finder, colon);
	return function_take(finder);
}

/* ------- watches ------- */

#define WATCH_BYTES_MAX (8 * SHARED_WATCHES_MAX)

static int watch_add(struct finder *finder, struct shared_watch watch, uint64_t bytes)
{
	if (!bytes)
		return refuse(finder, "its size is not known: name it, as NAME:SIZE");
	if (bytes > WATCH_BYTES_MAX)
		return refuse(finder,
			      "too large: the processor watches at most 4 times 8 bytes; name the "
			      "part that matters, as ADDRESS:SIZE");
	watch.bytes = (uint32_t)bytes;
	finder->config->watches[finder->config->watch_count++] = watch;
	return 0;
}

/* A program that names a library's variable has it in its own memory, as a copy that the library
 * uses, too. */
static size_t file_of(struct finder *finder, size_t file, struct locate_variable *variable)
{
	struct locate_variable copy;

	if (!file || !variable->is_global || !file_at(finder, 0) ||
	    !locate_variable(finder->files[0], finder->name, &copy) || !copy.is_global ||
	    copy.is_thread_local)
		return file;
	variable->address = copy.address;
	return 0;
}

static int variable_take(struct finder *finder, uint64_t bytes)
{
	struct locate_variable variable;

	for (size_t file = 0; file <= finder->needed.count; file++) {
		if (!is_candidate(finder, file) || !file_at(finder, file) ||
		    !locate_variable(finder->files[file], finder->name, &variable))
			continue;
		if (variable.is_thread_local)
			return refuse(finder, "each thread has one of its own");
		file = file_of(finder, file, &variable);
		return watch_add(
			finder,
			(struct shared_watch){.place = place_in(finder, file, variable.address),
					      .is_atomic = variable.is_atomic,
					      .is_volatile = variable.is_volatile},
			bytes ? bytes : variable.bytes);
	}
	return refuse(finder,
		      "there is no such variable in the program and its libraries (a file that "
		      "was stripped has only the names that it exports: then take its address)");
}

static int watch_take(struct finder *finder, const char *word)
{
	uint64_t address, bytes = 0;
	char *colon;

	if (word_take(finder, SETTING_WATCH, word) != 0)
		return -1;
	colon = strrchr(finder->name, ':');
	if (colon && colon[1] != ':' && colon != finder->name && colon[-1] != ':') {
		if (!number_read(colon + 1, &bytes) || !bytes)
			return refuse(finder, "after the colon stands how many bytes there are");
		*colon = 0;
	}
	if (strncmp(finder->name, "0x", 2) != 0 || !number_read(finder->name, &address))
		return variable_take(finder, bytes);
	return watch_add(finder, (struct shared_watch){.place = address_place(finder, address)},
			 bytes);
}

/* ------- all of them ------- */

static int take_all(struct finder *finder, const struct points *points)
{
	for (unsigned i = 0; i < points->point_count; i++)
		if (point_take(finder, points->points[i]) != 0)
			return -1;
	for (unsigned i = 0; i < points->watch_count; i++)
		if (watch_take(finder, points->watches[i]) != 0)
			return -1;
	return 0;
}

int points_resolve(const struct points *points, const char *executable,
		   struct shared_config *config, struct error *error)
{
	struct finder finder = {.executable = executable, .config = config, .error = error};
	int result;

	if (!points->point_count && !points->watch_count)
		return 0;
	needed_find(&finder.needed, executable);
	result = take_all(&finder, points);
	for (size_t file = 0; file <= finder.needed.count; file++)
		locate_close(finder.files[file]);
	needed_free(&finder.needed);
	return result;
}

void points_to_trace(const struct points *points, const struct shared *shared, struct trace *trace)
{
	char text[SHARED_MODULE_BYTES + 32];

	for (unsigned i = 0; i < points->point_count; i++)
		trace_setting_add(trace, SETTING_POINT, points->points[i]);
	for (unsigned i = 0; i < points->watch_count; i++)
		trace_setting_add(trace, SETTING_WATCH, points->watches[i]);
	/* A replay of a run finds them where the run has found them. */
	for (uint32_t i = 0; i < shared->site_count && shared->config.kind == SESSION_EXPLORE;
	     i++) {
		snprintf(text, sizeof(text), "%s+0x%" PRIx64, shared->sites[i].module,
			 shared->sites[i].offset);
		trace_setting_add(trace, SETTING_SITE, text);
	}
}

void points_from_trace(struct points *points, const struct trace *trace)
{
	for (size_t i = 0; i < trace->setting_count; i++) {
		const struct trace_field *setting = &trace->settings[i];

		if (!strcmp(setting->key, SETTING_POINT) && points->point_count < SHARED_POINTS_MAX)
			points->points[points->point_count++] = setting->value;
		if (!strcmp(setting->key, SETTING_WATCH) &&
		    points->watch_count < SHARED_WATCHES_MAX)
			points->watches[points->watch_count++] = setting->value;
	}
}

static void site_read(struct shared *shared, const char *text)
{
	struct shared_place *site = &shared->sites[shared->site_count];
	const char *plus = strrchr(text, '+');

	if (!plus || plus - text >= SHARED_MODULE_BYTES || shared->site_count == SHARED_SITES_MAX ||
	    !number_read(plus + 1, &site->offset))
		return;
	snprintf(site->module, sizeof(site->module), "%.*s", (int)(plus - text), text);
	shared->site_count++;
}

void points_sites_from_trace(struct shared *shared, const struct trace *trace)
{
	for (size_t i = 0; i < trace->setting_count; i++)
		if (!strcmp(trace->settings[i].key, SETTING_SITE))
			site_read(shared, trace->settings[i].value);
}

void points_print(FILE *out, const struct points *points)
{
	for (unsigned i = 0; i < points->point_count; i++) {
		fputs(" --point ", out);
		quote_word(out, points->points[i]);
	}
	for (unsigned i = 0; i < points->watch_count; i++) {
		fputs(" --watch ", out);
		quote_word(out, points->watches[i]);
	}
}
