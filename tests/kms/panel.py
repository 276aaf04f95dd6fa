"""Runs in the emulated machine: a touch panel, and a finger on it.

Each line of standard input is a place on the glass, in parts of its width and height from the upper left corner. The panel is
unplugged when this program ends.
"""
import sys
import time

from evdev import AbsInfo, UInput, ecodes

GLASS = 65535
TOUCH_S = 0.2
AXES = [ecodes.ABS_X, ecodes.ABS_Y, ecodes.ABS_MT_POSITION_X, ecodes.ABS_MT_POSITION_Y]


def side(most):
    return AbsInfo(value=0, min=0, max=most, fuzz=0, flat=0, resolution=0)


def touch(panel, x, y):
    x, y = round(x * GLASS), round(y * GLASS)
    panel.write(ecodes.EV_ABS, ecodes.ABS_MT_TRACKING_ID, 1)
    panel.write(ecodes.EV_KEY, ecodes.BTN_TOUCH, 1)
    for axis, at in zip(AXES, (x, y, x, y)):
        panel.write(ecodes.EV_ABS, axis, at)
    panel.syn()
    time.sleep(TOUCH_S)
    panel.write(ecodes.EV_ABS, ecodes.ABS_MT_TRACKING_ID, -1)
    panel.write(ecodes.EV_KEY, ecodes.BTN_TOUCH, 0)
    panel.syn()


def main():
    can = {
        ecodes.EV_KEY: [ecodes.BTN_TOUCH],
        ecodes.EV_ABS: [(axis, side(GLASS)) for axis in AXES]
        + [(ecodes.ABS_MT_SLOT, side(9)), (ecodes.ABS_MT_TRACKING_ID, side(65535))],
    }
    with UInput(can, name="A touch panel", input_props=[ecodes.INPUT_PROP_DIRECT]) as panel:
        while line := sys.stdin.readline():
            touch(panel, *map(float, line.split()))


main()
