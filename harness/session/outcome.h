/* outcome.h - what the program says of its execution: outcomes, which of them it expects, marks. */
#ifndef HEDDLE_SESSION_OUTCOME_H
#define HEDDLE_SESSION_OUTCOME_H

#include "session/session.h"

/* A part of what the execution ends with. */
void outcome_add(struct thread *self, const char *text);

/* The program declares an outcome. */
void outcome_expect(enum grade grade, const char *text);

/* The process ends by itself with status 0: puts the outcome together, in the worker's slot.
 * VERDICT_PASSED, or VERDICT_FORBIDDEN. */
enum verdict outcome_close(void);

/* Makes the outcome part of the report about such an end, where there is one. */
void outcome_describe(struct report *report);

/* A mark in the recording, if there is one. */
void outcome_label(struct thread *self, const char *text, const void *pc);

#endif
