# A consumer waits on a condition until there are five items.
import threading

condition = threading.Condition()
items = []


def consume():
    with condition:
        while len(items) < 5:
            condition.wait()
        print("got", items)


consumer = threading.Thread(target=consume)
consumer.start()
for item in range(5):
    with condition:
        items.append(item)
        condition.notify()
consumer.join()
