"""The windows in a display server: X11 with a server of our own, Wayland with cage."""
from box import Box
from checks import Checks, demand

X11, WAYLAND = "jiaohao-kiosk-x11@kiosk-1", "jiaohao-kiosk-wayland@kiosk-1"


def in_a_server(check, box, window, server):
    """What both have in common, once the window has been started; `server` is the unit in which the display server runs."""
    with check(f"{window} shows the first page, pixel for pixel"):
        box.shows_first_page(120)
    with check(f"{window}: touches take a number"):
        box.take_number()
    with check(f"{window} crashes, and the first page is there again"):
        box.crashes(window)
        box.shows_first_page()
    if server != window:
        with check(f"{server} crashes, and the first page is there again"):
            box.crashes(server)
            box.shows_first_page()


def look(machine, pictures):
    check, box = Checks(), Box(machine, pictures)
    with check("the README's lines set the box up, with the window in X11"):
        box.install(X11)
        box.plug_panel_in()
    in_a_server(check, box, X11, "jiaohao-x11")
    with check("the X server's secret is for the kiosk and nobody else"):
        mode = machine.text("stat -c '%a %U:%G' /run/jiaohao-x11/authority")
        demand(mode, mode == "640 root:jiaohao")

    with check("the window moves to Wayland"):
        machine.run(f"systemctl disable --now {X11} jiaohao-x11")
        # The emulated card has no OpenGL.
        box.set(WLR_RENDERER="pixman")
        machine.run(f"systemctl enable --now {WAYLAND}")
    in_a_server(check, box, WAYLAND, WAYLAND)
    with check("no unit has failed"):
        failed = machine.text("systemctl --failed --plain --no-legend")
        demand(failed, not failed)
    check.end()
