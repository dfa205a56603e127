#include "system/schema.h"

#include <stdio.h>
#include <string.h>

static const char *const words[] = {"$schema", "title",	  "description", "type",     "enum",
				    "const",   "minimum", "minLength",	 "required", "properties",
				    "items",   "$ref",	  "definitions"};

static bool refuse(const char *name, const char *why)
{
	fprintf(stderr, "%s: %s\n", name, why);
	return false;
}

/* A word that is not checked here would be promised and not kept. */
static bool is_understood(const json_t *schema, const char *name)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)schema, key, value)
	{
		bool known = false;

		for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
			known |= !strcmp(key, words[i]);
		if (!known)
			return refuse(name, key);
	}
	return true;
}

static bool is_type(const json_t *value, const char *type)
{
	return (!strcmp(type, "object") && json_is_object(value)) ||
	       (!strcmp(type, "array") && json_is_array(value)) ||
	       (!strcmp(type, "string") && json_is_string(value)) ||
	       (!strcmp(type, "integer") && json_is_integer(value)) ||
	       (!strcmp(type, "number") && json_is_number(value)) ||
	       (!strcmp(type, "boolean") && json_is_boolean(value)) ||
	       (!strcmp(type, "null") && json_is_null(value));
}

static bool fits_type(const json_t *types, const json_t *value)
{
	bool fits = !types || (json_is_string(types) && is_type(value, json_string_value(types)));

	for (size_t i = 0; i < json_array_size(types); i++)
		fits |= is_type(value, json_string_value(json_array_get(types, i)));
	return fits;
}

static bool fits_enum(const json_t *list, const json_t *value)
{
	bool fits = !list;

	for (size_t i = 0; i < json_array_size(list); i++)
		fits |= json_equal(json_array_get(list, i), value);
	return fits;
}

static bool fits_bounds(const json_t *schema, const json_t *value)
{
	const json_t *least = json_object_get(schema, "minimum");
	const json_t *length = json_object_get(schema, "minLength");

	if (least && json_is_number(value) && json_number_value(value) < json_number_value(least))
		return false;
	return !length || !json_is_string(value) ||
	       json_string_length(value) >= (size_t)json_integer_value(length);
}

static bool fits_object(const json_t *root, const json_t *schema, const json_t *value,
			const char *name)
{
	const json_t *required = json_object_get(schema, "required");
	const char *key;
	json_t *part;
	bool fits = true;

	for (size_t i = 0; i < json_array_size(required); i++)
		if (!json_object_get(value, json_string_value(json_array_get(required, i))))
			fits = refuse(json_string_value(json_array_get(required, i)), "missing");
	json_object_foreach(json_object_get(schema, "properties"), key,
			    part) if (json_object_get(value, key)) fits &=
		schema_fits(root, part, json_object_get(value, key), key);
	return fits || refuse(name, "in this object");
}

static const json_t *resolve(const json_t *root, const json_t *schema)
{
	const char *reference = json_string_value(json_object_get(schema, "$ref"));

	if (!reference)
		return schema;
	return json_object_get(json_object_get(root, "definitions"), strrchr(reference, '/') + 1);
}

bool schema_fits(const json_t *root, const json_t *schema, const json_t *value, const char *name)
{
	const json_t *items, *constant;
	bool fits = true;

	schema = resolve(root, schema);
	if (!schema || !is_understood(schema, name))
		return refuse(name, "the schema is not understood");
	constant = json_object_get(schema, "const");
	if (!fits_type(json_object_get(schema, "type"), value))
		return refuse(name, "another type");
	if (!fits_enum(json_object_get(schema, "enum"), value) || !fits_bounds(schema, value) ||
	    (constant && !json_equal(constant, value)))
		return refuse(name, "another value");
	items = json_object_get(schema, "items");
	for (size_t i = 0; items && i < json_array_size(value); i++)
		fits &= schema_fits(root, items, json_array_get(value, i), name);
	return json_is_object(value) ? fits_object(root, schema, value, name) && fits : fits;
}
