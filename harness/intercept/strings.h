/* strings.h - the C library's string functions, announced when instrumented code calls them. */
#ifndef HEDDLE_INTERCEPT_STRINGS_H
#define HEDDLE_INTERCEPT_STRINGS_H

/* Finds the real functions. Until then simple loops stand in for them: the dynamic linker calls
 * them before anything else runs. Call once, from the library's constructor. */
void strings_init(void);

#endif
