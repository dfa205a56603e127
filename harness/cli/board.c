#include "cli/board.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int board_file(const char *name, struct error *error)
{
	int fd = memfd_create(name, MFD_CLOEXEC);

	if (fd < 0)
		error_set(error, "cannot make a memory file: %s", strerror(errno));
	return fd;
}

struct shared *board_make(int *fd, const struct shared_config *config, struct error *error)
{
	struct shared *shared;

	*fd = board_file("heddle-shared", error);
	if (*fd < 0)
		return NULL;
	if (ftruncate(*fd, sizeof(*shared)) != 0) {
		error_set(error, "cannot make memory to share with workers: %s", strerror(errno));
		return NULL;
	}
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0);
	if (shared == MAP_FAILED) {
		error_set(error, "cannot map memory to share with workers: %s", strerror(errno));
		return NULL;
	}
	shared->magic = SHARED_MAGIC;
	shared->size_of_shared = sizeof(*shared);
	shared->config = *config;
	shared->stop_index = UINT64_MAX;
	return shared;
}

struct shared_progress board_progress(const struct shared_worker *worker)
{
	/* Partner: the store of `active` by which a worker makes a copy valid. */
	uint32_t active = __atomic_load_n(&worker->active, __ATOMIC_ACQUIRE);

	return worker->progress[active & 1];
}

static bool counts(const struct shared *shared, const struct shared_progress *progress)
{
	return shared->config.strategy == STRATEGY_RANDOM || shared->no_choices ||
	       progress->generation == shared->generation;
}

uint64_t board_executions(const struct shared *shared)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < shared->config.workers; i++) {
		struct shared_progress progress = board_progress(&shared->workers[i]);

		/* `skip`: the execution that killed the worker, which no successor has counted yet.
		 */
		if (counts(shared, &progress))
			sum += progress.executions + (shared->workers[i].skip != 0);
	}
	/* Without a choice each worker carries out the only execution there is. */
	return shared->no_choices && sum > 1 ? 1 : sum;
}

uint64_t board_result(const struct shared *shared, uint32_t slot)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < shared->config.workers; i++) {
		struct shared_progress progress = board_progress(&shared->workers[i]);

		if (counts(shared, &progress))
			sum += shared->workers[i].results[slot];
	}
	return sum;
}

double board_fraction(const struct shared *shared)
{
	double sum = 0;

	for (uint32_t i = 0; i < shared->config.workers; i++) {
		struct shared_progress progress = board_progress(&shared->workers[i]);

		if (counts(shared, &progress))
			sum += progress.fraction;
	}
	return sum;
}

uint64_t board_redundant(const struct shared *shared)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < shared->config.workers; i++)
		sum += shared->tree.worker[i].redundant;
	return sum;
}

bool board_is_finished(const struct shared *shared)
{
	if (shared->finished)
		return true;
	if (shared->config.strategy == STRATEGY_DPOR)
		return shared->generation && shared->tree.generation == shared->generation &&
		       shared->tree.nodes[DPOR_ROOT].explored;
	if (!shared->generation)
		return false;
	/* A limit may be reached with the very last execution, before any worker has looked for
	 * more work. */
	for (uint32_t i = 0; i < shared->config.workers; i++) {
		struct shared_progress progress = board_progress(&shared->workers[i]);

		if (progress.has_task || !counts(shared, &progress))
			return false;
	}
	for (uint32_t i = 0; i < SHARED_TASKS_MAX; i++)
		if (shared->tasks[i].there)
			return false;
	return true;
}
