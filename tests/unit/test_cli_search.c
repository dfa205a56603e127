/* What a search amounts to: counting over workers, when it is complete, its exit status, its JSON,
 * and the list of its failures. No process is started. */
#include "cli/board.h"
#include "cli/deaths.h"
#include "cli/findings.h"
#include "cli/json.h"
#include "cli/search.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct search search;
static struct options options;
static struct error error;
static char *words[] = {"./prog", "a b", NULL};

static void begin(enum strategy strategy, unsigned workers)
{
	struct shared_config config = {
		.kind = SESSION_EXPLORE, .strategy = strategy, .workers = workers};
	int fd;

	options = (struct options){.strategy = strategy,
				   .seed = 7,
				   .program = words,
				   .out_dir = ".",
				   .spurious = 1,
				   .timeouts = OPTIONS_TIMEOUTS};
	search = (struct search){
		.options = &options, .worker_count = workers, .start_s = 1, .end_s = 3};
	search.origin = (struct origin){.words = words, .session = "explore", .strategy = strategy};
	search.shared = board_make(&fd, &config, &error);
	cr_assert(search.shared, "%s", error.text);
	close(fd);
}

static void set_progress(unsigned worker, struct shared_progress progress)
{
	struct shared_worker *slot = &search.shared->workers[worker];

	slot->progress[1] = progress;
	slot->active = 1;
}

static struct capture make_capture(uint64_t signature, uint64_t execution)
{
	struct capture capture = {.verdict = VERDICT_DEADLOCK,
				  .signature = signature,
				  .execution = execution,
				  .text = strdup("text\n"),
				  .message = strdup("no thread can \xff run"),
				  .where = strdup("a.c:1"),
				  .with = strdup(""),
				  .source = strdup(""),
				  .with_source = strdup("")};

	trace_init(&capture.trace);
	return capture;
}

Test(cli_board, adds_up_what_counts)
{
	begin(STRATEGY_DFS, 3);
	search.shared->generation = 2;
	set_progress(0,
		     (struct shared_progress){.executions = 5, .generation = 2, .fraction = .25});
	set_progress(1, (struct shared_progress){.executions = 90, .generation = 1, .fraction = 1});
	set_progress(2, (struct shared_progress){.executions = 3, .generation = 2, .fraction = .5});
	search.shared->workers[2].skip = 1;
	cr_expect_eq(board_executions(search.shared), 5 + 3 + 1);
	cr_expect_eq(board_fraction(search.shared), .75);
	search_free(&search);
}

Test(cli_board, without_a_choice_there_is_one_execution)
{
	begin(STRATEGY_RANDOM, 2);
	set_progress(0, (struct shared_progress){.executions = 1});
	set_progress(1, (struct shared_progress){.executions = 1});
	search.shared->no_choices = 1;
	cr_expect_eq(board_executions(search.shared), 1);
	search_free(&search);
}

Test(cli_board, is_finished_only_when_nobody_has_work)
{
	begin(STRATEGY_DFS, 2);
	cr_expect(!board_is_finished(search.shared));
	search.shared->generation = 1;
	set_progress(0, (struct shared_progress){.generation = 1});
	set_progress(1, (struct shared_progress){.generation = 1, .has_task = 1});
	cr_expect(!board_is_finished(search.shared));
	set_progress(1, (struct shared_progress){.generation = 1});
	cr_expect(board_is_finished(search.shared));
	search.shared->tasks[3].there = 1;
	cr_expect(!board_is_finished(search.shared));
	search_free(&search);
}

Test(cli_findings, keep_the_lowest_of_each_kind)
{
	struct findings findings = {.count = 0};
	struct capture first = make_capture(1, 50), later = make_capture(1, 60),
		       earlier = make_capture(1, 40), other = make_capture(2, 7);

	cr_expect(findings_add(&findings, &first, false));
	cr_expect_null(findings_add(&findings, &later, false));
	cr_expect(findings_add(&findings, &earlier, false));
	cr_expect(findings_add(&findings, &other, false));
	cr_expect_eq(findings.count, 2);
	findings_sort(&findings);
	cr_expect_eq(findings.items[0].capture.execution, 7);
	cr_expect_eq(findings.items[1].capture.execution, 40);
	findings_keep_lowest(&findings, true);
	cr_expect_eq(findings.count, 1);
	cr_expect_eq(findings.items[0].capture.signature, 2);
	findings_free(&findings);
}

static struct capture make_race(uint64_t signature, uint64_t execution)
{
	struct capture capture = make_capture(signature, execution);

	capture.verdict = VERDICT_DATA_RACE;
	return capture;
}

