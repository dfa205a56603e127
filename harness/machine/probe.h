/* probe.h - a read of the program's memory that may fault. */
#ifndef HEDDLE_MACHINE_PROBE_H
#define HEDDLE_MACHINE_PROBE_H

/* Copies `size` (at most 8) bytes to `*value`, zero-extended. Returns 0 where the memory cannot be
 * read: the handler of SIGSEGV moves a fault between probe_begin and probe_end to probe_fail. */
int probe_read(const volatile void *address, unsigned size, unsigned long *value);
extern const char probe_begin[], probe_end[], probe_fail[];

#endif
