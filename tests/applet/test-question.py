#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A switch that goes back by itself asks to be kept: by a notification, and where that cannot ask, by a window that
counts down. And what follows a switch: a locked screen."""

import re
import subprocess
import time

from gi.repository import GLib

import desk
import hand_over
import screen_reader
import tap
import tray as tray_module
from hand_over import playing

TITLE = "Keep this?"
COUNTDOWN = re.compile(r"Windows goes back in (\d+) seconds? unless you keep it\.")
LENT, HOME = 0x3FDE, 0x3FFF
DEAF = 1.2  # seconds; a window that has just appeared hears no keys for a little less
# In one go, as it may take a second to look from here whether the window is there.
HASTY = f"""
xdotool search --sync --onlyvisible --name '^{re.escape(TITLE)}$' windowfocus key --delay 20 Escape Return space alt+r &
portferryctl switch --confirm-seconds 60 windows && wait $!
"""


def set_actions(tray, actions):
    tray.notifications.answer_capabilities("ret = ['actions', 'body']" if actions else "ret = ['body']")


def switch(tray, seconds=60):
    done = tray.desktop.run("portferryctl", "switch", "--confirm-seconds", str(seconds), "windows")
    assert done.returncode == 0, done
    tray.wait_for_row("_Keep this", enabled=True)


def switch_and_see(tray, seconds=60):
    set_actions(tray, False)
    switch(tray, seconds)
    return tray.windows.wait(TITLE)


def read_seconds(window):
    return int(next(match for match in map(COUNTDOWN.fullmatch, window.list_texts()) if match)[1])


def assert_kept(tray):
    tray.windows.wait_until_gone(TITLE)
    tray.wait_for_state("lent")
    assert desk.Kernel.read_register() == LENT
    desk.wait_for("an idle helper", lambda: tray.helper.get("State") == "idle")


def assert_reverted(tray):
    tray.windows.wait_until_gone(TITLE)
    tray.wait_for_state("home")
    assert desk.Kernel.read_register() == HOME


def assert_waiting(tray):
    assert tray.helper.get("State") == "awaiting-confirmation"
    assert desk.Kernel.read_register() == LENT


def test_notification_asks_alone(tray):
    set_actions(tray, True)
    switch(tray)
    shown = desk.wait_for("the question", lambda: next(
        (last for last in tray.notifications.list()[-1:] if last["buttons"] == ["Keep this", "Revert"]), None))
    desk.pause(1)
    assert not tray.windows.list(), "one question is enough"
    tray.notifications.press(shown["actions"][0])
    assert_kept(tray)


def wait_for_question(tray):
    return desk.wait_for("the question", lambda: next(
        (last for last in tray.notifications.list()[-1:] if last["buttons"] == ["Keep this", "Revert"]), None))


def test_question_takes_no_other_place(tray):
    """Some servers go on showing the buttons of what was there."""
    set_actions(tray, True)
    assert tray.desktop.run("portferryctl", "switch", "windows").returncode == 0
    tray.notifications.wait("Switched to Windows")
    assert tray.desktop.run("portferryctl", "home").returncode == 0
    tray.notifications.wait("Everything is home")
    earlier = tray.notifications.get_number()
    switch(tray)
    shown = wait_for_question(tray)
    assert not shown["replaces"], shown
    desk.wait_for("the earlier one to go", lambda: earlier in tray.notifications.list_closed())
    number = tray.notifications.get_number()
    tray.notifications.press(shown["actions"][1])
    assert_reverted(tray)
    desk.wait_for("the question to go", lambda: number in tray.notifications.list_closed())
    tray.notifications.wait("Everything is home")
    assert tray.notifications.get_number() != number


def test_question_passes_by_what_drops_it(tray):
    """GNOME's own service takes the notifications of a program without a desktop file, and shows none."""
    tray.stop()
    bus, name = tray.desktop.session, "org.gtk.Notifications"
    bus.call("org.freedesktop.DBus", "/", "org.freedesktop.DBus", "RequestName", GLib.Variant("(su)", (name, 4)))
    again = tray_module.Tray(tray.desktop)
    try:
        set_actions(again, True)
        switch(again)
        shown = wait_for_question(again)
        again.notifications.press(shown["actions"][1])
        assert_reverted(again)
        again.stop()
    finally:
        again.kill()
        bus.ask("ReleaseName", name)


def test_question_that_is_lost_becomes_a_window(tray):
    set_actions(tray, True)
    switch(tray)
    wait_for_question(tray)
    desk.pause(0.5)
    tray.notifications.end(1)
    tray.windows.wait(TITLE).press("push button", "Revert")
    assert_reverted(tray)


