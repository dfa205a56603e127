// Two threads drop the last reference to an object that was made with new: with a torn counter, or
// where ARGUMENT is "right" with one that is not. "new" shows operators and containers.
#include <atomic>
#include <cassert>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <thread>
#include <vector>

struct object {
	std::atomic<int> references{2};
	char rest[40];
};

static object *shared;

static void torn()
{
	shared->references--;
	if (shared->references == 0)
		delete shared;
}

static void right()
{
	if (shared->references-- == 1)
		delete shared;
}

static void containers()
{
	auto held = std::make_shared<std::string>(100, 'x');
	std::vector<int> numbers;
	struct alignas(64) wide {
		char bytes[64];
	} *aligned = new wide;

	for (int i = 0; i < 100; i++)
		numbers.push_back(i);
	memset(aligned->bytes, 1, sizeof(aligned->bytes));
	delete aligned;
	int *list = new int[7];
	list[6] = numbers[99];
	delete[] list;
	try {
		throw std::string("thrown");
	} catch (const std::string &text) {
		assert(text == "thrown");
	}
	try {
		volatile size_t much = SIZE_MAX / 2;
		char *volatile got = new char[much];
		delete[] got;
		assert(!"there is so much memory");
	} catch (const std::bad_alloc &) {
	}
	std::thread other([held] { assert(held->size() == 100); });
	other.join();
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "new")) {
		containers();
		return 0;
	}
	shared = new object;
	std::thread one(argc > 1 ? right : torn), two(argc > 1 ? right : torn);
	one.join();
	two.join();
}
