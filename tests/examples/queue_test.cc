// queue_test.cc - from C++: a queue for one producer and one consumer, its lock and its condition.
#include <heddle.h>

#include <cassert>
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <queue>
#include <thread>

namespace {

class Queue {
public:
	void put(int value)
	{
		std::lock_guard<std::mutex> guard(lock_);
		values_.push(value);
		there_.notify_one();
	}

	int take()
	{
		std::unique_lock<std::mutex> guard(lock_);
		there_.wait(guard, [this] { return !values_.empty(); });
		int value = values_.front();
		values_.pop();
		return value;
	}

private:
	std::mutex lock_;
	std::condition_variable there_;
	std::queue<int> values_;
};

void pass_on(void *)
{
	Queue queue;
	std::thread producer([&] {
		for (int i = 1; i <= 2; i++)
			queue.put(i);
	});
	int first = queue.take(), second = queue.take();

	producer.join();
	assert(first == 1 && second == 2);
}

} // namespace

int main()
{
	heddle_report_t report;
	int result = heddle_explore(pass_on, nullptr, nullptr, &report);

	std::cout << report.text;
	heddle_report_free(&report);
	return result;
}
