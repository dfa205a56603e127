# A hundred threads at once: each has data of its own, computes, waits at a barrier and under a
# semaphore, and adds to a sum under a lock that it may take twice. A daemon thread never ends.
import threading
import time

THREADS = 100
own = threading.local()
lock = threading.RLock()
few = threading.Semaphore(3)
barrier = threading.Barrier(THREADS)
inside = most = total = 0


def tick():
    while True:
        time.sleep(0.001)


def work(number):
    global inside, most, total
    own.number = sum(number for _ in range(1000)) // 1000
    barrier.wait()
    with few:
        with lock:
            inside += 1
            most = max(most, inside)
        time.sleep(0.001)
        with lock, lock:
            inside -= 1
            total += own.number


threading.Thread(target=tick, daemon=True).start()
threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(total, inside, most <= 3, threading.active_count())
