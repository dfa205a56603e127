/* guard.cc - a static object of a function, which whoever comes first makes, and a shared_ptr: in
 * the order that the language and the library make, without a lock in sight. */
#include <memory>
#include <thread>

struct settings {
	int answer;
	settings() : answer(42) {}
};

static settings &get()
{
	static settings made;

	return made;
}

int main()
{
	auto shared = std::make_shared<int>(0);
	std::thread other([shared] { get().answer == *shared; });
	int wrong = get().answer != 42;

	shared.reset();
	other.join();
	return wrong;
}
