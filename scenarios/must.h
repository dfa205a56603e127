/* must.h - a call that has to succeed: pthread functions return an error number, which nobody
 * should drop. */
#ifndef SCENARIOS_MUST_H
#define SCENARIOS_MUST_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MUST(call)                                                                                 \
	do {                                                                                       \
		int must_code = (call);                                                            \
		if (must_code) {                                                                   \
			fprintf(stderr, "%s: %s\n", #call, strerror(must_code));                   \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

#endif
