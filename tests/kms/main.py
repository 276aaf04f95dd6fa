"""Starts the machine and one look at it: main.py card|servers BASE PRODUCT LOGS"""
import signal
import sys

import card
import servers
from machine import Fault, Machine


def main():
    subject, base, product, logs = sys.argv[1:]
    # Whoever ends this ends the machine with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("tests/kms/run: interrupted"))
    look = {"card": card.look, "servers": servers.look}[subject]
    try:
        with Machine(base, product, f"{logs}/machine.log") as machine:
            try:
                look(machine, logs)
            finally:
                journal = machine.try_run("journalctl --no-pager --boot=all")[1]
                with open(f"{logs}/journal.log", "wb") as log:
                    log.write(journal)
    except Fault as fault:
        sys.exit(f"tests/kms/run: {fault}")


main()
