# SPDX-License-Identifier: Apache-2.0
"""An agent of its own kind for the tests: it answers the notified calls of all containers that are handed to
it (runtime-spec, "Seccomp"; seccomp_unotify(2))."""

import array
import errno
import fcntl
import json
import os
import pathlib
import select
import socket
import struct
import threading

RECEIVE, SEND = 0xC0502100, 0xC0182101
CONTINUE = 1
NOTIFICATION = struct.Struct("<QIIiIQ6Q")


def program_for_x86_64(path, code):
    """A static program that is this code and nothing else."""
    base = 0x400000
    size = 120 + len(code)
    header = struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\2\1\1", 2, 62, 1, base + 120, 64, 0, 0, 64, 56, 1, 0, 0, 0)
    segment = struct.pack("<IIQQQQQQ", 1, 5, 0, base, base, size, size, 4096)
    pathlib.Path(path).write_bytes(header + segment + code)
    os.chmod(path, 0o755)


class Agent:
    """Listens on a socket and answers by answer(nr, notification): None continues, a number is an errno.
    messages: what was told of each container."""

    def __init__(self, path, answer=lambda nr, call: None):
        self.path, self.answer = str(path), answer
        self.messages, self.calls, self.failures = [], [], []
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.bind(self.path)
        self.socket.listen(64)
        self.stop, self.stopper = os.pipe()
        self.epoll = select.epoll()
        self.open = set()  # connections and listeners
        self.by_fd = {}  # what is done where something is to be read
        self.watch(self.socket.fileno(), self.accept)
        self.watch(self.stop, None)
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        """As if it had died: nobody holds any of its descriptors any more."""
        if self.stopper is None:
            return
        os.close(self.stopper)
        self.stopper = None
        self.thread.join()
        self.epoll.close()
        self.socket.close()
        os.close(self.stop)
        for fd in self.open:
            os.close(fd)
        os.unlink(self.path)

    def watch(self, fd, body):
        self.by_fd[fd] = body
        self.epoll.register(fd, select.EPOLLIN)

    def forget(self, fd):
        self.open.discard(fd)
        self.epoll.unregister(fd)  # a child that was just forked may still hold it
        os.close(fd)

    def serve(self):
        while True:
            for fd, events in self.epoll.poll():
                body = self.by_fd[fd]
                if body is None:
                    return
                try:
                    if events & select.EPOLLIN:
                        body(fd)
                    elif fd in self.open:  # nobody is left whose calls could be notified
                        self.forget(fd)
                except OSError as e:
                    self.failures.append(str(e))

    def accept(self, _):
        fd = self.socket.accept()[0].detach()
        self.open.add(fd)
        self.watch(fd, self.receive)

    def receive(self, connection):
        with socket.socket(fileno=os.dup(connection)) as s:
            text, ancillary, _, _ = s.recvmsg(65536, socket.CMSG_SPACE(16))
        self.forget(connection)
        if not text:
            return
        fds = array.array("i")
        for _, _, data in ancillary:
            fds.frombytes(data)
        message = json.loads(text)
        self.messages.append(message)
        for name, fd in zip(message["fds"], fds, strict=True):
            if name == "seccompFd":
                self.open.add(fd)
                self.watch(fd, self.call)

    def call(self, fd):
        notification = bytearray(NOTIFICATION.size)
        try:
            fcntl.ioctl(fd, RECEIVE, notification)
        except OSError as e:
            if e.errno == errno.ENOENT:  # the caller is gone by now
                return
            raise
        call = NOTIFICATION.unpack(notification)
        self.calls.append(call[3])
        result = self.answer(call[3], call)
        reply = struct.pack("<QqiI", call[0], 0, -(result or 0), 0 if result is not None else CONTINUE)
        try:
            fcntl.ioctl(fd, SEND, bytearray(reply))
        except OSError as e:
            if e.errno != errno.ENOENT:
                raise
