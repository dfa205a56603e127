/* console.h - what an execution writes to its standard output and error, kept back until someone
 * wants to see it. */
#ifndef HEDDLE_MACHINE_CONSOLE_H
#define HEDDLE_MACHINE_CONSOLE_H

#include <stddef.h>

/* `fd` is the file that output goes to (fds 1 and 2 lead there too). */
void console_init(int fd);

/* From here on: what the file holds now was there before the snapshot and stays. */
void console_mark(void);

/* Forgets what was written since the mark. */
void console_reset(void);

/* The same for output that forked executions wrote straight to the file. */
void console_rewind_file(void);

/* Keeps `bytes` bytes; beyond 1 MB an execution's output is dropped. */
void console_write(const void *data, size_t bytes);

/* Takes what the C library's stdout and stderr still hold. */
void console_take_stdio(void);

/* Writes what was kept at the end of the file. */
void console_append(void);

/* Puts what was kept into the file, behind the mark. */
void console_publish(void);

#endif
