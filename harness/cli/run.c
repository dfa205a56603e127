#include "cli/commands.h"
#include "cli/folder.h"
#include "cli/quote.h"
#include "cli/say.h"
#include "cli/single.h"
#include "report/verdict.h"
#include "trace/escape.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define NAME_BYTES 300

/* Says so before the program has run for an hour. */
static int check_trace(const char *path, struct error *error)
{
	const char *slash = strrchr(path, '/');
	struct stat status;
	char folder[4096];
	bool exists = stat(path, &status) == 0;

	if (exists && S_ISDIR(status.st_mode))
		return error_set(error, "cannot write the trace: `%s` is a folder", path);
	if (exists && !S_ISREG(status.st_mode))
		return 0;
	snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - path + 1) : 1,
		 slash ? path : ".");
	if (folder_check(folder, error) != 0)
		return error_wrap(error, "cannot write the trace");
	return 0;
}

static void print_trace_command(const char *what_for, const char *command, const char *trace)
{
	fputs(what_for, stderr);
	quote_self(stderr);
	fprintf(stderr, " %s ", command);
	quote_word(stderr, trace);
	fputc('\n', stderr);
}

static const char *trace_name(const char *program, char name[NAME_BYTES])
{
	const char *slash = strrchr(program, '/');

	snprintf(name, NAME_BYTES, "%s.trace", slash ? slash + 1 : program);
	return name;
}

static void print_replay(const struct options *options)
{
	char name[NAME_BYTES];

	if (options->trace) {
		print_trace_command("  see how with: ", "show", options->trace);
		print_trace_command("  replay with: ", "replay", options->trace);
		return;
	}
	fputs("  replay with: ", stderr);
	quote_self(stderr);
	fprintf(stderr, " run --seed %llu", (unsigned long long)options->seed);
	if (options->spurious)
		fprintf(stderr, " --spurious %u", options->spurious);
	points_print(stderr, &options->points);
	fprintf(stderr, " %s%s--trace ", options->wait_for_threads ? "--wait-for-threads " : "",
		options->output_order ? "--output-order " : "");
	quote_word(stderr, trace_name(options->program[0], name));
	quote_words(stderr, options->program);
	fputc('\n', stderr);
}

static int write_trace(const struct single *single, const char *path, struct error *error)
{
	if (single->captured)
		return trace_write(&single->capture.trace, path, error);
	return error_set(error,
			 "no trace was written: the program ended where heddle could not follow");
}

/* In the program's words. */
static void print_outcome(const struct single *single)
{
	char text[OUTCOME_BYTES * 4 + 4];

	if (single->captured && single->capture.verdict == VERDICT_ASSUMED)
		say("assumed away: %s", single->capture.message);
	if (single->has_outcome && *single->outcome) {
		escape_value(text, sizeof(text), single->outcome);
		say("outcome: %s", text);
	}
}

static enum status report(const struct options *options, const struct single *single)
{
	struct error error;
	enum status status = (enum status)single_status(single);

	notes_print(stderr, &single->notes);
	looks_print_races(stderr, &single->looks);
	if (single->captured)
		fputs(single->capture.text, stderr);
	print_outcome(single);
	if (status == STATUS_INCOMPLETE)
		return status;
	if (options->trace && write_trace(single, options->trace, &error) != 0) {
		say("%s", error.text);
		return status == STATUS_OK ? STATUS_UNABLE : status;
	}
	if (status == STATUS_FAILURE)
		print_replay(options);
	return status;
}

static int prepare(struct single_request *request, const struct options *options,
		   struct error *error)
{
	if (options->trace && check_trace(options->trace, error) != 0)
		return -1;
	*request = (struct single_request){
		.config = {.kind = SESSION_RUN,
			   .strategy = STRATEGY_RANDOM,
			   .seed = options->seed,
			   .executions_max = 1,
			   .record = options->trace != NULL,
			   .wait_for_threads = options->wait_for_threads,
			   .output_order = options->output_order,
			   .races = options->races,
			   .spurious_max = options->spurious,
			   .workers = 1},
		.stuck_s = options->stuck_s,
	};
	if (target_find(&request->target, options->program[0], error) != 0 ||
	    points_resolve(&options->points, request->target.executable, &request->config, error) !=
		    0)
		return -1;
	request->origin = (struct origin){.words = options->program,
					  .program_hash = request->target.hash,
					  .session = "run",
					  .strategy = STRATEGY_RANDOM,
					  .seed = options->seed,
					  .wait_for_threads = options->wait_for_threads,
					  .output_order = options->output_order,
					  .points = options->points};
	return 0;
}

enum status command_run(const struct options *options)
{
	struct single_request request;
	struct single single;
	struct error error;
	enum status status;

	if (prepare(&request, options, &error) != 0 ||
	    single_execute(&single, &request, options->program, &error) != 0) {
		say("%s", error.text);
		return STATUS_UNABLE;
	}
	status = report(options, &single);
	single_free(&single);
	return status;
}
