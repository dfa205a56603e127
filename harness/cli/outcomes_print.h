/* outcomes_print.h - the table of outcomes, for people and as JSON. */
#ifndef HEDDLE_CLI_OUTCOMES_PRINT_H
#define HEDDLE_CLI_OUTCOMES_PRINT_H

#include "cli/outcomes.h"

#include <jansson.h>
#include <stdio.h>

/* Nothing where the program says nothing of outcomes. */
void outcomes_print(FILE *out, const struct search *search);

/* An object, or null: json.h. */
json_t *outcomes_json(const struct search *search);

#endif
