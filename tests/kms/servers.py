"""The windows in a display server: X11 with a server of our own, Wayland with cage."""
from box import Box
from checks import Checks, demand

X11, WAYLAND, X_SERVER = "jiaohao-kiosk-x11@kiosk-1", "jiaohao-kiosk-wayland@kiosk-1", "jiaohao-x11"
# The emulated card has none.
NO_OPENGL = {"WLR_RENDERER": "pixman"}


def in_a_server(check, box, window):
    """What both have in common, once the window has been started."""
    with check(f"{window} shows the first page"):
        box.shows_first_page(120)
    with check(f"{window}: touches take a number, the first of them too"):
        box.take_number()
    with check(f"{window} crashes, and the first page is there again"):
        box.crashes(window)
        box.shows_first_page()


def look(machine, pictures):
    check, box = Checks(), Box(machine, pictures)
    box.in_a_server = True
    with check("the README's lines set the box up, with the window in X11"):
        box.install(X11)
        box.plug_panel_in()
    in_a_server(check, box, X11)
    with check(f"{X_SERVER} crashes, and the first page is there again"):
        box.crashes(X_SERVER)
        box.shows_first_page()
    with check("the X server's secret is for the kiosk and nobody else"):
        mode = machine.text("stat -c '%a %U:%G' /run/jiaohao-x11/authority")
        demand(mode, mode == "640 root:jiaohao")

    with check("the window moves to Wayland"):
        machine.run(f"systemctl disable --now {X11} {X_SERVER}")
        box.set(**NO_OPENGL)
        machine.run(f"systemctl enable --now {WAYLAND}")
    in_a_server(check, box, WAYLAND)
    # Not so on X11: the X server of Debian 12 turns no screen without OpenGL.
    with check(f"{WAYLAND}, turned by 180° with its touches, shows the page upright and takes a number"):
        # This cage is of before 0.1.5 and turns the screen itself.
        box.set(**NO_OPENGL, CAGE_OPTIONS="-r -r")
        box.set_touch_rule(180)
        machine.run(f"systemctl restart {WAYLAND}")
        box.degrees = 180
        box.shows_first_page()
        box.take_number()
    with check("no unit has failed"):
        failed = machine.text("systemctl --failed --plain --no-legend")
        demand(failed, not failed)
    check.end()
