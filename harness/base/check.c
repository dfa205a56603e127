#include "base/check.h"
#include "base/text.h"

#include <stdlib.h>
#include <sys/syscall.h>

const unsigned long *check_execution, *check_step;

static long raw_syscall(long number, long a, long b, long c)
{
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c)
			 : "rcx", "r11", "memory");
	return result;
}

void check_failed(const char *condition, const char *file, int line)
{
	char buffer[400];
	struct text text = text_over(buffer, sizeof(buffer));

	text_add(&text, "heddle: bug in heddle: `");
	text_add(&text, condition);
	text_add(&text, "' does not hold (");
	text_add(&text, file);
	text_add(&text, ":");
	text_add_number(&text, (unsigned long)line);
	if (check_execution) {
		text_add(&text, ", execution ");
		text_add_number(&text, *check_execution);
	}
	if (check_step) {
		text_add(&text, ", step ");
		text_add_number(&text, *check_step);
	}
	text_add(&text, ")\n");
	raw_syscall(SYS_write, 2, (long)buffer, (long)text.length);
	raw_syscall(SYS_exit_group, 134, 0, 0);
	__builtin_unreachable();
}
