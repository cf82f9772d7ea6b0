#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The helper comes and goes: it sleeps when nothing is lent, it may crash, and it may not start at all."""

import os

import desk
import tap
import tray as tray_module

EHCI1 = "0000:00:1d.0"
START = f"{desk.FOLDER}/start-helper"


def test_sleep_shows_home_and_remembers_profiles(tray):
    """The helper of this desk goes to sleep after a second."""
    tray.open_menu()
    tray.wait_for_row("Windows", enabled=True)
    tray.desktop.run("portferry", "--switch", "windows")
    tray.wait_for_row("Windows", active=True)
    tray.desktop.run("portferry", "--home")
    tray.wait_for_row("Home", active=True)
    tray.close_menu()
    desk.wait_for("the helper to sleep", lambda: not tray.helper.is_running())
    tray.wait_for_state("home")
    desk.wait_for("the controllers to be forgotten", lambda:
                  tray.read_menu().find("_Controllers").list_labels() == ["Looking at the machine…"])
    assert tray.list_active() == ["Home"]
    tray.choose("Windows")  # from memory; it wakes the helper
    tray.notifications.wait("Switched to Windows")
    assert desk.Kernel.read_driver(EHCI1) == "vfio-pci"
    tray.wait_for_row("Windows", active=True)


def test_open_menu_keeps_the_helper_awake(tray):
    tray.open_menu()
    tray.wait_for_row("Windows", enabled=True)
    desk.pause(2.5)
    assert tray.helper.is_running()
    tray.close_menu()
    desk.wait_for("the helper to sleep", lambda: not tray.helper.is_running())


def test_crash_while_lent_is_recovered(tray):
    assert tray.desktop.run("portferry", "--switch", "windows").returncode == 0
    tray.wait_for_state("lent")
    pid = tray.helper.get_pid()
    tray.helper.kill()
    desk.wait_for("another helper", lambda: tray.helper.get_pid() not in (pid, None))
    tray.wait_for_state("lent")
    tray.wait_for_row("Windows", active=True, enabled=True)
    assert tray.list_active() == ["Windows"]
    assert tray.desktop.run("portferry", "--home").returncode == 0
    tray.wait_for_row("Home", active=True)


def test_helper_that_cannot_start(tray):
    desk.wait_for("the helper to sleep", lambda: not tray.helper.is_running())
    os.rename(START, START + ".away")
    try:
        tray.open_menu()
        tray.wait_for_state("absent")
        labels = tray.read_menu().list_labels()
        assert labels[0] == "The helper is not available", labels
        assert "cannot be started" in " ".join(labels), labels
        assert not tray.wait_for_row("Bring everything _home").enabled
        done = tray.desktop.run("portferry", "--home")
        assert done.returncode == 1 and "cannot be started" in done.stderr, done
        tray.notifications.wait("Could not bring everything home")
    finally:
        os.rename(START + ".away", START)
    tray.open_menu()
    tray.wait_for_row("Windows", enabled=True)
    tray.wait_for_state("home")


tap.run(
    tray_module.running_tray,
    test_sleep_shows_home_and_remembers_profiles,
    test_open_menu_keeps_the_helper_awake,
    test_crash_while_lent_is_recovered,
    test_helper_that_cannot_start,
)
