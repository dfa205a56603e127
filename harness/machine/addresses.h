/* addresses.h - takes the kernel's randomness out of where things lie in memory. */
#ifndef HEDDLE_MACHINE_ADDRESSES_H
#define HEDDLE_MACHINE_ADDRESSES_H

/* Where the process has randomised addresses: starts its program anew without, in the same process;
 * does not return then. Else, and where that is not allowed, does nothing. Call before anything
 * else in the process has begun. */
void addresses_fix(char **argv, char **envp);

#endif
