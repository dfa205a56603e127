/* schema.h - checks JSON against a schema, as far as harness/cli/explore.schema.json needs it:
 * type, enum, const, minimum, minLength, required, properties, items, and $ref to a definition. */
#ifndef HEDDLE_TESTS_SYSTEM_SCHEMA_H
#define HEDDLE_TESTS_SYSTEM_SCHEMA_H

#include <jansson.h>
#include <stdbool.h>

/* True when `value` is as `schema`, the whole one or a part of `root`, says; else prints to
 * standard error what is not, `name` in front. */
bool schema_fits(const json_t *root, const json_t *schema, const json_t *value, const char *name);

#endif
