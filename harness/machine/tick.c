#include "machine/tick.h"

#include "machine/syscall.h"
#include "machine/trap.h"

#include <signal.h>
#include <time.h>

/* The kernel's struct sigevent; the C library hides the thread's id in it. */
struct kernel_event {
	union sigval value;
	int signal, notify, thread;
	int padding[11];
};

static volatile uint32_t ticks;

uint32_t tick_count(void)
{
	return ticks;
}

void tick_add(void)
{
	ticks++;
}

void tick_start(void)
{
	struct kernel_event event = {.signal = TRAP_STUCK_SIGNAL,
				     .notify = SIGEV_THREAD_ID,
				     .thread = (int)sys_call0(SYS_gettid)};
	struct itimerspec every = {.it_interval.tv_nsec = TICK_NS, .it_value.tv_nsec = TICK_NS};
	int timer = 0;

	/* Without one, loops that wait are not noticed: the command asks where the program is. */
	if (!sys_call3(SYS_timer_create, CLOCK_THREAD_CPUTIME_ID, &event, &timer))
		sys_call4(SYS_timer_settime, timer, 0, &every, 0);
}