def test_question_that_is_put_away_stays_so(tray):
    set_actions(tray, True)
    switch(tray)
    wait_for_question(tray)
    desk.pause(0.5)
    tray.notifications.end(2)
    desk.pause(2)
    assert not tray.windows.list()
    tray.click("_Revert")
    assert_reverted(tray)


def test_window_counts_down(tray):
    window = switch_and_see(tray)
    assert window.look().role == "alert", window.role
    assert "HD Pro Webcam C920 went to the guest." in window.list_texts(), window.list_texts()
    assert window.list_buttons() == ["Revert", "Keep this"], window.list_buttons()
    assert window.find("progress bar", "Time left")
    assert not window.list_nameless(), window.list_nameless()
    before = read_seconds(window)
    left = (tray.helper.get("Deadline") - time.time_ns() // 1000) / 1e6
    assert abs(before - left) < 2, (before, left)
    screen_reader.wait_for("the seconds to go", lambda: read_seconds(window) < before - 1)
    window.press("push button", "Keep this")
    assert_kept(tray)


def test_window_reverts(tray):
    switch_and_see(tray).press("push button", "Revert")
    assert_reverted(tray)


def test_window_without_a_server(tray):
    tray.notifications.answer_capabilities("raise KeyError('nobody is there')")
    switch(tray)
    tray.windows.wait(TITLE).press("push button", "Revert")
    assert_reverted(tray)


def test_no_key_keeps_by_accident(tray):
    """Somebody who types does not type into the window; and in the window, Return and space go back."""
    window = switch_and_see(tray)
    # Without a window manager the keyboard is where the pointer is.
    tray.desktop.run("xdotool", "mousemove", "5", "600", "key", "Return", "space", "k")
    desk.pause(0.5)
    assert_waiting(tray)
    assert window.find("push button", "Revert"), "it is still there"
    desk.pause(DEAF)
    tray.press_keys(TITLE, "Return")
    assert_reverted(tray)


def test_keys_meant_for_others_do_nothing(tray):
    """Some desktops give a new window the keyboard, whoever is typing."""
    set_actions(tray, False)
    done = tray.desktop.run("sh", "-c", HASTY)
    assert done.returncode == 0, done
    desk.pause(DEAF)
    assert_waiting(tray)
    tray.press_keys(TITLE, "Return")
    assert_reverted(tray)


def test_escape_reverts(tray):
    switch_and_see(tray)
    desk.pause(DEAF)
    tray.press_keys(TITLE, "Escape")
    assert_reverted(tray)


def test_keyboard_keeps_on_purpose(tray):
    switch_and_see(tray)
    desk.pause(DEAF)
    tray.press_keys(TITLE, "alt+k")
    assert_kept(tray)


def test_answered_elsewhere(tray):
    switch_and_see(tray)
    assert tray.desktop.run("portferryctl", "confirm").returncode == 0
    assert_kept(tray)
    assert tray.desktop.run("portferryctl", "home").returncode == 0
    switch_and_see(tray)
    tray.click("_Revert")
    assert_reverted(tray)


def test_nobody_answers(tray):
    switch_and_see(tray, 10)
    assert_reverted(tray)


def test_window_of_a_call_without_a_tray(tray):
    """Where no tray runs, the hotkey's own process asks, and stays until it is answered."""
    tray.stop()
    with hand_over.profile("mouse", hand_over.MOUSE.format("Confirm=always\nConfirmSeconds=60\n")):
        with hand_over.spare_mouse():
            call = tray.desktop.start("portferry", "--switch", "mouse", stderr=subprocess.PIPE, text=True)
            tray.windows.wait(TITLE).press("push button", "Revert")
            _, complaints = call.communicate(timeout=desk.SECONDS)
            assert (call.returncode, complaints) == (0, ""), (call.returncode, complaints)
            desk.wait_for("an idle helper", lambda: tray.helper.get("State") == "idle")
            assert desk.Kernel.read_register() == HOME


# --- The screen ---


def count_locks(logind):
    return len([call for call in logind.list_calls() if call.startswith("Lock auto")])


def wait_for_lock(logind):
    screen_reader.wait_for("the lock", lambda: count_locks(logind) == 1)


def lend_mouse(tray):
    done = tray.desktop.run("portferryctl", "switch", "mouse")
    assert done.returncode == 0, done


def test_lock_follows_the_switch(tray):
    with hand_over.profile("mouse", hand_over.MOUSE.format("Confirm=never\nLockOnSwitch=true\n")):
        with hand_over.spare_mouse(), playing(tray.desktop, "logind") as logind:
            lend_mouse(tray)
            wait_for_lock(logind)
            assert tray.desktop.run("portferryctl", "home").returncode == 0
            tray.wait_for_state("home")
            desk.pause(0.5)
            assert count_locks(logind) == 1, "coming home locks nothing"


def test_no_lock_unless_the_profile_says_so(tray):
    with hand_over.profile("mouse", hand_over.MOUSE.format("Confirm=never\n")):
        with hand_over.spare_mouse(), playing(tray.desktop, "logind") as logind:
            lend_mouse(tray)
            tray.wait_for_state("lent")
            desk.pause(0.5)
            assert not logind.list_calls(), logind.list_calls()


def test_no_lock_when_no_input_leaves(tray):
    profile = "[Profile]\nLabel=Camera\nLockOnSwitch=true\n[Controller 0000:00:1d.0]\nId=8086:8ca6\n"
    with hand_over.profile("mouse", profile + "[Ports 0000:00:14.0]\nId=8086:8cb1\nGuest=ehci1/1\n"):
        with playing(tray.desktop, "logind") as logind:
            lend_mouse(tray)
            tray.wait_for_state("lent")
            desk.pause(0.5)
            assert not logind.list_calls(), logind.list_calls()


def test_lock_waits_for_the_answer(tray):
    """Nobody could answer on a locked screen."""
    set_actions(tray, False)
    with hand_over.profile("mouse", hand_over.MOUSE.format("Confirm=always\nConfirmSeconds=60\nLockOnSwitch=true\n")):
        with hand_over.spare_mouse(), playing(tray.desktop, "logind") as logind:
            lend_mouse(tray)
            window = tray.windows.wait(TITLE)
            desk.pause(0.5)
            assert count_locks(logind) == 0
            window.press("push button", "Revert")
            tray.wait_for_state("home")
            desk.pause(0.5)
            assert count_locks(logind) == 0, "what was taken back does not lock"
            lend_mouse(tray)
            tray.windows.wait(TITLE).press("push button", "Keep this")
            wait_for_lock(logind)


def test_a_lock_that_fails_is_told(tray):
    with hand_over.profile("mouse", hand_over.MOUSE.format("Confirm=never\nLockOnSwitch=true\n")):
        with hand_over.spare_mouse(), playing(tray.desktop, "logind", "failed"):
            lend_mouse(tray)
            desk.wait_for("word of it", lambda: any(
                shown["title"] == "The screen was not locked" and "not allowed here" in shown["body"]
                for shown in tray.notifications.list()))


# --- The keys ---


def measure(tray, *keys):
    """How long the tray takes from the click to asking the helper, with @keys held down for all that time."""
    tray.open_menu()
    tray.wait_for_row("Windows", enabled=True)
    for key in keys:
        assert tray.desktop.run("xdotool", "keydown", key).returncode == 0
    try:
        before = time.monotonic()
        tray.choose("Windows")
        desk.wait_for("the switch", lambda: "idle" != tray.helper.get("State") or tray.helper.get_active_profile() == "windows")
        return time.monotonic() - before
    finally:
        for key in keys:
            tray.desktop.run("xdotool", "keyup", key)
        tray.notifications.wait("Switched to Windows")


def test_keys_come_up_first(tray):
    assert tray.desktop.run("portferryctl", "switch", "windows").returncode == 0  # no preview from here on
    assert tray.desktop.run("portferryctl", "home").returncode == 0
    tray.notifications.wait("Everything is home")
    tray.notifications.clear()
    assert measure(tray, "Control_L", "F12") >= 0.3, "keys that stay down are waited for in vain, and not for ever"


def test_keys_come_up_first_in_a_terminal(tray):
    tray.open_menu()
    tray.wait_for_row("Windows", enabled=True)
    assert tray.desktop.run("xdotool", "keydown", "Return").returncode == 0
    try:
        before = time.monotonic()
        done = tray.desktop.run("portferryctl", "switch", "no-such-profile")
        assert time.monotonic() - before >= 0.3, "it has asked before the key was up"
        assert done.returncode == 1, done
    finally:
        tray.desktop.run("xdotool", "keyup", "Return")


tap.run(
    tray_module.running_tray,
    test_notification_asks_alone,
    test_question_takes_no_other_place,
    test_question_passes_by_what_drops_it,
    test_question_that_is_lost_becomes_a_window,
    test_question_that_is_put_away_stays_so,
    test_window_counts_down,
    test_window_reverts,
    test_window_without_a_server,
    test_no_key_keeps_by_accident,
    test_keys_meant_for_others_do_nothing,
    test_escape_reverts,
    test_keyboard_keeps_on_purpose,
    test_answered_elsewhere,
    test_nobody_answers,
    test_window_of_a_call_without_a_tray,
    test_lock_follows_the_switch,
    test_no_lock_unless_the_profile_says_so,
    test_no_lock_when_no_input_leaves,
    test_lock_waits_for_the_answer,
    test_a_lock_that_fails_is_told,
    test_keys_come_up_first,
    test_keys_come_up_first_in_a_terminal,
)
