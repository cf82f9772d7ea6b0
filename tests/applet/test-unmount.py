#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""portferryctl and a mounted stick that is to leave: by an option, or after a question on the terminal."""

import contextlib
import os
import pty
import sys

import desk
import hand_over
import tap
from hand_over import playing

STICK_LENT, HOME = 0x3FEF, 0x3FFF


@contextlib.contextmanager
def mounted_stick():
    desktop = desk.Desktop(sys.argv[1])
    with hand_over.stick():
        yield desktop


def assert_untouched():
    assert desk.Kernel.read_register() == HOME
    with open(f"{desk.KERNEL}/proc/1/mounts", encoding="utf-8") as file:
        assert "/dev/sdc1" in file.read()


def switch(desktop, *options):
    return desktop.run("portferryctl", "switch", "stick", *options)


def converse(desktop, answer, *options):
    """Runs a switch on a terminal, and answers its question. Gives what was on the terminal, and the exit code."""
    master, slave = pty.openpty()
    call = desktop.start(
        "portferryctl", "switch", "stick", *options, stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
    os.close(slave)
    shown = b""
    with contextlib.suppress(OSError):  # EIO: nobody has the other end any more
        while piece := os.read(master, 4096):
            shown += piece
            if shown.endswith(b"[y/N] "):
                os.write(master, answer.encode() + b"\n")
    os.close(master)
    return shown.decode(), call.wait(desk.SECONDS)


def test_refused_without_the_option(desktop):
    with playing(desktop, "udisks") as udisks:
        done = switch(desktop)
        assert done.returncode == 4 and "mounted at /media/stick" in done.stderr, done
        assert not udisks.list_calls()
    assert_untouched()


def test_unmount(desktop):
    with playing(desktop, "udisks") as udisks:
        done = switch(desktop, "--unmount")
        assert done.returncode == 0, done
        assert udisks.list_calls() == ["Unmount sdc1 interactive"], udisks.list_calls()
    assert desk.Kernel.read_register() == STICK_LENT


def test_toggle_unmounts_as_well(desktop):
    with playing(desktop, "udisks") as udisks:
        assert switch(desktop, "--unmount").returncode == 0
        assert desktop.run("portferryctl", "toggle").returncode == 0
        desk.Kernel.control("mount sdc1 /media/stick")
        done = desktop.run("portferryctl", "toggle", "--unmount")
        assert done.returncode == 0, done
        assert len(udisks.list_calls()) == 2, udisks.list_calls()
    assert desk.Kernel.read_register() == STICK_LENT


def test_power_off(desktop):
    with playing(desktop, "udisks") as udisks:
        done = switch(desktop, "--power-off", "--no-interaction")
        assert done.returncode == 0, done
        assert udisks.list_calls() == ["Unmount sdc1 silent", "PowerOff stick silent"], udisks.list_calls()


def test_busy(desktop):
    with playing(desktop, "udisks", "busy"):
        done = switch(desktop, "--unmount")
        assert done.returncode == 1, done
        assert "sdc1 is in use, so it was not unmounted" in done.stderr and "target is busy" in done.stderr, done
    assert_untouched()


def test_dismissed(desktop):
    with playing(desktop, "udisks", "dismissed"):
        done = switch(desktop, "--unmount", "--json")
        assert done.returncode == 3 and "password was not given" in done.stdout, done
    assert_untouched()


def test_nothing_is_unmounted_in_vain(desktop):
    """The keyboard leaves as well, and that was not overridden."""
    text = hand_over.STICK.replace("ehci1/5", "ehci1/5;ehci2/1")
    text += "[Controller 0000:00:1a.0]\nId=8086:8cad\n"
    desk.Helper.write_profile("stick", text)
    with playing(desktop, "udisks") as udisks:
        done = switch(desktop, "--unmount")
        assert done.returncode == 4 and "last keyboard" in done.stderr, done
        assert not udisks.list_calls(), udisks.list_calls()
    assert_untouched()


def test_yes_on_a_terminal(desktop):
    with playing(desktop, "udisks") as udisks:
        shown, code = converse(desktop, "y")
        assert code == 0 and "Unmount sdc1, and go on? [y/N]" in shown and "Switched to" in shown, shown
        assert udisks.list_calls() == ["Unmount sdc1 interactive"], udisks.list_calls()
    assert desk.Kernel.read_register() == STICK_LENT


def test_anything_else_is_no(desktop):
    with playing(desktop, "udisks") as udisks:
        for answer in ("n", "", "what?"):
            shown, code = converse(desktop, answer)
            assert code == 4, shown
        assert not udisks.list_calls(), udisks.list_calls()
    assert_untouched()


def test_programs_are_not_asked(desktop):
    for option in ("--json", "--no-interaction"):
        shown, code = converse(desktop, "y", option)
        assert code == 4 and "[y/N]" not in shown, shown
    assert_untouched()


def test_the_way_home_takes_no_such_option(desktop):
    done = desktop.run("portferryctl", "switch", "home", "--unmount")
    assert done.returncode == 2 and "always open" in done.stderr, done


tap.run(
    mounted_stick,
    test_refused_without_the_option,
    test_unmount,
    test_toggle_unmounts_as_well,
    test_power_off,
    test_busy,
    test_dismissed,
    test_nothing_is_unmounted_in_vain,
    test_yes_on_a_terminal,
    test_anything_else_is_no,
    test_programs_are_not_asked,
    test_the_way_home_takes_no_such_option,
)
