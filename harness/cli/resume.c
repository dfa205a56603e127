#include "cli/resume.h"
#include "cli/board.h"
#include "cli/say.h"
#include "cli/below.h"
#include "report/verdict.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

/* Most of the block is never written to, and takes no room in the file. */
#define ROOM_LEAST (64ul << 20)
#define LOCK_TRIES 40

/* FNV-1a, as for programs: trace/hash.c. */
static uint64_t mix(uint64_t hash, const void *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		hash = (hash ^ ((const unsigned char *)bytes)[i]) * 0x100000001b3u;
	return hash;
}

/* Differs for searches that explore something else. */
static uint64_t identity(const struct shared_config *config, uint64_t program_hash,
			 char *const *words)
{
	uint64_t hash = mix(program_hash, &config->strategy, sizeof(config->strategy));

	hash = mix(hash, &config->seed, sizeof(config->seed));
	hash = mix(hash, &config->depth_max, sizeof(config->depth_max));
	hash = mix(hash, &config->wait_for_threads, sizeof(config->wait_for_threads));
	hash = mix(hash, &config->output_order, sizeof(config->output_order));
	hash = mix(hash, &config->spurious_max, sizeof(config->spurious_max));
	hash = mix(hash, &config->timeouts_max, sizeof(config->timeouts_max));
	hash = mix(hash, config->points, config->point_count * sizeof(*config->points));
	hash = mix(hash, config->watches, config->watch_count * sizeof(*config->watches));
	for (; *words; words++)
		hash = mix(hash, *words, strlen(*words) + 1);
	return hash;
}

/* Workers of a command that was killed need a moment to end, too. */
static bool lock(int fd)
{
	const struct timespec pause = {.tv_nsec = 50000000};

	for (int tries = 0; tries < LOCK_TRIES; tries++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return true;
		nanosleep(&pause, NULL);
	}
	return false;
}

static int file_open(const char *path, struct stat *status, struct error *error)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	struct statvfs file_system;

	if (fd < 0)
		return error_set(error, "cannot open `%s`: %s", path, strerror(errno));
	if (!lock(fd))
		error_set(error, "`%s` is used by another search; wait until it has ended", path);
	else if (fstat(fd, status) != 0)
		error_set(error, "cannot look at `%s`: %s", path, strerror(errno));
	else if (!S_ISREG(status->st_mode))
		error_set(error, "`%s` is no file; --resume needs one that it can keep a search in",
			  path);
	else if (fstatvfs(fd, &file_system) == 0 &&
		 (uint64_t)file_system.f_bavail * file_system.f_bsize < ROOM_LEAST)
		error_set(error, "there is no room for `%s`: less than %lu MB are free", path,
			  ROOM_LEAST >> 20);
	else
		return fd;
	close(fd);
	return -1;
}

static struct shared *map(int fd)
{
	struct shared *shared =
		mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	return shared == MAP_FAILED ? NULL : shared;
}

static void begin(struct shared *shared, const struct shared_config *config, uint64_t hash)
{
	shared->size_of_shared = sizeof(*shared);
	shared->config = *config;
	shared->stop_index = UINT64_MAX;
	shared->identity = hash;
	/* Last: what is there without it has not begun. */
	shared->magic = SHARED_MAGIC;
}

/* What belongs to the processes that are gone. */
static void go_on(struct shared *shared, const struct shared_config *config)
{
	uint32_t workers = shared->config.workers;

	shared->config = *config;
	shared->config.workers = workers;
	shared->stop = shared->hungry = shared->finished = 0;
	shared->begun = board_executions(shared);
	shared->stop_index = UINT64_MAX;
	for (uint32_t i = 0; i < SHARED_WORKERS_MAX; i++) {
		struct shared_worker *worker = &shared->workers[i];

		worker->state = WORKER_EMPTY;
		worker->pid = worker->child = 0;
		worker->in_execution = worker->repeating = worker->skip = 0;
	}
}

/* A block of this version and search; false with `error`. */
static bool is_fit(const struct shared *shared, uint64_t hash, const char *path,
		   struct error *error)
{
	if (shared->magic != SHARED_MAGIC || shared->size_of_shared != sizeof(*shared))
		error_set(error, "`%s` is not the file of a search of this version of heddle",
			  path);
	else if (shared->identity != hash)
		error_set(error,
			  "`%s` is the file of another search: the program, its arguments, the "
			  "strategy or the seed differ; remove it to begin anew",
			  path);
	else
		return true;
	return false;
}

struct shared *resume_open(const char *path, const struct shared_config *config,
			   uint64_t program_hash, char *const *words, int *fd, struct error *error)
{
	uint64_t hash = identity(config, program_hash, words);
	struct stat status;
	struct shared *shared;

	*fd = file_open(path, &status, error);
	if (*fd < 0)
		return NULL;
	if (status.st_size && (uint64_t)status.st_size != sizeof(*shared)) {
		error_set(error, "`%s` is not the file of a search of this version of heddle",
			  path);
		return NULL;
	}
	shared = status.st_size || ftruncate(*fd, sizeof(*shared)) == 0 ? map(*fd) : NULL;
	if (!shared) {
		error_set(error, "cannot use `%s`: %s", path, strerror(errno));
		return NULL;
	}
	if (!status.st_size || !shared->magic) {
		begin(shared, config, hash);
	} else if (is_fit(shared, hash, path, error)) {
		go_on(shared, config);
	} else {
		munmap(shared, sizeof(*shared));
		return NULL;
	}
	return shared;
}

static struct shared_failure *failure_of(struct shared *shared, uint64_t signature)
{
	for (uint32_t i = 0; i < shared->failure_count; i++)
		if (shared->failures[i].signature == signature)
			return &shared->failures[i];
	return NULL;
}

static void keep(char *to, size_t size, const char *text)
{
	snprintf(to, size, "%s", text ? text : "");
}

void resume_keep(struct shared *shared, const struct finding *finding)
{
	struct shared_failure *failure = failure_of(shared, finding->capture.signature);

	if (!failure)
		return;
	keep(failure->where, sizeof(failure->where), finding->capture.where);
	keep(failure->with, sizeof(failure->with), finding->capture.with);
	keep(failure->message, sizeof(failure->message), finding->capture.message);
	keep(failure->path, sizeof(failure->path), finding->path);
}

static struct finding finding_of(const struct shared *shared, const struct shared_failure *failure)
{
	struct finding finding = {.count = shared_count(shared, failure)};
	struct capture *capture = &finding.capture;

	capture->verdict = (enum verdict)failure->verdict;
	capture->signature = failure->signature;
	capture->execution = failure->execution;
	capture->where = must_have(strdup(failure->where));
	capture->with = must_have(strdup(failure->with));
	capture->source = source_in_text(failure->where);
	capture->with_source = source_in_text(failure->with);
	capture->message = must_have(strdup(failure->message));
	if (asprintf(&capture->text, "heddle: %s: %s\n", verdict_word(capture->verdict),
		     failure->message) < 0)
		capture->text = NULL;
	must_have(capture->text);
	if (*failure->path)
		finding.path = must_have(strdup(failure->path));
	finding.lost = !finding.path;
	return finding;
}

void resume_findings(const struct shared *shared, struct findings *findings)
{
	for (uint32_t i = 0; i < shared->failure_count; i++) {
		const struct shared_failure *failure = &shared->failures[i];

		if (!failure->reported || !shared_count(shared, failure) || !*failure->message)
			continue;
		findings->items = must_have(
			realloc(findings->items, (findings->count + 1) * sizeof(*findings->items)));
		findings->items[findings->count++] = finding_of(shared, failure);
	}
}
