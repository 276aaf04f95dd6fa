"""A box as README.md sets it up, the page on its panel, and somebody who touches it."""
import base64
import io
import json
import operator
import os
import pathlib
import time
import tomllib

from PIL import Image, ImageChops

from machine import Fault

README = pathlib.Path(__file__).parents[2] / "README.md"
API = "http://127.0.0.1:8080"
ACCESS = "/var/lib/jiaohao/access.toml"
SETTINGS = "/etc/jiaohao/box.env"
TOUCH_RULES = "/etc/udev/rules.d/61-jiaohao-touch.rules"
KMS = "jiaohao-kiosk-kms@kiosk-1"

# The sample hall's pages, in pixels: the middle of what is touched, as in crates/jiaohao/src/display/kiosk.rs.
PAGE = (1080, 1920)
GROUP, PAYMENT, CONFIRM, DONE = (540, 995), (792, 995), (540, 1640), (540, 1640)
# Where a page is drawn turned, or in the scale of a display server, its edges come out a shade different: a pixel in two hundred.
# So much also changes on a page that stays: its clock, who waits, the seconds until it is left. Another page differs in a tenth.
ALIKE = 0.99

# Of a picture that is turned clockwise: how its photograph comes upright again (counter-clockwise, as pictures are turned here), and
# where on the glass a place of the page is.
UPRIGHT = {0: None, 90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_270}
GLASS = {
    0: lambda u, v: (u, v),
    90: lambda u, v: (1 - v, u),
    180: lambda u, v: (1 - u, 1 - v),
    270: lambda u, v: (v, 1 - u),
}


def readme_lines():
    """The shell lines of the README's section "On a box"."""
    section = README.read_text().split("\n## On a box\n")[1].split("\n## ")[0]
    return section.split("```sh\n")[1].split("\n```")[0].splitlines()


def alike(seen, wanted):
    """Whether most pixels are the same."""
    if seen.size != wanted.size:
        return False
    other = sum(ImageChops.difference(seen, wanted).convert("L").histogram()[1:])
    return other <= (1 - ALIKE) * PAGE[0] * PAGE[1]


