/* unlinked.c - loads heddle's library when it is too late, and explores with it. */
#include <heddle.h>

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

static void body(void *argument)
{
	(void)argument;
}

int main(int argc, char **argv)
{
	int (*explore)(void (*)(void *), void *, const heddle_options_t *, heddle_report_t *);
	void *library = argc > 1 ? dlopen(argv[1], RTLD_NOW) : NULL;
	void *found = library ? dlsym(library, "heddle_explore") : NULL;
	heddle_report_t report;
	int result;

	if (!found)
		return 1;
	memcpy(&explore, &found, sizeof(found));
	result = explore(body, NULL, NULL, &report);
	fputs(report.text, stdout);
	return result;
}
