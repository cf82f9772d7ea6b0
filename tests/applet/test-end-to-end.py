#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the first start to the way back, once by what a screen reader offers and once by keyboard alone: three sockets are
learnt by plugging, a profile is made of them, shown beforehand, switched to and taken back."""

import os

import desk
import hands
import tap
import tray as tray_module

ROUTER = "/org/portferry1/controllers/0000_00_14_0"
STICK = "id=0781:5583 kind=storage product=Ultra_Fit"
MOUSE = "id=046d:c077 kind=mouse product=Second_Mouse"
AT_HOME, LENT = 0x3FFF, 0x3FDB


def read_notes(tray):
    ports = tray.desktop.system.get(desk.HELPER, ROUTER, "org.portferry1.Router", "Ports")
    return {port["name"]: (port["label"], port["place"], port["colour"]) for port in ports if port["label"]}


def learn(tray, hand, window, what, name, place, colour):
    desk.Kernel.control(f"plug {what}")
    window.wait("label", "Found: ")
    hand.write(window, "Name", name)
    hand.choose(window, "Place", place)
    hand.choose(window, "Colour of the plastic", colour)
    hand.press(window, "push button", "Save and go on")
    window.wait("label", f"“{name}” is saved.")


def open_from_welcome(tray, hand, button, title):
    welcome = tray.windows.wait("Welcome to Portferry")
    hand.open(welcome)
    hand.press(welcome, "push button", button)
    window = tray.windows.wait(title)
    hand.open(window)
    return window


def learn_three(tray, hand):
    """In two sittings: it is left after the first socket, and goes on where it was."""
    window = open_from_welcome(tray, hand, "Learn names…", "Learn the sockets")
    window.wait("label", "Plug something in")
    learn(tray, hand, window, f"rear-3 {MOUSE}", "Desk mouse", "Rear", "Blue")
    window.wait_text("1 of 14 named")
    hand.close(window)
    window = open_from_welcome(tray, hand, "Learn names…", "Learn the sockets")
    window.wait_text("1 of 14 named")
    learn(tray, hand, window, f"front-2 {STICK}", "Front, right", "Front", "Black")
    desk.Kernel.control("unplug front-2")
    learn(tray, hand, window, f"inside-1 {STICK}", "Header", "Inside the case", "Not noted")
    desk.Kernel.control("unplug inside-1")
    window.wait_text("3 of 14 named")
    hand.close(window)
    assert read_notes(tray) == {
        "ehci1/3": ("Desk mouse", "rear", "blue"),
        "ehci1/6": ("Front, right", "front", "black"),
        "ehci2/3": ("Header", "internal", ""),
    }, read_notes(tray)


def make_profile(tray, hand, name):
    window = open_from_welcome(tray, hand, "New profile…", "New profile")
    window.wait_text("No controller")
    hand.write(window, "Name", name)
    hand.pick(window, "Desk mouse")
    hand.pick(window, "Front, right")
    window.wait_text("00:1d.0 Intel 9 Series Chipset Family USB EHCI: its sockets need it")
    window.wait_text("Routing register 0x3fdb: on their EHCI are ehci1/3 and ehci1/6")
    window.wait_text("Second_Mouse goes to the guest")
    window.wait_text("Nothing speaks against it.")
    assert not window.list_nameless(), window.list_nameless()
    assert desk.Kernel.read_register() == AT_HOME, "an editor moves nothing"
    hand.press(window, "push button", "Save")
    window.wait_until_closed()
    with open(f"{desk.STATE}/etc/portferry/profiles.d/{name.lower()}.profile", encoding="utf-8") as file:
        text = file.read()
    assert "Guest=ehci1/3;ehci1/6;" in text and "[Controller 0000:00:1d.0]" in text, text


def switch(tray, hand, name):
    """The panel's own menu is its affair; from its click on it is ours."""
    tray.open_menu()
    tray.wait_for_row(name, enabled=True)
    tray.click(name)
    window = tray.windows.wait(f"Switch to {name}?")
    hand.open(window)
    texts = window.list_texts()
    goes, stays = texts.index("Moves to the VM:"), texts.index("Stays:")
    assert goes < texts.index("• Second_Mouse (mouse)") < stays, texts
    assert stays < texts.index("• Logitech USB Keyboard (keyboard)"), texts
    assert desk.Kernel.read_register() == AT_HOME, "a question moves nothing"
    hand.press(window, "push button", "Lend 1 device")
    desk.wait_for("the switch", lambda: tray.helper.get("State") == "awaiting-confirmation")
    assert desk.Kernel.read_register() == LENT


def assert_reverted(tray):
    tray.wait_for_state("home")
    desk.wait_for("an idle helper", lambda: tray.helper.get("State") == "idle")
    assert desk.Kernel.read_register() == AT_HOME
    assert desk.Kernel.read_driver("0000:00:1d.0") == "ehci-pci"


def go_as_far_as_the_question(tray, hand, name):
    assert tray.open_window("--welcome", "Welcome to Portferry").wait_text("0 of 14 named")
    learn_three(tray, hand)
    make_profile(tray, hand, name)
    welcome = tray.windows.wait("Welcome to Portferry")
    welcome.wait_text("3 of 14 named")
    welcome.wait_text("1 profile")
    assert desk.Kernel.read_register() == AT_HOME, "nothing has changed that nobody has switched"
    hand.open(welcome)
    hand.close(welcome)
    switch(tray, hand, name)


def forget(tray, name):
    """As it was before the first start."""
    desk.Kernel.control("unplug rear-3")
    desk.Helper.remove_profile(name.lower())
    os.unlink(f"{desk.STATE}/etc/portferry/ports.conf")
    desk.wait_for("forgotten names", lambda: not read_notes(tray))


def find_question(tray):
    """The last word: what has moved may be known a moment later than that something has."""
    for last in tray.notifications.list()[-1:]:
        if last["buttons"] == ["Keep this", "Revert"] and "Second_Mouse went to the guest" in last["body"]:
            return last
    return None


def test_by_what_is_read_out(tray):
    """The question is a notification, and its button takes the switch back."""
    go_as_far_as_the_question(tray, hands.Reader(tray), "Gaming")
    shown = desk.wait_for("the question", lambda: find_question(tray))
    tray.notifications.press(shown["actions"][1])
    assert_reverted(tray)
    forget(tray, "Gaming")


def test_by_keyboard_alone(tray):
    """The buttons of a notification are out of reach of keys, so the question is a window."""
    tray.notifications.answer_capabilities("ret = ['body']")
    hand = hands.Keyboard(tray)
    go_as_far_as_the_question(tray, hand, "Typing")
    window = tray.windows.wait("Keep this?")
    hand.open(window)
    hand.press(window, "push button", "Revert")
    window.wait_until_closed()
    assert_reverted(tray)
    forget(tray, "Typing")


tap.run(
    tray_module.running_tray_with_agent,
    test_by_what_is_read_out,
    test_by_keyboard_alone,
)
