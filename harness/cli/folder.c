#include "cli/folder.h"

#include <errno.h>
#include <fcntl.h>
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
