#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes the pictures of the windows: USER FOLDER BOARD [NAME], which is dark then."""

import os
import subprocess
import sys

import desk
import tray as tray_module
from gi.repository import GLib

XHCI = "0000_00_14_0"
Z97 = {
    "ehci1/1": ("Rear, upper left", "rear", "blue"),
    "ehci1/2": ("Rear, lower left", "rear", "blue"),
    "ehci1/3": ("Rear, upper right", "rear", "blue"),
    "ehci1/4": ("Rear, lower right", "rear", "blue"),
    "ehci2/1": ("Rear, keyboard", "rear", "black"),
    "ehci2/2": ("Rear, mouse", "rear", "black"),
    "ehci1/5": ("Front, left", "front", "blue"),
    "ehci1/6": ("Front, right", "front", "blue"),
    "ehci2/3": ("Card reader", "internal", ""),
}


def paint_background(tray):
    tray.desktop.run("display", "-window", "root", "-size", "64x64", "xc:#3b6e8f")


def prefer_dark():
    folder = desk.Desktop(sys.argv[1]).environment["XDG_CONFIG_HOME"]
    with open(f"{folder}/gtk-3.0/settings.ini", "a", encoding="utf-8") as file:
        file.write("gtk-application-prefer-dark-theme=1\n")


def shoot(window, name):
    """Only the window: the rest of the screen is of no interest."""
    desk.pause(1)
    path = os.path.join(sys.argv[2], f"{name}.png")
    x, y, width, height = window.get_extents()
    subprocess.run([f"{desk.FOLDER}/desk-screenshot", path], check=True)
    part = f"{width}x{height}+{x}+{y}"
    subprocess.run(["convert", path, "-crop", part, "+repage", path], check=True)


def open_window(tray, option, title, part):
    window = tray.open_window(option, title)
    window.wait_text(part)
    return window


def label(tray, socket, name, place, colour):
    settings = {key: GLib.Variant("s", text) for key, text in (("label", name), ("place", place), ("colour", colour))}
    path = f"/org/portferry1/controllers/{XHCI}"
    arguments = GLib.Variant("(osa{sv})", (path, socket, settings))
    tray.desktop.system.call(desk.HELPER, desk.MANAGER, "org.portferry1.Manager", "LabelSocket", arguments)


def shoot_z97(tray):
    window = open_window(tray, "--learn", "Learn the sockets", "Plug something in")
    for socket, note in list(Z97.items())[:5]:
        label(tray, socket, *note)
    desk.Kernel.control("plug front-2 id=0781:5583 kind=storage manufacturer=SanDisk product=Ultra_Fit")
    window.wait("label", "Found: ")
    shoot(window, "learn")
    desk.Kernel.control("unplug front-2")
    window.close()
    window = open_window(tray, "--new-profile", "New profile", "No controller")
    for socket, note in Z97.items():
        label(tray, socket, *note)
    window.wait_text("Card reader")
    window.write("Name", "Windows and games")
    for name in ("Rear, upper left", "Rear, keyboard", "Front, right"):
        window.press("check box", f"{name} for the guest")
    window.wait_text("Careful: ")
    shoot(window, "editor")
    window.close()
    assert tray.desktop.run("portferry", "--switch", "windows").returncode == 0
    window = open_window(tray, "--ports", "Ports", "Card reader")
    window.wait_text("2 with the guest")
    shoot(window, "ports")
    window.close()
    window = open_window(tray, "--welcome", "Welcome to Portferry", "9 of 14 named")
    shoot(window, "welcome")
    window.close()
    window = open_window(tray, ["--guest"], "Virtual machine", "-device vfio-pci")
    shoot(window, "vm")
    window.close()


def shoot_ports(tray, name):
    window = open_window(tray, "--ports", "Ports", "sockets")
    window.wait("list item", "")
    shoot(window, name)
    window.close()


def main():
    board, dark = sys.argv[3], len(sys.argv) > 4
    if dark:
        prefer_dark()
    with tray_module.running_tray_with_agent() as tray:
        paint_background(tray)
        if board == "z97" and not dark:
            shoot_z97(tray)
        else:
            shoot_ports(tray, sys.argv[4] if dark else f"ports-{board}")


main()
