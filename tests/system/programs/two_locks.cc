// Two std::threads that lock one std::mutex once each: two interleavings.
#include <mutex>
#include <thread>

static std::mutex mutex;
static int counter;

static void work()
{
	std::lock_guard<std::mutex> guard(mutex);
	counter++;
}

int main()
{
	std::thread one(work), two(work);

	one.join();
	two.join();
	return counter != 2;
}
