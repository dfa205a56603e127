/* module.h - which loaded objects there are, and which were compiled with the hooks. */
#ifndef HEDDLE_SESSION_MODULE_H
#define HEDDLE_SESSION_MODULE_H

#include <stdbool.h>

/* The loaded object in which `address` lies was compiled with the hooks. */
void module_is_instrumented(const void *address);

/* Remembers where the objects lie that are loaded now. Call once, before main. */
void module_find(void);

/* Code of the program itself, or with hooks: no part of the C library. Of any object. Callable from
 * a signal handler. */
bool module_is_program(unsigned long address);
bool module_is_loaded(unsigned long address);

/* True when no loaded object has a destructor function of its own, the C library's parts and heddle
 * apart. */
bool module_none_has_destructors(void);

#endif
