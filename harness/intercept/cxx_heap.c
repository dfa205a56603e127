/* cxx_heap.c - C++'s operators new and delete, which are the C++ library's or the program's own:
 * what these do with malloc() and free() is told of as done where the operator was called. */
#include "intercept/cxx_heap.h"

#include "intercept/interpose.h"
#include "session/session.h"

#include <dlfcn.h>
#include <stdlib.h>

/* Called with the operator's own arguments. An operator that throws has been refused memory, which
 * ends what was told of here: intercept/heap.c. */
#define AS_FROM_HERE(statement)                                                                    \
	do {                                                                                       \
		struct thread *self = thread_controlled();                                         \
		const void *outer = self ? self->heap_caller : 0;                                  \
                                                                                                   \
		if (self && !outer)                                                                \
			self->heap_caller = RETURN_PC;                                             \
		statement;                                                                         \
		if (self)                                                                          \
			self->heap_caller = outer;                                                 \
	} while (0)

/* X(name, parameters, arguments, what to do where there is no C++ library) */
#define OPERATORS_DELETE(X)                                                                        \
	X(_ZdlPv, (void *block), (block))                                                          \
	X(_ZdaPv, (void *block), (block))                                                          \
	X(_ZdlPvm, (void *block, size_t bytes), (block, bytes))                                    \
	X(_ZdaPvm, (void *block, size_t bytes), (block, bytes))                                    \
	X(_ZdlPvSt11align_val_t, (void *block, size_t alignment), (block, alignment))              \
	X(_ZdaPvSt11align_val_t, (void *block, size_t alignment), (block, alignment))              \
	X(_ZdlPvmSt11align_val_t, (void *block, size_t bytes, size_t alignment),                   \
	  (block, bytes, alignment))                                                               \
	X(_ZdaPvmSt11align_val_t, (void *block, size_t bytes, size_t alignment),                   \
	  (block, bytes, alignment))

#define OPERATORS_NEW(X)                                                                           \
	X(_Znwm, (size_t bytes), (bytes), malloc(bytes))                                           \
	X(_Znam, (size_t bytes), (bytes), malloc(bytes))                                           \
	X(_ZnwmSt11align_val_t, (size_t bytes, size_t alignment), (bytes, alignment),              \
	  aligned_alloc(alignment, bytes))                                                         \
	X(_ZnamSt11align_val_t, (size_t bytes, size_t alignment), (bytes, alignment),              \
	  aligned_alloc(alignment, bytes))

#define DELETE(name, parameters, arguments)                                                        \
	static void(*real##name) parameters;                                                       \
	INTERPOSE void name parameters;                                                            \
	void name parameters                                                                       \
	{                                                                                          \
		if (real##name)                                                                    \
			AS_FROM_HERE(real##name arguments);                                        \
		else                                                                               \
			AS_FROM_HERE(free(block));                                                 \
	}
OPERATORS_DELETE(DELETE)

#define NEW(name, parameters, arguments, otherwise)                                                \
	static void *(*real##name)parameters;                                                      \
	INTERPOSE void *name parameters;                                                           \
	void *name parameters                                                                      \
	{                                                                                          \
		void *block;                                                                       \
                                                                                                   \
		if (real##name)                                                                    \
			AS_FROM_HERE(block = real##name arguments);                                \
		else                                                                               \
			AS_FROM_HERE(block = otherwise);                                           \
		return block;                                                                      \
	}
OPERATORS_NEW(NEW)

void cxx_heap_init(void)
{
#define FIND(name, ...) *(void **)&real##name = dlsym(RTLD_NEXT, #name);
	OPERATORS_DELETE(FIND)
	OPERATORS_NEW(FIND)
#undef FIND
}
