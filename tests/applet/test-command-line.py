#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`portferry --switch` and its like: what a global hotkey and the desktop file's actions run."""

import contextlib
import subprocess
import sys

import desk
import tap
import tray as tray_module

EHCI1 = "0000:00:1d.0"


def assert_done(done):
    assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), done


def assert_lent():
    assert desk.Kernel.read_driver(EHCI1) == "vfio-pci"
    assert desk.Kernel.read_register() == 0x3FDE


def assert_home():
    assert desk.Kernel.read_driver(EHCI1) == "ehci-pci"
    assert desk.Kernel.read_register() == 0x3FFF


def test_switch_on_the_running_tray(tray):
    assert_done(tray.desktop.run("portferry", "--switch", "windows"))
    assert_lent()
    shown = tray.notifications.wait("Switched to Windows")
    assert shown["body"] == "HD Pro Webcam C920 went to the guest."
    tray.wait_for_state("lent")
    assert_done(tray.desktop.run("portferry", "--home"))
    assert_home()
    tray.notifications.wait("Everything is home")
    tray.wait_for_state("home")
    assert tray.process.poll() is None


def test_toggle_on_the_running_tray(tray):
    assert_done(tray.desktop.run("portferry", "--switch", "windows"))
    assert_done(tray.desktop.run("portferry", "--toggle"))
    assert_home()
    tray.notifications.wait("Everything is home")
    assert_done(tray.desktop.run("portferry", "--toggle"))
    assert_lent()
    tray.notifications.wait("Switched to Windows")


def test_failure_reaches_the_caller_and_the_desktop(tray):
    done = tray.desktop.run("portferry", "--switch", "nonsense")
    assert done.returncode == 1
    shown = tray.notifications.wait("Could not switch to nonsense")
    assert done.stderr == f"portferry: {shown['body']}\n", done
    assert "nonsense" in shown["body"]
    assert_home()
    assert len(tray.notifications.list()) == 1, tray.notifications.list()


def test_command_line_mistakes(tray):
    for arguments in (["--home", "--toggle"], ["--switch", "windows", "--menu"]):
        done = tray.desktop.run("portferry", *arguments)
        assert done.returncode == 2 and "Only one of" in done.stderr, done
    done = tray.desktop.run("portferry", "--sink")
    assert done.returncode != 0 and "--sink" in done.stderr, done
    assert_home()
    assert not tray.notifications.list()


def test_version(tray):
    done = tray.desktop.run("portferry", "--version")
    assert done.returncode == 0 and done.stdout.startswith("portferry "), done


def test_second_start_is_the_first(tray):
    owner = tray.desktop.session.ask("GetNameOwner", tray_module.APP)
    assert_done(tray.desktop.run("portferry"))
    assert tray.desktop.session.ask("GetNameOwner", tray_module.APP) == owner


def test_hotkeys_in_quick_succession(tray):
    options = ("--toggle", "--home")
    presses = [tray.desktop.start("portferry", option, stderr=subprocess.PIPE) for option in options]
    results = [press.wait(desk.SECONDS) for press in presses]
    for press in presses:
        press.stderr.close()
    assert 0 in results, "at least the first to come is served"
    desk.wait_for("an idle helper", lambda: tray.helper.get("State") == "idle")
    assert_done(tray.desktop.run("portferry", "--home"))
    assert_home()


class NoTray:
    """A desktop on which the tray does not run."""

    def __init__(self):
        self.desktop = desk.Desktop(sys.argv[1])
        self.notifications = desk.Notifications(self.desktop)

    def is_running(self):
        return self.desktop.session.has(tray_module.APP)


def test_verbs_without_a_tray(alone):
    assert_done(alone.desktop.run("portferry", "--switch", "windows"))
    assert_lent()
    shown = alone.notifications.wait("Switched to Windows")
    assert shown["body"] == "HD Pro Webcam C920 went to the guest."
    assert not shown["buttons"], "nobody is left to answer them"
    assert not alone.is_running()
    assert_done(alone.desktop.run("portferry", "--toggle"))
    assert_home()
    alone.notifications.wait("Everything is home")
    done = alone.desktop.run("portferry", "--switch", "nonsense")
    assert done.returncode == 1 and done.stderr.startswith("portferry: "), done
    alone.notifications.wait("Could not switch to nonsense")
    assert not alone.is_running()


tap.run(
    tray_module.running_tray,
    test_switch_on_the_running_tray,
    test_toggle_on_the_running_tray,
    test_failure_reaches_the_caller_and_the_desktop,
    test_command_line_mistakes,
    test_version,
    test_second_start_is_the_first,
    test_hotkeys_in_quick_succession,
    (test_verbs_without_a_tray, lambda: contextlib.nullcontext(NoTray())),
)
