#include "cli/environment.h"
#include "cli/say.h"
#include "session/shared.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAVED "HEDDLE_SAVED_"

static const char *const replaced[] = {"LD_PRELOAD", "LD_BIND_NOW", "GLIBC_TUNABLES"};

#define REPLACED (sizeof(replaced) / sizeof(replaced[0]))

/* The value of `entry` if it sets `name`, else null. */
static const char *value_of(const char *entry, const char *name)
{
	size_t length = strlen(name);

	return strncmp(entry, name, length) == 0 && entry[length] == '=' ? entry + length + 1
									 : NULL;
}

static const char *find(char *const *environment, const char *name)
{
	for (; *environment; environment++)
		if (value_of(*environment, name))
			return value_of(*environment, name);
	return NULL;
}

static bool is_ours(const char *entry)
{
	if (value_of(entry, SHARED_ENV) || strncmp(entry, SAVED, strlen(SAVED)) == 0)
		return true;
	for (size_t i = 0; i < REPLACED; i++)
		if (value_of(entry, replaced[i]))
			return true;
	return false;
}

/* "NAME=OLD:VALUE", or "NAME=VALUE" where there is no old one. */
static char *entry(const char *name, const char *old, const char *value)
{
	char *text;

	if (asprintf(&text, "%s=%s%s%s", name, old ? old : "", old && *old ? ":" : "", value) < 0)
		text = NULL;
	return must_have(text);
}

char **environment_make(char *const *old, const char *preload, const char *session)
{
	size_t count = 0, used = 0;
	char **made;

	while (old[count])
		count++;
	made = must_have(calloc(count + 2 * REPLACED + 2, sizeof(*made)));
	for (size_t i = 0; i < count; i++)
		if (!is_ours(old[i]))
			made[used++] = old[i];
	for (size_t i = 0; i < REPLACED; i++) {
		const char *before = find(old, replaced[i]);

		if (before && asprintf(&made[used++], SAVED "%s=%s", replaced[i], before) < 0)
			must_have(NULL);
	}
	made[used++] = entry("LD_PRELOAD", find(old, "LD_PRELOAD"), preload);
	made[used++] = entry("LD_BIND_NOW", NULL, "1");
	made[used++] = entry("GLIBC_TUNABLES", find(old, "GLIBC_TUNABLES"), "glibc.pthread.rseq=0");
	made[used++] = entry(SHARED_ENV, NULL, session);
	return made;
}
