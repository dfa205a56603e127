// futexes.cc - what C++20 builds on futexes; the first argument says what.
#include <atomic>
#include <barrier>
#include <cassert>
#include <latch>
#include <semaphore>
#include <string>
#include <thread>

static int data[2];

static void latch()
{
	std::latch done(2);
	std::thread one([&] { data[0] = 1; done.count_down(); });
	std::thread other([&] { data[1] = 1; done.count_down(); });

	done.wait();
	assert(data[0] == 1 && data[1] == 1);
	one.join();
	other.join();
}

static void barrier()
{
	std::barrier both(2);
	std::thread thread([&] { data[0] = 1; both.arrive_and_wait(); assert(data[1] == 1); });

	data[1] = 1;
	both.arrive_and_wait();
	assert(data[0] == 1);
	thread.join();
}

template <typename Semaphore> static void semaphore()
{
	Semaphore free(1);
	auto work = [&] { free.acquire(); data[0]++; free.release(); };
	std::thread one(work), other(work);

	one.join();
	other.join();
	assert(data[0] == 2);
}

// An int is waited for at its own address, a long at a proxy's: a counter of the library.
template <typename Word> static void wait(bool all)
{
	static std::atomic<Word> flag;
	auto work = [] { flag.wait(0); assert(data[0] == 1); };
	std::thread one(work);

	data[0] = 1;
	flag.store(1);
	all ? flag.notify_all() : flag.notify_one();
	one.join();
}

// Two wait, and one is told.
static void forgotten()
{
	static std::atomic<int> flag;
	auto work = [] { flag.wait(0); };
	std::thread one(work), other(work);

	flag.store(1);
	flag.notify_one();
	one.join();
	other.join();
}

int main(int, char **argv)
{
	std::string what = argv[1];

	if (what == "latch")
		latch();
	else if (what == "barrier")
		barrier();
	else if (what == "binary")
		semaphore<std::binary_semaphore>();
	else if (what == "counting")
		semaphore<std::counting_semaphore<4>>();
	else if (what == "one")
		wait<int>(false);
	else if (what == "all")
		wait<int>(true);
	else if (what == "proxy")
		wait<long>(false);
	else
		forgotten();
}
