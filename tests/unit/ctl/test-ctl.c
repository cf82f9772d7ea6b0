/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ctl-run.h"
#include "pf-ctl-screen.h"

/* --- Exit codes and errors --- */

/* What a preview can show as an objection is 4, whichever command meets it. */
static const int exit_codes[PF_N_ERRORS] = {
  [PF_ERROR_FAILED] = 1,
  [PF_ERROR_INVALID_ARGUMENT] = 2,
  [PF_ERROR_NO_SUCH_DEVICE] = 4,
  [PF_ERROR_NOT_USB_CONTROLLER] = 4,
  [PF_ERROR_NO_IOMMU] = 4,
  [PF_ERROR_VFIO_UNAVAILABLE] = 4,
  [PF_ERROR_GROUP_NOT_VIABLE] = 4,
  [PF_ERROR_NO_ROUTING_REGISTER] = 4,
  [PF_ERROR_LOCKDOWN] = 4,
  [PF_ERROR_NOT_AUTHORIZED] = 3,
  [PF_ERROR_AUTHORIZATION_REQUIRED] = 3,
  [PF_ERROR_AUTHORIZATION_DISMISSED] = 3,
  [PF_ERROR_BOARD_MISMATCH] = 4,
  [PF_ERROR_NO_SUCH_PROFILE] = 1,
  [PF_ERROR_PROFILE_EXISTS] = 1,
  [PF_ERROR_INVALID_PROFILE] = 4,
  [PF_ERROR_BUSY] = 1,
  [PF_ERROR_OBJECTION] = 4,
  [PF_ERROR_HELD] = 4,
  [PF_ERROR_WRITE_FAILED] = 1,
  [PF_ERROR_VERIFY_FAILED] = 1,
  [PF_ERROR_TIMED_OUT] = 1,
  [PF_ERROR_READ_ONLY] = 1,
  [PF_ERROR_NO_SUCH_TRANSACTION] = 1,
  [PF_ERROR_LIMIT_EXCEEDED] = 1,
  [PF_ERROR_STUCK] = 4,
  [PF_ERROR_NOT_PLUGGED_IN] = 4,
};

static void
test_exit_codes (Fixture *fixture, gconstpointer data)
{
  static const char *const verbs[] = {
    "switch games", "switch home",
    "toggle",       "home",
    "confirm t-1",  "revert t-1",
    "add new",      "edit games --label x",
    "remove games", "label 00:14.0 ehci2/1 x",
  };

  for (guint code = 0; code < PF_N_ERRORS; code++)
    {
      g_autofree char *line = g_strdup (verbs[code % G_N_ELEMENTS (verbs)]);
      g_autoptr (CtlRun) run = NULL;

      g_assert_cmpint (exit_codes[code], !=, 0);
      mock_helper_refuse (fixture->mock, code, "This is why.");
      run = ctl_run (line);
      g_assert_cmpint (run->code, ==, exit_codes[code]);
      g_assert_cmpstr (run->err, ==, "portferryctl: This is why.\n");
      g_assert_cmpstr (run->out, ==, "");
    }
}

