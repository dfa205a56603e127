/* channel.h - what an operation on something of the kernel's is on, in words: the descriptor that
 * the thread used for it. */
#ifndef HEDDLE_REPORT_CHANNEL_H
#define HEDDLE_REPORT_CHANNEL_H

#include "model/channel.h"

#define CHANNEL_NAME_MAX 64

/* "fd[5]"; "fd[5] pipe"; in `name`, which is returned. `size` is model/channel.h's. */
const char *channel_name(uint32_t size, char name[CHANNEL_NAME_MAX]);
const char *channel_title(uint32_t size, char name[CHANNEL_NAME_MAX]);

#endif
