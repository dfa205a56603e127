/* expectation.h - outcomes that a program has declared, and which of them one is. Arithmetic on
 * texts. */
#ifndef HEDDLE_BASE_EXPECTATION_H
#define HEDDLE_BASE_EXPECTATION_H

#include <stdbool.h>
#include <stdint.h>

/* With its end; HEDDLE_OUTCOME_BYTES and one more. */
#define OUTCOME_BYTES 224

enum grade {
	GRADE_NONE, /* not declared */
	GRADE_ACCEPTABLE,
	GRADE_INTERESTING,
	GRADE_FORBIDDEN,
};

struct expectation {
	uint32_t grade; /* enum grade */
	uint32_t reserved;
	char text[OUTCOME_BYTES]; /* `*` stands for any bytes */
};

/* Whether the outcome is one of those. */
bool expectation_fits(const char *pattern, const char *outcome);

/* The declaration that counts for the outcome: the one with the most bytes other than `*`, then the
 * worse grade, whatever their order; null where there is none. */
const struct expectation *expectation_find(const struct expectation *list, uint32_t count,
					   const char *outcome);

#endif
