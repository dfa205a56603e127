/* command.h - what a compiler command does, told from its arguments. Pure. */
#ifndef HEDDLE_CC_COMMAND_H
#define HEDDLE_CC_COMMAND_H

#include <stdbool.h>

enum command_kind {
	COMMAND_NEITHER, /* a question to the compiler, or nothing to do */
	COMMAND_COMPILE, /* ends before the link */
	COMMAND_LINK,	 /* links, and compiles what has to be compiled before */
};

struct command {
	int argc;
	char **argv; /* argv[0] is the front end's own name */
	enum command_kind kind;
	bool cxx;	      /* called as heddle-c++ */
	bool debug;	      /* the user has said which debug information he wants */
	const char *conflict; /* an argument that cannot be combined with the hooks, or null */
	const char *compiler; /* --heddle-compiler=, or null */
};

struct command command_read(int argc, char **argv);

/* True for arguments that are for the front end and not for the compiler. */
bool command_is_own(const char *argument);

/* True when `compiler` is clang, by its name or by the name of what it leads to. */
bool command_is_clang(const char *compiler);

#endif
