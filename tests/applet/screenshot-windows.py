#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes pictures of the windows: USER FOLDER LOOK PREFIX SCENE…, see pictures.py for looks."""

import desk
import pictures
from gi.repository import GLib

XHCI = "0000_00_14_0"
NOTES = {
    "ehci1/1": ("Rear, upper left", "Hinten, oben links", "rear", "blue"),
    "ehci1/2": ("Rear, lower left", "Hinten, unten links", "rear", "blue"),
    "ehci1/3": ("Rear, upper right", "Hinten, oben rechts", "rear", "teal"),
    "ehci1/4": ("Rear, lower right", "Hinten, unten rechts", "rear", "teal"),
    "ehci2/1": ("Rear, keyboard", "Hinten, Tastatur", "rear", "black"),
    "ehci2/2": ("Rear, mouse", "Hinten, Maus", "rear", "white"),
    "ehci1/5": ("Front, left", "Vorn, links", "front", "blue"),
    "ehci1/6": ("Front, right", "Vorn, rechts", "front", "yellow"),
    "ehci2/3": ("Card reader", "Kartenleser", "internal", ""),
}


def note(camera, socket):
    return NOTES[socket][1 if camera.german else 0]


def name_sockets(camera, sockets):
    for socket in sockets:
        name, german, place, colour = NOTES[socket]
        texts = (("label", german if camera.german else name), ("place", place), ("colour", colour))
        settings = {key: GLib.Variant("s", text) for key, text in texts}
        path = f"/org/portferry1/controllers/{XHCI}"
        arguments = GLib.Variant("(osa{sv})", (path, socket, settings))
        camera.tray.desktop.system.call(desk.HELPER, desk.MANAGER, "org.portferry1.Manager", "LabelSocket", arguments)


def take_ports(camera):
    window = camera.open("--ports", "Ports")
    window.wait("list item", "")
    camera.take("ports")
    camera.close(window)


def take_ports_lent(camera):
    """The same with names, while a guest has something."""
    name_sockets(camera, NOTES)
    assert camera.tray.desktop.run("portferry", "--switch", "windows").returncode == 0
    window = camera.open("--ports", "Ports")
    window.wait_text(note(camera, "ehci2/3"))
    camera.take("ports")
    camera.close(window)
    assert camera.tray.desktop.run("portferry", "--home").returncode == 0


def take_learn(camera):
    name_sockets(camera, list(NOTES)[:5])
    window = camera.open("--learn", "Learn the sockets")
    window.wait("label", camera.word("Plug something in"))
    camera.take("learn-begin")
    desk.Kernel.control("plug front-2 id=0781:5583 kind=storage manufacturer=SanDisk product=Ultra_Fit")
    window.wait("label", camera.begin("Found: %s"))
    camera.take("learn")
    desk.Kernel.control("unplug front-2")
    camera.close(window)


def open_editor(camera):
    name_sockets(camera, NOTES)
    window = camera.open("--new-profile", "New profile")
    window.wait_text(note(camera, "ehci2/3"))
    window.write(camera.word("_Name"), "Windows und Spiele" if camera.german else "Windows and games")
    for socket in ("ehci1/1", "ehci2/1", "ehci1/6"):
        window.press("check box", camera.translate("%s for the guest") % note(camera, socket))
    window.wait_text(camera.begin("Careful: %s"))
    return window


def take_editor(camera):
    window = open_editor(camera)
    camera.take("editor")
    camera.close(window)


def take_editor_options(camera):
    """Its lower end, which comes into view with the keyboard."""
    window = open_editor(camera)
    window.wait("text", camera.word("Grou_p that may use it as well")).grab_focus()
    camera.take("editor-options")
    camera.close(window)


def take_socket(camera):
    name_sockets(camera, NOTES)
    window = camera.open("--ports", "Ports")
    tile = window.wait("list item", note(camera, "ehci1/1"))
    pictures.focus(camera.tray)
    tile.grab_focus()
    camera.tray.desktop.tap("Return")
    dialog = camera.tray.windows.wait(camera.translate("Name this socket"))
    camera.take("socket")
    camera.close(dialog)
    camera.close(window)


def take_welcome(camera):
    name_sockets(camera, NOTES)
    window = camera.open("--welcome", "Welcome to Portferry")
    window.wait_text("9 of 14")
    window.wait_text("can be lent")
    camera.take("welcome")
    camera.close(window)


def take_doctor(camera):
    window = camera.open("--doctor", "Doctor")
    window.wait("list item", "")
    camera.take("doctor")
    camera.close(window)


def take_shortcut(camera):
    assert camera.tray.desktop.run("portferryctl", "shortcut", "set", "Super+F12").returncode == 0
    window = camera.open("--shortcut", "Keyboard shortcut")
    window.wait_text("Super+F12")
    camera.take("shortcut")
    camera.close(window)
    assert camera.tray.desktop.run("portferryctl", "shortcut", "remove").returncode == 0


def take_vm(camera):
    window = camera.open("--guest", "Virtual machine")
    window.wait_text("-device vfio-pci")
    camera.take("vm")
    camera.close(window)


with pictures.running_camera() as (camera, scenes):
    for scene in scenes:
        globals()[f"take_{scene.replace('-', '_')}"](camera)
