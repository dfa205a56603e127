#include "cli/native_table.h"
#include "cli/say.h"
#include "trace/escape.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_COLUMNS_MAX 60u

/* A line: an outcome of the machine's, of the search's, or of both. */
struct line {
	enum outcome_kind kind;
	const char *text;
	const struct native_row *seen; /* null: not on this machine */
	const struct outcome *found;   /* null: not by the search */
	bool is_declared_only;	       /* nobody has seen it */
	enum grade grade;
};

struct lines {
	struct line *items;
	size_t count;
};

void native_table_add(struct native_table *table, const struct native_end *end)
{
	if (end->assumed) {
		table->assumed++;
		return;
	}
	table->runs++;
	for (size_t i = 0; i < table->count; i++)
		if (table->rows[i].kind == end->kind && !strcmp(table->rows[i].text, end->text)) {
			table->rows[i].runs++;
			return;
		}
	if (table->count == NATIVE_ROWS_MAX) {
		table->others++;
		return;
	}
	table->rows = must_have(realloc(table->rows, (table->count + 1) * sizeof(*table->rows)));
	table->rows[table->count++] = (struct native_row){
		.kind = end->kind, .text = must_have(strdup(end->text)), .runs = 1};
}

void native_table_free(struct native_table *table)
{
	for (size_t i = 0; i < table->count; i++)
		free(table->rows[i].text);
	free(table->rows);
}

static struct line *line_add(struct lines *lines, enum outcome_kind kind, const char *text)
{
	lines->items = must_have(realloc(lines->items, (lines->count + 1) * sizeof(*lines->items)));
	lines->items[lines->count] = (struct line){.kind = kind, .text = text};
	return &lines->items[lines->count++];
}

static struct line *line_find(struct lines *lines, enum outcome_kind kind, const char *text)
{
	for (size_t i = 0; i < lines->count; i++)
		if (lines->items[i].kind == kind && !strcmp(lines->items[i].text, text))
			return &lines->items[i];
	return NULL;
}

/* The verdict, without where it was or which it was: "crash: SIGSEGV" and "crash at a.c:3". */
static size_t verdict_length(const char *text)
{
	size_t length = strcspn(text, ":0123456789");
	const char *at = strstr(text, " at ");

	if (at && (size_t)(at - text) < length)
		length = (size_t)(at - text);
	while (length && text[length - 1] == ' ')
		length--;
	return length;
}

static struct line *line_waiting(struct lines *lines)
{
	static const char *const words[] = {"deadlock", "livelock", "stuck"};

	for (size_t i = 0; i < lines->count; i++)
		for (size_t w = 0; w < sizeof(words) / sizeof(*words); w++)
			if (lines->items[i].kind == OUTCOME_FAILURE && !lines->items[i].seen &&
			    !strncmp(lines->items[i].text, words[w], strlen(words[w])))
				return &lines->items[i];
	return NULL;
}

/* An assertion says where it is; of other failures a run does not tell. */
static struct line *line_alike(struct lines *lines, const struct native_row *row)
{
	size_t length = verdict_length(row->text);

	if (row->kind != OUTCOME_FAILURE || !strncmp(row->text, "assertion", length))
		return NULL;
	/* Nobody knows why it did not go on. */
	if (!strncmp(row->text, "hang", length))
		return line_waiting(lines);
	for (size_t i = 0; i < lines->count; i++) {
		const struct line *line = &lines->items[i];

		if (line->kind == OUTCOME_FAILURE && !line->seen &&
		    verdict_length(line->text) == length && !strncmp(line->text, row->text, length))
			return &lines->items[i];
	}
	return NULL;
}

static enum grade grade_of(const struct native_board *board, const char *text)
{
	uint32_t count = board->expected_count < NATIVE_EXPECTED_MAX ? board->expected_count
								     : NATIVE_EXPECTED_MAX;
	const struct expectation *expected = expectation_find(board->expected, count, text);

	return expected ? (enum grade)expected->grade : GRADE_NONE;
}

static int compare(const void *a, const void *b)
{
	const struct line *first = a, *second = b;

	if (first->kind != second->kind)
		return first->kind < second->kind ? -1 : 1;
	return strverscmp(first->text, second->text);
}

static void lines_make(struct lines *lines, const struct native_table *table,
		       const struct native_board *board, const struct outcomes *outcomes)
{
	for (size_t i = 0; i < outcomes->count; i++)
		line_add(lines, outcomes->rows[i].kind, outcomes->rows[i].text)->found =
			&outcomes->rows[i];
	for (size_t i = 0; i < table->count; i++) {
		const struct native_row *row = &table->rows[i];
		struct line *line = line_find(lines, row->kind, row->text);

		line = line ? line : line_alike(lines, row);
		(line ? line : line_add(lines, row->kind, row->text))->seen = row;
	}
	for (uint32_t i = 0; i < board->expected_count && i < NATIVE_EXPECTED_MAX; i++)
		if (!strchr(board->expected[i].text, '*') &&
		    !line_find(lines, OUTCOME_SAID, board->expected[i].text))
			line_add(lines, OUTCOME_SAID, board->expected[i].text)->is_declared_only =
				true;
	for (size_t i = 0; i < lines->count; i++)
		if (lines->items[i].kind == OUTCOME_SAID)
			lines->items[i].grade = grade_of(board, lines->items[i].text);
	if (lines->count)
		qsort(lines->items, lines->count, sizeof(*lines->items), compare);
}

