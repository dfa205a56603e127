/* environment.h - the environment in which a program is started under heddle.
 *
 * What the dynamic linker and the C library have to be told is added to what is there; the original
 * values go along under HEDDLE_SAVED_ names, and the library puts them back before the program's
 * main.
 */
#ifndef HEDDLE_CLI_ENVIRONMENT_H
#define HEDDLE_CLI_ENVIRONMENT_H

/* A copy of `old` with the libraries in `preload` (separated by colons) preloaded, functions bound
 * at start, restartable sequences off (they tie a thread control block to a kernel thread), and
 * HEDDLE_SESSION set to `session`. Made with malloc, for an exec that follows. */
char **environment_make(char *const *old, const char *preload, const char *session);

#endif
