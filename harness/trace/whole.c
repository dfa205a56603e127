#include "trace/whole.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct content {
	whole_print *print;
	const void *what;
};

/* Writes all into `file` and closes it, whatever happens. */
static int write_and_close(const struct content *content, FILE *file, struct error *error)
{
	int failed, reason;

	content->print(file, content->what);
	failed = fflush(file) || ferror(file) ? -1 : 0;
	reason = errno;
	if (fclose(file) && !failed) {
		failed = -1;
		reason = errno;
	}
	return failed ? error_set(error, "%s", strerror(reason)) : 0;
}

static int write_directly(const struct content *content, const char *path, struct error *error)
{
	FILE *file = fopen(path, "we");

	if (!file)
		return error_set(error, "%s", strerror(errno));
	return write_and_close(content, file, error);
}

/* mkstemp() makes files that only their owner can read; these are ordinary ones. */
static void mode_set(int file)
{
	mode_t mask = umask(0);

	umask(mask);
	fchmod(file, 0666 & ~mask);
}

static int write_beside(const struct content *content, const char *path, struct error *error)
{
	char beside[PATH_MAX];
	FILE *file = NULL;
	int fd;

	if (snprintf(beside, sizeof(beside), "%s.XXXXXX", path) >= (int)sizeof(beside))
		return error_set(error, "%s", strerror(ENAMETOOLONG));
	fd = mkstemp(beside);
	if (fd >= 0)
		file = fdopen(fd, "w");
	if (!file)
		return error_set(error, "%s", strerror(errno));
	mode_set(fd);
	if (write_and_close(content, file, error)) {
		unlink(beside);
		return -1;
	}
	if (!rename(beside, path))
		return 0;
	error_set(error, "%s", strerror(errno));
	unlink(beside);
	return -1;
}

int whole_write(const char *path, const char *what_for, whole_print *print, const void *what,
		struct error *error)
{
	const struct content content = {.print = print, .what = what};
	char *real = realpath(path, NULL);
	struct stat status;
	int failed;

	if (!stat(path, &status) && S_ISDIR(status.st_mode))
		failed = error_set(error, "%s", strerror(EISDIR));
	else if (!stat(path, &status) && !S_ISREG(status.st_mode))
		failed = write_directly(&content, path, error);
	else
		failed = write_beside(&content, real ? real : path, error);
	free(real);
	return failed ? error_wrap(error, "cannot write %s `%s`", what_for, path) : 0;
}
