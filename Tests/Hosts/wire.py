"""Between a handler's host and its database: wire.py PORT UPSTREAM CONTROL_FILE.

Passes bytes on both ways. While CONTROL_FILE holds a number above zero, the answer to a statement that names thumbnails.complete is
swallowed and both connections are reset: the database has committed, and the worker cannot know. Each cut counts the number down. The first
question a connection has for the queue is spared: it may be the one with which a worker asks again.
"""

import os
import socket
import struct
import sys
import threading

PORT, UPSTREAM, CONTROL = int(sys.argv[1]), sys.argv[2], sys.argv[3]
lock = threading.Lock()


def takes_cut():
    with lock:
        with open(CONTROL) as file:
            left = int(file.read().strip() or 0)
        if left <= 0:
            return False
        with open(CONTROL + ".new", "w") as file:
            file.write(str(left - 1))
        os.rename(CONTROL + ".new", CONTROL)
        return True


class Link:
    """One connection of a worker."""

    def __init__(self, client):
        self.client = client
        self.cuts_next_answer = False
        self.questions = 0
        threading.Thread(target=self.connect, daemon=True).start()

    def connect(self):
        try:
            self.server = socket.create_connection((UPSTREAM, 5432), 3)
        except OSError:
            self.reset(self.client)
            return
        self.server.settimeout(None)
        # Silence on one side has to become silence's end on the other, as soon as if there were no wire between.
        for option, value in ((socket.TCP_KEEPIDLE, 4), (socket.TCP_KEEPINTVL, 2), (socket.TCP_KEEPCNT, 2), (socket.TCP_USER_TIMEOUT, 4000)):
            self.server.setsockopt(socket.IPPROTO_TCP, option, value)
        self.server.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        threading.Thread(target=self.upward, daemon=True).start()
        self.downward()

    @staticmethod
    def reset(end):
        try:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            # Wakes the thread that reads it; close() alone would not.
            end.shutdown(socket.SHUT_RD)
        except OSError:
            pass
        end.close()

    def upward(self):
        try:
            while data := self.client.recv(65536):
                self.questions += b"thumbnails." in data
                if b"thumbnails.complete(" in data and self.questions > 1 and takes_cut():
                    self.cuts_next_answer = True
                self.server.sendall(data)
        except OSError:
            pass
        finally:
            self.end()

    def downward(self):
        try:
            while data := self.server.recv(65536):
                if self.cuts_next_answer:
                    # It has answered, so it has committed.
                    return
                self.client.sendall(data)
        except OSError:
            pass
        finally:
            self.end()

    def end(self):
        self.reset(self.client)
        self.reset(self.server)


with socket.create_server(("127.0.0.1", PORT), backlog=256) as listener:
    while True:
        Link(listener.accept()[0])
