# SPDX-License-Identifier: GPL-3.0-or-later
"""Two ways to do the same in a window: by what assistive technology offers, and by the keyboard alone. Neither knows a
place on the screen."""

import desk
import screen_reader

MAX_STEPS = 90  # more stops than any window has


class Reader:
    """Somebody who has the screen read, and acts through that."""

    def __init__(self, tray):
        self.tray = tray

    def open(self, window):
        pass

    def press(self, window, role, name):
        window.press(role, name)

    def write(self, window, name, text):
        window.write(name, text)

    def choose(self, window, name, choice):
        window.choose(name, choice)

    def pick(self, window, name):
        """Gives a socket to the guest, in a picture to choose from."""
        window.press("check box", f"{name} for the guest")

    def close(self, window):
        window.close()


class Keyboard:
    """Somebody without a mouse: keys go to the X server (XTEST), and where they arrive is read by name."""

    def __init__(self, tray):
        self.tray = tray
        self.windows = tray.windows
        self.windows.follow_focus()

    def open(self, window):
        moves = self.windows.moves
        self.tray.focus(window.title)
        self._wait_for_focus(moves)

    def _wait_for_focus(self, moves):
        desk.wait_for("the keyboard to be somewhere else", lambda: self.windows.moves > moves)

    def tap(self, *keys):
        self.tray.desktop.tap(*keys)

    def go_to(self, role, name):
        """Goes from stop to stop until it is at @name."""
        seen = []
        for _ in range(MAX_STEPS):
            at = (self.windows.focused.get_role(), self.windows.focused.get_name())
            if at[0] == role and at[1].startswith(name):
                return
            seen.append(at)
            moves = self.windows.moves
            self.tap("Tab")
            self._wait_for_focus(moves)
        raise AssertionError(f"no key leads to the {role} “{name}”, but to {seen}")

    def press(self, window, role, name):
        self.go_to(role, name)
        self.tap("space")

    def write(self, window, name, text):
        self.go_to("text", name)
        self.tap("ctrl+a")
        self.tray.desktop.type(text)
        screen_reader.wait_for(f"“{text}” in {name}", lambda: window.read(name) == text)

    def choose(self, window, name, choice):
        self.go_to("toggle button", name)  # the one inside the combo box
        combo = window.find("combo box", name)
        rows = combo.list_choices()
        for _ in rows:
            self.tap("Up")
        for _ in rows:
            if combo.get_choice() == choice:
                return
            self.tap("Down")
        assert combo.get_choice() == choice, f"no key leads to {choice} in {name}"

    def pick(self, window, name):
        self.go_to("list item", f"For the host: {name}")
        self.tap("Return")
        window.wait("list item", f"For the guest: {name}")

    def close(self, window):
        self.tap("Escape")
        window.wait_until_closed()
