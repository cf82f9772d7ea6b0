#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The windows: sockets are learnt, a profile is made of them, and it is switched to."""

import os
import time

import desk
import screen_reader
import tap
import tray as tray_module
from screen_reader import wait_for

ROUTER = "/org/portferry1/controllers/0000_00_14_0"
STICK = "id=0781:5583 kind=storage product=Ultra_Fit"


def read_ports(tray):
    ports = tray.desktop.system.get(desk.HELPER, ROUTER, "org.portferry1.Router", "Ports")
    return {port["name"]: port for port in ports}


def learn(window, socket, name, place, colour):
    desk.Kernel.control(f"plug {socket} {STICK}")
    window.wait("label", "Found: ")
    window.write("Name", name)
    window.choose("Place", place)
    window.choose("Colour of the plastic", colour)
    window.press("push button", "Save and go on")
    window.wait("label", f"“{name}” is saved.")
    desk.Kernel.control(f"unplug {socket}")


def test_learn_edit_switch(tray):
    """The main road: three sockets get names, two of them become a profile, the profile is switched to."""
    window = tray.open_window("--learn", "Learn the sockets")
    window.wait("label", "Plug something in")
    learn(window, "rear-3", "Rear, upper right", "Rear", "Blue")
    learn(window, "front-2", "Front, right", "Front", "Black")
    learn(window, "inside-1", "Header", "Inside the case", "Not noted")
    window.wait_text("3 of 14 named")
    window.close()
    ports = read_ports(tray)
    assert [ports["ehci1/3"][key] for key in ("label", "place", "colour")] == ["Rear, upper right", "rear", "blue"]
    assert ports["ehci1/6"]["place"] == "front" and ports["ehci2/3"]["place"] == "internal"
    make_profile(tray)
    switch(tray)


def make_profile(tray):
    tray.open_menu()
    tray.wait_for_row("_New profile…", enabled=True)
    tray.click("_New profile…")
    window = tray.windows.wait("New profile")
    window.wait_text("No controller")
    window.write("Name", "Two sockets")
    window.press("check box", "Rear, upper right for the guest")
    window.press("check box", "Front, right for the guest")
    window.wait_text("00:1d.0 Intel 9 Series Chipset Family USB EHCI: its sockets need it")
    window.wait_text("Routing register 0x3fdb: on their EHCI are ehci1/3 and ehci1/6")
    window.wait_text("Nothing speaks against it.")
    assert desk.Kernel.read_register() == 0x3FFF, "an editor moves nothing"
    window.press("push button", "Save")
    window.wait_until_closed()
    with open(f"{desk.STATE}/etc/portferry/profiles.d/two-sockets.profile", encoding="utf-8") as file:
        text = file.read()
    assert "Guest=ehci1/3;ehci1/6;" in text and "[Controller 0000:00:1d.0]" in text, text


def switch(tray):
    window = tray.open_window("--ports", "Ports")
    tile = window.wait("list item", "Rear, upper right")
    assert tile.get_name().startswith("Rear, upper right, USB 3, SuperSpeed. Host. Nothing plugged in. EHCI #1 port 3")
    tray.choose("Two sockets")
    tray.notifications.wait("Switched to Two sockets")
    assert desk.Kernel.read_register() == 0x3FDB
    wait_for("the tile to say so", lambda: "USB 2 half: Guest. SuperSpeed half: Host." in tile.get_name())
    window.wait_text("14 sockets, 2 with the guest")
    tray.click("Bring everything _home")
    wait_for("the tile to say so", lambda: ". Host. " in tile.get_name())
    window.close()


def test_edit_and_remove_a_socket(tray):
    """A profile that is there: opened from the menu, changed, saved under the same name."""
    tray.open_menu()
    tray.wait_for_row("_Edit profile", enabled=True)
    edit = tray.read_menu().find("_Edit profile").find("Windows")
    tray.click_row(edit)
    window = tray.windows.wait("Edit profile")
    window.wait_text("Routing register 0x3fde")
    assert window.read("Name") == "Windows"
    window.press("check box", "EHCI #1 port 1 for the guest")
    window.press("check box", "EHCI #1 port 2 for the guest")
    window.wait_text("Routing register 0x3fdd")
    window.choose("Virtual machine", "QEMU, by its QMP socket")
    window.write("QMP socket", "%t/windows.qmp")
    window.press("check box", "The guest may switch to it itself")
    window.press("check box", "Lock the screen when keyboard or mouse leave")
    assert window.read("User who runs the virtual machine") == f"pf-{tray.desktop.user}"
    window.choose("When the virtual machine ends", "Leave it as it is")
    window.press("push button", "Save")
    window.wait_until_closed()
    path = f"{desk.STATE}/etc/portferry/profiles.d/windows.profile"
    with open(path, encoding="utf-8") as file:
        text = file.read()
    assert "ehci1/2" in text and "ehci1/1" not in text and "OnVmExit=keep" in text, text
    for line in ("Qmp=%t/windows.qmp", "GuestMaySwitch=true", "LockOnSwitch=true", f"VfioUser=pf-{tray.desktop.user}"):
        assert line in text, text