static void
test_usage (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *line;
    const char *message;
  } cases[] = {
    { "nonsense", "There is no command “nonsense”." },
    { "--nonsense", "Unknown option --nonsense" },
    { "status --nonsense", "Unknown option --nonsense" },
    { "status more", "That is too much: portferryctl status" },
    { "switch", "Something is missing: portferryctl switch ID" },
    { "switch games --confirm-seconds 4", "--confirm-seconds takes 5 to 120, not 4." },
    { "switch games --confirm-seconds 121", "--confirm-seconds takes 5 to 120, not 121." },
    { "switch home --override last-keyboard", "The way home takes no" },
    { "switch 'Not an id'", "A profile's id is" },
    { "switch ''", "A profile's id is" },
    { "switch ../home", "A profile's id is" },
    { "preview A", "A profile's id is" },
    { "add new --controller 21:00", "One looks like 0000:21:00.3" },
    { "add new --controller ''", "One looks like 0000:21:00.3" },
    { "add new --port ehci3", "is not a port" },
    { "edit games", "Nothing was said that should change." },
    { "edit games --no-ports --port all", "contradict each other" },
    { "label 14.0 ehci1/1 x", "One looks like 0000:21:00.3" },
    { "label 00:14.0 ehci1 x", "is more than one port" },
    { "label 00:14.0 0x3 x", "is more than one port" },
    { "label 00:14.0 ehci1/1", "There is nothing to note: give a label, --place or --colour." },
    { "label 00:14.0", "Something is missing: portferryctl label CONTROLLER PORT [LABEL]" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CtlRun) run = ctl_run (cases[i].line);

      g_assert_cmpint (run->code, ==, 2);
      g_assert_cmpstr (run->out, ==, "");
      if (strstr (run->err, cases[i].message) == NULL)
        g_error ("“%s” says: %s", cases[i].line, run->err);
      g_assert_null (fixture->mock->call);
    }
}

static void
test_absent (Fixture *fixture, gconstpointer data)
{
  static const char *const lines[]
      = { "status", "switch games", "home", "confirm t-1", "edit games --label x" };

  mock_helper_vanish (fixture->mock);
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (CtlRun) run = ctl_run (lines[i]);

      g_assert_cmpint (run->code, ==, 1);
      if (!g_str_has_prefix (run->err,
                             "portferryctl: The Portferry helper is not installed or cannot be started: "))
        g_error ("“%s” says: %s", lines[i], run->err);
    }
}

static void
test_no_bus (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CtlRun) run = NULL;

  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/socket", TRUE);
  run = ctl_run ("status");
  g_assert_cmpint (run->code, ==, 1);
  g_assert_true (g_str_has_prefix (run->err, "portferryctl: The system bus cannot be reached: "));
}

/* The profile is asked directly, so GDBus and not the helper says that it is not there. */
static void
test_no_such_profile (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CtlRun) edited = ctl_run ("edit missing --label x");
  g_autoptr (CtlRun) removed = ctl_run ("remove missing");

  g_assert_cmpint (edited->code, ==, 1);
  g_assert_cmpstr (edited->err, ==, "portferryctl: There is no profile “missing”.\n");
  g_assert_cmpint (removed->code, ==, 1);
  g_assert_cmpstr (removed->err, ==, "portferryctl: There is no profile “missing”.\n");
}

/* --- What goes to the helper --- */

