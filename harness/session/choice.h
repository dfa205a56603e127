/* choice.h - numbers that the program asks for: heddle_choose(). */
#ifndef HEDDLE_SESSION_CHOICE_H
#define HEDDLE_SESSION_CHOICE_H

#include "session/session.h"

/* A number below `alternatives`, which is at least 1. */
uint32_t choice_take(struct thread *self, uint32_t alternatives, const void *pc);

#endif
