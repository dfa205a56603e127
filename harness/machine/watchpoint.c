#include "machine/watchpoint.h"

#include "machine/syscall.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>

#ifndef TRAP_PERF
#define TRAP_PERF 6
#endif

/* Above those that the program's files get, as the descriptors of the session. */
#define FD_FIRST 500

/* The largest piece that begins at `address` and ends by `end`. */
static unsigned long piece_bytes(unsigned long address, unsigned long end)
{
	unsigned long bytes = HW_BREAKPOINT_LEN_8;

	while (address % bytes || address + bytes > end)
		bytes /= 2;
	return bytes;
}

static int piece_set(unsigned long address, unsigned long bytes)
{
	struct perf_event_attr attributes = {
		.type = PERF_TYPE_BREAKPOINT,
		.size = sizeof(attributes),
		.bp_type = HW_BREAKPOINT_RW,
		.bp_addr = address,
		.bp_len = bytes,
		.sample_period = 1,
		.inherit = 1,
		.exclude_kernel = 1,
		.exclude_hv = 1,
		.sigtrap = 1,
		/* A condition of sigtrap. */
		.remove_on_exec = 1,
	};
	long fd = sys_call5(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd < 0)
		return (int)-fd;
	/* Where it cannot be moved up it stays, which is in nobody's way but a little. */
	if (sys_call3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, FD_FIRST) >= 0)
		sys_call1(SYS_close, fd);
	return 0;
}

int watchpoint_set(unsigned long address, unsigned long bytes)
{
	unsigned long end = address + bytes;
	int error = 0;

	while (address < end && !error) {
		unsigned long piece = piece_bytes(address, end);

		error = piece_set(address, piece);
		address += piece;
	}
	return error;
}

bool watchpoint_is_reason(const siginfo_t *info)
{
	return info->si_code == TRAP_PERF;
}