static void
test_calls (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *line;
    const char *call;
    gboolean interactive;
  } cases[] = {
    { "switch games", "Apply ('/org/portferry1/profiles/games', {'origin': <'ctl'>})", TRUE },
    { "switch all-usb", "Apply ('/org/portferry1/profiles/all_2dusb', {'origin': <'ctl'>})", TRUE },
    { "switch home", "ReturnAll ({'origin': <'ctl'>},)", TRUE },
    { "home", "ReturnAll ({'origin': <'ctl'>},)", TRUE },
    { "confirm t-9", "Confirm ('t-9',)", TRUE },
    { "--no-interaction revert t-9", "Revert ('t-9',)", FALSE },
    { "label 00:14.0 bit/10 'front left'",
      "LabelSocket ('/org/portferry1/controllers/0000_00_14_0', 'ehci2/3', {'label': <'front left'>})", TRUE },
    { "label 0000:00:14.0 ehci1/8 ''",
      "LabelSocket ('/org/portferry1/controllers/0000_00_14_0', 'ehci1/8', {'label': <''>})", TRUE },
    { "label 00:14.0 ehci1/8 --colour blue",
      "LabelSocket ('/org/portferry1/controllers/0000_00_14_0', 'ehci1/8', {'colour': <'blue'>})", TRUE },
    { "label 21:00.3 usb/4 --place ''",
      "LabelSocket ('/org/portferry1/controllers/0000_21_00_3', 'usb/4', {'place': <''>})", TRUE },
    { "remove games --no-interaction", "Remove ()", FALSE },
    { "add a --controller 21:00.3,10000:E1:00.0 --controller 0000:00:1a.0",
      "AddProfile ('a', {'controllers': <['0000:21:00.3', '10000:e1:00.0', '0000:00:1a.0']>})", TRUE },
    { "add b --port 0x3f00 --port ehci1/1,bit/1",
      "AddProfile ('b', {'ports': <['ehci1/1', 'ehci1/2', 'ehci2/1', "
      "'ehci2/2', 'ehci2/3', 'ehci2/4', 'ehci2/5', 'ehci2/6']>})",
      TRUE },
    { "edit all-usb --no-controllers", "Update ({'controllers': <@as []>},)", TRUE },
    { "edit all-usb --confirm always", "Update ({'confirm': <'always'>},)", TRUE },
    { "edit all-usb --confirm-seconds 30", "Update ({'confirm-seconds': <uint32 30>},)", TRUE },
    { "edit all-usb --on-vm-exit keep", "Update ({'on-vm-exit': <'keep'>},)", TRUE },
    { "edit all-usb --super-speed off", "Update ({'super-speed-off': <true>},)", TRUE },
    { "edit all-usb --guest-may-switch on", "Update ({'guest-may-switch': <true>},)", TRUE },
    { "edit all-usb --guest-may-switch off", "Update ({'guest-may-switch': <false>},)", TRUE },
    { "edit all-usb --super-speed on", "Update ({'super-speed-off': <false>},)", TRUE },
    { "edit all-usb --lock-on-switch on", "Update ({'lock-on-switch': <true>},)", TRUE },
    { "edit all-usb --lock-on-switch off", "Update ({'lock-on-switch': <false>},)", TRUE },
    { "edit all-usb --qmp %t/games.qmp", "Update ({'qmp': <'%t/games.qmp'>},)", TRUE },
    { "edit all-usb --libvirt-domain win10 --libvirt-uri qemu:///session",
      "Update ({'libvirt-domain': <'win10'>, 'libvirt-uri': <'qemu:///session'>},)", TRUE },
    { "edit all-usb --vfio-group kvm", "Update ({'vfio-group': <'kvm'>},)", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CtlRun) run = ctl_run (cases[i].line);

      g_assert_cmpstr (run->err, ==, "");
      g_assert_cmpint (run->code, ==, 0);
      g_assert_cmpstr (fixture->mock->call, ==, cases[i].call);
      g_assert_cmpint (fixture->mock->interactive, ==, cases[i].interactive);
    }
}

/* An a{sv} has no order, so options that come together are looked for one by one. */
static void
test_call_options (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CtlRun) run
      = ctl_run ("switch games --override last-keyboard --override mounted --confirm-seconds 30 "
                 "--release-seconds 20 "
                 "--no-interaction");

  g_assert_cmpint (run->code, ==, 0);
  g_assert_nonnull (strstr (fixture->mock->call, "'override': <['last-keyboard', 'mounted']>"));
  g_assert_nonnull (strstr (fixture->mock->call, "'confirm-seconds': <uint32 30>"));
  g_assert_nonnull (strstr (fixture->mock->call, "'release-seconds': <uint32 20>"));
  g_assert_nonnull (strstr (fixture->mock->call, "'no-interaction': <true>"));
  g_assert_false (fixture->mock->interactive);
}

static void
test_confirm_waiting (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CtlRun) none = ctl_run ("confirm");
  g_autoptr (CtlRun) waiting = NULL;

  g_assert_cmpint (none->code, ==, 1);
  g_assert_cmpstr (none->err, ==, "portferryctl: No switch waits for confirmation.\n");
  pf_dbus_manager_set_transaction (fixture->mock->manager, "t-5");
  waiting = ctl_run ("confirm");
  g_assert_cmpint (waiting->code, ==, 0);
  g_assert_cmpstr (fixture->mock->call, ==, "Confirm ('t-5',)");
}

