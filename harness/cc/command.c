#include "cc/command.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OWN_COMPILER "--heddle-compiler="

/* Options whose value is the next argument (gcc(1), "Option Summary", and clang's own). */
static const char *const with_value[] = {
	"-o",		"-x",	     "-I",
	"-L",		"-D",	     "-U",
	"-l",		"-include",  "-imacros",
	"-isystem",	"-iquote",   "-idirafter",
	"-isysroot",	"-iprefix",  "-MF",
	"-MT",		"-MQ",	     "-Xlinker",
	"-T",		"-u",	     "-z",
	"-e",		"-B",	     "-A",
	"-Xassembler",	"-Xclang",   "-mllvm",
	"--param",	"-target",   "--sysroot",
	"-arch",	"-wrapper",  "-Xpreprocessor",
	"-aux-info",	"-dumpbase", "-dumpdir",
	"-specs",	"-soname",   "-G",
	"-iwithprefix",
};

/* Options after which nothing is linked. */
static const char *const no_link[] = {
	"-c",
	"-S",
	"-E",
	"-M",
	"-MM",
	"-fsyntax-only",
	"--precompile",
	"-r",
	"--relocatable",
	"-Wl,-r",
	"-Wl,--relocatable",
};

static bool is_any(const char *argument, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(argument, list[i]))
			return true;
	return false;
}

#define IS_ANY(argument, list) is_any(argument, list, sizeof(list) / sizeof(*(list)))

static bool starts_with(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

static bool is_question(const char *argument)
{
	return starts_with(argument, "-print-") || starts_with(argument, "--print-") ||
	       !strcmp(argument, "-dumpversion") || !strcmp(argument, "-dumpfullversion") ||
	       !strcmp(argument, "-dumpmachine") || !strcmp(argument, "-dumpspecs") ||
	       starts_with(argument, "--help") || !strcmp(argument, "--version") ||
	       !strcmp(argument, "-###");
}

bool command_is_own(const char *argument)
{
	return starts_with(argument, OWN_COMPILER);
}

static const char *conflict_of(const char *argument)
{
	static const char *const others[] = {"address",	       "memory", "hwaddress",
					     "kernel-address", "leak",	 "dataflow"};

	if (!starts_with(argument, "-fsanitize="))
		return NULL;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (strstr(argument, others[i]))
			return argument;
	return NULL;
}

static void option_read(struct command *command, const char *argument)
{
	if (command_is_own(argument))
		command->compiler = argument + strlen(OWN_COMPILER);
	if (starts_with(argument, "-g") && !starts_with(argument, "-gcc"))
		command->debug = true;
	if (conflict_of(argument))
		command->conflict = argument;
	if (IS_ANY(argument, no_link) && command->kind != COMMAND_NEITHER)
		command->kind = COMMAND_COMPILE;
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

struct command command_read(int argc, char **argv)
{
	struct command command = {.argc = argc, .argv = argv, .kind = COMMAND_LINK};
	bool input = false, question = false;

	command.cxx = strstr(last_part(argv[0]), "++") != NULL;
	for (int i = 1; i < argc; i++) {
		if (argv[i][0] != '-' || !argv[i][1]) {
			input = true;
			continue;
		}
		question |= is_question(argv[i]);
		option_read(&command, argv[i]);
		if (starts_with(argv[i], "-l"))
			input = true;
		if (IS_ANY(argv[i], with_value))
			i++;
	}
	if (!input || question)
		command.kind = COMMAND_NEITHER;
	return command;
}

/* Where the PATH leads for `name`. */
static bool path_find(const char *name, char *found, size_t size)
{
	const char *path = getenv("PATH");

	while (path && *path) {
		size_t length = strcspn(path, ":");

		snprintf(found, size, "%.*s/%s", (int)length, path, name);
		if (!access(found, X_OK))
			return true;
		path += length + (path[length] == ':');
	}
	return false;
}

bool command_is_clang(const char *compiler)
{
	char found[PATH_MAX], real[PATH_MAX];

	if (strstr(last_part(compiler), "clang"))
		return true;
	if (strchr(compiler, '/'))
		snprintf(found, sizeof(found), "%s", compiler);
	else if (!path_find(compiler, found, sizeof(found)))
		return false;
	return realpath(found, real) && strstr(last_part(real), "clang");
}
