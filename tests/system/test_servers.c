/* A server and a database that nobody here wrote: memcached as Debian has it, and SQLite
 * built from Debian's source with heddle-cc. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SERVER_SEEDS   3
#define DATABASE_SEEDS 10
#define ROWS	       4

static void database_build(void)
{
	struct child child;

	folder_make();
	child = child_run(
		"S=\"$B/others/sqlite\"; test -e \"$S/sqlite3.o\" || make -s BUILD=\"$B\" "
		"\"$S/sqlite3.o\"; \"$B/heddle-cc\" -g -O1 -I\"$S\" -pthread -o "
		"\"$T/database\" tests/system/programs/database.c \"$S/sqlite3.o\" -lm");
	cr_assert(child.status == 0, "%s", child.err);
	child_free(&child);
}

TestSuite(sqlite, .init = database_build, .fini = folder_remove);
TestSuite(memcached, .init = folder_make, .fini = folder_remove);

/* Each seed twice: all rows are there, nothing is raced for, and the trace is the same. */
static void check(const char *kind, bool repeats)
{
	static const char *const traces[] = {"", "--trace 1.trace", "--trace 2.trace"};
	char right[64];

	snprintf(right, sizeof(right), "%d %d %d\n", 2 * ROWS, ROWS * (ROWS - 1), 2 * ROWS);
	for (int seed = 1; seed <= DATABASE_SEEDS; seed++)
		for (int time = 1; time <= 2; time++) {
			struct child child =
				child_run("cd \"$T\" && \"$B/heddle\" run --seed %d %s "
					  "./database %s %d",
					  seed, traces[repeats ? time : 0], kind, ROWS);

			cr_expect(child.status == 0, "%s, seed %d", kind, seed);
			cr_expect_str_eq(child.out, right, "%s, seed %d: %s", kind, seed,
					 child.out);
			cr_expect_str_eq(child.err, "", "%s, seed %d: %s", kind, seed, child.err);
			cr_expect(time == 1 || !repeats || files_equal("1.trace", "2.trace"),
				  "%s, seed %d", kind, seed);
			child_free(&child);
		}
}

Test(sqlite, serialized)
{
	check("serialized", true);
}

Test(sqlite, shared_cache)
{
	check("shared", true);
}

/* Of a file the trace has what is outside: its number, and when it was made. */
Test(sqlite, one_file)
{
	check("file", false);
}

/* In memory the snapshot puts back all of the database. */
Test(sqlite, searched)
{
	static const char *const kinds[] = {"serialized", "shared"};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct child child = child_run("cd \"$T\" && \"$B/heddle\" explore --seed 1 "
					       "--executions 100 ./database %s 2",
					       kinds[i]);

		cr_expect(child.status == 0, "%s: %s", kinds[i], child.err);
		cr_expect(strstr(child.out, "100 executions"), "%s: %s", kinds[i], child.out);
		cr_expect(strstr(child.out, "from a snapshot"), "%s: %s", kinds[i], child.out);
		child_free(&child);
	}
}

/* One that nobody listens on. */
static int port_find(void)
{
	struct child child = child_run("python3 -c 'import socket; s = socket.socket(); "
				       "s.bind((\"127.0.0.1\", 0)); print(s.getsockname()[1])'");
	int port = atoi(child.out);

	cr_assert(port > 0, "%s", child.err);
	child_free(&child);
	return port;
}

static void told_check(int seed)
{
	struct child child = child_run("cd \"$T\" && cat told; grep -c '^T[0-9]* *create ' trace; "
				       "grep '^verdict' trace");
	const char *notes = strstr(child.out, "not controlled");

	/* What clients do is not heddle's to decide. */
	cr_expect(notes && strstr(notes, "not controlled: a wait for the outside") == notes &&
			  !strstr(notes + 1, "not controlled"),
		  "seed %d: %s", seed, child.out);
	/* Four that serve, and those for the clock, the cache's upkeep and the log. */
	cr_expect(strstr(child.out, "\n9\nverdict passed\n"), "seed %d: %s", seed, child.out);
	child_free(&child);
}

/* It answers all, and a signal has it end as it would without heddle. */
Test(memcached, serves_and_ends)
{
	for (int seed = 1; seed <= SERVER_SEEDS; seed++) {
		int port = port_find();
		pid_t server = child_start(
			"cd \"$T\" && exec \"$B/heddle\" run --seed %d --trace trace "
			"/usr/bin/memcached -u nobody -t 4 -U 0 -l 127.0.0.1 -p %d > told 2>&1",
			seed, port);
		struct child client =
			child_run("python3 tests/system/programs/memcached_client.py %d", port);

		cr_expect_str_eq(client.out, "80\n", "seed %d: %s%s", seed, client.out, client.err);
		cr_expect(kill(server, SIGTERM) == 0);
		cr_expect(child_wait(server) == 0, "seed %d", seed);
		told_check(seed);
		child_free(&client);
	}
}
