/* Two threads of a program with SQLite: database serialized | shared | file ROWS. Both insert ROWS
 * rows: through one connection, each through its own of one cache in memory, or each through its
 * own of one file in the folder. Ends with 0 when all are there. */
#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *name;
static int rows;
static sqlite3 *common; /* null: each thread has its own */

static sqlite3 *database_open(void)
{
	sqlite3 *database;
	int error = sqlite3_open_v2(name, &database,
				    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
					    SQLITE_OPEN_FULLMUTEX | SQLITE_OPEN_URI,
				    NULL);

	assert(error == SQLITE_OK);
	assert(sqlite3_busy_timeout(database, 60000) == SQLITE_OK);
	return database;
}

static void must(sqlite3 *database, const char *statement)
{
	int error;

	/* The busy timeout is not for the locks of a shared cache. */
	while ((error = sqlite3_exec(database, statement, NULL, NULL, NULL)) == SQLITE_LOCKED)
		sched_yield();
	if (error != SQLITE_OK)
		fprintf(stderr, "%s: %s\n", statement, sqlite3_errmsg(database));
	assert(error == SQLITE_OK);
}

static void *insert(void *number)
{
	sqlite3 *database = common ? common : database_open();
	char statement[128];

	for (int i = 0; i < rows; i++) {
		snprintf(statement, sizeof(statement),
			 "INSERT INTO item(thread, number) VALUES(%d, %d)", (int)(intptr_t)number,
			 i);
		must(database, statement);
	}
	if (!common)
		assert(sqlite3_close(database) == SQLITE_OK);
	return NULL;
}

static int64_t number_of(sqlite3 *database, const char *query)
{
	sqlite3_stmt *statement;
	int64_t number;

	assert(sqlite3_prepare_v2(database, query, -1, &statement, NULL) == SQLITE_OK);
	assert(sqlite3_step(statement) == SQLITE_ROW);
	number = sqlite3_column_int64(statement, 0);
	assert(sqlite3_finalize(statement) == SQLITE_OK);
	return number;
}

int main(int argc, char **argv)
{
	pthread_t threads[2];
	sqlite3 *database;
	int64_t count, sum;

	assert(argc == 3);
	/* Else they come from /dev/urandom, which is outside. */
	assert(sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, 1, NULL) == SQLITE_OK);
	rows = atoi(argv[2]);
	name = !strcmp(argv[1], "file")	    ? "items.db"
	       : !strcmp(argv[1], "shared") ? "file:items?mode=memory&cache=shared"
					    : ":memory:";
	remove("items.db");
	database = database_open();
	must(database, "CREATE TABLE item(id INTEGER PRIMARY KEY, thread INTEGER, number INTEGER)");
	common = !strcmp(argv[1], "serialized") ? database : NULL;
	for (intptr_t i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, insert, (void *)i);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	count = number_of(database, "SELECT count(*) FROM item");
	sum = number_of(database, "SELECT sum(number) FROM item");
	printf("%ld %ld %ld\n", (long)count, (long)sum,
	       (long)number_of(database, "SELECT count(DISTINCT id) FROM item"));
	assert(count == 2 * rows && sum == (int64_t)rows * (rows - 1));
	assert(sqlite3_close(database) == SQLITE_OK);
	return 0;
}