/* Races that were seen up to the failure stay, unless they are failures themselves. */
Test(cli_findings, races_stay_up_to_the_failure)
{
	for (int races = 0; races < 2; races++) {
		struct findings findings = {.count = 0};
		struct capture all[] = {make_race(1, 50), make_race(2, 40), make_capture(3, 40),
					make_race(4, 7), make_capture(5, 41)};

		for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
			cr_expect(findings_add(&findings, &all[i], false));
		findings_keep_lowest(&findings, races);
		cr_assert_eq(findings.count, races ? 3 : 1);
		cr_expect_eq(findings.items[0].capture.signature, 4);
		if (races) {
			cr_expect_eq(findings.items[1].capture.signature, 2);
			cr_expect_eq(findings.items[2].capture.signature, 3);
		}
		findings_free(&findings);
	}
}

Test(cli_deaths, a_failure_without_a_finding_is_open_again)
{
	struct capture known = make_capture(1, 4);

	begin(STRATEGY_RANDOM, 1);
	findings_add(&search.findings, &known, false);
	search.shared->failure_count = 2;
	search.shared->failures[0] = (struct shared_failure){
		.signature = 1, .execution = 4, .counted = 9, .reported = 1};
	search.shared->failures[1] = (struct shared_failure){
		.signature = 2, .execution = 6, .counted = 1, .reported = 1};
	deaths_reopen(&search);
	cr_expect_eq(search.shared->failures[0].reported, 1);
	cr_expect_eq(search.shared->failures[1].reported, 0);
	search_free(&search);
}

Test(cli_search, status)
{
	begin(STRATEGY_RANDOM, 1);
	search.reason = REASON_TIME;
	cr_expect_eq(search_status(&search), STATUS_INCOMPLETE, "no execution came to an end");
	set_progress(0, (struct shared_progress){.executions = 10});
	search.reason = REASON_EXECUTIONS;
	cr_expect_eq(search_status(&search), STATUS_OK);
	search.reason = REASON_TIME;
	cr_expect_eq(search_status(&search), STATUS_OK);
	search.reason = REASON_INTERRUPTED;
	cr_expect_eq(search_status(&search), STATUS_INCOMPLETE);
	search_free(&search);
	begin(STRATEGY_DFS, 1);
	search.reason = REASON_TIME;
	cr_expect_eq(search_status(&search), STATUS_INCOMPLETE);
	search.reason = REASON_COMPLETE;
	cr_expect_eq(search_status(&search), STATUS_OK);
	search.unwritten = true;
	cr_expect_eq(search_status(&search), STATUS_UNABLE);
	search.unwritten = false;
	search_free(&search);
}

static json_t *print(void)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	json_t *object;

	json_print(out, &search);
	fclose(out);
	cr_expect_eq(text[size - 1], '\n');
	cr_expect_eq(strchr(text, '\n'), text + size - 1);
	object = json_loads(text, 0, NULL);
	free(text);
	return object;
}

Test(cli_json, holds_what_its_header_promises)
{
	static const char *const keys[] = {"version",
					   "program",
					   "strategy",
					   "seed",
					   "workers",
					   "executions",
					   "classes",
					   "redundant",
					   "complete",
					   "reason",
					   "source_sets",
					   "preemptions_bound",
					   "preemptions_done",
					   "preemptions",
					   "preemptions_unknown",
					   "forecast",
					   "executions_per_second",
					   "mode",
					   "mode_reason",
					   "uncontrolled",
					   "failures",
					   "races",
					   "assumed_away",
					   "outcomes",
					   "exit_status"};
	struct capture capture = make_capture(3, 9);
	json_t *object, *failure;

	begin(STRATEGY_RANDOM, 1);
	findings_add(&search.findings, &capture, true);
	search.reason = REASON_FAILURE;
	object = print();
	cr_assert(object);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		cr_expect(json_object_get(object, keys[i]), "%s", keys[i]);
	cr_expect_eq(json_object_size(object), sizeof(keys) / sizeof(keys[0]));
	cr_expect_eq(json_integer_value(json_object_get(object, "executions")), 10);
	cr_expect_eq(json_real_value(json_object_get(object, "executions_per_second")), 5);
	failure = json_array_get(json_object_get(object, "failures"), 0);
	cr_expect_str_eq(json_string_value(json_object_get(failure, "kind")), "deadlock");
	cr_expect_str_eq(json_string_value(json_object_get(failure, "message")),
			 "no thread can ? run");
	cr_expect(json_is_null(json_object_get(failure, "trace")));
	cr_expect(json_is_null(json_object_get(failure, "source")));
	cr_expect_str_eq(json_string_value(json_object_get(failure, "replay")),
			 "heddle explore --fork --seed 7 --executions 10 ./prog 'a b'");
	json_decref(object);
	search_free(&search);
}