/* What a program says may be anything; in parentheses what it has not said itself. */
static char *shown(const struct line *line)
{
	size_t room = escape_room(strlen(line->text)) + 3;
	char *text = must_have(malloc(room));
	bool own = line->kind == OUTCOME_SAID;

	strcpy(text, own ? "" : "(");
	if (*line->text)
		escape_value(text + !own, room - 3, line->text);
	if (!own)
		strcat(text, ")");
	return text;
}

static unsigned widest(const struct lines *lines)
{
	size_t most = strlen("outcome");

	for (size_t i = 0; i < lines->count; i++) {
		char *text = shown(&lines->items[i]);

		most = strlen(text) > most ? strlen(text) : most;
		free(text);
	}
	return most < TEXT_COLUMNS_MAX ? (unsigned)most : TEXT_COLUMNS_MAX;
}

/* The search has failures of whatever kind: which of them a run would show is not known. */
static bool has_failures(const struct search *search)
{
	return search->findings.count > 0;
}

/* The machine has shown it, and a complete search has not. */
static bool is_contradiction(const struct line *line, const struct search *search,
			     const struct outcomes *outcomes)
{
	if (!search || !outcomes->are_unreachable || !line->seen || line->found)
		return false;
	return line->kind == OUTCOME_SAID ||
	       (line->kind == OUTCOME_FAILURE && !has_failures(search));
}

static void print_search(FILE *out, const struct line *line, const struct outcomes *outcomes)
{
	if (line->found && outcomes->are_counted)
		fprintf(out, "  %10llu  %5.1f %%", (unsigned long long)line->found->count,
			100 * line->found->share);
	else if (line->found)
		fprintf(out, "  %10s  %7s", "seen", "");
	else if (line->kind == OUTCOME_FAILURE)
		fprintf(out, "  %10s  %7s", "-", "");
	else
		fprintf(out, "  %10s  %7s", outcomes->are_unreachable ? "impossible" : "not seen",
			"");
}

static void print_line(FILE *out, const struct line *line, const struct native_table *table,
		       const struct search *search, const struct outcomes *outcomes, unsigned width)
{
	uint64_t runs = line->seen ? line->seen->runs : 0;
	const char *grade = line->kind == OUTCOME_FAILURE ? "failure" : grade_word(line->grade);
	char *text = shown(line), seen[64];

	fprintf(out, "    %-*s", (int)width, text);
	free(text);
	if (search)
		print_search(out, line, outcomes);
	snprintf(seen, sizeof(seen), "%llu of %llu runs", (unsigned long long)runs,
		 (unsigned long long)table->runs);
	fprintf(out, "  %-22s  %s%s\n", seen, *grade ? grade : "-",
		is_contradiction(line, search, outcomes) ? "  <- see below" : "");
}

static void print_head(FILE *out, const struct search *search, unsigned width)
{
	fprintf(out, "  outcomes:\n    %-*s", (int)width, "outcome");
	if (search)
		fprintf(out, "  %10s  %7s", "classes", "share");
	fprintf(out, "  %-22s  %s\n", "seen on this machine", "grade");
}

/* What of heddle's memory, which is sequentially consistent, a real one does not keep. */
static const char *weakness(const struct search *search)
{
	bool races = search->findings.count > search_failures(search);

	if (races && search->shared->weak_orders)
		return "data races, and atomic operations weaker than memory_order_seq_cst";
	if (races)
		return "data races";
	return search->shared->weak_orders ? "atomic operations weaker than memory_order_seq_cst"
					   : NULL;
}

static void print_contradiction(FILE *out, const struct line *line,
				const struct native_table *table, const struct search *search)
{
	const char *weak = weakness(search);
	char *text = shown(line);

	fprintf(out,
		"\nheddle: this machine shows `%s` in %llu of %llu runs, and the complete search "
		"says that no interleaving ends so\n",
		text, (unsigned long long)line->seen->runs, (unsigned long long)table->runs);
	free(text);
	if (weak)
		fprintf(out,
			"  this is weak memory at work (or an error of heddle's): the program has "
			"%s,\n"
			"  which processor and compiler may reorder, while heddle executes all "
			"interleavings in order\n",
			weak);
	else
		fputs("  this is an error of heddle's: all accesses are ordered by locks and by "
		      "sequentially consistent atomics,\n"
		      "  so that weak memory cannot show it (unless the program depends on real "
		      "time, addresses or input)\n",
		      out);
}

static bool is_bad(const struct line *line)
{
	return line->seen && (line->kind == OUTCOME_FAILURE || line->grade == GRADE_FORBIDDEN);
}

bool native_table_print(FILE *out, struct native_table *table, const struct native_board *board,
			const struct search *search)
{
	struct outcomes outcomes = {.count = 0};
	struct lines lines = {.count = 0};
	bool bad = false;
	unsigned width;

	if (search)
		outcomes_make(&outcomes, search);
	lines_make(&lines, table, board, &outcomes);
	width = widest(&lines);
	print_head(out, search, width);
	for (size_t i = 0; i < lines.count; i++) {
		print_line(out, &lines.items[i], table, search, &outcomes, width);
		bad |= is_bad(&lines.items[i]);
	}
	if (table->others)
		fprintf(out, "    and %llu runs with others: %d are told apart, not more\n",
			(unsigned long long)table->others, NATIVE_ROWS_MAX);
	for (size_t i = 0; i < lines.count; i++)
		if (is_contradiction(&lines.items[i], search, &outcomes)) {
			print_contradiction(out, &lines.items[i], table, search);
			bad = true;
		}
	free(lines.items);
	outcomes_free(&outcomes);
	return bad;
}
