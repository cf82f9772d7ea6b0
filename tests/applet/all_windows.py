# SPDX-License-Identifier: GPL-3.0-or-later
"""Every window of the tray, each open with something in it."""

import contextlib

import desk
import screen_reader

STICK = "id=0781:5583 kind=storage product=Ultra_Fit"


@contextlib.contextmanager
def plugged(socket):
    desk.Kernel.control(f"plug {socket} {STICK}")
    try:
        yield
    finally:
        desk.Kernel.control(f"unplug {socket}")


@contextlib.contextmanager
def opened(tray, option, title, settled):
    window = tray.open_window(option, title)
    window.wait_text(settled)
    yield window
    window.close()


def open_welcome(tray):
    return opened(tray, "--welcome", "Welcome to Portferry", "3 profiles")


def open_ports(tray):
    return opened(tray, "--ports", "Ports", "14 sockets")


@contextlib.contextmanager
def open_socket(tray):
    with open_ports(tray) as ports:
        tray.focus("Ports")
        ports.wait("list item", "EHCI #1 port 1").grab_focus()
        tray.desktop.tap("Return")
        dialog = tray.windows.wait("Name this socket")
        yield dialog
        dialog.press("push button", "Cancel")
        dialog.wait_until_closed()


def open_learn(tray):
    return opened(tray, "--learn", "Learn the sockets", "Plug something in")


@contextlib.contextmanager
def open_found(tray):
    """The same when something is found, and a bar tells of something else."""
    with open_learn(tray) as window:
        with plugged("front-2"):
            window.wait("label", "Found: ")
            with plugged("rear-3"):
                window.wait_text("Something was plugged into")
                yield window


@contextlib.contextmanager
def open_editor(tray):
    with opened(tray, "--new-profile", "New profile", "No controller") as window:
        window.write("Name", "Everything")
        window.press("check box", "EHCI #2 port 1 for the guest")
        window.wait_text("Careful: ")
        yield window


def open_doctor(tray):
    return opened(tray, "--doctor", "Doctor", "OK: Wildcat Point-H")


@contextlib.contextmanager
def open_shortcut(tray):
    assert tray.desktop.run("portferryctl", "shortcut", "set", "Super+F12").returncode == 0
    with opened(tray, "--shortcut", "Keyboard shortcut", "Super+F12") as window:
        window.write("Keys", "Super+F11")
        yield window
    assert tray.desktop.run("portferryctl", "shortcut", "remove").returncode == 0


def open_vm(tray):
    return opened(tray, "--guest", "Virtual machine", "-device vfio-pci")


@contextlib.contextmanager
def open_preview(tray):
    tray.wait_for_row("Windows with the desk", enabled=True)
    tray.click("Windows with the desk")
    window = tray.windows.wait("Switch to Windows with the desk?")
    yield window
    window.press("push button", "Cancel")
    window.wait_until_closed()


@contextlib.contextmanager
def open_countdown(tray):
    tray.notifications.answer_capabilities("ret = ['body']")
    assert tray.desktop.run("portferryctl", "switch", "--confirm-seconds", "120", "windows").returncode == 0
    window = tray.windows.wait("Keep this?")
    window.wait_text("went to the guest")
    desk.pause(1.2)  # it hears no key before
    yield window
    window.press("push button", "Revert")
    tray.wait_for_state("home")


@contextlib.contextmanager
def open_about(tray):
    tray.click("_About Portferry")
    window = tray.windows.wait("About Portferry")
    yield window
    window.close()


@contextlib.contextmanager
def open_menu(tray):
    """The menu at the pointer, which is the one that is GTK's own."""
    assert tray.desktop.run("portferry", "--menu").returncode == 0
    window = tray.windows.wait("")
    window.wait("radio menu item", "Windows")
    yield window
    tray.desktop.tap("Escape")
    window.wait_until_closed()


WINDOWS = {
    name.removeprefix("open_"): function for name, function in list(globals().items()) if name.startswith("open_")
}


def list_parents(node, parents=()):
    """(node, those that it is in) of all that can be seen."""
    yield node, parents
    scrolls = any(parent.role == "scroll pane" for parent in (*parents, node))
    for child in node.children:
        if child.has_noted(screen_reader.VISIBLE if scrolls else screen_reader.SHOWING):
            yield from list_parents(child, (*parents, node))


def is_of_gtk(node, parents):
    """The link to the licence, and the picture, in the window "About", which is GTK's own."""
    return node.role in ("link", "icon") and any(parent.name == "About Portferry" for parent in parents)


def is_inside(place, outer):
    x, y, width, height = place
    left, top, room, depth = outer
    return left <= x and top <= y and x + width <= left + room and y + height <= top + depth
