/* What a program writes: no event, or with --output-order one for each call, on the file that it is
 * for. Two threads that write twice each have C(4, 2) orders. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static void program_build(void)
{
	struct child child;

	folder_make();
	child = child_run("\"$B/heddle-cc\" -g -pthread -o \"$T/writers\" "
			  "tests/system/programs/writers.c && cc -O2 -D_FORTIFY_SOURCE=2 -pthread "
			  "-o \"$T/fortified\" tests/system/programs/writers.c");
	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
}

TestSuite(output, .init = program_build, .fini = folder_remove);

static const char *const ways[] = {"printf",   "fprintf", "dprintf", "vprintf", "vfprintf",
				   "vdprintf", "puts",	  "putchar", "fputc",	"fputs",
				   "fwrite",   "write",	  "writev",  "perror"};

#define WAYS (sizeof(ways) / sizeof(*ways))

static void check(const char *options, const char *program, const char *way, long executions)
{
	struct child child = child_run("cd \"$T\" && \"$B/heddle\" explore --json %s ./%s %s",
				       options, program, way);
	json_t *result = child_json(child.out);

	cr_assert(result, "%s", child.err);
	cr_expect(json_is_true(json_object_get(result, "complete")), "%s %s", options, way);
	cr_expect(json_integer_value(json_object_get(result, "executions")) == executions,
		  "%s %s %s: %lld executions", options, program, way,
		  json_integer_value(json_object_get(result, "executions")));
	json_decref(result);
	child_free(&child);
}

Test(output, is_an_event)
{
	for (size_t i = 0; i < WAYS; i++) {
		check("--output-order", "writers", ways[i], 6);
		check("--output-order", "fortified", ways[i], 6);
	}
	check("--output-order --strategy dfs", "fortified", "write", 6);
	check("--output-order --fork", "fortified", "printf", 6);
	check("--output-order --preemptions ..", "fortified", "printf", 6);
}

Test(output, is_none_unless_asked_for)
{
	for (size_t i = 0; i < WAYS; i++)
		check("", "fortified", ways[i], 1);
}

/* Each file has an order of its own, and what is written to memory is seen there. */
Test(output, of_each_file)
{
	check("--output-order", "fortified", "apart", 1);
	check("--output-order", "fortified", "memory", 1);
}

/* Seeds decide the order, a trace says that they were to, and its replay writes the same. */
Test(output, of_a_run)
{
	struct child child = child_run(
		"cd \"$T\" && for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do "
		"\"$B/heddle\" run --output-order --seed $i --trace t ./fortified write >a && "
		"\"$B/heddle\" run --output-order --seed $i --trace u ./fortified write >b && "
		"cmp t u && cmp a b && \"$B/heddle\" replay t >c && cmp a c || exit 9; "
		"grep -o '^T. *output  *fd.1.' t | tr -d '\\n'; echo; done | sort -u | wc -l; "
		"grep output-order t");

	cr_expect(child.status == 0, "%d: %s", child.status, child.err);
	cr_expect(atoi(child.out) > 3, "%s", child.out);
	cr_expect(strstr(child.out, "setting output-order 1"), "%s", child.out);
	child_free(&child);
}
