/* module.h - which loaded objects were compiled with the hooks. */
#ifndef HEDDLE_SESSION_MODULE_H
#define HEDDLE_SESSION_MODULE_H

#include <stdbool.h>

/* The loaded object in which `address` lies was compiled with the hooks. */
void module_is_instrumented(const void *address);

/* True when no loaded object has a destructor function of its own, the C library's parts and heddle
 * apart. */
bool module_none_has_destructors(void);

#endif
