#include "trace/depend.h"

#include "model/footprint.h"
#include "model/op.h"

#include <stdint.h>
#include <string.h>

/* Stand for objects: what is one gets one address. */
#define FIRST  ((void *)0x10000)
#define SECOND ((void *)0x20000)
#define THIRD  ((void *)0x30000)
#define FOURTH ((void *)0x40000)

/* What an event is on: of "condition,mutex" both. */
struct names {
	const char *first, *second;
	size_t first_length;
};

static struct names names_of(const struct trace_event *event)
{
	const char *comma = strchr(event->object, ',');
	struct names names = {.first = event->object, .first_length = strlen(event->object)};

	if (!comma || op_is_access((enum op)event->op))
		return names;
	names.first_length = (size_t)(comma - event->object);
	names.second = comma + 1;
	return names;
}

static bool overlaps(const char *a, size_t length_a, const char *b, size_t length_b)
{
	size_t least = length_a < length_b ? length_a : length_b;

	if (!least || strncmp(a, b, least))
		return false;
	if (length_a == length_b)
		return true;
	return strchr(".[+", length_a > length_b ? a[least] : b[least]);
}

bool depend_is_overlapping(const char *a, const char *b)
{
	return overlaps(a, strlen(a), b, strlen(b));
}

/* The stand-in of an object of the second event, given those of the first; `fresh` for one that is
 * none of them. */
static void *stand_in(const struct names *names, const char *name, size_t length, void *fresh)
{
	if (overlaps(names->first, names->first_length, name, length))
		return FIRST;
	if (names->second && overlaps(names->second, strlen(names->second), name, length))
		return SECOND;
	return fresh;
}

static bool has_succeeded(const struct trace_event *event)
{
	if (event->op == OP_ATOMIC_CAS)
		return !*event->before || strcmp(event->before, event->value) != 0;
	if (event->op == OP_WAIT)
		return !*event->value;
	return !*event->value || !strcmp(event->value, "0") || !strcmp(event->value, "EOWNERDEAD");
}

static void footprint_make(struct footprint *foot, const struct trace_event *event, void *first,
			   void *second)
{
	enum op op = (enum op)event->op;

	footprint_clear(foot);
	/* Whatever an access's size is, names tell what it has in common with others. */
	footprint_of(foot, op, first, second, 4, op_is_on_channel(op) || has_succeeded(event));
}

bool depend_events(const struct trace_event *a, const struct trace_event *b)
{
	struct names one = names_of(a), other = names_of(b);
	struct footprint foot, other_foot;
	void *first, *second;

	first = stand_in(&one, other.first, other.first_length, THIRD);
	second = other.second ? stand_in(&one, other.second, strlen(other.second), FOURTH) : FOURTH;
	footprint_make(&foot, a, FIRST, SECOND);
	footprint_make(&other_foot, b, first, second);
	return footprint_is_dependent(&foot, &other_foot);
}