/* --- What people see --- */

static void
assert_looks_like (const char *line, const char *name, guint width)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "unit", "ctl", "expected", name, NULL);
  g_autoptr (CtlRun) run = ctl_run (line);
  g_autofree char *expected = NULL;
  g_auto (GStrv) lines = NULL;

  g_assert_cmpint (run->code, ==, 0);
  g_assert_cmpstr (run->err, ==, "");
  g_assert_true (g_file_get_contents (path, &expected, NULL, NULL));
  g_assert_cmpstr (run->out, ==, expected);
  lines = g_strsplit (run->out, "\n", -1);
  for (char **shown = lines; *shown != NULL; shown++)
    g_assert_cmpuint (pf_ctl_text_get_width (*shown), <=, width);
}

static void
test_looks (Fixture *fixture, gconstpointer data)
{
  assert_looks_like ("controllers", "controllers.txt", 80);
  assert_looks_like ("ports", "ports.txt", 80);
  assert_looks_like ("profiles", "profiles.txt", 80);
  assert_looks_like ("preview games", "preview.txt", 80);
  assert_looks_like ("", "status-home.txt", 80);
  assert_looks_like ("switch games", "switch.txt", 80);
  pf_dbus_manager_set_problem (fixture->mock->manager,
                               "The register of 0000:00:14.0 was changed by somebody else.");
  pf_dbus_manager_set_state (fixture->mock->manager, "degraded");
  assert_looks_like ("status", "status-degraded.txt", 80);
  assert_looks_like ("toggle", "toggle.txt", 80);
}

static void
test_objections_shown (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CtlRun) run = NULL;

  mock_helper_refuse (fixture->mock, PF_ERROR_OBJECTION, "It is the last keyboard.");
  run = ctl_run ("switch games");
  g_assert_cmpint (run->code, ==, 4);
  g_assert_cmpstr (run->out, ==, "");
  g_assert_nonnull (strstr (run->err, "--override last-keyboard"));
  g_assert_nonnull (strstr (run->err, "root-disk"));
}

static void
test_left_shown (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CtlRun) run = NULL;

  fixture->mock->left = g_variant_ref_sink (g_variant_new_parsed (
      "[{'address': <'0000:00:1a.0'>, 'name': <'EHCI #2'>, 'message': <'EHCI #2 is held by qemu (1).'>}]"));
  run = ctl_run ("home");
  g_assert_cmpint (run->code, ==, 4);
  g_assert_nonnull (strstr (run->out, "Not home yet:\n  EHCI #2 is held by qemu (1).\n"));
}

static void
test_deadline_shown (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CtlRun) run = NULL;

  pf_dbus_manager_set_deadline (fixture->mock->manager, (guint64) g_get_real_time () + 60 * G_USEC_PER_SEC);
  run = ctl_run ("switch games");
  g_assert_nonnull (strstr (run->out, "seconds. Keep it with: portferryctl confirm\n"));
}

/* The signal may be missing altogether; the answer stands. */
static void
test_without_signal (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CtlRun) run = NULL;

  fixture->mock->silent = TRUE;
  run = ctl_run ("switch games");
  g_assert_cmpint (run->code, ==, 0);
  g_assert_cmpstr (run->out, ==, "“Games on Windows” (games) is in force; nothing changed hands.\n");
}

static void
test_ascii_locale (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CtlRun) run = ctl_run_in_locale ("C", "profiles");

  g_assert_cmpint (run->code, ==, 0);
  for (const char *c = run->out; *c != '\0'; c++)
    g_assert_true (g_ascii_isprint (*c) || *c == '\n');
}

