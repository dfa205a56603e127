/* Servers that nobody here wrote, with threads, asked from outside: they answer, and end as they
 * should. What comes from outside comes when it comes, so traces are not compared. */
#include "system/child.h"

#include <criterion/criterion.h>
#include <string.h>

#define SEEDS 3

/* A port that nobody has: asked of the kernel. */
#define PORT                                                                                       \
	"P=$(python3 -c 'import socket; s = socket.socket(); s.bind((\"127.0.0.1\", 0)); "         \
	"print(s.getsockname()[1])'); "

TestSuite(servers, .init = folder_make, .fini = folder_remove, .timeout = 300);

static void check(const char *command, const char *wanted)
{
	for (int seed = 1; seed <= SEEDS; seed++) {
		struct child child =
			child_run("cd \"$T\"; H=\"$B/heddle\"; S=%d; " PORT "%s", seed, command);

		cr_expect(child.status == 0, "seed %d: %d: %s%s", seed, child.status, child.out,
			  child.err);
		cr_expect(strstr(child.out, wanted), "seed %d: %s", seed, child.out);
		cr_expect(!strstr(child.err, "stuck") && !strstr(child.err, "lock:"), "seed %d: %s",
			  seed, child.err);
		child_free(&child);
	}
}

Test(servers, memcached_answers)
{
	check("\"$H\" run --seed $S memcached -t 4 -l 127.0.0.1 -p $P -U 0 -u root & h=$!; "
	      "for i in $(seq 100); do sleep 0.1; python3 -c \"\n"
	      "import socket\n"
	      "ends = [socket.create_connection(('127.0.0.1', $P), 60) for i in range(6)]\n"
	      "for n, end in enumerate(ends):\n"
	      "    end.sendall(b'set k%d 0 0 1\\r\\n%d\\r\\n' % (n, n))\n"
	      "for n, end in enumerate(ends):\n"
	      "    assert end.recv(100) == b'STORED\\r\\n'\n"
	      "    end.sendall(b'get k%d\\r\\n' % n)\n"
	      "    assert end.recv(100).split()[4] == b'%d' % n\n"
	      "print('answered')\" 2>/dev/null && break; done; "
	      "pkill -INT -P $h; wait $h",
	      "answered");
}

Test(servers, redis_answers)
{
	check("\"$H\" run --seed $S redis-server --port $P --bind 127.0.0.1 --save '' "
	      "--io-threads 4 --io-threads-do-reads yes & h=$!; "
	      "for i in $(seq 100); do sleep 0.1; redis-cli -p $P ping 2>/dev/null && break; done; "
	      "timeout 60 redis-benchmark -p $P -n 100 -c 10 -t get,set --csv || exit; "
	      "redis-cli -p $P shutdown nosave; wait $h",
	      "\"GET\"");
}
