#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Before a first use, and whenever something speaks against it, a person is shown what a switch would do."""

import desk
import hand_over
import screen_reader
import tap
import tray as tray_module
from hand_over import playing

EHCI1 = "0000:00:1d.0"
HOME = 0x3FFF
STICK_LENT = 0x3FEF
PREVIEW = "Switch to {}?"


def open_menu(tray, label):
    tray.open_menu()
    tray.wait_for_row(label, enabled=True)


def ask(tray, label):
    open_menu(tray, label)
    tray.click(label)
    return tray.windows.wait(PREVIEW.format(label))


def assert_nothing_has_moved(tray):
    assert desk.Kernel.read_driver(EHCI1) == "ehci-pci"
    assert desk.Kernel.read_register() == HOME
    assert tray.helper.get("State") == "idle"


def test_first_use_is_shown(tray):
    window = ask(tray, "Windows")
    texts = window.list_texts()
    goes, stays = texts.index("Moves to the VM:"), texts.index("Stays:")
    assert goes < texts.index("• HD Pro Webcam C920") < stays, texts
    assert stays < texts.index("• Logitech USB Keyboard (keyboard)"), texts
    assert window.list_buttons() == ["Cancel", "Lend 1 device"], window.list_buttons()
    assert_nothing_has_moved(tray)

    window.press("push button", "Cancel")
    tray.windows.wait_until_gone(PREVIEW.format("Windows"))
    assert_nothing_has_moved(tray)
    assert not tray.notifications.list(), "who says no needs not be told that nothing was done"

    ask(tray, "Windows").press("push button", "Lend 1 device")
    tray.notifications.wait("Switched to Windows")


def test_second_use_is_not_shown(tray):
    open_menu(tray, "Windows")
    tray.click("Windows")
    tray.notifications.wait("Switched to Windows")
    assert not tray.windows.list()


def test_a_changed_profile_is_shown_again(tray):
    with hand_over.profile("mouse", hand_over.MOUSE.format("Confirm=never\n")), hand_over.spare_mouse():
        ask(tray, "Mouse").press("push button", "Lend 1 device")
        tray.notifications.wait("Switched to Mouse")
        assert tray.desktop.run("portferry", "--home").returncode == 0
        # Another port, where nothing is plugged in. The label tells when the tray knows.
        changed = hand_over.MOUSE.replace("ehci2/2", "ehci2/3").replace("Label=Mouse", "Label=Empty")
        desk.Helper.write_profile("mouse", changed.format(""))
        window = ask(tray, "Empty")
        assert window.list_buttons() == ["Cancel", "Lend 1 controller"], window.list_buttons()
        window.press("push button", "Cancel")


def test_used_elsewhere_is_used(tray):
    profile = "[Profile]\nLabel=Elsewhere\n[Controller 0000:00:1d.0]\nId=8086:8ca6\n"
    with hand_over.profile("elsewhere", profile):
        open_menu(tray, "Elsewhere")
        assert tray.desktop.run("portferryctl", "switch", "elsewhere").returncode == 0
        tray.notifications.wait("Switched to Elsewhere")
        assert tray.desktop.run("portferryctl", "home").returncode == 0
        tray.notifications.wait("Everything is home")
        open_menu(tray, "Elsewhere")
        tray.click("Elsewhere")
        tray.notifications.wait("Switched to Elsewhere")
        assert not tray.windows.list()
        assert tray.desktop.run("portferryctl", "home").returncode == 0


def test_what_speaks_against_it_is_told(tray):
    window = ask(tray, "Windows with the desk")
    texts = window.list_texts()
    assert "No keyboard stays here" in texts, texts
    assert any("is the last keyboard of the host" in text for text in texts), texts
    assert "• Logitech USB Keyboard (your last keyboard)" in texts, texts
    assert window.list_buttons() == ["Cancel", "Lend 2 devices all the same"], window.list_buttons()
    window.press("push button", "Cancel")
    assert_nothing_has_moved(tray)


def test_going_on_in_spite_of_it(tray):
    with tray_module.running_agent(tray.desktop.user):
        ask(tray, "Windows with the desk").press("push button", "Lend 2 devices all the same")
        tray.wait_for_row("_Revert", enabled=True)
        assert desk.Kernel.read_driver("0000:00:1a.0") == "vfio-pci"
        tray.click("_Revert")
        tray.wait_for_state("home")


def test_what_cannot_be_has_no_button_for_it(tray):
    assert tray.desktop.run("portferry", "--switch", "windows").returncode == 0
    tray.wait_for_state("lent")
    desk.Kernel.control("hold 10 4242 qemu-system-x86")
    try:
        open_menu(tray, "Windows with the desk")
        tray.click("Windows with the desk")
        title = "Windows with the desk cannot be switched to"
        window = tray.windows.wait(title)
        window.wait_text("qemu-system-x86 (4242)")
        assert window.list_buttons() == ["Close"], window.list_buttons()
        window.press("push button", "Close")
        tray.windows.wait_until_gone(title)
    finally:
        desk.Kernel.control("release 10")


