/* output.c - writes to descriptor N are operations on a word of ours, which a trace calls `fd[N]`.
 */
#include "session/output.h"

#include "session/step.h"
#include "session/streams.h"
#include "session/transfer.h"

#include <errno.h>

/* Those from the last on share one: more order than there need be, and never less. */
#define DESCRIPTORS 256

static uint64_t fd[DESCRIPTORS];

void output_stream_point(int number, const void *pc)
{
	struct thread *self = thread_controlled();

	stream_use(self, number, pc);
	transfer_stream(self, number, pc);
	output_point(number, pc);
}

void output_point(int number, const void *pc)
{
	struct thread *self = thread_controlled();
	int was;

	if (!self || !session.shared->config.output_order || number < 0)
		return;
	was = errno;
	step_object(self, OP_OUTPUT, &fd[number < DESCRIPTORS ? number : DESCRIPTORS - 1], pc,
		    true);
	errno = was;
}
