#include "cli/commands.h"
#include "cli/folder.h"
#include "cli/machines.h"
#include "cli/quote.h"
#include "cli/say.h"
#include "cli/single.h"
#include "report/verdict.h"
#include "trace/escape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_BYTES 300

static void print_trace_command(FILE *out, const char *command, const char *trace)
{
	quote_self(out);
	fprintf(out, " %s ", command);
	quote_word(out, trace);
}

static const char *trace_name(const char *program, char name[NAME_BYTES])
{
	const char *slash = strrchr(program, '/');

	snprintf(name, NAME_BYTES, "%s.trace", slash ? slash + 1 : program);
	return name;
}

/* The command that shows the execution again. */
static void print_command(FILE *out, const struct options *options)
{
	char name[NAME_BYTES];

	if (options->trace) {
		print_trace_command(out, "replay", options->trace);
		return;
	}
	quote_self(out);
	fprintf(out, " run --seed %llu", (unsigned long long)options->seed);
	if (options->spurious)
		fprintf(out, " --spurious %u", options->spurious);
	points_print(out, &options->points);
	fprintf(out, " %s%s--trace ", options->wait_for_threads ? "--wait-for-threads " : "",
		options->output_order ? "--output-order " : "");
	quote_word(out, trace_name(options->program[0], name));
	quote_words(out, options->program);
}

static void print_replay(const struct options *options)
{
	if (options->trace) {
		fputs("  see how with: ", stderr);
		print_trace_command(stderr, "show", options->trace);
		fputc('\n', stderr);
	}
	fputs("  replay with: ", stderr);
	print_command(stderr, options);
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
	/* Before the program has run for an hour. */
	if (options->trace && folder_check_file(options->trace, "the trace", error) != 0)
		return -1;
	if (machines_check(options, error) != 0)
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

static enum status report_to_machines(const struct options *options, const struct single *single,
				      enum status status)
{
	struct cases cases;
	char *command = NULL;
	size_t size;
	FILE *out = must_have(open_memstream(&command, &size));

	print_command(out, options);
	fclose(out);
	cases_of_single(&cases, single, options->program, status, must_have(command));
	free(command);
	return machines_report(options, &cases, status);
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
		machines_report_error(options, options->program, error.text);
		return STATUS_UNABLE;
	}
	status = report_to_machines(options, &single, report(options, &single));
	single_free(&single);
	return status;
}
