/*
 * cxx_reference.cc - a reference into a std::vector outlives the lock under which it was taken.
 *
 * Kind: use after free between threads: the vector has moved its elements meanwhile.
 * Least preemptions: 1. With none the reference is used before anything is added. With one: the
 * thread is left when it has given the lock back.
 * Decisive pair: push_back's free of the old elements comes before the use of the reference.
 */
#include <mutex>
#include <thread>
#include <vector>

static std::mutex lock;
static std::vector<int> sizes{1};

static void grow_first()
{
	std::unique_lock<std::mutex> locked(lock);
	int &first = sizes.front();

#ifndef FIXED
	locked.unlock();
#endif
	first = 2;
}

static void add()
{
	std::lock_guard<std::mutex> locked(lock);

	sizes.push_back(3);
}

int main()
{
	std::thread one(grow_first), other(add);

	one.join();
	other.join();
	return 0;
}
