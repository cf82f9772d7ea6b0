/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the helper does by itself: it asks whether a keyboard shall stay away, and puts right what others
 * change. What comes home when a VM ends is in test-guard-home.c. Board: z97. */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "pf-test-guard.h"

#define MANAGER PF_BUS_MANAGER_PATH
#define PROFILE(id) PF_BUS_PROFILES_PATH "/" id
#define XHCI PF_TEST_GUARD_XHCI
#define XHCI_OBJECT PF_BUS_CONTROLLERS_PATH "/0000_00_14_0"
#define EHCI_OBJECT PF_BUS_CONTROLLERS_PATH "/0000_00_1a_0"
#define POWER "sys/bus/pci/devices/0000:00:14.0/power/control"

static PfTestWatch *watch;
static GDBusConnection *logind;

/* Until the profile was confirmed as it reads, and again when it reads otherwise. */
static void
test_confirm_first (void)
{
  pf_test_guard_apply_and_confirm ("keyboard");
  pf_test_go_home ();
  pf_test_guard_apply_quietly ("keyboard");
  pf_test_go_home ();
  /* That is kept: a helper that is started anew knows it. */
  pf_test_watch_kill_helper (watch);
  pf_test_guard_apply_quietly ("keyboard");
  pf_test_go_home ();
  pf_test_update_profile ("keyboard", "{'label': <'Another'>}");
  pf_test_guard_apply_and_confirm ("keyboard");
  pf_test_go_home ();
  pf_test_guard_check_kernel_at_home ();
}

static void
test_confirm_by_board (void)
{
  pf_test_guard_apply_and_confirm ("mouse");
  pf_test_go_home ();
  pf_test_control ("vanish 0000:00:1d.0");
  pf_test_guard_apply_and_confirm ("mouse");
  pf_test_go_home ();
  pf_test_control ("unbind " XHCI);
  pf_test_control ("bind " XHCI " xhci_hcd");
  pf_test_guard_apply_quietly ("mouse");
  pf_test_go_home ();
}

static void
test_confirm_file (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("PF_STATE"), "var/lib/portferry/confirmed", NULL);
  g_autofree char *text = NULL;
  struct stat status;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "[Profile keyboard]"));
  g_assert_cmpint (stat (path, &status), ==, 0);
  g_assert_cmphex (status.st_mode & 022, ==, 0);
  /* What cannot be read asks again. */
  g_assert_true (g_file_set_contents (path, "[Confirmed]\nFormat=7\n", -1, NULL));
  pf_test_guard_apply_and_confirm ("keyboard");
  pf_test_go_home ();
  pf_test_guard_apply_quietly ("keyboard");
  pf_test_go_home ();
}

static void
test_confirm_always_and_never (void)
{
  gint64 begin;
  g_autofree char *transaction = NULL;

  pf_test_update_profile ("keyboard", "{'confirm': <'never'>}");
  pf_test_guard_apply_quietly ("keyboard");
  pf_test_go_home ();
  pf_test_update_profile ("keyboard", "{'confirm': <'always'>, 'confirm-seconds': <uint32 5>}");
  pf_test_guard_apply_and_confirm ("keyboard");
  pf_test_go_home ();
  begin = g_get_monotonic_time ();
  pf_test_watch_clear (watch);
  transaction = pf_test_guard_apply ("keyboard");
  pf_test_guard_expect_register (0xd0, PF_TEST_GUARD_KEYBOARD_VALUE);
  g_assert_cmpint (pf_test_watch_wait (watch, "Switched " MANAGER " ('" PF_TEST_HOME "', 'guard'", 10000), >, 0);
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 5 * G_USEC_PER_SEC);
  pf_test_guard_check_kernel_at_home ();
  pf_test_update_profile ("keyboard", "{'confirm': <'never'>, 'confirm-seconds': <uint32 15>}");
}

/* What moves no keyboard and no pointer asks nothing. */
static void
test_no_input (void)
{
  pf_test_guard_apply_quietly ("webcam");
  pf_test_go_home ();
}

