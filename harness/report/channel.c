#include "report/channel.h"

#include <stdio.h>

static const char *const words[] = {
#define X(name, word) [name] = word,
	CHANNEL_KINDS(X)
#undef X
};

static const char *word_of(uint32_t size)
{
	return channel_kind_of(size) < CHANNEL_KINDS_COUNT ? words[channel_kind_of(size)] : "?";
}

const char *channel_name(uint32_t size, char name[CHANNEL_NAME_MAX])
{
	if (channel_fd_of(size) < 0)
		snprintf(name, CHANNEL_NAME_MAX, "%s", word_of(size));
	else
		snprintf(name, CHANNEL_NAME_MAX, "fd[%d]", channel_fd_of(size));
	return name;
}

const char *channel_title(uint32_t size, char name[CHANNEL_NAME_MAX])
{
	if (channel_fd_of(size) < 0)
		return channel_name(size, name);
	snprintf(name, CHANNEL_NAME_MAX, "fd[%d] %s", channel_fd_of(size), word_of(size));
	return name;
}
