#include "cli/say.h"
#include "cli/options.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void say(const char *format, ...)
{
	va_list arguments;

	fflush(stdout);
	fputs("heddle: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
}

void *must_have(void *memory)
{
	if (memory)
		return memory;
	say("out of memory");
	exit(STATUS_UNABLE);
}
