#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The daily act: profiles switched from the tray's menu under a real panel, over the board of the HOWTO."""

import re

import desk
import tap
import tray as tray_module

EHCI1 = "0000:00:1d.0"
AT_HOME = {"driver": "ehci-pci", "register": 0x3FFF}
WITH_WINDOWS = {"driver": "vfio-pci", "register": 0x3FDE}


def look_at_board():
    return {"driver": desk.Kernel.read_driver(EHCI1), "register": desk.Kernel.read_register()}


def open_menu(tray):
    tray.open_menu()
    tray.wait_for_row("Windows", enabled=True)


def check_rows_stand(tray):
    """Panels that have shown the menu once do not see, or see in the wrong place, what comes later."""
    before = tray.list_all_rows()
    open_menu(tray)
    assert tray.list_all_rows() == before, "while the helper wakes up"
    tray.choose("Windows")
    tray.notifications.wait("Switched to Windows")
    tray.wait_for_row("Windows", active=True, enabled=True)
    assert tray.list_all_rows() == before, "after a switch"
    desk.Kernel.control("unplug rear-1")
    desk.pause(0.5)
    assert tray.list_all_rows() == before, "after something was unplugged"
    desk.Kernel.control("plug rear-1")


def test_start_does_not_wake_the_helper(tray):
    assert tray.get_state() == "home"
    assert tray.get("Title") == "Portferry: Everything is home"
    assert tray.get("IconAccessibleDesc") == "Portferry: Everything is home"
    assert tray.get("Status") == "Active"
    desk.pause(1)
    assert not tray.helper.is_running()
    check_rows_stand(tray)  # here, for only the first tray of all starts while the helper sleeps


def test_opening_the_menu_wakes_the_helper(tray):
    open_menu(tray)
    assert tray.helper.is_running()
    menu = tray.read_menu()
    assert menu.list_labels() == [
        "Everything is home",
        "Home",
        "Windows",
        "Windows with the desk",
        "Windows, ports at home",
        "_Ports…",
        "_New profile…",
        "_Edit profile",
        "_Controllers",
        "Bring everything _home",
        "_Virtual machine…",
        "Keyboard _shortcut…",
        "_Doctor…",
        "_About Portferry",
        "_Quit",
    ], menu.list_labels()
    assert not menu.children[0].enabled
    assert tray.list_active() == ["Home"]


def test_click_switches(tray):
    open_menu(tray)
    assert look_at_board() == AT_HOME
    tray.choose("Windows")
    shown = tray.notifications.wait("Switched to Windows")
    assert look_at_board() == WITH_WINDOWS
    assert shown["body"] == "HD Pro Webcam C920 went to the guest."
    assert shown["buttons"] == ["Bring everything home"]
    tray.wait_for_row("Windows", active=True)
    assert tray.list_active() == ["Windows"]
    tray.wait_for_row("Lent: Windows")
    tray.wait_for_state("lent")
    assert tray.get("IconAccessibleDesc") == "Portferry: Lent: Windows"

    tray.click("Home")
    shown = tray.notifications.wait("Everything is home")
    assert look_at_board() == AT_HOME
    assert "EHCI" in shown["body"] and shown["body"].endswith(" came home."), shown
    assert tray.notifications.list_closed(), "a newer notification takes the place of the older one"
    tray.wait_for_row("Home", active=True)
    assert tray.list_active() == ["Home"]
    tray.wait_for_state("home")
    assert len(tray.notifications.list()) == 2, tray.notifications.list()


def test_radio_item_follows_the_helper_only(tray):
    open_menu(tray)
    tray.choose("Windows with the desk")
    shown = tray.notifications.wait("Could not switch to Windows with the desk")
    assert "permission" in shown["body"], shown
    assert look_at_board() == AT_HOME
    assert tray.list_active() == ["Home"]
    tray.wait_for_state("home")
    tray.wait_for_row("Windows with the desk", enabled=True, active=False)
    assert len(tray.notifications.list()) == 1, "one failure, one notification"


def test_click_on_the_active_profile_changes_nothing(tray):
    open_menu(tray)
    tray.click("Home")
    tray.wait_for_state("home")
    assert look_at_board() == AT_HOME
    assert tray.list_active() == ["Home"]
    tray.wait_for_row("Windows", enabled=True)
    tray.choose("Windows")
    tray.notifications.wait("Switched to Windows")
    assert len(tray.notifications.list()) == 1


