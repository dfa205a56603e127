# The same, but the lock is given back between the read and the write: updates are lost.
import threading

counter = 0
lock = threading.Lock()


def increment():
    global counter
    for _ in range(10000):
        with lock:
            value = counter
        with lock:
            counter = value + 1


threads = [threading.Thread(target=increment) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(counter)