class Box:
    def __init__(self, machine, pictures):
        self.machine = machine
        self.pictures = pictures
        self.degrees = 0
        self.in_a_server = False

    def install(self, window):
        """The README's own lines, but for the packages, which the machine has already, and the window's unit."""
        self.machine.run("mkdir -p /product && mount -o ro /dev/vdb /product && cp /product/panel.py /root/")
        for line in readme_lines():
            if not line.startswith("apt "):
                self.machine.run(f"cd /product && {line.replace(KMS, window)}", 300)

    # --- The page ---------------------------------------------------------------------------------------------------

    def page(self):
        """What whoever stands before the panel sees, upright."""
        screen = self.machine.screen()
        return screen if UPRIGHT[self.degrees] is None else screen.transpose(UPRIGHT[self.degrees])

    def drawn(self):
        """The first page as the program draws it without any display."""
        file = "/tmp/page.png"
        self.machine.run(f"jiaohao kiosk --picture {file} --broker {API} --token-file {ACCESS} --data /tmp/drawn")
        png = self.machine.run(f"base64 {file}")
        return Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")

    def shows_first_page(self, limit=60):
        """Waits until the panel shows the first page: pixel for pixel, or but for its edges (`ALIKE`)."""
        seen = {}

        def shown():
            # Drawing takes a while, in which a minute may pass: before and after.
            before, seen["wanted"] = self.page(), self.drawn()
            seen["panel"] = self.page()
            same = alike if self.degrees or self.in_a_server else operator.eq
            return any(same(panel, seen["wanted"]) for panel in (before, seen["panel"]))

        try:
            self.machine.until("the panel shows the first page", shown, limit)
        except Fault as fault:
            for name, picture in seen.items():
                picture.save(os.path.join(self.pictures, f"{name}.png"))
            raise Fault(f"{fault}; both pictures are in {self.pictures}") from fault

    # --- The finger -------------------------------------------------------------------------------------------------

    def plug_panel_in(self):
        self.machine.run("mkfifo -m 600 /run/finger 2>/dev/null; systemctl reset-failed panel 2>/dev/null; "
                         "systemd-run --quiet --unit=panel sh -c 'exec python3 /root/panel.py <>/run/finger'")
        self.machine.until("the panel is there", lambda: "ID_INPUT_TOUCHSCREEN=1" in self.panel_properties(), 30)

    def unplug_panel(self):
        self.machine.run("systemctl stop panel")

    def panel_properties(self):
        return self.machine.text("cd /sys/class/input; for event in $(grep -l 'A touch panel' event*/device/name); do "
                                 "udevadm info -q property ${event%/device/name}; done", 30)

    def touch(self, place):
        """A finger on what the page shows there."""
        x, y = GLASS[self.degrees](place[0] / PAGE[0], place[1] / PAGE[1])
        self.machine.run(f"echo {x} {y} >/run/finger")

    def touch_and_see(self, place):
        """The same, of a page that stands still, and waits until there is another."""
        page = self.stands_still()
        self.touch(place)
        self.machine.until(f"another page after the touch at {place}", lambda: not alike(self.page(), page), 30)

    def stands_still(self):
        """The page, once it has been there for a second: a new one takes no touches before it has been seen."""
        def still():
            now = self.page()
            time.sleep(1)
            return alike(self.page(), now) and now

        return self.machine.until("a page stays", still, 30)

    def take_number(self):
        """Three touches, the third on *confirm*, and one that leaves the number's page; the number, as the broker knows it."""
        before = len(self.waiting())
        for place in (GROUP, PAYMENT, CONFIRM):
            self.touch_and_see(place)
        self.machine.until("the broker has one number more", lambda: len(self.waiting()) == before + 1, 30)
        self.touch_and_see(DONE)
        ticket = self.waiting()[-1]
        if ticket["service"] != "payment":
            raise Fault(f"a number for another business: {ticket}")
        return ticket["number"]

    def takes_no_number(self):
        """The same three touches, which must miss."""
        before = len(self.waiting())
        for place in (GROUP, PAYMENT, CONFIRM):
            self.touch(place)
            time.sleep(3)
        if len(self.waiting()) != before:
            raise Fault("touches that should have missed took a number")

    # --- What runs --------------------------------------------------------------------------------------------------

    def tokens(self):
        return tomllib.loads(self.machine.text(f"cat {ACCESS}"))["token"]

    def waiting(self):
        """Who waits, as the broker knows it."""
        supervisor = self.tokens()["supervisor"]
        hall = self.machine.run(f"curl -sS --fail -H 'Authorization: Bearer {supervisor}' {API}/api/v1/hall")
        return json.loads(hall)["waiting"]

    def is_active(self, *units):
        states = self.machine.try_run(f"systemctl is-active {' '.join(units)}")[1].decode().split()
        if states != ["active"] * len(units):
            raise Fault(f"{' '.join(units)}: {' '.join(states)}")

    def pid(self, unit):
        return int(self.machine.text(f"systemctl show --value --property MainPID {unit}"))

    def crashes(self, unit):
        """Kills it as a crash would, and waits for the one that systemd starts instead."""
        before = self.pid(unit)
        self.machine.run(f"systemctl kill --signal=KILL {unit}")

        def runs_again():
            self.is_active(unit)
            return self.pid(unit) not in (0, before)

        self.machine.until(f"{unit} runs again", runs_again, 60)

    def set(self, **settings):
        """Writes box.env, as a technician would."""
        lines = "".join(f"{key}={value}\\n" for key, value in settings.items())
        self.machine.run(f"printf '{lines}' >{SETTINGS}")

    def set_touch_rule(self, degrees=None):
        """Takes the # away before the one line of this rotation, or before none, and tells udev, as the rules' head says."""
        self.machine.run(f"install -m 644 /product/firmware-config/udev/61-*.rules {TOUCH_RULES} && "
                         f"sed -i '/^# {degrees}°$/{{n;s/^#//}}' {TOUCH_RULES} && "
                         "udevadm control --reload && udevadm trigger --subsystem-match=input && udevadm settle")
