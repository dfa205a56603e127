/*
 * single.c - starts one worker and looks after it until it ends.
 *
 * A Ctrl-C reaches the program and the command alike, since they share a terminal; the command lets
 * the program end in its own way, for a short while.
 */
#include "cli/single.h"
#include "cli/board.h"
#include "cli/clock.h"
#include "cli/options.h"
#include "cli/say.h"
#include "cli/signals.h"
#include "report/verdict.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define POLL_MS 2
/* How long a program may take to end after a Ctrl-C, or after it has reported. */
#define GRACE_S 2.0

/* A session of one worker while it goes on. */
struct session {
	const struct single_request *request;
	struct single *single;
	struct shared *shared;
	struct launch launch;
	struct worker worker;
	int signals_fd;
	double deadline_s; /* when it is killed; 0: not yet set */
	struct error *error;
	bool unable;
};

static int write_plan(const struct session *session)
{
	size_t bytes = session->request->config.plan_count * sizeof(struct event), done = 0;
	const char *plan = (const char *)session->request->plan;

	while (done < bytes) {
		ssize_t length = pwrite(session->worker.launch.recording_fd, plan + done,
					bytes - done, (off_t)done);

		if (length <= 0)
			return error_set(session->error, "no memory for the plan of the replay");
		done += (size_t)length;
	}
	return 0;
}

static int open_session(struct session *session, char **words)
{
	session->launch = (struct launch){.target = &session->request->target,
					  .words = words,
					  .captured = session->request->is_trial};
	session->signals_fd = signals_open(&session->launch.signals);
	if (library_find(&session->launch.library, session->error) != 0)
		return -1;
	session->shared =
		board_make(&session->launch.shared_fd, &session->request->config, session->error);
	if (session->shared && session->request->sites_of)
		points_sites_from_trace(session->shared, session->request->sites_of);
	if (!session->shared ||
	    worker_init(&session->worker, session->shared, 0, session->error) != 0 ||
	    write_plan(session) != 0)
		return -1;
	return worker_start(&session->worker, &session->launch, session->error);
}

static void close_session(struct session *session)
{
	worker_close(&session->worker);
	if (session->launch.shared_fd > 0)
		close(session->launch.shared_fd);
	if (session->shared)
		munmap(session->shared, sizeof(*session->shared));
	close(session->signals_fd);
	sigprocmask(SIG_SETMASK, &session->launch.signals, NULL);
}

static void take_report(struct session *session)
{
	struct single *single = session->single;
	uint64_t first = session->request->config.plan_count;

	if (session->worker.slot->report.look) {
		looks_take(&single->looks, &session->worker, first);
		worker_answer(&session->worker);
		return;
	}
	if (!single->captured)
		capture_take(&single->capture, &session->request->origin, &session->worker,
			     &single->looks, first);
	if (!single->captured)
		points_to_trace(&session->request->origin.points, session->shared,
				&single->capture.trace);
	single->captured = true;
	worker_answer(&session->worker);
	if (verdict_is_failure(single->capture.verdict))
		session->deadline_s = clock_now() + GRACE_S;
}

static void take_signal(struct session *session, int signal)
{
	session->single->interrupted = signal;
	session->deadline_s = clock_now() + GRACE_S;
	/* A Ctrl-C comes from the terminal, which sends it to the program as well. */
	if (signal != SIGINT)
		kill(session->worker.pid, signal);
}

/* It was asked where it is and gave no answer. */
static void take_silence(struct session *session)
{
	struct report *report = &session->worker.slot->report;

	worker_kill(&session->worker, &session->launch);
	if (session->single->captured)
		return;
	*report = (struct report){.verdict = VERDICT_STUCK, .thread = -1};
	capture_take_lost(&session->single->capture, &session->request->origin, report,
			  &session->worker);
	points_to_trace(&session->request->origin.points, session->shared,
			&session->single->capture.trace);
	session->single->captured = true;
}

