/* target.h - the program to be run: is it there, and can heddle control it?
 *
 * Looked at before anything is started, so that what cannot work is said in a sentence instead of
 * being seen in a hang. Knows files and formats, not processes.
 */
#ifndef HEDDLE_CLI_TARGET_H
#define HEDDLE_CLI_TARGET_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

#define TARGET_PATH_MAX 4096

struct target {
	char path[TARGET_PATH_MAX]; /* the file that was named: a program, or a script */
	/* What is started. The same file; for a script that says `#!/usr/bin/env NAME` the program
	 * NAME, as env would hand over to it with heddle left behind. */
	char executable[TARGET_PATH_MAX];
	bool through_env; /* `executable` is NAME: it is started with `path` before the arguments */
	bool needs_tsan;  /* linked with gcc's libtsan.so.2, whose place heddle has to take */
	bool has_hooks;	  /* its memory accesses are calls: built with heddle-cc, or needs_tsan */
	uint64_t hash;	  /* of the file at `path`, as in a trace */
};

/* Finds `name` as a shell would, and checks it. Returns 0, or -1 with `error`, which says what to
 * do. */
int target_find(struct target *target, const char *name, struct error *error);

#endif
