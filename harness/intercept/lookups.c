/*
 * lookups.c - which function the program gets where it asks the dynamic linker for one of the C
 * library's: heddle's, if heddle has one in its place.
 *
 * Without that, a library that wraps a function (dlsym(RTLD_NEXT, "pthread_create"), as jemalloc
 * does for its background threads) gets round heddle. What another object has under the same name
 * stays that object's. Heddle's own look-ups (intercept/find.h, machine/real.h) are for the C
 * library's functions.
 */
#include "machine/elf_symbols.h"

#include <dlfcn.h>
#include <stdbool.h>

/* By lookup.S. */
void *lookup_answer(void *handle, const char *name, int has_version, unsigned long caller);
void *lookup_real[2];

extern const char __ehdr_start[] __attribute__((visibility("hidden")));
extern const char _end[] __attribute__((visibility("hidden")));

static bool is_own(unsigned long address)
{
	return address >= (unsigned long)__ehdr_start && address < (unsigned long)_end;
}

static void resolve(void)
{
	lookup_real[0] = elf_library_function("dlsym");
	lookup_real[1] = elf_library_function("dlvsym");
}

/* What the object finds whose handle that is. */
static void *found_in(void *handle, const char *name)
{
	return ((void *(*)(void *, const char *))lookup_real[0])(handle, name);
}

/* The function to return, or null where the real one is to be asked: also for RTLD_DEFAULT, where
 * the first object that has it is heddle, but for the program itself. */
void *lookup_answer(void *handle, const char *name, int has_version, unsigned long caller)
{
	void *own;

	if (!lookup_real[1])
		resolve();
	if (is_own(caller) || handle == RTLD_DEFAULT)
		return 0;
	own = elf_own_function(name);
	if (!own || !elf_library_function(name))
		return 0;
	if (handle == RTLD_NEXT)
		return own;
	return !has_version && elf_is_library(found_in(handle, name)) ? own : 0;
}
