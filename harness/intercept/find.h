/* find.h - the C library's own function of a name, where its interposer is made by a macro. */
#ifndef HEDDLE_INTERCEPT_FIND_H
#define HEDDLE_INTERCEPT_FIND_H

#include <dlfcn.h>

/* `real_one` of the function `name`. */
#define FIND(result, name, parameters)                                                             \
	static result(*real_one) parameters;                                                       \
                                                                                                   \
	if (!real_one)                                                                             \
	*(void **)&real_one = dlsym(RTLD_NEXT, #name)

#endif
