"""The window on the graphics card itself, without any display server: touched, turned, unplugged, crashed, its power cut."""
from box import KMS, SETTINGS, Box
from checks import Checks, demand

# The panel's sides as it hangs for each rotation: the page itself is always upright.
MODES = {0: "1080x1920", 90: "1920x1080", 180: "1080x1920", 270: "1920x1080"}
TOKEN = "/etc/jiaohao/devices.token"


def holders(machine):
    """The programs that have the graphics card open."""
    found = machine.text("for file in $(find /proc/[0-9]*/fd -lname '/dev/dri/*'); do readlink ${file%/fd/*}/exe; done")
    return set(found.split())


def turn(box, degrees):
    """Sets the rotation and starts the window again."""
    modes = box.machine.text("cat /sys/class/drm/card*-*/modes").split()
    box.set(ROTATE=degrees, SLINT_DRM_MODE=modes.index(MODES[degrees]))
    box.machine.run(f"systemctl restart {KMS}")
    box.degrees = degrees


def look(machine, pictures):
    check, box = Checks(), Box(machine, pictures)
    with check("the README's lines set the box up"):
        box.install(KMS)
    with check("the panel shows the first page, each pixel as it is drawn without a display"):
        box.shows_first_page(120)
    with check("hall, window and seat run in their units"):
        box.is_active("jiaohao-hall", KMS, "seatd")
    with check("nobody but window and seat has the graphics card, so that there is no display server"):
        who = holders(machine)
        demand(f"the card is open in {who}", who == {"/usr/bin/jiaohao", "/usr/sbin/seatd"})
    with check("no pointer is drawn where a mouse moves"):
        machine.move_mouse(40, 60)
        box.shows_first_page()

    with check("a touch panel that is plugged in takes a number"):
        box.plug_panel_in()
        box.take_number()
        box.shows_first_page()
    with check("the panel, unplugged and plugged in again, takes a number"):
        box.unplug_panel()
        box.plug_panel_in()
        box.take_number()

    for degrees in (90, 180, 270):
        with check(f"turned by {degrees}°: the first page stands upright"):
            turn(box, degrees)
            box.shows_first_page()
        with check(f"turned by {degrees}°: touches miss without the udev rule"):
            box.takes_no_number()
        with check(f"turned by {degrees}°: touches take a number with it"):
            box.set_touch_rule(degrees)
            machine.run(f"systemctl restart {KMS}")
            box.shows_first_page()
            box.take_number()
            box.set_touch_rule()
    with check("turned back: page and touches are as at first"):
        turn(box, 0)
        machine.run(f"rm {SETTINGS}; systemctl restart {KMS}")
        box.shows_first_page()
        box.take_number()

    for unit in (KMS, "seatd", "jiaohao-hall"):
        with check(f"{unit} crashes, and the first page is there again"):
            box.crashes(unit)
            box.shows_first_page()
    with check("the power is cut: the box comes back by itself with its page and its numbers"):
        before = [ticket["number"] for ticket in box.waiting()]
        machine.cut_power()
        box.shows_first_page(120)
        after = [ticket["number"] for ticket in box.waiting()]
        demand(f"{before} waited before, {after} now", before == after and before)

    with check("broker and devices run in units of their own, and the window goes on"):
        machine.run(f"echo {box.tokens()['devices']} >{TOKEN} && systemd-tmpfiles --create jiaohao.conf")
        machine.run("systemctl disable --now jiaohao-hall && systemctl enable --now jiaohao-broker jiaohao-devices")
        box.shows_first_page()
        box.plug_panel_in()
        box.take_number()
        box.is_active("jiaohao-broker", "jiaohao-devices", KMS)
    with check("no unit has failed"):
        failed = machine.text("systemctl --failed --plain --no-legend")
        demand(failed, not failed)
    check.end()
