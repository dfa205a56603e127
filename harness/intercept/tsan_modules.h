/* tsan_modules.h - which loaded objects call the hooks by name. */
#ifndef HEDDLE_INTERCEPT_TSAN_MODULES_H
#define HEDDLE_INTERCEPT_TSAN_MODULES_H

/* Tells the session of each loaded object that was compiled with -fsanitize=thread by the compiler
 * alone. May be called again. */
void tsan_modules_find(void);

#endif
