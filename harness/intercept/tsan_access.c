/* tsan_access.c - the hooks of plain memory accesses. The hook is called before the access; when it
 * returns, the access follows at once. */
#include "cc/hooks_list.h"
#include "intercept/interpose.h"
#include "session/access.h"

#define CALLER __builtin_return_address(0)

static inline void update(void *address, size_t size, const void *pc)
{
	access_read(address, size, pc);
	access_write(address, size, pc);
}

#define read_access(address, size, pc)		 access_read(address, size, pc)
#define write_access(address, size, pc)		 access_write(address, size, pc)
#define update_access(address, size, pc)	 update(address, size, pc)
#define volatile_read_access(address, size, pc)	 access_read_volatile(address, size, pc)
#define volatile_write_access(address, size, pc) access_write_volatile(address, size, pc)

#define HOOK(hook, kind, size)                                                                     \
	INTERPOSE void hook(void *address);                                                        \
	void hook(void *address)                                                                   \
	{                                                                                          \
		kind##_access(address, size, CALLER);                                              \
	}
HOOKS_ACCESS(HOOK)

#define HOOK_PC(hook, kind, size)                                                                  \
	INTERPOSE void hook(void *address, void *pc);                                              \
	void hook(void *address, void *pc)                                                         \
	{                                                                                          \
		kind##_access(address, size, pc);                                                  \
	}
HOOKS_ACCESS_PC(HOOK_PC)

INTERPOSE void __tsan_read_range(void *address, unsigned long size);
void __tsan_read_range(void *address, unsigned long size)
{
	access_read(address, size, CALLER);
}

INTERPOSE void __tsan_write_range(void *address, unsigned long size);
void __tsan_write_range(void *address, unsigned long size)
{
	access_write(address, size, CALLER);
}

INTERPOSE void __tsan_read_range_pc(void *address, unsigned long size, void *pc);
void __tsan_read_range_pc(void *address, unsigned long size, void *pc)
{
	access_read(address, size, pc);
}

INTERPOSE void __tsan_write_range_pc(void *address, unsigned long size, void *pc);
void __tsan_write_range_pc(void *address, unsigned long size, void *pc)
{
	access_write(address, size, pc);
}

INTERPOSE void __tsan_vptr_read(void **address);
void __tsan_vptr_read(void **address)
{
	access_read(address, sizeof(*address), CALLER);
}

/* A constructor or destructor stores the table that is there already in most cases: then nothing
 * changes. */
INTERPOSE void __tsan_vptr_update(void **address, void *value);
void __tsan_vptr_update(void **address, void *value)
{
	if (*address != value)
		access_write(address, sizeof(*address), CALLER);
}

INTERPOSE void __tsan_external_read(void *address, void *pc, void *tag);
void __tsan_external_read(void *address, void *pc, void *tag)
{
	(void)tag;
	access_read(address, 1, pc);
}

INTERPOSE void __tsan_external_write(void *address, void *pc, void *tag);
void __tsan_external_write(void *address, void *pc, void *tag)
{
	(void)tag;
	access_write(address, 1, pc);
}
