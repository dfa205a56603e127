# Three threads meet at a barrier twice: nobody begins the second round before all have ended the
# first.
import threading

barrier = threading.Barrier(3)
rounds = []


def meet():
    for number in range(2):
        rounds.append(number)
        barrier.wait()


threads = [threading.Thread(target=meet) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(rounds)
