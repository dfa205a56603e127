/* elf_check.h - what a program's ELF headers tell: can a library be preloaded into it? */
#ifndef HEDDLE_CLI_ELF_CHECK_H
#define HEDDLE_CLI_ELF_CHECK_H

#include "base/error.h"

#include <stdbool.h>

/* Checks that the open file is a dynamically linked program for this architecture and C library,
 * and finds out whether it needs gcc's thread sanitizer library, and whether its memory accesses
 * are calls that heddle can take. `name` is for the message. Returns 0, or -1 with `error`. */
int elf_check(int fd, const char *name, bool *needs_tsan, bool *has_hooks, struct error *error);

#endif