static void look(struct session *session)
{
	int signal = signals_next(session->signals_fd);

	if (signal)
		take_signal(session, signal);
	notes_update(&session->single->notes, session->shared, session->worker.pid);
	switch (worker_state(&session->worker)) {
	case WORKER_REPORTING:
		take_report(session);
		break;
	case WORKER_UNABLE:
		session->unable = true;
		break;
	case WORKER_RUNNING:
		if (!session->single->captured &&
		    stuck_check(&session->worker.stuck, session->worker.slot,
				session->request->stuck_s, false) == STUCK_SILENT)
			take_silence(session);
		break;
	case WORKER_EMPTY:
	case WORKER_STARTING:
	case WORKER_DONE:
		break;
	}
	if (session->deadline_s > 0 && clock_now() >= session->deadline_s)
		worker_kill(&session->worker, &session->launch);
}

static int refuse_unable(struct session *session, const char *name)
{
	struct report *report = &session->worker.slot->report;

	report->message[sizeof(report->message) - 1] = 0;
	return error_set(session->error, "cannot control `%s`: %s", name, report->message);
}

static int refuse_unheard(struct session *session, const char *name)
{
	int status = session->single->end.status;

	if (session->single->interrupted)
		return 0;
	if (WIFSIGNALED(status))
		return error_set(
			session->error,
			"`%s` was ended by signal %d (%s) before heddle's library was in it", name,
			WTERMSIG(status), strsignal(WTERMSIG(status)));
	return error_set(session->error,
			 "`%s` ended with status %d before heddle's library was in it: does the "
			 "dynamic linker say above why %s could not be preloaded?",
			 name, WEXITSTATUS(status), session->launch.library.heddle);
}

static int wait_for_end(struct session *session, const char *name)
{
	struct pollfd fds[2] = {{.fd = session->worker.pidfd, .events = POLLIN},
				{.fd = session->signals_fd, .events = POLLIN}};

	while (!worker_ended(&session->worker, &session->launch, &session->single->end)) {
		look(session);
		poll(fds, 2, POLL_MS);
	}
	notes_update(&session->single->notes, session->shared, 0);
	session->single->has_outcome = session->worker.slot->outcome_signature != 0;
	memcpy(session->single->outcome, session->worker.slot->outcome_text, OUTCOME_BYTES - 1);
	if (session->unable || session->single->end.state == WORKER_UNABLE)
		return refuse_unable(session, name);
	if (session->single->end.state == WORKER_STARTING)
		return refuse_unheard(session, name);
	return 0;
}

int single_execute(struct single *single, const struct single_request *request, char **words,
		   struct error *error)
{
	struct session session = {.request = request, .single = single, .error = error};
	int result;

	*single = (struct single){.captured = false};
	result = open_session(&session, words);
	if (result == 0)
		result = wait_for_end(&session, words[0]);
	close_session(&session);
	return result;
}

void single_free(struct single *single)
{
	notes_free(&single->notes);
	looks_free(&single->looks);
	if (single->captured)
		capture_free(&single->capture);
}

/* A process that said nothing: it passed, or it went where heddle could not follow. */
static int status_unreported(const struct worker_end *end)
{
	if (WIFSIGNALED(end->status)) {
		say("%s: signal %d (%s) ended the program, and heddle could not see where",
		    verdict_word(VERDICT_LOST), WTERMSIG(end->status),
		    strsignal(WTERMSIG(end->status)));
		return STATUS_FAILURE;
	}
	if (WEXITSTATUS(end->status) == 0)
		return STATUS_OK;
	say("%s: the program ended with status %d", verdict_word(VERDICT_EXIT_STATUS),
	    WEXITSTATUS(end->status));
	return STATUS_FAILURE;
}

/* A race is a finding, however the program ends. */
static int status_raced(const struct single *single, int status)
{
	return status == STATUS_OK && single->looks.race_count ? STATUS_FAILURE : status;
}

int single_status(const struct single *single)
{
	if (single->captured)
		return status_raced(single, verdict_is_failure(single->capture.verdict)
						    ? STATUS_FAILURE
						    : STATUS_OK);
	if (single->interrupted && !(WIFEXITED(single->end.status) && !single->end.status)) {
		say("interrupted by signal %d (%s)", single->interrupted,
		    strsignal(single->interrupted));
		return STATUS_INCOMPLETE;
	}
	return status_raced(single, status_unreported(&single->end));
}
