# A pool of concurrent.futures: results as they come, exceptions, timeouts, what was cancelled before
# it began, and an event loop that waits for such threads.
import asyncio
import threading
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, as_completed, wait

gate = threading.Event()


def square(number):
    time.sleep(0.01 * (number % 3))
    if number == 7:
        raise ValueError(number)
    return number * number


def guarded(number):
    gate.wait()
    return number


async def gather():
    return await asyncio.gather(*(asyncio.to_thread(square, number) for number in range(5)))


with ThreadPoolExecutor(4) as pool:
    futures = [pool.submit(square, number) for number in range(20)]
    results = []
    for future in as_completed(futures):
        results.append(repr(future.exception()) if future.exception() else future.result())
    print(sorted(results, key=str))

with ThreadPoolExecutor(2) as pool:
    futures = [pool.submit(guarded, number) for number in range(4)]
    done, waiting = wait(futures, timeout=0.5, return_when=FIRST_COMPLETED)
    print(len(done), len(waiting), futures[3].cancel(), futures[0].cancel())
    gate.set()
    print([future.result(timeout=10) for future in futures[:3]])

print(asyncio.run(gather()))
