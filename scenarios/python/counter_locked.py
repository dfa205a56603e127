# Two threads add 1 to a counter 10,000 times each, under a lock: it is 20,000 at the end. Another
# number of rounds can be given.
import sys
import threading

rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10000
counter = 0
lock = threading.Lock()


def increment():
    global counter
    for _ in range(rounds):
        with lock:
            counter += 1


threads = [threading.Thread(target=increment) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(counter)
