#include "machine/real.h"

#include <dlfcn.h>

struct real real;

void real_resolve(void)
{
	if (real.pthread_create)
		return;
#define X(result, name, parameters) *(void **)&real.name = dlsym(RTLD_NEXT, #name);
	REAL_FUNCTIONS(X)
#undef X
}