/* What somebody else changes is put right twice; then it is said, and left to people. */
static void
test_drift (void)
{
  g_autofree char *problem = NULL;

  pf_test_guard_apply_quietly ("keyboard");
  for (guint i = 0; i < 2; i++)
    {
      pf_test_watch_clear (watch);
      pf_test_control ("poke " XHCI " d0 3fff");
      pf_test_control (i == 0 ? "unplug front-1" : "plug front-1");
      pf_test_watch_expect (watch, "Drifted " MANAGER " ('" XHCI_OBJECT "', 16127, 16383, 'unknown')");
      pf_test_guard_expect_register (0xd0, PF_TEST_GUARD_KEYBOARD_VALUE);
      pf_test_guard_expect_state ("idle");
    }
  pf_test_watch_clear (watch);
  pf_test_control ("poke " XHCI " d0 3fff");
  pf_test_control ("unplug front-1");
  pf_test_watch_expect (watch, "Drifted");
  pf_test_guard_expect_state ("degraded");
  problem = pf_test_get (MANAGER, PF_TEST_MANAGER, "Problem");
  g_assert_nonnull (strstr (problem, "again and again"));
  g_usleep (300000);
  pf_test_guard_expect_register (0xd0, PF_TEST_GUARD_HOME_VALUE);
  pf_test_control ("plug front-1");
  /* A person's switch counts for more, and begins anew. */
  pf_test_guard_apply_quietly ("keyboard");
  pf_test_control ("poke " XHCI " d0 3fff");
  pf_test_control ("unplug front-1");
  pf_test_guard_expect_register (0xd0, PF_TEST_GUARD_KEYBOARD_VALUE);
  pf_test_control ("plug front-1");
  pf_test_go_home ();
  pf_test_guard_check_kernel_at_home ();
}

/* While a switch waits, it is not fought over; once it is confirmed it is put right. */
static void
test_drift_while_waiting (void)
{
  g_autofree char *transaction = NULL;

  pf_test_update_profile ("keyboard", "{'confirm': <'always'>}");
  transaction = pf_test_guard_apply ("keyboard");
  pf_test_watch_clear (watch);
  pf_test_control ("poke " XHCI " d0 3fff");
  pf_test_control ("unplug front-1");
  pf_test_watch_expect (watch, "Drifted");
  pf_test_guard_expect_state ("awaiting-confirmation");
  pf_test_guard_confirm (transaction);
  pf_test_guard_expect_register (0xd0, PF_TEST_GUARD_KEYBOARD_VALUE);
  pf_test_guard_expect_state ("idle");
  pf_test_control ("plug front-1");
  pf_test_go_home ();
  pf_test_update_profile ("keyboard", "{'confirm': <'never'>}");
  pf_test_guard_check_kernel_at_home ();
}

static void
say_sleep (gboolean begins)
{
  g_autoptr (GError) error = NULL;

  g_dbus_connection_emit_signal (logind, NULL, "/org/freedesktop/login1", "org.freedesktop.login1.Manager",
                                 "PrepareForSleep", g_variant_new ("(b)", begins), &error);
  g_assert_no_error (error);
  g_dbus_connection_flush_sync (logind, NULL, &error);
  g_assert_no_error (error);
}

/* A resume routes all ports to the xHCI. Where it makes no event at all, logind tells of it. */
static void
test_resume (void)
{
  pf_test_guard_apply_quietly ("keyboard");
  pf_test_watch_clear (watch);
  say_sleep (TRUE);
  g_usleep (100000);
  pf_test_control ("suspend");
  say_sleep (FALSE);
  pf_test_watch_expect (watch, "Drifted " MANAGER " ('" XHCI_OBJECT "', 16127, 16383, 'resume')");
  pf_test_guard_expect_register (0xd0, PF_TEST_GUARD_KEYBOARD_VALUE);
  pf_test_guard_expect_state ("idle");
  /* No event at all but logind's. */
  pf_test_watch_clear (watch);
  pf_test_control ("poke " XHCI " d0 3ff0");
  say_sleep (FALSE);
  pf_test_watch_expect (watch, "Drifted " MANAGER " ('" XHCI_OBJECT "', 16127, 16368, 'firmware')");
  pf_test_guard_expect_register (0xd0, PF_TEST_GUARD_KEYBOARD_VALUE);
  pf_test_go_home ();
}

