# Asks a memcached on PORT a bounded number of things, through several connections at once, so that all
# of its threads have something to do: prints how often all of them have counted.
import socket
import sys
import time

CONNECTIONS = 8
ROUNDS = 10


def connect(port):
    for _ in range(600):
        try:
            return socket.create_connection(("127.0.0.1", port)).makefile("rwb")
        except ConnectionRefusedError:
            time.sleep(0.1)
    sys.exit("nobody listens")


def ask(connection, request):
    connection.write(request.encode())
    connection.flush()


def must(connection, *lines):
    for line in lines:
        answer = connection.readline().decode().rstrip("\r\n")
        if answer != line:
            sys.exit(f"{answer} instead of {line}")


connections = [connect(int(sys.argv[1])) for _ in range(CONNECTIONS)]
ask(connections[0], "set count 0 0 1\r\n0\r\n")
must(connections[0], "STORED")
for turn in range(ROUNDS):
    for number, connection in enumerate(connections):
        value = f"{turn}.{number}"
        ask(connection, f"incr count 1 noreply\r\nset k{number} 7 0 {len(value)}\r\n{value}\r\n")
        ask(connection, f"get k{number} nothing\r\n")
    for number, connection in enumerate(connections):
        value = f"{turn}.{number}"
        must(connection, "STORED", f"VALUE k{number} 7 {len(value)}", value, "END")
ask(connections[0], "incr count 0\r\n")
print(connections[0].readline().decode().rstrip("\r\n"))
for connection in connections:
    ask(connection, "quit\r\n")
    must(connection, "")
