#include "trace/trace.h"

#include <errno.h>
#include <string.h>

int trace_hash_file(const char *path, uint64_t *hash, struct error *error)
{
	FILE *file = fopen(path, "re");
	unsigned char buffer[16384];
	size_t length;
	int failed;

	if (!file)
		return error_set(error, "cannot read `%s`: %s", path, strerror(errno));
	*hash = 0xcbf29ce484222325u;
	while ((length = fread(buffer, 1, sizeof(buffer), file)) > 0)
		for (size_t i = 0; i < length; i++)
			*hash = (*hash ^ buffer[i]) * 0x100000001b3u;
	failed = ferror(file);
	if (failed)
		error_set(error, "cannot read `%s`: %s", path, strerror(errno));
	fclose(file);
	return failed ? -1 : 0;
}
