/* elf_symbols.h - looks a function up in loaded objects without the dynamic linker's help, by their
 * hash tables (DT_GNU_HASH). Allocates nothing and takes no lock but that of the list of objects.
 */
#ifndef HEDDLE_MACHINE_ELF_SYMBOLS_H
#define HEDDLE_MACHINE_ELF_SYMBOLS_H

#include <stdbool.h>

/* The address of the function `name` in heddle's own library, or null. */
void *elf_own_function(const char *name);

/* The same in the first of the C library's objects that has it. */
void *elf_library_function(const char *name);

/* True where `address` lies in one of those. */
bool elf_is_library(const void *address);

#endif
