# Two threads add 1 to a counter 20,000 times each, without a lock. What is between a thread's read
# and its write is lost: fewer than 40,000 at the end. Another number of rounds can be given.
#
# CPython lets another thread go at the end of a call or of a round, where one has been waiting for
# 5 ms. So, from CPython 3.10 on, nothing can come between the read and the write of `counter += 1`;
# with a call in between it can. To heddle bytecode is one piece that takes no time, and so
#
#     heddle run --seed 1 python3 scenarios/python/counter_unlocked.py
#
# prints 40000 under each seed. A point in a function of the interpreter that int() comes by lets
# time pass, and the others go:
#
#     heddle run --seed 1 --point PyNumber_Long python3 scenarios/python/counter_unlocked.py
#
# loses updates under nearly every seed. (A file that was stripped, as Debian's python3 is, still has
# the names of the functions that it exports: nm -D.)
import sys
import threading

rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20000
counter = 0


def increment():
    global counter
    for _ in range(rounds):
        value = counter
        counter = int(value) + 1


threads = [threading.Thread(target=increment) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(counter)