def test_click_on_an_insensitive_row_is_not_obeyed(tray):
    profile = "[Profile]\nLabel=Other machine\n[Controller 0000:00:1a.0]\nId=8086:9c26\n"
    desk.Helper.write_profile("other", profile)
    try:
        tray.open_menu()
        row = desk.wait_for("the new profile", lambda: next(
            (row for row in tray.read_menu().children if row.label.startswith("Other machine – ")), None))
        assert not row.enabled
        assert row.spoken.startswith("Other machine – "), row
        tray.click(row.label)
        tray.click("Everything is home")
        tray.choose("Windows")
        tray.notifications.wait("Switched to Windows")
        assert [shown["title"] for shown in tray.notifications.list()] == ["Switched to Windows"]
    finally:
        desk.Helper.remove_profile("other")


def test_bring_everything_home(tray):
    open_menu(tray)
    tray.choose("Windows")
    tray.notifications.wait("Switched to Windows")
    desk.wait_for("an idle helper", lambda: tray.helper.get("State") == "idle")
    tray.wait_for_row("Bring everything _home", enabled=True)
    tray.click("Bring everything _home")
    tray.notifications.wait("Everything is home")
    assert look_at_board() == AT_HOME
    tray.wait_for_row("Home", active=True)


def test_button_of_the_notification(tray):
    open_menu(tray)
    tray.choose("Windows")
    shown = tray.notifications.wait("Switched to Windows")
    tray.wait_for_state("lent")
    tray.notifications.press(shown["actions"][0])
    tray.notifications.wait("Everything is home")
    assert look_at_board() == AT_HOME


def find_controller(tray, start):
    menu = tray.read_menu().find("_Controllers")
    return next((row for row in menu.children if row.label.startswith(start)), None)


def list_devices(tray, start):
    row = find_controller(tray, start)
    return row.list_labels() if row else []


def test_controllers(tray):
    open_menu(tray)
    labels = tray.read_menu().find("_Controllers").list_labels()
    assert len(labels) == 3, labels
    for label, (address, end) in zip(labels, [("00:14.0", "xhci__hcd, host"), ("00:1a.0", "ehci-pci, host"),
                                              ("00:1d.0", "ehci-pci, host")]):
        assert label.startswith(f"{address} Intel ") and label.endswith(f" – {end}"), label
    devices = list_devices(tray, "00:14.0")
    assert "Logitech USB Keyboard (keyboard) – ehci2/1" in devices, devices
    assert "Alone in IOMMU group 4" in devices, devices
    tray.choose("Windows")
    tray.notifications.wait("Switched to Windows")
    end = "– vfio-pci, lent"
    desk.wait_for("the new driver", lambda: find_controller(tray, "00:1d.0").label.endswith(end))


def test_open_menu_follows_plugging(tray):
    open_menu(tray)
    webcam = "HD Pro Webcam C920 – ehci1/1"
    before = find_controller(tray, "00:14.0").number
    assert webcam in list_devices(tray, "00:14.0")
    desk.Kernel.control("unplug rear-1")
    desk.wait_for("the webcam to go", lambda: webcam not in list_devices(tray, "00:14.0"))
    desk.Kernel.control("plug rear-1")
    desk.wait_for("the webcam to come", lambda: webcam in list_devices(tray, "00:14.0"))
    assert find_controller(tray, "00:14.0").number == before, "the row itself has stayed"


def test_switches_by_others_are_told(tray):
    open_menu(tray)
    assert tray.desktop.run("portferryctl", "switch", "windows").returncode == 0
    shown = tray.notifications.wait("Switched to Windows")
    assert shown["body"] == "HD Pro Webcam C920 went to the guest.\nAsked for in a terminal."
    tray.wait_for_row("Windows", active=True)
    assert tray.list_active() == ["Windows"]


