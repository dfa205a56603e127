/* module.h - which loaded objects were compiled with the hooks. */
#ifndef HEDDLE_SESSION_MODULE_H
#define HEDDLE_SESSION_MODULE_H

/* The loaded object in which `address` lies was compiled with the hooks. */
void module_is_instrumented(const void *address);

#endif
