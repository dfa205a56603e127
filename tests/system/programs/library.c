/* A counter in a shared object of its own, for library_user.c. */
extern int counter_add(void);

static volatile int counter;

int counter_add(void)
{
	return ++counter;
}
