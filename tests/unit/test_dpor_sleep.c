/* test_dpor_sleep.c - a worker plans without the tree's lock, so the tree may have been begun anew
 * by another one meanwhile. */
#include "policy/dpor.h"

#include <criterion/criterion.h>
#include <sys/mman.h>

static void *table(size_t bytes)
{
	void *at = mmap(0, bytes, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	cr_assert(at != MAP_FAILED);
	return at;
}

/* The node on its path is nowhere among the siblings that it looks through. */
Test(dpor_sleep, ends_in_a_tree_that_was_begun_anew, .timeout = 20)
{
	struct dpor_tree *tree = table(sizeof(*tree));
	struct dpor_sleeper asleep[DPOR_THREADS_MAX * 2];
	struct dpor *dpor = table(sizeof(*dpor));

	dpor_init(dpor, tree, 0, table);
	dpor->path[0] = DPOR_ROOT;
	dpor->path[1] = DPOR_ROOT + 2;
	tree->nodes[DPOR_ROOT].first = DPOR_ROOT + 1;
	cr_expect(dpor_sleeping(dpor, 0, asleep) == 1);
}
