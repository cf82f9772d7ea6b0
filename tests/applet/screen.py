# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel's menu on the screen, driven with the mouse."""

import desk


def find_icon(tray):
    """The only icon in a panel of 32 pixels at the top of the screen: at the right end."""
    width = tray.desktop.run("xdotool", "getdisplaygeometry").stdout.split()[0]
    return str(int(width) - 16), "16"


def find_menu_window(tray):
    """The panel's menu is a window without a name; what is as high as our menu is no tooltip."""
    done = tray.desktop.run("xdotool", "search", "--onlyvisible", "--class", "wrapper-2.0")
    for window in done.stdout.split():
        shape = tray.desktop.run("xdotool", "getwindowgeometry", "--shell", window).stdout
        if int(shape.partition("HEIGHT=")[2].split()[0]) > 150:
            return window
    return None


def open_with_mouse(tray):
    """A panel that has just found the icon does not have its menu yet, and takes no notice of a click."""
    for _ in range(5):
        tray.desktop.run("xdotool", "mousemove", *find_icon(tray), "click", "1")
        for _ in range(20):
            if find_menu_window(tray):
                return
            desk.pause(0.1)
    raise AssertionError("the panel does not open the menu")
