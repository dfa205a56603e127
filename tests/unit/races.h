/* races.h - the plain answer to which accesses race, for test_race.c: happens-before as a relation
 * between events, made from the words of C11 and closed by brute force. */
#ifndef HEDDLE_TESTS_UNIT_RACES_H
#define HEDDLE_TESTS_UNIT_RACES_H

#include <stdbool.h>
#include <stdint.h>

#define EVENTS_MAX  192
#define PLAIN_BYTES 32 /* of memory, from address 0 */

enum plain_op {
	PLAIN_CREATE, /* `other` is the new thread */
	PLAIN_JOIN,   /* `other` has ended */
	PLAIN_ACCESS,
	PLAIN_LOAD,
	PLAIN_STORE,
	PLAIN_UPDATE,
	PLAIN_FENCE,
	PLAIN_FORGET,
};

struct plain_event {
	enum plain_op op;
	unsigned thread, other;
	unsigned address, bytes, kind; /* kind: enum race_kind */
	unsigned order;		       /* enum race_order */
};

struct plain {
	struct plain_event events[EVENTS_MAX];
	unsigned count;
	/* before[i]: the events that happen before event i. */
	bool before[EVENTS_MAX][EVENTS_MAX];
};

/* Adds the event and works out what happens before it. */
void plain_add(struct plain *plain, const struct plain_event *event);

/* Whether two accesses race in a byte, and the bytes in which the last event races with an earlier
 * one. */
bool plain_is_race(const struct plain *plain, unsigned one, unsigned other, unsigned byte);
uint32_t plain_races_of_last(const struct plain *plain);

#endif
