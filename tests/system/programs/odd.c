/* Instructions that a breakpoint could carry out wrongly, each of which checks itself: the place is
 * named by its label. */
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

uint64_t from[8] = {1, 2, 3, 4, 5, 6, 7, 8}, to[8];
double half = 0.5;

static void check(int is_right)
{
	if (!is_right)
		abort();
}

static int three_times(int x)
{
	return 3 * x;
}

#define HERE(name) ".globl " #name "\n" #name ": "

static void flags(void)
{
	uint64_t pushed, kept;

	__asm__ volatile(HERE(at_pushf) "pushfq\n\tpop %0" : "=r"(pushed)::"memory");
	check(!(pushed & 0x100));
	__asm__ volatile("stc\n" HERE(at_flags) "mov $0, %0\n\tadc $0, %0" : "=r"(kept));
	check(kept == 1);
}

static void strings(void)
{
	const void *source = from;
	void *target = to;
	long count = 8;

	memset(to, 0, sizeof(to));
	__asm__ volatile(HERE(at_rep) "rep movsq"
			 : "+S"(source), "+D"(target), "+c"(count)::"memory");
	check(!count && !memcmp(from, to, sizeof(to)) && target == to + 8);
}

static void jumps(void)
{
	uint64_t jumped = 0;
	int result;

	__asm__ volatile(HERE(at_jump) "jmp 1f\n\tmov $1, %0\n1:" : "+r"(jumped));
	check(!jumped);
	__asm__ volatile(HERE(at_call) "call *%2"
			 : "=a"(result)
			 : "D"(14), "r"(three_times)
			 : "rcx", "rdx", "rsi", "r8", "r9", "r10", "r11", "memory", "cc");
	check(result == 42);
	__asm__ volatile("mov $3, %%ecx\n\txor %0, %0\n2: inc %0\n" HERE(at_loop) "loop 2b"
			 : "=&r"(jumped)::"rcx");
	check(jumped == 3);
}

static void data(void)
{
	double sum = 2;
	uint64_t second, kept;

	__asm__ volatile(
		"pcmpeqd %%xmm7, %%xmm7\n" HERE(at_vector) "addsd %2, %0\n\tmovq %%xmm7, %1"
		: "+x"(sum), "=r"(kept)
		: "m"(half)
		: "xmm7");
	check(sum == 2.5 && kept == UINT64_MAX);
	__asm__ volatile(HERE(at_relative) "mov from+8(%%rip), %0" : "=r"(second));
	check(second == 2);
	__asm__ volatile("movq $77, -8(%%rsp)\n\tmovq $78, -128(%%rsp)\n" HERE(
				 at_red_zone) "nop\n\tmov -8(%%rsp), %0\n\tadd -128(%%rsp), %0"
			 : "=r"(second)::"memory");
	check(second == 155);
}

static void *work(void *argument)
{
	flags();
	strings();
	jumps();
	data();
	return argument;
}

int main(void)
{
	pthread_t first, second;

	pthread_create(&first, NULL, work, NULL);
	pthread_create(&second, NULL, work, NULL);
	pthread_join(first, NULL);
	pthread_join(second, NULL);
	return 0;
}
