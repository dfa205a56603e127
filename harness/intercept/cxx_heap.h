/* cxx_heap.h - C++'s operators new and delete. */
#ifndef HEDDLE_INTERCEPT_CXX_HEAP_H
#define HEDDLE_INTERCEPT_CXX_HEAP_H

/* Finds the real ones. Call once, from the library's constructor. */
void cxx_heap_init(void);

#endif