static void
write_power (const char *text)
{
  g_autofree char *path = g_build_filename (g_getenv ("PF_KERNEL"), POWER, NULL);
  int fd = open (path, O_WRONLY | O_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, text, strlen (text)), ==, (gssize) strlen (text));
  close (fd);
}

static void
check_power (const char *expected)
{
  g_autofree char *text = pf_desk_read_kernel (POWER);

  g_strchomp (text);
  g_assert_cmpstr (text, ==, expected);
}

/* The xHCI is kept awake while ports are away, and may sleep again after, whichever helper brings them home. */
static void
test_power (void)
{
  write_power ("auto");
  pf_test_guard_apply_quietly ("keyboard");
  check_power ("on");
  pf_test_watch_kill_helper (watch);
  pf_test_go_home ();
  check_power ("auto");
  pf_test_guard_apply_quietly ("keyboard");
  /* Somebody lets it sleep all the same. */
  write_power ("auto");
  pf_test_watch_clear (watch);
  pf_test_control ("runtime-resume " XHCI);
  pf_test_watch_expect (watch, "Drifted " MANAGER " ('" XHCI_OBJECT "', 16127, 16383, 'runtime-pm')");
  pf_test_guard_expect_register (0xd0, PF_TEST_GUARD_KEYBOARD_VALUE);
  check_power ("on");
  pf_test_go_home ();
  check_power ("auto");
  write_power ("on");
}

/* The SuperSpeed half of a port that goes to the EHCI is switched off after it, and on again before it comes back. */
static void
test_super_speed (void)
{
  g_autofree char *log = NULL;
  g_autofree char *back = NULL;

  pf_test_control ("clear-log");
  pf_test_guard_apply_quietly ("webcam");
  pf_test_guard_expect_register (0xd8, 0x3e);
  log = pf_desk_read_kernel ("control");
  g_assert_true (strstr (log, "0xd0:") < strstr (log, "0xd8:"));
  pf_test_watch_kill_helper (watch);
  pf_test_control ("clear-log");
  pf_test_go_home ();
  back = pf_desk_read_kernel ("control");
  g_assert_true (strstr (back, "0xd8:") < strstr (back, "0xd0:"));
  pf_test_guard_expect_register (0xd8, 0x3f);
  /* Whoever changes only that half is noticed as well. */
  pf_test_guard_apply_quietly ("webcam");
  pf_test_watch_clear (watch);
  pf_test_control ("poke " XHCI " d8 3f");
  pf_test_control ("unplug front-1");
  pf_test_watch_expect (watch, "Drifted " MANAGER " ('" XHCI_OBJECT "', 62, 63, 'unknown')");
  pf_test_guard_expect_register (0xd8, 0x3e);
  pf_test_control ("plug front-1");
  pf_test_go_home ();
  pf_test_guard_expect_register (0xd8, 0x3f);
}

static void
own_logind (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;

  logind = pf_test_watch_get_bus (watch);
  answer = g_dbus_connection_call_sync (logind, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                        "RequestName", g_variant_new ("(su)", "org.freedesktop.login1", 4), NULL,
                                        G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

static void
add_tests (void)
{
  g_test_add_func ("/guard/confirm/first", test_confirm_first);
  g_test_add_func ("/guard/confirm/file", test_confirm_file);
  g_test_add_func ("/guard/confirm/always-and-never", test_confirm_always_and_never);
  g_test_add_func ("/guard/confirm/no-input", test_no_input);
  g_test_add_func ("/guard/drift/twice", test_drift);
  g_test_add_func ("/guard/drift/while-waiting", test_drift_while_waiting);
  g_test_add_func ("/guard/drift/resume", test_resume);
  g_test_add_func ("/guard/power/hold", test_power);
  g_test_add_func ("/guard/super-speed/off", test_super_speed);
  /* The last one: that controller does not come back. */
  g_test_add_func ("/guard/last/by-board", test_confirm_by_board);
}

int
main (int argc, char **argv)
{
  int status;

  watch = pf_test_guard_set_up (&argc, &argv);
  own_logind ();
  add_tests ();
  status = g_test_run ();
  pf_test_watch_free (watch);
  return status;
}
