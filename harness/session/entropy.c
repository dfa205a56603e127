#include "session/entropy.h"

#include "base/rng.h"
#include "session/session.h"
#include "session/spin.h"

/* Streams of their own, apart from those of the schedules. */
#define ENTROPY_STREAM 0x656e74726f707900ul

void entropy_fill(void *at, size_t bytes)
{
	struct rng rng;

	if (session.spins && execution.current)
		spin_break(execution.current);
	rng = rng_stream(session.shared->config.seed ^ ENTROPY_STREAM, execution.random_drawn++);
	unsigned char *to = at;

	for (size_t i = 0; i < bytes; i++)
		to[i] = (unsigned char)(rng_next(&rng) >> 56);
}