def test_open_window_follows_plugging(tray):
    title = PREVIEW.format("Windows with the desk")
    window = ask(tray, "Windows with the desk")
    desk.Kernel.control("plug front-2 id=046d:c31c kind=keyboard product=Spare")
    try:
        window.wait_text("Spare (keyboard)")
        assert "No keyboard stays here" not in tray.windows.find(title).list_texts()
    finally:
        desk.Kernel.control("unplug front-2")
    window.wait_text("No keyboard stays here")
    window.press("push button", "Cancel")


def test_unmount_and_lend(tray):
    with hand_over.stick(), playing(tray.desktop, "udisks") as udisks:
        window = ask(tray, "Stick")
        assert "A stick or disk is in use" in window.list_texts(), window.list_texts()
        assert "• SanDisk Cruzer Blade (stick or disk)" in window.list_texts(), window.list_texts()
        assert window.list_buttons() == ["Cancel", "Unmount and lend"], window.list_buttons()
        assert not window.list_nameless(), window.list_nameless()
        window.press("push button", "Unmount and lend")
        tray.notifications.wait("Switched to Stick")
        assert udisks.list_calls() == ["Unmount sdc1 interactive"], udisks.list_calls()
        assert desk.Kernel.read_register() == STICK_LENT
        tray.wait_for_state("lent")  # nothing was overridden, so nothing waits to be kept


def test_switch_off_as_well(tray):
    with hand_over.stick(), playing(tray.desktop, "udisks") as udisks:
        window = ask(tray, "Stick")
        window.press("check box", "Switch the stick or disk off as well")
        window.press("push button", "Unmount and lend")
        tray.notifications.wait("Switched to Stick")
        assert udisks.list_calls() == ["Unmount sdc1 interactive", "PowerOff stick interactive"], udisks.list_calls()


def check_failure(tray, answer, *words):
    with hand_over.stick(), playing(tray.desktop, "udisks", answer):
        window = ask(tray, "Stick")
        window.press("push button", "Unmount and lend")
        told = window.wait_text(words[0])
        assert all(word in told for word in words), told
        assert_nothing_has_moved(tray)
        window.press("push button", "Cancel")
        tray.windows.wait_until_gone(PREVIEW.format("Stick"))
        assert_nothing_has_moved(tray)
        assert not tray.notifications.list(), tray.notifications.list()


def test_a_busy_stick_stays(tray):
    check_failure(tray, "busy", "sdc1 is in use, so it was not unmounted", "target is busy")


def test_no_password_no_unmount(tray):
    check_failure(tray, "dismissed", "sdc1 was not unmounted: the password was not given")


def test_not_allowed_to_unmount(tray):
    check_failure(tray, "forbidden", "You may not unmount sdc1")


def test_without_udisks(tray):
    with hand_over.stick():
        window = ask(tray, "Stick")
        window.press("push button", "Unmount and lend")
        window.wait_text("umount /dev/sdc1")
        assert_nothing_has_moved(tray)
        window.press("push button", "Cancel")


def test_cancel_while_unmounting(tray):
    with hand_over.stick(), playing(tray.desktop, "udisks", "silent") as udisks:
        window = ask(tray, "Stick")
        window.press("push button", "Unmount and lend")
        screen_reader.wait_for("udisks to be asked", udisks.list_calls)
        button = window.find("push button", "Unmount and lend")
        assert not button.has_state(screen_reader.SENSITIVE), "once is enough"
        window.press("push button", "Cancel")
        tray.windows.wait_until_gone(PREVIEW.format("Stick"))
        assert_nothing_has_moved(tray)
        tray.wait_for_row("Stick", enabled=True)


def test_keyboard_only(tray):
    """Return does what the button in front says: the deed, and where something speaks against it, nothing."""
    title = PREVIEW.format("Windows, ports at home")
    ask(tray, "Windows, ports at home")
    tray.press_keys(title, "Escape")
    tray.windows.wait_until_gone(title)
    assert_nothing_has_moved(tray)
    ask(tray, "Windows with the desk")
    tray.press_keys(PREVIEW.format("Windows with the desk"), "Return")
    tray.windows.wait_until_gone(PREVIEW.format("Windows with the desk"))
    assert_nothing_has_moved(tray)
    ask(tray, "Windows, ports at home")
    tray.press_keys(title, "Return")
    tray.notifications.wait("Switched to Windows, ports at home")


tap.run(
    tray_module.running_tray,
    test_first_use_is_shown,
    test_second_use_is_not_shown,
    test_a_changed_profile_is_shown_again,
    test_used_elsewhere_is_used,
    test_what_speaks_against_it_is_told,
    test_going_on_in_spite_of_it,
    test_what_cannot_be_has_no_button_for_it,
    test_open_window_follows_plugging,
    test_unmount_and_lend,
    test_switch_off_as_well,
    test_a_busy_stick_stays,
    test_no_password_no_unmount,
    test_not_allowed_to_unmount,
    test_without_udisks,
    test_cancel_while_unmounting,
    test_keyboard_only,
)
