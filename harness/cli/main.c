#include "cli/commands.h"
#include "cli/help.h"
#include "cli/options.h"
#include "cli/say.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static enum status usage(const char *message, const char *command)
{
	say("%s", message);
	fprintf(stderr, "  see: heddle %s%s--help\n", command ? command : "", command ? " " : "");
	return STATUS_USAGE;
}

static enum status command_help(char **words)
{
	enum command command;
	struct error error;

	if (!words[0]) {
		help_print(stdout);
		return STATUS_OK;
	}
	if (command_find(words[0], &command, &error) != 0)
		return usage(error.text, NULL);
	help_print_command(stdout, command);
	return STATUS_OK;
}

static enum status run_command(enum command command, char **words)
{
	struct options options;
	struct error error;

	if (options_parse(&options, command, words, &error) != 0)
		return usage(error.text, command_table[command].name);
	if (options.help) {
		help_print_command(stdout, command);
		return STATUS_OK;
	}
	switch (command) {
	case COMMAND_RUN:
		return command_run(&options);
	case COMMAND_REPLAY:
		return command_replay(&options);
	case COMMAND_EXPLORE:
		return command_explore(&options);
	case COMMAND_SHOW:
		return command_show(&options);
	case COMMAND_DIFF:
		return command_diff(&options);
	case COMMAND_NATIVE:
		return command_native(&options);
	case COMMAND_COUNT:
		break;
	}
	return STATUS_USAGE;
}

static enum status dispatch(char **words)
{
	enum command command;
	struct error error;

	if (!words[0])
		return usage("no command was given", NULL);
	if (strcmp(words[0], "--help") == 0 || strcmp(words[0], "-h") == 0)
		return command_help(words + 1);
	if (strcmp(words[0], "help") == 0)
		return command_help(words + 1);
	if (strcmp(words[0], "--version") == 0) {
		puts("heddle " HEDDLE_VERSION);
		return STATUS_OK;
	}
	if (strcmp(words[0], "--man") == 0) {
		help_print_manual(stdout);
		return STATUS_OK;
	}
	if (words[0][0] == '-')
		return usage("options stand after the command", NULL);
	if (command_find(words[0], &command, &error) != 0)
		return usage(error.text, NULL);
	return run_command(command, words + 1);
}

/* A descriptor that is closed would be given to the next file, and what is printed would go there.
 */
static void open_standard_files(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

int main(int argc, char **argv)
{
	enum status status;

	open_standard_files();
	status = dispatch(argc > 0 ? argv + 1 : argv);
	errno = 0;
	if (fflush(stdout) != 0 || ferror(stdout)) {
		say("cannot write to standard output%s%s", errno ? ": " : "",
		    errno ? strerror(errno) : "");
		return STATUS_UNABLE;
	}
	return (int)status;
}
