/* places.h - where the front end's files are: beside it in the build tree, or where `make install`
 * puts them. */
#ifndef HEDDLE_CC_PLACES_H
#define HEDDLE_CC_PLACES_H

#include <limits.h>
#include <stdbool.h>

struct places {
	char lib[PATH_MAX];	/* libheddle_hooks.a, libheddle_call.a */
	char specs[PATH_MAX];	/* tells gcc's compiler proper to put the hooks in */
	char include[PATH_MAX]; /* heddle.h */
	bool has_ffi;		/* libffi can be linked */
};

/* Returns 0, or -1 after a message on standard error. */
int places_find(struct places *places);

#endif
