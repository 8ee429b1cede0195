#!/usr/bin/env python3
"""The network of the fleet tests does what their faults rely on."""
import pathlib
import socket
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from network import Network, is_possible  # noqa: E402


class NetworkTest(unittest.TestCase):
    def setUp(self):
        self.network = Network()
        self.network.__enter__()
        self.addCleanup(self.network.__exit__)
        self.ada, self.bob = self.network.add("ada"), self.network.add("bob")
        self.server = self.inside("bob", self.bind)
        self.addCleanup(self.server.close)

    def inside(self, name, work):
        """What `work` returns, done on a thread that is in the place of `name`."""
        answer = []

        def enter_and_work():
            self.network.enter(name)
            answer.append(work())

        thread = threading.Thread(target=enter_and_work)
        thread.start()
        thread.join()
        return answer[0]

    def bind(self):
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        server.bind((self.bob, 7000))
        server.settimeout(0.3)
        return server

    def ask(self):
        """Whether a question of ada's reaches bob, and whether his answer comes back."""
        asker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        asker.settimeout(0.3)
        with asker:
            asker.sendto(b"?", (self.bob, 7000))
            try:
                _, sender = self.server.recvfrom(10)
            except TimeoutError:
                return "lost"
            self.server.sendto(b"!", sender)
            try:
                asker.recv(10)
            except TimeoutError:
                return "unanswered"
            return "answered"

    def test_a_cut_is_in_one_direction_and_heals(self):
        self.assertEqual(self.inside("ada", self.ask), "answered")
        self.network.cut("bob", "ada")
        self.assertEqual(self.inside("ada", self.ask), "unanswered")
        self.network.cut("ada", "bob")
        self.assertEqual(self.inside("ada", self.ask), "lost")
        self.network.heal("bob", "ada")
        self.network.heal("ada", "bob")
        self.assertEqual(self.inside("ada", self.ask), "answered")


if __name__ == "__main__":
    if not is_possible():
        print("this machine does not let the test make network namespaces")
        sys.exit(77)
    unittest.main()
