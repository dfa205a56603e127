#include "cli/findings.h"
#include "cli/say.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct finding *findings_find(const struct findings *findings, uint64_t signature)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].capture.signature == signature)
			return &findings->items[i];
	return NULL;
}

static void finding_free(struct finding *finding)
{
	capture_free(&finding->capture);
	free(finding->path);
}

struct finding *findings_add(struct findings *findings, struct capture *capture, bool lost)
{
	struct finding *finding = findings_find(findings, capture->signature);

	if (finding && capture->execution >= finding->capture.execution) {
		capture_free(capture);
		return NULL;
	}
	if (finding) {
		capture_free(&finding->capture);
	} else {
		findings->items = must_have(
			realloc(findings->items, (findings->count + 1) * sizeof(*findings->items)));
		finding = &findings->items[findings->count++];
		*finding = (struct finding){.count = 1};
	}
	finding->capture = *capture;
	finding->lost = lost;
	return finding;
}

static int compare(const void *a, const void *b)
{
	const struct finding *first = a, *second = b;

	if (first->capture.execution != second->capture.execution)
		return first->capture.execution > second->capture.execution ? 1 : -1;
	/* What is seen in passing comes before the end of the execution. Several races of one
	 * execution come in an order that is always the same. */
	if ((first->capture.verdict == VERDICT_DATA_RACE) !=
	    (second->capture.verdict == VERDICT_DATA_RACE))
		return first->capture.verdict == VERDICT_DATA_RACE ? -1 : 1;
	return (first->capture.signature > second->capture.signature) -
	       (first->capture.signature < second->capture.signature);
}

void findings_sort(struct findings *findings)
{
	if (findings->count)
		qsort(findings->items, findings->count, sizeof(*findings->items), compare);
}

void findings_keep_lowest(struct findings *findings, bool races)
{
	size_t kept = 0;
	bool failed = false;

	findings_sort(findings);
	for (size_t i = 0; i < findings->count; i++) {
		struct finding *finding = &findings->items[i];
		bool is_race = races && finding->capture.verdict == VERDICT_DATA_RACE;

		if (failed) {
			finding_free(finding);
			continue;
		}
		findings->items[kept++] = *finding;
		failed = !is_race;
	}
	findings->count = kept;
}

static bool path_is_taken(const struct findings *findings, const struct finding *finding,
			  const char *path)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *other = &findings->items[i];

		if (other != finding && other->path && strcmp(other->path, path) == 0)
			return true;
	}
	return false;
}

static char *make_path(const char *folder, const char *program, uint64_t signature, bool whole)
{
	const char *base = strrchr(program, '/') ? strrchr(program, '/') + 1 : program;
	bool here = strcmp(folder, ".") == 0;
	uint64_t name = whole ? signature : (uint32_t)(signature ^ signature >> 32);
	char *path;

	if (asprintf(&path, "%s%s%s-%0*" PRIx64 ".trace", here ? "" : folder,
		     here || folder[strlen(folder) - 1] == '/' ? "" : "/", base, whole ? 16 : 8,
		     name) < 0)
		path = NULL;
	return must_have(path);
}

char *findings_path(const char *folder, const char *program, uint64_t signature)
{
	return make_path(folder, program, signature, false);
}

int findings_write(const struct findings *findings, struct finding *finding, const char *folder,
		   const char *program, struct error *error)
{
	char *path = make_path(folder, program, finding->capture.signature, false);

	if (path_is_taken(findings, finding, path)) {
		free(path);
		path = make_path(folder, program, finding->capture.signature, true);
	}
	free(finding->path);
	finding->path = NULL;
	if (trace_write(&finding->capture.trace, path, error) != 0) {
		free(path);
		return -1;
	}
	finding->path = path;
	return 0;
}

void findings_free(struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		finding_free(&findings->items[i]);
	free(findings->items);
}
