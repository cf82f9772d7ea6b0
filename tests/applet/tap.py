# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs test functions and reports in TAP."""

import sys
import traceback


def run(around, *tests):
    """Runs @tests in order, each inside a fresh context manager, and with what that gives as the argument.

    A test given as a pair brings its own context manager instead of @around."""
    tests = [test if isinstance(test, tuple) else (test, around) for test in tests]
    failed = 0
    print(f"1..{len(tests)}", flush=True)
    for number, (test, surroundings) in enumerate(tests, 1):
        name = test.__name__.removeprefix("test_").replace("_", "-")
        try:
            with surroundings() as fixture:
                test(fixture)
            print(f"ok {number} {name}", flush=True)
        except Exception:  # a test may fail in any way, and the next one still has to run
            failed += 1
            for line in traceback.format_exc().splitlines():
                print(f"# {line}")
            print(f"not ok {number} {name}", flush=True)
    sys.exit(1 if failed else 0)