static void
test_version (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CtlRun) run = ctl_run ("--version");

  g_assert_cmpstr (run->out, ==, "portferryctl " PF_VERSION "\n");
  g_assert_cmpint (run->code, ==, 0);
}

static void
test_help (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CtlRun) all = ctl_run ("--help");
  g_auto (GStrv) lines = NULL;
  const char *list = strstr (all->out, "\nCommands:\n");

  g_assert_nonnull (list);
  lines = g_strsplit (list + strlen ("\nCommands:\n"), "\n", -1);
  for (char **line = lines; g_str_has_prefix (*line, "  "); line++)
    {
      g_autofree char *name = g_strndup (*line + 2, strcspn (*line + 2, " "));
      g_autofree char *help_line = g_strconcat (name, " --help", NULL);
      g_autofree char *usage = g_strdup_printf ("portferryctl %s [OPTION…]", name);
      g_autoptr (CtlRun) help = ctl_run (help_line);

      g_assert_cmpint (help->code, ==, 0);
      g_assert_nonnull (strstr (help->out, usage));
      g_assert_cmpuint (pf_ctl_text_get_width (*line), <=, 80);
    }
}

/* --- Completion --- */

/* Returns: (transfer full): what bash offers at the end of @line, on one line. */
static char *
complete (const char *line)
{
  g_autofree char *folder = g_path_get_dirname (g_getenv ("PF_TEST_CTL"));
  g_autofree char *script = NULL;
  g_autofree char *quoted = g_shell_quote (line);
  g_autofree char *quoted_script = NULL;
  g_autoptr (CtlRun) run = NULL;

  script = g_strdup_printf ("PATH=%s:$PATH; . %s; COMP_LINE=%s; COMP_POINT=${#COMP_LINE}; _portferryctl; "
                            "echo ${COMPREPLY[*]}",
                            folder, g_getenv ("PF_TEST_COMPLETION"), quoted);
  quoted_script = g_shell_quote (script);
  run = ctl_run_program ("bash -c", quoted_script);
  g_assert_cmpstr (run->err, ==, "");
  return g_strchomp (g_steal_pointer (&run->out));
}

static void
test_completion (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *line;
    const char *offered;
  } cases[] = {
    { "portferryctl co", "controllers confirm" },
    { "portferryctl --json st", "status" },
    { "portferryctl switch ", "home all-usb games" },
    { "portferryctl switch g", "games" },
    { "portferryctl remove ", "all-usb games" },
    { "portferryctl preview --json h", "home" },
    { "portferryctl switch games --o", "--override" },
    { "portferryctl switch games --override ", "last-keyboard root-disk" },
    { "portferryctl add x --controller 10000:", "e1:00.0" },
    { "portferryctl add x --controller=0000:21:", "00.3" },
    { "portferryctl add x --port ehci2", "ehci2 ehci2/1 ehci2/6" },
    { "portferryctl add x --side x", "xhci" },
    { "portferryctl vm-config g", "games" },
    { "portferryctl vm-config games --", "--qemu --libvirt --hot-plug --json --help" },
    { "portferryctl add x --guest-may-switch o", "on off" },
    { "portferryctl label ", "0000:00:14.0" },
    { "portferryctl label 0000:00:14.0 ehci1", "ehci1/1" },
    { "portferryctl status ", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *offered = complete (cases[i].line);

      g_assert_cmpstr (offered, ==, cases[i].offered);
    }
}

/* --- On a terminal --- */

static gboolean
is_over (gpointer data)
{
  return g_subprocess_get_identifier (data) == NULL;
}

static void
on_waited (GObject *source, GAsyncResult *result, gpointer data)
{
}

