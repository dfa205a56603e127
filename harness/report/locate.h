/* locate.h - the addresses that names in a program's file stand for: the other way round than
 * symbols.h, and before anything runs. Addresses are those in the file, before it is loaded. */
#ifndef HEDDLE_REPORT_LOCATE_H
#define HEDDLE_REPORT_LOCATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct locate;

/* Opens a program or library; null where it is none. */
struct locate *locate_open(const char *path);
void locate_close(struct locate *locate);

/* The function of that name, as the symbol tables have it. False where there is none. */
bool locate_function(struct locate *locate, const char *name, uint64_t *address);

/* The instructions with which the code of the line begins: more than one where the compiler has put
 * it in several places. `file` is the end of a path. Returns how many there are, of which
 * `addresses` holds the first `room`, in ascending order. */
size_t locate_line(struct locate *locate, const char *file, unsigned line, uint64_t *addresses,
		   size_t room);

struct locate_variable {
	uint64_t address, bytes; /* 0 bytes where that is not known */
	bool is_atomic, is_volatile, is_thread_local;
	bool is_global; /* other files can mean it, too */
};

/* The variable of that name with static storage, in any function. False where there is none. */
bool locate_variable(struct locate *locate, const char *name, struct locate_variable *variable);

/* True where `address` lies in what is loaded of the file, and the file is loaded anywhere. */
bool locate_is_inside(struct locate *locate, uint64_t address);

#endif
