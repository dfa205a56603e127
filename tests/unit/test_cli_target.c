/* Which files can be run: the checks before anything is started. Works in a folder of its own. */
#include "cli/elf_check.h"
#include "cli/environment.h"
#include "cli/target.h"

#include <criterion/criterion.h>
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/heddle-test-XXXXXX";
static struct target target;
static struct error error;

static void enter(void)
{
	cr_assert(mkdtemp(folder) && chdir(folder) == 0);
}

static void leave(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", folder);
	cr_expect_eq(system(command), 0);
}

TestSuite(cli_target, .init = enter, .fini = leave);

static void make_file(const char *name, const void *bytes, size_t size, mode_t mode)
{
	int fd = open(name, O_CREAT | O_WRONLY | O_TRUNC, 0600);

	cr_assert(fd >= 0 && write(fd, bytes, size) == (ssize_t)size);
	cr_assert_eq(fchmod(fd, mode), 0);
	close(fd);
}

static void make_script(const char *name, const char *text)
{
	make_file(name, text, strlen(text), 0755);
}

static void expect_refused(const char *name, const char *words)
{
	cr_expect_neq(target_find(&target, name, &error), 0, "%s", name);
	cr_expect(strstr(error.text, words), "`%s` does not say `%s`", error.text, words);
}

Test(cli_target, finds_through_path)
{
	cr_assert_eq(target_find(&target, "true", &error), 0, "%s", error.text);
	cr_expect(strchr(target.path, '/'));
	cr_expect_str_eq(target.path, target.executable);
	cr_expect(!target.through_env && !target.needs_tsan);
	cr_expect_neq(target.hash, 0);
}

Test(cli_target, refuses_what_is_no_program)
{
	expect_refused("", "empty");
	expect_refused("no-such-program-here", "there is no program");
	expect_refused("./missing", "there is no file `./missing`");
	expect_refused("/", "is a folder");
	expect_refused("/dev/null", "not a regular file");
	make_file("text", "hello\n", 6, 0755);
	expect_refused("./text", "neither a program nor a script");
	expect_refused("text", "is `./text` meant?");
	make_file("closed", "#!/bin/sh\n", 10, 0644);
	expect_refused("./closed", "chmod +x");
	make_file("set", "#!/bin/sh\n", 10, 0755);
	cr_assert_eq(chmod("set", 04755), 0);
	expect_refused("./set", "set-uid");
}

static Elf64_Ehdr header(uint16_t type, uint16_t machine)
{
	Elf64_Ehdr made = {.e_type = type,
			   .e_machine = machine,
			   .e_version = EV_CURRENT,
			   .e_ehsize = sizeof(made),
			   .e_phentsize = sizeof(Elf64_Phdr)};

	memcpy(made.e_ident, ELFMAG, SELFMAG);
	made.e_ident[EI_CLASS] = ELFCLASS64;
	made.e_ident[EI_DATA] = ELFDATA2LSB;
	made.e_ident[EI_VERSION] = EV_CURRENT;
	return made;
}

Test(cli_target, refuses_other_elf_files)
{
	Elf64_Ehdr made = header(ET_EXEC, EM_X86_64);

	make_file("static", &made, sizeof(made), 0755);
	expect_refused("./static", "without -static");
	made = header(ET_EXEC, EM_AARCH64);
	make_file("arm", &made, sizeof(made), 0755);
	expect_refused("./arm", "another processor");
	made = header(ET_REL, EM_X86_64);
	make_file("object", &made, sizeof(made), 0755);
	expect_refused("./object", "object file");
	make_file("cut", &made, 20, 0755);
	expect_refused("./cut", "neither a program nor a script");
}

Test(cli_target, refuses_a_damaged_or_foreign_interpreter)
{
	struct {
		Elf64_Ehdr header;
		Elf64_Phdr segment;
		char name[32];
	} made = {.header = header(ET_DYN, EM_X86_64), .name = "/lib/ld-musl-x86_64.so.1"};

	made.header.e_phoff = sizeof(made.header);
	made.header.e_phnum = 1;
	made.segment = (Elf64_Phdr){.p_type = PT_INTERP,
				    .p_offset = sizeof(made.header) + sizeof(made.segment),
				    .p_filesz = 25};
	make_file("musl", &made, sizeof(made), 0755);
	expect_refused("./musl", "musl");
	made.segment.p_type = PT_LOAD;
	make_file("loaded", &made, sizeof(made), 0755);
	expect_refused("./loaded", "without -static");
	made.segment.p_type = PT_INTERP;
	made.segment.p_offset = 1 << 20;
	make_file("damaged", &made, sizeof(made), 0755);
	expect_refused("./damaged", "damaged");
}

Test(cli_target, follows_scripts)
{
	make_script("shell", "#!/bin/sh\nexit 0\n");
	cr_assert_eq(target_find(&target, "./shell", &error), 0, "%s", error.text);
	cr_expect_str_eq(target.executable, "./shell");
	make_script("options", "#! /bin/sh -e \nexit 0\n");
	cr_expect_eq(target_find(&target, "./options", &error), 0, "%s", error.text);
	make_script("lost", "#!/no/such/interpreter\n");
	expect_refused("./lost", "there is no file `/no/such/interpreter`");
	make_script("itself", "#!./itself\n");
	expect_refused("./itself", "without end");
}

Test(cli_target, goes_around_env)
{
	make_script("through", "#!/usr/bin/env sh\nexit 0\n");
	cr_assert_eq(target_find(&target, "./through", &error), 0, "%s", error.text);
	cr_expect(target.through_env);
	cr_expect_str_eq(target.path, "./through");
	cr_expect(strstr(target.executable, "/sh"));
	make_script("flags", "#!/usr/bin/env -S sh -e\n");
	expect_refused("./flags", "name its interpreter");
	make_script("nobody", "#!/usr/bin/env no-such-interpreter\n");
	expect_refused("./nobody", "there is no program `no-such-interpreter`");
}

static const char *value(char **environment, const char *name)
{
	size_t length = strlen(name);

	for (; *environment; environment++)
		if (strncmp(*environment, name, length) == 0 && (*environment)[length] == '=')
			return *environment + length + 1;
	return NULL;
}

Test(cli_environment, adds_and_saves)
{
	char *old[] = {"A=1",
		       "LD_PRELOAD=x.so",
		       "HEDDLE_SESSION=9:9:9:9",
		       "HEDDLE_SAVED_LD_BIND_NOW=old",
		       "GLIBC_TUNABLES=glibc.malloc.check=1",
		       NULL};
	/* For an exec, so nobody frees it. */
	static char **made;

	made = environment_make(old, "h.so", "1:2:3:4");
	cr_expect_str_eq(value(made, "A"), "1");
	cr_expect_str_eq(value(made, "LD_PRELOAD"), "x.so:h.so");
	cr_expect_str_eq(value(made, "HEDDLE_SAVED_LD_PRELOAD"), "x.so");
	cr_expect_str_eq(value(made, "GLIBC_TUNABLES"),
			 "glibc.malloc.check=1:glibc.pthread.rseq=0");
	cr_expect_str_eq(value(made, "HEDDLE_SAVED_GLIBC_TUNABLES"), "glibc.malloc.check=1");
	cr_expect_str_eq(value(made, "LD_BIND_NOW"), "1");
	cr_expect_null(value(made, "HEDDLE_SAVED_LD_BIND_NOW"));
	cr_expect_str_eq(value(made, "HEDDLE_SESSION"), "1:2:3:4");
}
