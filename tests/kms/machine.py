"""An emulated machine: its disks, its panel, what runs on it and what its screen shows.

Two sockets lead in: QEMU's own, which photographs the screen, and the guest agent's, which runs commands. There is no network.
"""
import base64
import contextlib
import io
import json
import os
import socket
import subprocess
import tempfile
import time

from PIL import Image

# Every instruction is emulated, on a machine that may be busy with something else.
BOOT_S = 300
COMMAND_S = 120
# Preferred by the panel; beside it every usual mode, such as 1920x1080.
PANEL = (1080, 1920)


class Fault(Exception):
    """What the machine did not do."""


class Lines:
    """A socket that talks in lines of JSON: one question, one answer; whatever else is said meanwhile is passed over."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.file = self.socket.makefile("r")

    def ask(self, command, limit=COMMAND_S, **arguments):
        self.socket.settimeout(limit)
        question = {"execute": command} | ({"arguments": arguments} if arguments else {})
        self.socket.sendall(json.dumps(question).encode() + b"\n")
        return self.hear(command)

    def hear(self, command):
        while line := self.file.readline():
            answer = json.loads(line)
            if "error" in answer:
                raise Fault(f"{command}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]
        raise Fault(f"{command}: the machine is gone")

    def close(self):
        self.file.close()
        self.socket.close()


class Machine:
    """Runs from `with` to its end. Both disks stay as they are: what it writes is forgotten with it."""

    def __init__(self, base, product, log):
        self.room = tempfile.TemporaryDirectory(prefix="jiaohao-kms-")
        self.monitor_path, self.agent_path = (os.path.join(self.room.name, name) for name in ("monitor", "agent"))
        disk = "if=virtio,format=raw,snapshot=on,file="
        self.command = [
            "qemu-system-x86_64", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", "2048",
            "-nodefaults", "-no-user-config", "-display", "none", "-nic", "none",
            "-kernel", f"{base}/vmlinuz", "-initrd", f"{base}/initrd",
            "-append", "root=/dev/vda rw quiet console=ttyS0 systemd.show_status=no",
            "-drive", f"{disk}{base}/disk", "-drive", f"{disk}{product}",
            "-device", "virtio-gpu-pci,xres={},yres={}".format(*PANEL),
            "-device", "virtio-mouse-pci", "-device", "virtio-serial-pci",
            "-chardev", f"socket,id=agent,path={self.agent_path},server=on,wait=off",
            "-device", "virtserialport,chardev=agent,name=org.qemu.guest_agent.0",
            "-qmp", f"unix:{self.monitor_path},server=on,wait=off", "-serial", f"file:{log}.console",
        ]
        self.log = log

    def __enter__(self):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            self.monitor = self.until("QEMU answers", lambda: Lines(self.monitor_path), 30)
            self.monitor.ask("qmp_capabilities")
            self.until("the machine has started", self.boot, BOOT_S)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.room.cleanup()

    @contextlib.contextmanager
    def agent(self):
        """The agent's attention; what it still had to say to somebody who did not wait for it is passed over."""
        with contextlib.closing(Lines(self.agent_path)) as agent:
            mark = time.monotonic_ns() & 0x7FFFFFFF
            answer = agent.ask("guest-sync", 5, id=mark)
            while answer != mark:
                answer = agent.hear("guest-sync")
            yield agent

    def boot(self):
        """Which start of the machine this is."""
        return self.text("cat /proc/sys/kernel/random/boot_id")

    def cut_power(self):
        """Off and on again, without a word to what runs."""
        before = self.boot()
        self.monitor.ask("system_reset")
        self.until("the machine has started again", lambda: self.boot() != before, BOOT_S)

    def until(self, what, happens, limit):
        """Asks until the answer is neither false nor a fault; says how long at most."""
        end, last = time.monotonic() + limit, None
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise Fault(f"{what}: QEMU ended, see {self.log}")
            try:
                last = happens()
                if last:
                    return last
            # A power cut may end an answer in the middle: no JSON.
            except (Fault, OSError, ValueError) as error:
                last = error
            time.sleep(1)
        raise Fault(f"{what}: not within {limit} s; last: {last}")

    def try_run(self, command, limit=COMMAND_S):
        """Runs a command line as root; its exit code, and what it printed, errors included."""
        with self.agent() as agent:
            words = {"path": "/bin/sh", "arg": ["-c", f"exec 2>&1; {command}"], "capture-output": True}
            started = agent.ask("guest-exec", **words)
            end = time.monotonic() + limit
            while time.monotonic() < end:
                state = agent.ask("guest-exec-status", pid=started["pid"])
                if state["exited"]:
                    return state.get("exitcode", -1), base64.b64decode(state.get("out-data", ""))
                time.sleep(0.3)
        raise Fault(f"{command}: not done within {limit} s")

    def run(self, command, limit=COMMAND_S):
        """What a command that must succeed printed."""
        code, said = self.try_run(command, limit)
        if code != 0:
            raise Fault(f"{command}: exit code {code}: {said.decode(errors='replace').strip()}")
        return said

    def text(self, command, limit=COMMAND_S):
        return self.run(command, limit).decode().strip()

    def move_mouse(self, x, y):
        """A mouse that is plugged in moves by so much."""
        moves = [{"type": "rel", "data": {"axis": axis, "value": by}} for axis, by in (("x", x), ("y", y))]
        self.monitor.ask("input-send-event", events=moves)

    def screen(self):
        """What the panel shows."""
        file = os.path.join(self.room.name, "screen.ppm")
        self.monitor.ask("screendump", filename=file)
        with open(file, "rb") as shot:
            return Image.open(io.BytesIO(shot.read())).convert("RGB")
