/*
 * target.c - finds the program and follows scripts to their interpreter.
 *
 * Invariant: when target_find() succeeds, the file that the kernel will load is a dynamically
 * linked ELF program, so the dynamic linker will read LD_PRELOAD.
 */
#include "cli/target.h"
#include "cli/elf_check.h"
#include "trace/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

/* As the kernel has it: a script's interpreter may be a script, but not for ever. */
#define SCRIPTS_MAX  4
#define SCRIPT_BYTES 256

static int check(struct target *target, const char *path, unsigned scripts, struct error *error);

/* Stores "folder/name"; false where that is too long. */
static bool join(char path[TARGET_PATH_MAX], const char *folder, size_t length, const char *name)
{
	int written = length ? snprintf(path, TARGET_PATH_MAX, "%.*s/%s", (int)length, folder, name)
			     : snprintf(path, TARGET_PATH_MAX, "./%s", name);

	return written >= 0 && written < TARGET_PATH_MAX;
}

static bool is_file(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* Looks through PATH; a file that may not be executed is taken only where there is no other. */
static bool search_path(char path[TARGET_PATH_MAX], const char *name)
{
	const char *folder = getenv("PATH");
	char candidate[TARGET_PATH_MAX];
	bool found = false;

	for (folder = folder ? folder : "/bin:/usr/bin"; folder;) {
		size_t length = strcspn(folder, ":");

		if (join(candidate, folder, length, name) && is_file(candidate)) {
			bool executable = access(candidate, X_OK) == 0;

			if (executable || !found)
				strcpy(path, candidate);
			if (executable)
				return true;
			found = true;
		}
		folder = folder[length] ? folder + length + 1 : NULL;
	}
	return found;
}

static int locate(char path[TARGET_PATH_MAX], const char *name, struct error *error)
{
	if (!*name)
		return error_set(error, "the name of the program is empty");
	if (!strchr(name, '/')) {
		if (search_path(path, name))
			return 0;
		if (is_file(name))
			return error_set(error, "`%s` is not in PATH; is `./%s` meant?", name,
					 name);
		return error_set(error, "there is no program `%s` in PATH", name);
	}
	if (strlen(name) >= TARGET_PATH_MAX)
		return error_set(error, "the name of the program is too long");
	strcpy(path, name);
	return 0;
}

static int check_file(int fd, const char *path, struct error *error)
{
	struct stat status;

	if (fstat(fd, &status) != 0)
		return error_set(error, "cannot look at `%s`: %s", path, strerror(errno));
	if (S_ISDIR(status.st_mode))
		return error_set(error, "`%s` is a folder, not a program", path);
	if (!S_ISREG(status.st_mode))
		return error_set(error, "`%s` is not a regular file, so it cannot be a program",
				 path);
	if (access(path, X_OK) != 0)
		return error_set(error, "`%s` may not be executed: chmod +x it", path);
	if ((status.st_mode & (S_ISUID | S_ISGID)) ||
	    fgetxattr(fd, "security.capability", NULL, 0) > 0)
		return error_set(error,
				 "`%s` is set-uid, set-gid or has capabilities, and the system "
				 "preloads no library into such a program: run a copy without them",
				 path);
	return 0;
}

static int follow_env(struct target *target, const char *path, const char *argument,
		      unsigned scripts, struct error *error)
{
	if (!*argument || strpbrk(argument, "-= \t") == argument || strpbrk(argument, "= \t"))
		return error_set(error,
				 "`%s` starts through env with `%s`: name its interpreter in the "
				 "first line, or run `INTERPRETER %s`",
				 path, argument, path);
	if (scripts > 1)
		return error_set(
			error,
			"`%s` is a script that is run by another script: run `INTERPRETER %s` "
			"with the program that it leads to",
			target->path, target->path);
	if (locate(target->executable, argument, error) != 0)
		return error_wrap(error, "`%s` cannot be started", path);
	target->through_env = true;
	return check(target, target->executable, scripts, error);
}

/* `line` is the first line of the script, after "#!". */
static int follow_script(struct target *target, const char *path, char *line, unsigned scripts,
			 struct error *error)
{
	char *interpreter = line + strspn(line, " \t"), *argument;
	char copy[SCRIPT_BYTES];
	const char *base;

	argument = interpreter + strcspn(interpreter, " \t");
	if (*argument)
		*argument++ = 0;
	argument += strspn(argument, " \t");
	base = strrchr(interpreter, '/');
	if (scripts > SCRIPTS_MAX)
		return error_set(
			error, "`%s` is a script whose interpreters are scripts without end", path);
	if (base && strcmp(base, "/env") == 0)
		return follow_env(target, path, argument, scripts, error);
	strcpy(copy, interpreter);
	if (check(target, copy, scripts, error) != 0)
		return error_wrap(error, "the interpreter of `%s` cannot be used", path);
	return 0;
}

static int check_contents(struct target *target, int fd, const char *path, unsigned scripts,
			  struct error *error)
{
	char start[SCRIPT_BYTES] = "";
	ssize_t length = pread(fd, start, sizeof(start) - 1, 0);

	if (length < 0)
		return error_set(error, "cannot read `%s`: %s", path, strerror(errno));
	if (length >= 2 && start[0] == '#' && start[1] == '!') {
		char *line = start + 2, *end = line + strcspn(line, "\n");

		for (*end = 0; end > line && strchr(" \t\r", end[-1]);)
			*--end = 0;
		return follow_script(target, path, line, scripts + 1, error);
	}
	return elf_check(fd, path, &target->needs_tsan, &target->has_hooks, error);
}

static int check(struct target *target, const char *path, unsigned scripts, struct error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), result;

	if (fd < 0 && errno == ENOENT)
		return error_set(error, "there is no file `%s`", path);
	if (fd < 0)
		return error_set(error, "cannot read `%s`: %s", path, strerror(errno));
	result = check_file(fd, path, error);
	if (result == 0)
		result = check_contents(target, fd, path, scripts, error);
	close(fd);
	return result;
}

int target_find(struct target *target, const char *name, struct error *error)
{
	*target = (struct target){.hash = 0};
	if (locate(target->path, name, error) != 0 || check(target, target->path, 0, error) != 0)
		return -1;
	if (!target->through_env)
		strcpy(target->executable, target->path);
	return trace_hash_file(target->path, &target->hash, error);
}
