/* folder.h - can files be made in a folder? Asked before a long search, whose result would have
 * nowhere to go. */
#ifndef HEDDLE_CLI_FOLDER_H
#define HEDDLE_CLI_FOLDER_H

#include "base/error.h"

/* Tries it out, since rights alone do not tell (a file system may be read-only or full). Returns 0,
 * or -1 with `error`. */
int folder_check(const char *path, struct error *error);

/* The same for one file: its folder, or that it is no folder itself. `what` it is for stands in the
 * error: "cannot write the trace: ...". */
int folder_check_file(const char *path, const char *what, struct error *error);

#endif