/* Returns: (transfer full): what `controllers` prints on a terminal of @columns. */
static char *
run_on_terminal (guint columns, const char *no_color)
{
  int terminal = posix_openpt (O_RDWR | O_NOCTTY | O_NONBLOCK);
  struct winsize size = { .ws_row = 24, .ws_col = (unsigned short) columns };
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  char buffer[16384];
  gssize length;
  int other_end;

  g_assert_cmpint (terminal, >=, 0);
  g_assert_cmpint (grantpt (terminal), ==, 0);
  g_assert_cmpint (unlockpt (terminal), ==, 0);
  g_assert_cmpint (ioctl (terminal, TIOCSWINSZ, &size), ==, 0);
  other_end = open (ptsname (terminal), O_RDWR | O_NOCTTY | O_CLOEXEC);
  g_assert_cmpint (other_end, >=, 0);
  g_subprocess_launcher_take_stdout_fd (launcher, dup (other_end));
  g_subprocess_launcher_setenv (launcher, "TERM", "xterm", TRUE);
  g_subprocess_launcher_setenv (launcher, "NO_COLOR", no_color, TRUE);
  process = g_subprocess_launcher_spawn (launcher, &error, g_getenv ("PF_TEST_CTL"), "profiles", NULL);
  g_assert_no_error (error);
  g_subprocess_wait_async (process, NULL, on_waited, NULL);
  fixture_wait_for (is_over, process);
  length = read (terminal, buffer, sizeof buffer - 1);
  g_assert_cmpint (length, >, 0);
  close (other_end);
  close (terminal);
  return g_strndup (buffer, (gsize) length);
}

static void
test_terminal (Fixture *fixture, gconstpointer data)
{
  g_autofree char *colourful = NULL;
  g_autofree char *plain = NULL;
  g_autofree char *wide = NULL;
  const char *long_label = "A label that is long enough to be cut in eighty columns, not more";

  mock_helper_add_profile (fixture->mock, "long", long_label);
  colourful = run_on_terminal (80, "");
  g_assert_nonnull (strstr (colourful, "\033[1m"));
  plain = run_on_terminal (80, "1");
  g_assert_null (strstr (plain, "\033"));
  g_assert_null (strstr (plain, long_label));
  wide = run_on_terminal (160, "1");
  g_assert_nonnull (strstr (wide, long_label));
}

/* An answer that nobody gets is a failure. */
static void
test_no_output (Fixture *fixture, gconstpointer data)
{
  static const char *const redirections[] = { ">/dev/full", ">&-" };
  static const char *const lines[] = { "status", "controllers --json", "switch games", "--version" };

  for (guint i = 0; i < G_N_ELEMENTS (redirections); i++)
    for (guint j = 0; j < G_N_ELEMENTS (lines); j++)
      {
        g_autofree char *line = g_strdup_printf ("-c '\"$PF_TEST_CTL\" %s %s'", lines[j], redirections[i]);
        g_autoptr (CtlRun) run = ctl_run_program ("sh", line);

        g_assert_cmpint (run->code, ==, 1);
        g_assert_nonnull (strstr (run->err, "portferryctl: The answer could not be printed."));
      }
}

#define ADD(path, function)                                                                                  \
  g_test_add ("/ctl/" path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("exit-codes", test_exit_codes);
  ADD ("usage", test_usage);
  ADD ("absent", test_absent);
  ADD ("no-bus", test_no_bus);
  ADD ("no-such-profile", test_no_such_profile);
  ADD ("calls", test_calls);
  ADD ("call-options", test_call_options);
  ADD ("confirm-waiting", test_confirm_waiting);
  ADD ("looks", test_looks);
  ADD ("objections-shown", test_objections_shown);
  ADD ("left-shown", test_left_shown);
  ADD ("deadline-shown", test_deadline_shown);
  ADD ("without-signal", test_without_signal);
  ADD ("ascii-locale", test_ascii_locale);
  ADD ("version", test_version);
  ADD ("help", test_help);
  ADD ("completion", test_completion);
  ADD ("terminal", test_terminal);
  ADD ("no-output", test_no_output);
  return g_test_run ();
}
