# Three threads square the numbers of a queue.
import queue
import threading

numbers = queue.Queue()
squares = []


def work():
    while (number := numbers.get()) is not None:
        squares.append(number * number)
        numbers.task_done()


threads = [threading.Thread(target=work) for _ in range(3)]
for thread in threads:
    thread.start()
for number in range(10):
    numbers.put(number)
numbers.join()
for _ in threads:
    numbers.put(None)
for thread in threads:
    thread.join()
print(sorted(squares))