def test_held_controller_stays_and_is_named(tray):
    open_menu(tray)
    tray.choose("Windows")
    tray.notifications.wait("Switched to Windows")
    desk.Kernel.control("hold 10 4242 qemu-system-x86")
    try:
        desk.wait_for("an idle helper", lambda: tray.helper.get("State") == "idle")
        tray.wait_for_row("Bring everything _home", enabled=True)
        tray.click("Bring everything _home")
        shown = tray.notifications.wait("Could not bring everything home")
        assert "qemu-system-x86 (4242)" in shown["body"], shown
        assert look_at_board() == {"driver": "vfio-pci", "register": 0x3FFF}, "what can come home does"
        tray.wait_for_state("lent")
    finally:
        desk.Kernel.control("release 10")


def test_switch_under_way(tray):
    """What the kernel takes its time with is shown, and keeps further clicks away."""
    open_menu(tray)
    desk.Kernel.control("block sys/bus/pci/drivers_probe")
    try:
        tray.choose("Windows")
        tray.wait_for_row("Switching to Windows…")
        assert tray.get_state() == "switching"
        assert tray.list_active() == ["Home"], "the mark has not moved before the board has"
        choices = [row for row in tray.read_menu().children if row.toggle == "radio"]
        assert len(choices) == 4 and not any(row.enabled for row in choices)
        assert not tray.read_menu().find("Bring everything _home").enabled
        tray.click("Windows, ports at home")
    finally:
        desk.Kernel.control("unblock")
    tray.notifications.wait("Switched to Windows")
    tray.wait_for_row("Windows", active=True, enabled=True)
    assert look_at_board() == WITH_WINDOWS
    assert len(tray.notifications.list()) == 1, tray.notifications.list()


def ask_for_confirmation(tray):
    done = tray.desktop.run("portferryctl", "switch", "--confirm-seconds", "60", "windows")
    assert done.returncode == 0, done
    tray.wait_for_row("_Keep this", enabled=True)
    tray.wait_for_row("_Revert", enabled=True)
    assert tray.get_state() == "attention"
    moved = "HD Pro Webcam C920 went to the guest."
    shown = desk.wait_for("the question on the desktop", lambda: next(
        (last for last in tray.notifications.list()[-1:] if last["buttons"] and last["body"] == moved), None))
    assert re.fullmatch(r"Windows goes back in \d+ seconds unless you keep it\.", shown["title"]), shown
    assert shown["buttons"] == ["Keep this", "Revert"], shown
    return shown


def assert_question_is_gone(tray):
    desk.wait_for("the question to go", lambda: not tray.read_menu().find("_Keep this"))
    assert not tray.read_menu().find("_Revert")


def test_keep_in_the_menu(tray):
    ask_for_confirmation(tray)
    tray.click("_Keep this")
    assert_question_is_gone(tray)
    tray.wait_for_state("lent")
    assert look_at_board() == WITH_WINDOWS


def test_revert_in_the_menu(tray):
    ask_for_confirmation(tray)
    tray.click("_Revert")
    assert_question_is_gone(tray)
    tray.wait_for_state("home")
    assert look_at_board() == AT_HOME


def test_revert_in_the_notification(tray):
    shown = ask_for_confirmation(tray)
    tray.notifications.press(shown["actions"][1])
    assert_question_is_gone(tray)
    tray.wait_for_state("home")
    assert look_at_board() == AT_HOME


def test_question_without_an_answer(tray):
    done = tray.desktop.run("portferryctl", "switch", "--confirm-seconds", "5", "windows")
    assert done.returncode == 0, done
    tray.wait_for_state("attention")
    shown = tray.notifications.wait("Everything is home")
    assert "Done by Portferry itself" in shown["body"], shown
    assert_question_is_gone(tray)
    tray.wait_for_state("home")
    assert look_at_board() == AT_HOME


tap.run(
    tray_module.running_tray,
    test_start_does_not_wake_the_helper,
    test_opening_the_menu_wakes_the_helper,
    test_click_switches,
    test_radio_item_follows_the_helper_only,
    test_click_on_the_active_profile_changes_nothing,
    test_click_on_an_insensitive_row_is_not_obeyed,
    test_bring_everything_home,
    test_button_of_the_notification,
    test_controllers,
    test_open_menu_follows_plugging,
    test_switches_by_others_are_told,
    test_held_controller_stays_and_is_named,
    test_switch_under_way,
    test_keep_in_the_menu,
    test_revert_in_the_menu,
    test_revert_in_the_notification,
    test_question_without_an_answer,
)
