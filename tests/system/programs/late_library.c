/* What two threads race for, in a library that the program loads when it runs. */
static int counter;

void *work(void *argument);
void *work(void *argument)
{
	counter++;
	return argument;
}
