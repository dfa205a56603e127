/* hooks_forget.h - see hooks_forget.c. */
#ifndef HEDDLE_CC_HOOKS_FORGET_H
#define HEDDLE_CC_HOOKS_FORGET_H

/* The call that returns to `after` is not needed any more. Keeps errno. */
void heddle_hook_forget(const void *after) __attribute__((visibility("hidden")));

#endif
