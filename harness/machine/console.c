#include "machine/console.h"

#include "machine/memory.h"
#include "machine/syscall.h"

#include <stdio.h>

#define CONSOLE_BYTES (1ul << 20)

static char *kept;
static size_t length;
static long mark;
static int file = -1;

void console_init(int fd)
{
	file = fd;
	kept = memory_reserve(CONSOLE_BYTES);
}

void console_mark(void)
{
	mark = sys_call3(SYS_lseek, file, 0, SEEK_END);
}

void console_reset(void)
{
	length = 0;
}

void console_rewind_file(void)
{
	sys_call2(SYS_ftruncate, file, mark);
	sys_call3(SYS_lseek, file, mark, SEEK_SET);
}

void console_write(const void *data, size_t bytes)
{
	if (bytes > CONSOLE_BYTES - length)
		bytes = CONSOLE_BYTES - length;
	memory_copy(kept + length, data, bytes);
	length += bytes;
}

/* The fields are the C library's public ones (bits/types/struct_FILE.h). */
static void take(FILE *stream)
{
	if (stream->_IO_write_ptr <= stream->_IO_write_base)
		return;
	console_write(stream->_IO_write_base,
		      (size_t)(stream->_IO_write_ptr - stream->_IO_write_base));
	stream->_IO_write_ptr = stream->_IO_write_base;
}

void console_take_stdio(void)
{
	take(stdout);
	take(stderr);
}

void console_publish(void)
{
	sys_call2(SYS_ftruncate, file, mark);
	sys_call4(SYS_pwrite64, file, kept, length, mark);
}

void console_append(void)
{
	sys_call3(SYS_lseek, file, 0, SEEK_END);
	sys_call3(SYS_write, file, kept, length);
	length = 0;
}
