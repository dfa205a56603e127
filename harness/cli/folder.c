#include "cli/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int folder_check(const char *path, struct error *error)
{
	struct stat status;
	char probe[4096];
	int fd;

	if (stat(path, &status) != 0)
		return error_set(error, "cannot write into the folder `%s`: %s", path,
				 strerror(errno));
	if (!S_ISDIR(status.st_mode))
		return error_set(error, "`%s` is not a folder", path);
	if (snprintf(probe, sizeof(probe), "%s/.heddle-%d", path, (int)getpid()) >=
	    (int)sizeof(probe))
		return error_set(error, "the name of the folder `%.80s...` is too long", path);
	fd = open(probe, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_set(error, "cannot write into the folder `%s`: %s", path,
				 strerror(errno));
	close(fd);
	unlink(probe);
	return 0;
}

int folder_check_file(const char *path, const char *what, struct error *error)
{
	const char *slash = strrchr(path, '/');
	struct stat status;
	char folder[4096];
	bool exists = stat(path, &status) == 0;

	if (exists && S_ISDIR(status.st_mode))
		return error_set(error, "cannot write %s: `%s` is a folder", what, path);
	if (exists && !S_ISREG(status.st_mode))
		return 0;
	snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - path + 1) : 1,
		 slash ? path : ".");
	if (folder_check(folder, error) != 0)
		return error_wrap(error, "cannot write %s", what);
	return 0;
}
