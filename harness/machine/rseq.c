#include "machine/rseq.h"

#include "machine/syscall.h"

#include <errno.h>
#include <pthread.h>
#include <stddef.h>

#define RSEQ_UNREGISTER 1
/* What the C library for x86-64 registers with (its bits/rseq.h). */
#define RSEQ_SIGNATURE 0x53053053
/* The kernel wants the length with which it was registered: 32 at first, more with later features,
 * as AT_RSEQ_FEATURE_SIZE has them and rounded by the library in its own way. */
#define LENGTH_STEP 4
#define LENGTH_MAX  1024

/* The C library's, from 2.35 on. */
extern const ptrdiff_t __rseq_offset __attribute__((weak));
extern const unsigned __rseq_size __attribute__((weak));

bool rseq_leave(void)
{
	if (!&__rseq_size || !__rseq_size)
		return true;
	for (long length = 32; length <= LENGTH_MAX; length += LENGTH_STEP)
		if (!sys_call4(SYS_rseq, (long)pthread_self() + __rseq_offset, length,
			       RSEQ_UNREGISTER, RSEQ_SIGNATURE))
			return true;
	return false;
}
