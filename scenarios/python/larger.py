# A bit of everything: a pool of concurrent.futures, a semaphore, joins that time out, a hundred
# threads.
import threading
import time
from concurrent.futures import ThreadPoolExecutor

two = threading.Semaphore(2)
go = threading.Event()


def successor(number):
    with two:
        time.sleep(0.1)
    return number + 1


with ThreadPoolExecutor(4) as pool:
    print(sum(pool.map(successor, range(20))))

threads = [threading.Thread(target=go.wait) for _ in range(100)]
for thread in threads:
    thread.start()
threads[0].join(timeout=5)
print(threads[0].is_alive())
go.set()
for thread in threads:
    thread.join()
print(any(thread.is_alive() for thread in threads))
