/* signals.c - the signals that heddle needs for itself are not the program's to take, but it does
 * not notice. */
#include "intercept/interpose.h"
#include "machine/real.h"
#include "machine/trap.h"
#include "session/session.h"
#include "session/signals.h"

#include <errno.h>
#include <signal.h>

static void remember(int number, const struct sigaction *action)
{
	bool handled = action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN;

	session.signal_handlers[number].action = *action;
	/* A handler of one argument is called with three: the others are left where it does not
	 * look. */
	session.signal_handlers[number].called = handled ? action->sa_sigaction : 0;
}

/* The kernel is told, and the model. */
static int unowned(int number, const struct sigaction *action, struct sigaction *old)
{
	int result = real.sigaction(number, action, old);

	if (!result && action)
		signals_remember(number, action);
	return result;
}

INTERPOSE int sigaction(int number, const struct sigaction *restrict action,
			struct sigaction *restrict old)
{
	if (!session.attached || number <= 0 || number > 64)
		return real.sigaction(number, action, old);
	if (!trap_owns(number))
		return unowned(number, action, old);
	if (old)
		*old = session.signal_handlers[number].action;
	if (action)
		remember(number, action);
	return 0;
}

INTERPOSE sighandler_t signal(int number, sighandler_t handler)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART}, old;

	if (sigaction(number, &action, &old))
		return SIG_ERR;
	return old.sa_handler;
}

INTERPOSE int sigaltstack(const stack_t *restrict stack, stack_t *restrict old)
{
	if (!session.attached)
		return real.sigaltstack(stack, old);
	/* Heddle's own stays in place; handlers of the program run on it. */
	if (old)
		*old = (stack_t){.ss_flags = SS_DISABLE};
	return 0;
}
