#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keyboard shortcuts on a desktop whose settings are not known, but that has the GlobalShortcuts portal: the real
xdg-desktop-portal, and behind it a backend of the test's own."""

import contextlib
import os
import subprocess
import sys
import threading

import desk
import tap
import tray as tray_module
from screen_reader import wait_for

FOLDER = os.path.dirname(os.path.abspath(__file__))
PORTAL = "/usr/libexec/xdg-desktop-portal"
NAME = "org.freedesktop.portal.Desktop"
DESKTOP = "Hyprland"
DESCRIPTION = f"""[portal]
DBusName=org.freedesktop.impl.portal.desktop.pftest
Interfaces=org.freedesktop.impl.portal.GlobalShortcuts;
UseIn={DESKTOP}
"""
TOGGLE = "bind portferry-toggle LOGO+F12 Portferry: switch back and forth"


class Backend:
    """portal_backend.py: what it was asked, and what a person would do there."""

    def __init__(self, desktop):
        self.process = desktop.start(
            "/usr/bin/python3", "-B", f"{FOLDER}/portal_backend.py",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.lines = []
        threading.Thread(target=self._read, daemon=True).start()
        self.wait("ready")

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def wait(self, *lines):
        """Waits until it has been asked just that since the last time."""
        try:
            wait_for("the portal's backend", lambda: self.lines[:len(lines)] == [*lines])
        except AssertionError as error:
            raise AssertionError(f"the backend was not asked {lines}, but {self.lines}") from error
        del self.lines[:len(lines)]

    def do(self, *words):
        self.process.stdin.write(" ".join(words) + "\n")
        self.process.stdin.flush()
        done = f"done {words[0]}"
        wait_for(f"“{done}” of the portal's backend", lambda: done in self.lines)
        self.lines.remove(done)

    def stop(self):
        self.process.stdin.close()
        self.process.wait(desk.SECONDS)


class Portal:
    """xdg-desktop-portal itself."""

    def __init__(self, desktop):
        self.desktop, self.bus = desktop, desktop.session
        self.folder = f"{desk.FOLDER}/portals"
        os.makedirs(self.folder, exist_ok=True)
        with open(f"{self.folder}/pftest.portal", "w", encoding="utf-8") as file:
            file.write(DESCRIPTION)
        self.start()

    def start(self):
        command = ["env", f"XDG_DESKTOP_PORTAL_DIR={self.folder}", PORTAL, "--replace"]
        self.process = self.desktop.start(*command, stderr=subprocess.DEVNULL)
        desk.wait_for("the portal", lambda: self.bus.has(NAME) and self.bus.ask_pid(NAME) == self.process.pid)

    def stop(self):
        self.process.terminate()
        self.process.wait(desk.SECONDS)
        desk.wait_for("the portal to go", lambda: not self.bus.has(NAME))


def forget_choices(desktop):
    home = desktop.run("sh", "-c", "rm -f $XDG_CONFIG_HOME/portferry/portal-shortcuts")
    assert home.returncode == 0, home


def read_choices(desktop):
    return desktop.run("sh", "-c", "cat $XDG_CONFIG_HOME/portferry/portal-shortcuts").stdout


@contextlib.contextmanager
def running_portal():
    desktop = desk.Desktop(sys.argv[1])
    desktop.pretend(DESKTOP)
    forget_choices(desktop)
    backend = Backend(desktop)
    portal = Portal(desktop)
    try:
        with tray_module.running_tray_with_agent() as tray:
            tray.backend, tray.portal = backend, portal
            yield tray
    finally:
        portal.stop()
        backend.stop()


def open_window(tray):
    return tray.open_window("--shortcut", "Keyboard shortcut")


def set_toggle(tray):
    """By portferryctl; the tray tells the portal."""
    done = tray.desktop.run("portferryctl", "shortcut", "set", "Super+F12")
    assert done.returncode == 0 and done.stdout.startswith("Super+F12: portferryctl toggle\n"), done
    tray.backend.wait("create portferry", TOGGLE, "list")


def test_set_press_remove(tray):
    window = open_window(tray)
    window.wait_text("This desktop gives shortcuts to running programs by its portal")
    window.wait_text("No shortcut yet")
    window.choose("What it does", "Switch to Windows")
    window.write("Keys", "Super+F12")
    window.press("push button", "Set")
    tray.backend.wait("create portferry", "bind portferry-switch-windows LOGO+F12 Portferry: switch to windows", "list")
    window.wait("list item", "Press LOGO+F12: Portferry: switch to windows")
    assert "WasBound=true" in read_choices(tray.desktop), read_choices(tray.desktop)
    tray.backend.do("press", "portferry-switch-windows")
    tray.wait_for_state("lent")
    assert tray.helper.get_active_profile() == "windows"
    tray.backend.do("rename", "portferry-switch-windows", "F9")
    window.wait("list item", "Press F9: Portferry: switch to windows")
    # Another one needs another session, for one's shortcuts can be bound only once.
    window.choose("What it does", "Bring everything home")
    window.write("Keys", "Super+F11")
    window.press("push button", "Set")
    tray.backend.wait("close", "create portferry", "bind portferry-home LOGO+F11 Portferry: bring everything home",
                      "bind portferry-switch-windows LOGO+F12 Portferry: switch to windows", "list")
    tray.backend.do("press", "portferry-home")
    tray.wait_for_state("home")
    window.press("push button", "Remove Press LOGO+F11")
    tray.backend.wait("close", "create portferry",
                      "bind portferry-switch-windows LOGO+F12 Portferry: switch to windows", "list")
    window.press("push button", "Remove Press LOGO+F12")
    tray.backend.wait("close")
    window.wait_text("No shortcut yet")
    window.close()


def test_next_start_binds_again(tray):
    set_toggle(tray)
    tray.stop()
    tray.backend.wait("close")
    again = tray_module.Tray(tray.desktop)
    try:
        tray.backend.wait("create portferry", TOGGLE, "list")
        again.desktop.run("portferryctl", "switch", "windows")
        again.wait_for_state("lent")
        tray.backend.do("press", "portferry-toggle")
        again.wait_for_state("home")
        again.stop()
    finally:
        again.kill()


def test_no_dialog_without_a_choice(tray):
    """A start with nothing chosen asks nobody."""
    desk.pause(0.5)
    assert tray.backend.lines == [], tray.backend.lines


def test_a_no_is_taken_for_one(tray):
    tray.backend.do("answer", "no")
    window = open_window(tray)
    window.write("Keys", "Super+F12")
    window.press("push button", "Set")
    window.wait_text("The desktop asked, and the answer was no.")
    window.wait_text("No shortcut yet")
    assert read_choices(tray.desktop) == "", "the next start does not ask again"
    del tray.backend.lines[:]
    tray.backend.do("answer", "grant")
    window.press("push button", "Set")
    window.wait("list item", "Press LOGO+F12: Portferry: switch back and forth")
    window.close()


def test_a_no_leaves_the_others(tray):
    """What was bound before is bound again; only the new one is forgotten, and why is still to be read."""
    set_toggle(tray)
    tray.backend.do("answer", "only-toggle")
    window = open_window(tray)
    window.choose("What it does", "Bring everything home")
    window.write("Keys", "Super+F11")
    window.press("push button", "Set")
    window.wait_text("The desktop asked, and the answer was no.")
    window.wait("list item", "Press LOGO+F12: Portferry: switch back and forth")
    window.wait_gone("list item", "Super+F11")
    assert "home" not in read_choices(tray.desktop), read_choices(tray.desktop)
    window.close()


def test_other_keys_or_none(tray):
    tray.backend.do("answer", "others")
    window = open_window(tray)
    window.write("Keys", "Super+F12")
    window.press("push button", "Set")
    window.wait("list item", "Press CTRL+ALT+p: Portferry: switch back and forth")
    tray.backend.do("answer", "nothing")
    window.write("Keys", "Super+F10")
    window.press("push button", "Set")
    window.wait("list item", "Super+F10 (not in force): Portferry: switch back and forth")
    tray.backend.do("answer", "broken")
    window.write("Keys", "Super+F9")
    window.press("push button", "Set")
    window.wait_text("The desktop's portal did not take it")
    tray.backend.do("answer", "grant")
    window.press("push button", "Set")
    window.wait("list item", "Press LOGO+F9: Portferry: switch back and forth")
    window.close()


def test_portal_restart(tray):
    """The new one knows nothing of the old one's session, and the backend still has it."""
    set_toggle(tray)
    tray.portal.stop()
    del tray.backend.lines[:]
    tray.portal.start()
    tray.backend.wait("taken", "close", "create portferry_1", TOGGLE, "list")
    assert tray.desktop.run("portferryctl", "switch", "windows").returncode == 0
    tray.wait_for_state("lent")
    tray.backend.do("press", "portferry-toggle")
    tray.wait_for_state("home")


def test_session_closed(tray):
    set_toggle(tray)
    window = open_window(tray)
    window.wait("list item", "Press LOGO+F12: Portferry: switch back and forth")
    tray.backend.do("close")
    tray.backend.wait("close")
    window.wait_text("The desktop has ended the shortcuts.")
    window.wait("list item", "Super+F12 (not in force): Portferry: switch back and forth")
    window.close()


def test_another_desktop_is_left_alone(tray):
    """What was chosen here is not asked for on a desktop with settings of its own."""
    set_toggle(tray)
    tray.stop()
    tray.backend.wait("close")
    tray.desktop.pretend("XFCE")
    again = tray_module.Tray(tray.desktop)
    try:
        desk.pause(0.5)
        assert tray.backend.lines == [], tray.backend.lines
        again.stop()
    finally:
        again.kill()


tap.run(
    running_portal,
    test_set_press_remove,
    test_next_start_binds_again,
    test_no_dialog_without_a_choice,
    test_a_no_is_taken_for_one,
    test_a_no_leaves_the_others,
    test_other_keys_or_none,
    test_portal_restart,
    test_session_closed,
    test_another_desktop_is_left_alone,
)
