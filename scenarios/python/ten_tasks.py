# Ten tasks in a thread each; the order in which they print is the schedule's.
import threading


def task(number):
    print("task", number)


threads = [threading.Thread(target=task, args=(number,)) for number in range(10)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
