#include "cli/json.h"
#include "cli/board.h"
#include "cli/forecast.h"
#include "cli/outcomes_print.h"
#include "cli/say.h"
#include "report/verdict.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* A file name or a message may hold any bytes, and jansson takes UTF-8 only. */
static json_t *text(const char *bytes)
{
	json_t *json = json_string(bytes);
	char *copy;

	if (json)
		return json;
	copy = must_have(strdup(bytes));
	for (char *c = copy; *c; c++)
		if ((unsigned char)*c >= 128)
			*c = '?';
	json = must_have(json_string(copy));
	free(copy);
	return json;
}

static json_t *replay_of(const struct search *search, const struct finding *finding)
{
	char *command = NULL;
	size_t size;
	FILE *out = must_have(open_memstream(&command, &size));
	json_t *json;

	search_print_replay(out, search, finding);
	fclose(out);
	json = text(must_have(command));
	free(command);
	return json;
}

static json_t *failure(const struct search *search, const struct finding *finding)
{
	const struct capture *capture = &finding->capture;

	return must_have(json_pack(
		"{so so so so sI sI so so}", "kind", text(verdict_word(capture->verdict)), "where",
		text(capture->where), "with", *capture->with ? text(capture->with) : json_null(),
		"message", text(capture->message), "count", (json_int_t)finding->count, "execution",
		(json_int_t)capture->execution, "trace",
		finding->path ? text(finding->path) : json_null(), "replay",
		replay_of(search, finding)));
}

static json_t *finding_json(const struct search *search, const struct finding *finding)
{
	const char *source = finding->capture.source;
	json_t *object = failure(search, finding);

	json_object_set_new(object, "source", *source ? text(source) : json_null());
	return object;
}

/* The failures, or the data races that are only reported. */
static json_t *findings(const struct search *search, bool failures)
{
	json_t *list = must_have(json_array());

	for (size_t i = 0; i < search->findings.count; i++)
		if (search_is_failure(search, &search->findings.items[i]) == failures)
			json_array_append_new(list,
					      finding_json(search, &search->findings.items[i]));
	return list;
}

static json_t *uncontrolled(const struct search *search)
{
	json_t *list = must_have(json_array());

	for (size_t i = 0; i < search->notes.count; i++)
		json_array_append_new(list, text(search->notes.texts[i]));
	return list;
}

/* Each execution of a reducing search is a class. */
static json_t *classes(const struct search *search)
{
	if (search->options->strategy != STRATEGY_DPOR)
		return json_null();
	return json_integer((json_int_t)search_executions(search));
}

static json_t *forecast(const struct search *search)
{
	struct forecast forecast;
	json_t *object;

	if (!search_is_cut_short(search) || !forecast_make(&forecast, search, search->end_s))
		return json_null();
	object = must_have(json_pack("{sI}", "classes_certain",
				     (json_int_t)(forecast.done + forecast.planned)));
	json_object_set_new(object, "classes_low",
			    forecast.has_range ? json_real(forecast.range.low) : json_null());
	json_object_set_new(object, "classes_high",
			    forecast.has_range ? json_real(forecast.range.high) : json_null());
	return object;
}

static json_t *done(const struct search *search)
{
	uint32_t most;

	if (!search_preemptions_done(search, &most) || most == UINT32_MAX)
		return json_null();
	return json_integer(most);
}

static json_t *bound(const struct search *search)
{
	const struct options *options = search->options;

	if (!options->by_preemptions || options->preemptions == UINT32_MAX)
		return json_null();
	return json_integer(options->preemptions);
}

/* A list: how many classes need none, one, ... */
static json_t *preemptions(const struct search *search, uint64_t *unknown)
{
	uint64_t numbers[SHARED_PREEMPT_MAX];
	uint32_t count = search_preemptions(search, numbers, unknown);
	json_t *list;

	if (!search->options->count_preemptions)
		return json_null();
	list = must_have(json_array());
	for (uint32_t i = 0; i < count; i++)
		json_array_append_new(list, json_integer((json_int_t)numbers[i]));
	return list;
}

static json_t *head(const struct search *search)
{
	const struct options *options = search->options;

	return must_have(json_pack(
		"{si so ss sI si sI so sI sb ss}", "version", JSON_VERSION, "program",
		text(options->program[0]), "strategy", strategy_word(options->strategy), "seed",
		(json_int_t)options->seed, "workers", (int)search->worker_count, "executions",
		(json_int_t)search_executions(search), "classes", classes(search), "redundant",
		(json_int_t)board_redundant(search->shared), "complete",
		(int)search_is_complete(search), "reason", search_reason_word(search->reason)));
}

void json_print(FILE *out, const struct search *search)
{
	double elapsed_s = search->end_s - search->start_s;
	double rate = elapsed_s > 0 ? (double)search_executions(search) / elapsed_s : 0;
	json_t *object = head(search);
	uint64_t unknown;
	const char *why;
	bool forked = search_forked(search, &why);

	json_object_set_new(object, "source_sets", json_boolean(search->shared->tree.sources));
	json_object_set_new(object, "preemptions_bound", bound(search));
	json_object_set_new(object, "preemptions_done", done(search));
	json_object_set_new(object, "preemptions", preemptions(search, &unknown));
	json_object_set_new(object, "preemptions_unknown", json_integer((json_int_t)unknown));
	json_object_set_new(object, "forecast", forecast(search));
	json_object_set_new(object, "executions_per_second", json_real(rate));
	json_object_set_new(object, "mode", text(forked ? "fork" : "snapshot"));
	json_object_set_new(object, "mode_reason", forked && *why ? text(why) : json_null());
	json_object_set_new(object, "uncontrolled", uncontrolled(search));
	json_object_set_new(object, "failures", findings(search, true));
	json_object_set_new(object, "races", findings(search, false));
	json_object_set_new(object, "assumed_away",
			    json_integer((json_int_t)outcomes_assumed(search)));
	json_object_set_new(object, "outcomes", outcomes_json(search));
	json_object_set_new(object, "exit_status", json_integer(search_status(search)));
	json_dumpf(object, out, JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(6));
	fputc('\n', out);
	json_decref(object);
}
