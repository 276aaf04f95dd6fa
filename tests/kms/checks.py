"""What is looked at, one after the other, and the count of it at the end."""
import contextlib
import sys
import time

from machine import Fault


class Checks:
    def __init__(self):
        self.passed = self.failed = 0
        self.begun = time.monotonic()

    @contextlib.contextmanager
    def __call__(self, what):
        """Counts what happens inside; a fault is told, and the next check goes on."""
        begun = time.monotonic()
        try:
            yield
        except Fault as fault:
            self.failed += 1
            print(f"FAILED {what}: {fault}", flush=True)
        else:
            self.passed += 1
            print(f"ok     {what} ({time.monotonic() - begun:.0f} s)", flush=True)

    def end(self):
        """The closing line; the exit code says the same."""
        print(f"in {time.monotonic() - self.begun:.0f} s")
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        sys.exit(0 if self.failed == 0 and self.passed > 0 else 1)


def demand(what, holds):
    if not holds:
        raise Fault(what)
