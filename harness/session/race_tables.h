/* race_tables.h - memory for the race detector (detect/race.h): outside the program's snapshot, a
 * forked execution's own. */
#ifndef HEDDLE_SESSION_RACE_TABLES_H
#define HEDDLE_SESSION_RACE_TABLES_H

#include "detect/race.h"

/* Fills in all but found(). */
void race_tables_init(struct race *race);

#endif
