#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every state has its own view, in the menu and in the windows: the helper is not there, is not for this user, has not
answered yet, comes back; no controllers, no IOMMU."""

import contextlib
import os
import sys

import desk
import tap
import tray as tray_module
from screen_reader import wait_for

START = f"{desk.FOLDER}/start-helper"
POLICY = f"{desk.FOLDER}/bus/system.d/test.conf"
GO = f"{desk.FOLDER}/go"
CONTROLLERS = ("0000:00:14.0", "0000:00:1a.0", "0000:00:1d.0")
LOADING = "Looking at the machine…"
WINDOWS = {"--ports": "Ports", "--learn": "Learn the sockets", "--new-profile": "New profile"}


def replace_start(script):
    os.rename(START, START + ".away")
    if script:
        with open(START, "w", encoding="utf-8") as file:
            file.write(script)
        os.chmod(START, 0o755)


def come_back():
    if os.path.exists(START + ".away"):
        os.rename(START + ".away", START)


@contextlib.contextmanager
def starting_by(script):
    """The bus starts the helper by another script, or by none."""
    replace_start(script)
    try:
        yield
    finally:
        come_back()


def touch(path):
    with open(path, "w", encoding="utf-8"):
        pass


def rescan():
    with open(f"{desk.KERNEL}/sys/bus/pci/rescan", "w", encoding="utf-8") as file:
        file.write("1")


def read_policy(tray, text):
    """Lets the system bus read what it allows anew."""
    if text:
        with open(POLICY, "w", encoding="utf-8") as file:
            file.write(f"<busconfig>{text}</busconfig>")
    elif os.path.exists(POLICY):
        os.unlink(POLICY)
    tray.desktop.system.call("org.freedesktop.DBus", "/", "org.freedesktop.DBus", "ReloadConfig")


def stop_helper(tray):
    tray.close_menu()
    if tray.helper.is_running():
        tray.helper.kill()
    desk.wait_for("the helper to go", lambda: not tray.helper.is_running())


def open_all(tray):
    return [tray.open_window(option, title) for option, title in WINDOWS.items()]


def wait_in_all(windows, text):
    for window in windows:
        window.wait_text(text)


def close_all(windows):
    for window in windows:
        window.close()


def wait_for_header(tray, text):
    wait_for(f"“{text}” on top of the menu", lambda: tray.read_menu().list_labels()[0] == text)


def test_helper_absent(tray):
    stop_helper(tray)
    with starting_by(None):
        windows = open_all(tray)
        wait_in_all(windows, "The helper is not available")
        wait_in_all(windows, "cannot be started")
        wait_for_header(tray, "The helper is not available")
        windows[0].press("push button", "Doctor…")
        doctor = tray.windows.wait("Doctor")
        doctor.wait("list item", "Problem: The helper does not answer.")
        doctor.close()
        come_back()
        windows[1].press("push button", "Try again")
        windows[0].wait_text("14 sockets")
        for window in windows:
            window.wait_gone("push button", "Try again")
        close_all(windows)


def test_loading(tray):
    stop_helper(tray)
    script = f"#!/bin/sh\nuntil [ -e {GO} ]; do sleep 0.05; done\nrm {GO}\nexec {START}.away\n"
    with starting_by(script):
        windows = open_all(tray)
        wait_in_all(windows, LOADING)
        wait_for("the menu to wait", lambda: LOADING in tray.read_menu().list_labels())
        touch(GO)
        windows[0].wait_text("14 sockets")
        for window in windows:
            window.wait_gone("label", LOADING)
        wait_for("the menu", lambda: LOADING not in tray.read_menu().list_labels())
        close_all(windows)


def test_not_authorized(tray):
    stop_helper(tray)
    read_policy(tray, f'<policy user="pf-{tray.desktop.user}"><deny send_destination="org.portferry1"/></policy>')
    try:
        windows = open_all(tray)
        wait_in_all(windows, "Not allowed to talk to the helper")
        wait_for_header(tray, "Not allowed to talk to the helper")
        assert not tray.read_menu().find("Bring everything _home").enabled
        read_policy(tray, None)
        windows[0].press("push button", "Try again")
        windows[0].wait_text("14 sockets")
        close_all(windows)
    finally:
        read_policy(tray, None)


def test_no_controllers(tray):
    windows = open_all(tray)
    windows[0].wait_text("14 sockets")
    for address in CONTROLLERS:
        desk.Kernel.control(f"vanish {address}")
    try:
        wait_in_all(windows, "This machine has no USB controllers")
        tray.open_menu()
        desk.wait_for("the menu to say so", lambda: tray.read_menu().find("_Controllers").list_labels()
                      == ["This machine has no USB controllers"])
    finally:
        rescan()
    windows[0].wait_text("14 sockets")
    tray.wait_for_row("_Controllers", enabled=True)
    close_all(windows)


def test_helper_restart(tray):
    """Killed with windows open, it is there again, and they know it."""
    windows = open_all(tray)
    windows[0].wait_text("14 sockets")
    for _ in range(2):
        pid = tray.helper.get_pid()
        tray.helper.kill()
        wait_for("another helper", lambda pid=pid: tray.helper.get_pid() not in (pid, None))
        for window in windows:
            window.wait_gone("label", LOADING)
        windows[0].wait_text("14 sockets")
    tray.open_menu()
    tray.wait_for_row("Windows", enabled=True)
    close_all(windows)


def test_no_iommu(tray):
    tray.open_menu()
    wait_for_header(tray, "This machine has no IOMMU")
    windows = open_all(tray)
    wait_in_all(windows, "intel_iommu=on")
    windows[0].press("push button", "Doctor…")
    doctor = tray.windows.wait("Doctor")
    doctor.wait("list item", "Problem: The firmware offers an IOMMU, and the kernel does not use it.")
    doctor.close()
    close_all(windows)


TESTS = {
    "z97": (test_helper_absent, test_loading, test_not_authorized, test_no_controllers, test_helper_restart),
    "no-iommu": (test_no_iommu,),
}
tap.run(tray_module.running_tray_with_agent, *TESTS[sys.argv[2]])
