/* pages.h - pages that threads would else come to first at the moment that matters. */
#ifndef HEDDLE_NATIVE_PAGES_H
#define HEDDLE_NATIVE_PAGES_H

/* Call before main, while there is one thread. */
void native_pages_touch(void);

#endif
