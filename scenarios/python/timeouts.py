# Waits that time out and waits that do not, with another thread at work all the time.
import queue
import threading
import time

lock = threading.Lock()
event = threading.Event()
condition = threading.Condition()
semaphore = threading.BoundedSemaphore(1)
items = queue.Queue(maxsize=1)
over = threading.Event()


def work():
    with lock, semaphore:
        while not over.is_set():
            with condition:
                condition.notify_all()


def timed(wait):
    before = time.monotonic()
    try:
        result = wait()
    except (queue.Empty, queue.Full) as error:
        result = type(error).__name__
    passed = time.monotonic() - before
    return result, 0.02 <= passed < 0.04


worker = threading.Thread(target=work)
worker.start()
while not lock.locked():
    time.sleep(0.001)
print("lock", *timed(lambda: lock.acquire(timeout=0.02)))
print("semaphore", *timed(lambda: semaphore.acquire(timeout=0.02)))
print("event", *timed(lambda: event.wait(0.02)))
print("get", *timed(lambda: items.get(timeout=0.02)))
items.put(1)
print("put", *timed(lambda: items.put(2, timeout=0.02)))
with condition:
    print("condition", *timed(lambda: condition.wait_for(lambda: False, 0.02)))
worker.join(timeout=0.02)
print("join", worker.is_alive())
threading.Timer(0.02, over.set).start()
print("timer", over.wait(10), lock.acquire(timeout=10), semaphore.acquire(timeout=10))
worker.join(timeout=10)
print("end", worker.is_alive())
