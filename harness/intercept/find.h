/* find.h - the C library's own function of a name, for those that are rarely called or made by a
 * macro; all others are in machine/real.h. */
#ifndef HEDDLE_INTERCEPT_FIND_H
#define HEDDLE_INTERCEPT_FIND_H

#include <dlfcn.h>

/* `real_one` of the function `name`. */
#define FIND(result, name, parameters)                                                             \
	static result(*real_one) parameters;                                                       \
                                                                                                   \
	if (!real_one)                                                                             \
	*(void **)&real_one = dlsym(RTLD_NEXT, #name)

/* The function `name` itself, looked for at each call. */
#define REAL(result, name, parameters) ((result(*) parameters)dlsym(RTLD_NEXT, name))

#endif
