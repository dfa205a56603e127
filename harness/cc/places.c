#include "cc/places.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool own_folder(char *folder)
{
	ssize_t length = readlink("/proc/self/exe", folder, PATH_MAX - 1);
	char *slash;

	if (length < 0)
		return false;
	folder[length] = '\0';
	slash = strrchr(folder, '/');
	if (slash)
		*slash = '\0';
	return slash;
}

static bool set_if_there(struct places *places, const char *own, const char *lib,
			 const char *include)
{
	char archive[PATH_MAX + 64];

	if (snprintf(places->lib, sizeof(places->lib), "%s/%s", own, lib) >=
	    (int)sizeof(places->lib) - 8)
		return false;
	snprintf(archive, sizeof(archive), "%s/libheddle_hooks.a", places->lib);
	if (access(archive, R_OK))
		return false;
	snprintf(places->include, sizeof(places->include), "%.*s/%s", PATH_MAX - 32, own, include);
	snprintf(places->specs, sizeof(places->specs), "%.*s/hooks.specs", PATH_MAX - 32,
		 places->lib);
	return true;
}

static bool ffi_is_there(void)
{
	static const char *const candidates[] = {"/usr/lib/x86_64-linux-gnu/libffi.so",
						 "/usr/lib64/libffi.so", "/usr/lib/libffi.so",
						 "/usr/local/lib/libffi.so"};

	for (size_t i = 0; i < sizeof(candidates) / sizeof(*candidates); i++)
		if (!access(candidates[i], R_OK))
			return true;
	return false;
}

int places_find(struct places *places)
{
	char own[PATH_MAX];

	if (own_folder(own) && (set_if_there(places, own, "lib", "include") ||
				set_if_there(places, own, "../lib/heddle", "../include"))) {
		places->has_ffi = ffi_is_there();
		return 0;
	}
	fprintf(stderr, "heddle-cc: libheddle_hooks.a is not beside this program: run `make' or "
			"`make install' again\n");
	return -1;
}
