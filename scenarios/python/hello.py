# A named thread says hello.
import threading


def hello():
    print("hello from", threading.current_thread().name)


thread = threading.Thread(target=hello, name="worker")
thread.start()
thread.join()