def test_objections_are_seen(tray):
    """Before anything is saved or anybody asked."""
    window = tray.open_window("--new-profile", "New profile")
    window.press("check box", "EHCI #2 port 1 for the guest")
    window.wait_text("Careful: ")
    window.wait_text("Logitech USB Keyboard goes to the guest")
    save = window.find("push button", "Save")
    assert not save.has_state(screen_reader.SENSITIVE), "it has no name yet"
    window.close()
    assert not os.path.exists(f"{desk.STATE}/etc/portferry/profiles.d/profile.profile")


def test_refused_names_are_not_lost(tray):
    """Nobody can allow it: what was typed stays, and what stopped it is said."""
    window = tray.open_window("--learn", "Learn the sockets")
    desk.Kernel.control(f"plug rear-4 {STICK}")
    window.wait("label", "Found: ")
    tray.agent.terminate()
    tray.agent.wait(desk.SECONDS)
    window.write("Name", "Mine")
    window.press("push button", "Save and go on")
    window.wait("push button", "Save and go on")
    assert window.read("Name") == "Mine"
    assert read_ports(tray)["ehci1/4"]["label"] == ""
    desk.Kernel.control("unplug rear-4")
    window.close()


def test_a_socket_is_tried(tray):
    """It is proven by the other controller. What is being written stays, though the stick goes and comes; and what is
    needed stays where it is."""
    window = tray.open_window("--learn", "Learn the sockets")
    desk.Kernel.control(f"plug rear-4 speed=5000 {STICK}")
    window.wait_text("Found: EHCI #1 port 4")
    window.write("Name", "Mine")
    window.press("push button", "Try this socket")
    window.wait_text("Proven: Ultra_Fit came up on the other side, so this is the socket, with both of its halves.")
    assert desk.Kernel.read_register() == 0x3FFF
    window.wait("label", "Ultra_Fit")  # it is back
    assert window.read("Name") == "Mine"
    window.press("push button", "Skip")
    desk.Kernel.control("unplug rear-4")
    desk.Kernel.control("plug inside-2 id=046d:c31c kind=keyboard product=Spare")
    window.wait_text("Found: EHCI #2 port 4")
    window.press("push button", "Try this socket")
    window.wait_text("Spare is a keyboard or pointer")
    assert desk.Kernel.read_register() == 0x3FFF
    desk.Kernel.control("unplug inside-2")
    window.close()


def measure_plugging(tile):
    """How long it takes from the kernel's word of a stick to the name of its socket, which a screen reader reads."""
    before = time.monotonic()
    desk.Kernel.control(f"plug rear-4 {STICK}")
    while "Ultra_Fit" not in tile.get_name():
        assert time.monotonic() - before < desk.SECONDS, "the stick is not seen"
    taken = time.monotonic() - before
    desk.Kernel.control("unplug rear-4")
    wait_for("an empty socket", lambda: "Nothing plugged in" in tile.get_name())
    return taken


def measure_program(tray):
    """How long a program takes that does nothing."""
    before = time.monotonic()
    tray.desktop.run("true")
    return time.monotonic() - before


def test_live(tray):
    """What is plugged in is seen at once, in the socket it is in: within 0.3 s, or, where the computer is busy, in what ten
    empty programs take. What else runs here may take time; not every time."""
    window = tray.open_window("--ports", "Ports")
    tile = window.wait("list item", "EHCI #1 port 4")
    taken = [measure_plugging(tile) for _ in range(5)]
    print("# plugged in and shown after", ", ".join(f"{1000 * each:.0f} ms" for each in taken))
    empty = min(measure_program(tray) for _ in range(5))
    assert min(taken) < max(0.3, 10 * empty), (taken, empty)
    window.close()


def test_keyboard_only(tray):
    """A profile is made without a mouse: its name, a socket, and saved by the button's own letter."""
    window = tray.open_window("--new-profile", "New profile")
    window.wait_text("No controller")
    tray.focus("New profile")
    tray.desktop.tap("alt+n")
    tray.desktop.run("xdotool", "type", "--delay", "30", "By keys")
    wait_for("the name", lambda: window.read("Name") == "By keys")
    first = window.wait("list item", "For the host: ").get_name().removeprefix("For the host: ")
    tray.desktop.tap("Tab", "Tab", "Return")
    window.wait("list item", f"For the guest: {first}")
    window.wait_text("its sockets need it")
    tray.desktop.tap("alt+s")
    window.wait_until_closed()
    path = f"{desk.STATE}/etc/portferry/profiles.d/by-keys.profile"
    wait_for("the profile", lambda: os.path.exists(path))
    window = tray.open_window("--ports", "Ports")
    window.wait("list item", "EHCI #1 port 2")
    tray.focus("Ports")
    tray.desktop.tap("Escape")
    window.wait_until_closed()


def test_every_control_has_a_name(tray):
    for option, title in (
        ("--ports", "Ports"),
        ("--learn", "Learn the sockets"),
        ("--new-profile", "New profile"),
        ("--welcome", "Welcome to Portferry"),
    ):
        window = tray.open_window(option, title)
        wait_for("its content", lambda window=window: len(window.list_texts()) > 12)
        assert not window.list_nameless(), (title, window.list_nameless())
        window.close()


tap.run(
    tray_module.running_tray_with_agent,
    test_learn_edit_switch,
    test_edit_and_remove_a_socket,
    test_objections_are_seen,
    test_refused_names_are_not_lost,
    test_a_socket_is_tried,
    test_live,
    test_keyboard_only,
    test_every_control_has_a_name,
)
