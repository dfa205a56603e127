/* note.h - never wrong in silence: what the program did that heddle does not control. */
#ifndef HEDDLE_SESSION_NOTE_H
#define HEDDLE_SESSION_NOTE_H

/* Notes that `what` was called, once for each name; `pc` is where first. Does nothing when the
 * program is not controlled. */
void note_uncontrolled(const char *what, const void *pc);

#endif
