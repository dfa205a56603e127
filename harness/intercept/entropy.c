/* entropy.c - the C library's sources of randomness. Those that read a file are not among them. */
#include "session/entropy.h"
#include "intercept/interpose.h"
#include "machine/real.h"
#include "session/session.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

/* As the kernel documents it for getentropy. */
#define GETENTROPY_MAX 256u

INTERPOSE ssize_t getrandom(void *at, size_t bytes, unsigned flags)
{
	if (!session.attached)
		return real.getrandom(at, bytes, flags);
	entropy_fill(at, bytes);
	return (ssize_t)bytes;
}

INTERPOSE int getentropy(void *at, size_t bytes)
{
	if (!session.attached)
		return real.getentropy(at, bytes);
	if (bytes > GETENTROPY_MAX) {
		errno = EIO;
		return -1;
	}
	entropy_fill(at, bytes);
	return 0;
}

INTERPOSE void arc4random_buf(void *at, size_t bytes)
{
	if (session.attached)
		entropy_fill(at, bytes);
	else
		real.arc4random_buf(at, bytes);
}

INTERPOSE uint32_t arc4random(void)
{
	uint32_t number;

	arc4random_buf(&number, sizeof(number));
	return number;
}

INTERPOSE uint32_t arc4random_uniform(uint32_t bound)
{
	uint64_t number = arc4random();

	return (uint32_t)(number * bound >> 32);
}
