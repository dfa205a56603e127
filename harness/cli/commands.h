/* commands.h - the subcommands. Each does what its options say and returns the exit status of the
 * command. */
#ifndef HEDDLE_CLI_COMMANDS_H
#define HEDDLE_CLI_COMMANDS_H

#include "cli/options.h"

enum status command_run(const struct options *options);
enum status command_replay(const struct options *options);
enum status command_explore(const struct options *options);
enum status command_native(const struct options *options);
enum status command_show(const struct options *options);
enum status command_diff(const struct options *options);

#endif
