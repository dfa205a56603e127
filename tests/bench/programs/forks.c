/* Forks N children that do nothing, and waits for each. */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	long forks = argc > 1 ? atol(argv[1]) : 1;

	for (long i = 0; i < forks; i++) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		waitpid(pid, NULL, 0);
	}
	return 0;
}
