/*
 * cxx_notify.cc - std::condition_variable::wait without a predicate.
 *
 * Kind: lost wakeup: a deadlock in the wait.
 * Least preemptions: 0. The notifying thread goes first, and nobody waits yet.
 * Decisive pair: the notification comes before the wait.
 */
#include <condition_variable>
#include <mutex>
#include <thread>

static std::mutex lock;
static std::condition_variable changed;
static bool ready;

static void wait_until_ready()
{
	std::unique_lock<std::mutex> locked(lock);

#ifdef FIXED
	changed.wait(locked, [] { return ready; });
#else
	changed.wait(locked);
#endif
}

static void make_ready()
{
	std::lock_guard<std::mutex> locked(lock);

	ready = true;
	changed.notify_one();
}

int main()
{
	std::thread one(wait_until_ready), other(make_ready);

	one.join();
	other.join();
	return 0;
}
