# A timer of an hour, and one that is cancelled: on a virtual clock that takes no time.
import threading

rung = threading.Event()
threading.Timer(3600, rung.set).start()
cancelled = threading.Timer(7200, print, args=("never",))
cancelled.start()
print(rung.wait(timeout=1800), rung.wait(timeout=3600))
cancelled.cancel()
