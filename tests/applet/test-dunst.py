#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep or revert with a real notification server: dunst, whose menu of actions somebody uses."""

import desk
import tap
import tray as tray_module

LENT, HOME = 0x3FDE, 0x3FFF


def switch(tray):
    """Each switch replaces what was shown of the one before."""
    done = tray.desktop.run("portferryctl", "switch", "--confirm-seconds", "60", "windows")
    assert done.returncode == 0, done
    tray.wait_for_row("_Keep this", enabled=True)
    tray.notifications.wait_until_shown(1)
    assert not tray.windows.list(), "a server with actions needs no window"


def assert_waiting(tray):
    assert tray.helper.get("State") == "awaiting-confirmation"
    assert desk.Kernel.read_register() == LENT


def test_keep(tray):
    switch(tray)
    tray.notifications.choose("Keep this")
    desk.wait_for("an idle helper", lambda: tray.helper.get("State") == "idle")
    tray.wait_for_state("lent")
    assert desk.Kernel.read_register() == LENT


def test_revert(tray):
    switch(tray)
    tray.notifications.choose("Revert")
    tray.wait_for_state("home")
    assert desk.Kernel.read_register() == HOME


def test_a_click_is_no_answer(tray):
    """What a click on the notification does, and what closing it does: neither keeps nor reverts. The menu still asks."""
    switch(tray)
    tray.desktop.run("sh", "-c", "echo nothing >$XDG_CONFIG_HOME/dunst/choice")
    tray.notifications.control("action")
    desk.pause(0.5)
    assert_waiting(tray)
    tray.notifications.control("close-all")
    tray.notifications.wait_until_shown(0)
    desk.pause(0.5)
    assert_waiting(tray)
    tray.click("_Revert")
    tray.wait_for_state("home")
    assert desk.Kernel.read_register() == HOME


tap.run(
    tray_module.running_tray,
    test_keep,
    test_revert,
    test_a_click_is_no_answer,
)
