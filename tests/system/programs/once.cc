// std::call_once() by two threads.
#include <cassert>
#include <mutex>
#include <thread>

static std::once_flag flag;
static int runs;

static void work()
{
	std::call_once(flag, [] { ++runs; });
}

int main()
{
	std::thread one(work), other(work);

	one.join();
	other.join();
	assert(runs == 1);
	return 0;
}
