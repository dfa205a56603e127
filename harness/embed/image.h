/* image.h - the copy of the calling process from which workers are forked: session/embedded.h. */
#ifndef HEDDLE_EMBED_IMAGE_H
#define HEDDLE_EMBED_IMAGE_H

#include "session/shared.h"

#include <sys/types.h>

struct body {
	void (*function)(void *);
	void *argument;
	struct stack_report caller; /* the frames of who wants it */
};

/* Forks a worker for each request that comes from `socket`, and ends with the other end. Requires:
 * called in a forked process whose parent, `command`, is the command or becomes it. */
void image_serve(int socket, pid_t command, const struct body *body) __attribute__((noreturn));

#endif
