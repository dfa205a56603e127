#include "cli/library.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Relative to the folder of the command: the library, and the folder of the empty libtsan. */
static const char *const places[][3] = {
	{"libheddle.so", "lib/libtsan.so.2", "libheddle_native.so"},
	{"../lib/libheddle.so", "../lib/heddle/libtsan.so.2", "../lib/libheddle_native.so"},
};

static int own_folder(char *folder, size_t size, struct error *error)
{
	ssize_t length = readlink("/proc/self/exe", folder, size - 1);
	char *slash;

	if (length < 0)
		return error_set(error,
				 "cannot find heddle's own folder through /proc/self/exe: %s",
				 strerror(errno));
	folder[length] = 0;
	slash = strrchr(folder, '/');
	if (!slash)
		return error_set(error, "heddle's own name `%s` holds no folder", folder);
	*slash = 0;
	return 0;
}

int library_find(struct library *library, struct error *error)
{
	char folder[LIBRARY_PATH_MAX - 64];

	if (own_folder(folder, sizeof(folder), error) != 0)
		return -1;
	/* The dynamic linker takes both for the end of a name in LD_PRELOAD, and knows no quotes.
	 */
	if (strpbrk(folder, ": "))
		return error_set(error,
				 "heddle lies in `%s`, and nothing can be preloaded from a folder "
				 "with a space or colon in its name: move it",
				 folder);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(library->heddle, sizeof(library->heddle), "%s/%s", folder, places[i][0]);
		snprintf(library->tsan, sizeof(library->tsan), "%s/%s", folder, places[i][1]);
		snprintf(library->native, sizeof(library->native), "%s/%s", folder, places[i][2]);
		if (access(library->heddle, R_OK) == 0)
			return 0;
	}
	return error_set(error,
			 "libheddle.so is neither in `%s` nor in `%s/../lib`: run `make`, or "
			 "install heddle again",
			 folder, folder);
}
