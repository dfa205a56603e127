/*
 * heddle_cc.c - heddle-cc and heddle-c++: the compiler, with the hooks put in.
 *
 * Owns the decision which arguments are added to those that the user gave; then it becomes the
 * compiler. What kind of command it is (compile, link, both, neither) is told from the arguments
 * alone, as the compiler itself does.
 *
 * Both compilers take -fsanitize=thread for compiling and linking alike, and would link a runtime
 * of their own. So the option goes past the driver to the compiler proper: for gcc in a specs file,
 * for clang behind -Xclang.
 */
#include "cc/arguments.h"
#include "cc/command.h"
#include "cc/places.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *compiler_of(const struct command *command)
{
	const char *chosen = command->compiler;

	if (!chosen)
		chosen = getenv(command->cxx ? "HEDDLE_CXX_COMPILER" : "HEDDLE_CC_COMPILER");
	if (chosen && *chosen)
		return chosen;
	return command->cxx ? "g++" : "gcc";
}

/* A read that is followed by a write to the same place is left out by clang, but another thread may
 * come between. */
static void add_clang_hooks(struct arguments *to)
{
	static const char *const backend[] = {
		"-tsan-instrument-read-before-write=1",
		"-tsan-distinguish-volatile=1",
		"-tsan-instrument-func-entry-exit=0",
	};

	arguments_add(to, "-Qunused-arguments");
	/* As in hooks.specs: a return address in the caller. */
	arguments_add(to, "-fno-optimize-sibling-calls");
	arguments_add(to, "-Xclang");
	arguments_add(to, "-fsanitize=thread");
	for (size_t i = 0; i < sizeof(backend) / sizeof(*backend); i++) {
		arguments_add(to, "-mllvm");
		arguments_add(to, backend[i]);
	}
}

static void add_compiling(struct arguments *to, const struct command *command,
			  const struct places *places, int clang)
{
	if (clang)
		add_clang_hooks(to);
	else
		arguments_add_joined(to, "-specs=", places->specs);
	if (!command->debug)
		arguments_add(to, "-g");
	arguments_add(to, "-idirafter");
	arguments_add(to, places->include);
}

static void add_linking(struct arguments *to, const struct places *places)
{
	arguments_add_joined(to, "-L", places->lib);
	arguments_add(to, "-l:libheddle_call.a");
	if (places->has_ffi) {
		arguments_add(to, "-Wl,--push-state,--as-needed");
		arguments_add(to, "-lffi");
		arguments_add(to, "-Wl,--pop-state");
	}
	arguments_add(to, "-l:libheddle_hooks.a");
}

static void add_users(struct arguments *to, const struct command *command)
{
	for (int i = 1; i < command->argc; i++) {
		const char *argument = command->argv[i];

		if (!command_is_own(argument))
			arguments_add(to, argument);
	}
}

static void become(const char *compiler, struct arguments *arguments)
{
	arguments_add(arguments, NULL);
	execvp(compiler, (char **)arguments->list);
	fprintf(stderr, "heddle-cc: cannot run the compiler `%s': %s\n", compiler, strerror(errno));
	exit(127);
}

int main(int argc, char **argv)
{
	struct command command = command_read(argc, argv);
	struct arguments arguments = {0};
	struct places places;
	const char *compiler = compiler_of(&command);
	int clang = command_is_clang(compiler);

	arguments_add(&arguments, compiler);
	if (command.kind == COMMAND_NEITHER) {
		add_users(&arguments, &command);
		become(compiler, &arguments);
	}
	if (command.conflict) {
		fprintf(stderr,
			"heddle-cc: %s cannot be combined with heddle's own instrumentation: leave "
			"it out\n",
			command.conflict);
		return 1;
	}
	if (places_find(&places))
		return 1;
	add_compiling(&arguments, &command, &places, clang);
	add_users(&arguments, &command);
	/* The driver, which would link a runtime, must not hear of the user's own
	 * -fsanitize=thread, wherever that stands: in a list, or in a file of arguments. */
	arguments_add(&arguments, "-fno-sanitize=thread");
	if (command.kind == COMMAND_LINK)
		add_linking(&arguments, &places);
	become(compiler, &arguments);
}
