// Numbers that a program chooses, and what else it says, from C++.
#include <heddle.h>

#include <cstdlib>
#include <cstring>
#include <thread>

static int chosen[2];

static void choose(int who)
{
	heddle_name_thread(who ? "the second of the two" : "first");
	heddle_label("about to choose");
	chosen[who] = heddle_choose(who ? 3 : 2);
}

int main(int argc, char **argv)
{
	int many = argc > 1 ? std::atoi(argv[1]) : 1;
	int number = heddle_choose(many);

	if (argc > 2 && !std::strcmp(argv[2], "alone")) {
		heddle_assume(number != 1);
		heddle_assert(number != many - 1);
		heddle_outcome("%d", number);
		return 0;
	}
	std::thread one(choose, 0), other(choose, 1);
	one.join();
	other.join();
	heddle_outcome("%d %d %d", number, chosen[0], chosen[1]);
	return 0;
}
