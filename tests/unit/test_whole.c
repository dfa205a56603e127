/* Files that are written whole or not at all. */
#include "trace/whole.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/heddle-whole-XXXXXX";

static void enter(void)
{
	cr_assert(mkdtemp(folder) && chdir(folder) == 0);
}

static void leave(void)
{
	cr_assert(system("rm -rf /tmp/heddle-whole-*") == 0 || true);
}

TestSuite(whole, .init = enter, .fini = leave);

static void print_text(FILE *out, const void *text)
{
	fputs(text, out);
}

static void print_much(FILE *out, const void *unused)
{
	(void)unused;
	for (int i = 0; i < 100000; i++)
		fputc('x', out);
}

static int files(void)
{
	DIR *here = opendir(".");
	int count = 0;

	for (struct dirent *entry; (entry = readdir(here));)
		count += entry->d_name[0] != '.';
	closedir(here);
	return count;
}

static void expect_content(const char *wanted)
{
	char text[64] = "";
	FILE *file = fopen("file", "r");

	cr_assert(file);
	cr_expect(fgets(text, sizeof(text), file) && !strcmp(text, wanted), "%s", text);
	fclose(file);
}

Test(whole, written_and_replaced)
{
	struct stat status;

	cr_expect_eq(whole_write("file", "it", print_text, "one", NULL), 0);
	cr_expect_eq(whole_write("file", "it", print_text, "two", NULL), 0);
	expect_content("two");
	cr_expect_eq(files(), 1);
	cr_expect(stat("file", &status) == 0 && (status.st_mode & 0777) == (0666 & ~umask(0)));
}

/* Where the disk is full, what was there is still there, and nothing beside it. */
Test(whole, not_written)
{
	struct rlimit limit = {.rlim_cur = 4096, .rlim_max = 4096};
	struct error error;

	cr_assert_eq(whole_write("file", "it", print_text, "old", NULL), 0);
	signal(SIGXFSZ, SIG_IGN);
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	cr_expect_eq(whole_write("file", "the report", print_much, NULL, &error), -1);
	cr_expect_str_eq(error.text, "cannot write the report `file`: File too large");
	expect_content("old");
	cr_expect_eq(files(), 1);
}

Test(whole, no_place)
{
	struct error error;

	cr_expect_eq(whole_write("none/file", "it", print_text, "x", &error), -1);
	cr_expect_str_eq(error.text, "cannot write it `none/file`: No such file or directory");
	cr_expect_eq(whole_write(".", "it", print_text, "x", &error), -1);
	cr_expect_str_eq(error.text, "cannot write it `.`: Is a directory");
	cr_expect_eq(files(), 0);
}
