/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A helper that is killed, and a kernel that does not answer. Board: z97; --write-deadline 500. */
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "pf-test-watch.h"

#define MANAGER PF_BUS_MANAGER_PATH
#define GUEST PF_BUS_PROFILES_PATH "/guest"
#define EHCI "sys/bus/pci/devices/0000:00:1a.0/"
#define PATIENCE_MS 5000
#define PROMPT_MS 1000

static PfTestWatch *watch;

static char *
runtime_file (const char *name)
{
  return g_build_filename (g_getenv ("PF_STATE"), "run", "portferry", name, NULL);
}

static gboolean
has_runtime_file (const char *name)
{
  g_autofree char *path = runtime_file (name);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
expect (const char *property, const char *value)
{
  pf_test_expect (MANAGER, PF_TEST_MANAGER, property, value);
}

static void
check_at_home (void)
{
  g_autofree char *driver = NULL;
  g_autofree char *override = NULL;

  expect ("State", "'idle'");
  expect ("ActiveProfile", "'" PF_TEST_HOME "'");
  expect ("Problem", "''");
  driver = pf_desk_kernel_link (EHCI "driver");
  override = pf_desk_read_kernel (EHCI "driver_override");
  g_assert_cmpstr (driver, ==, "ehci-pci");
  g_assert_cmpstr (override, ==, "(null)");
  g_assert_cmphex (pf_desk_kernel_config ("0000:00:14.0", 0xd0), ==, 0x3fff);
  g_assert_false (has_runtime_file ("journal"));
}

static PfDeskCall *
start_apply (const char *id)
{
  g_autofree char *path = pf_bus_profile_path (id);
  g_autofree char *parameters = g_strdup_printf ("(objectpath '%s', @a{sv} {})", path);

  return pf_desk_call_start ("active", PF_DESK_CALL_NONE, MANAGER, PF_TEST_MANAGER, "Apply",
                             g_variant_new_parsed (parameters), PF_TEST_TIMEOUT_MS);
}

static void
fail_call (PfDeskCall *call)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (pf_desk_call_finish (call, &error));
  g_assert_nonnull (error);
}

/* Until the kernel has been asked for something that it does not answer. */
static void
wait_until_hanging (void)
{
  for (guint waited = 0; waited < PATIENCE_MS; waited += 10)
    {
      g_autofree char *log = pf_desk_read_kernel ("control");
      gsize length = strlen (log);

      if (length > 0 && log[length - 1] == '\t')
        return;
      if (length > 0 && g_str_has_suffix (log, "0000:00:1a.0"))
        return;
      g_usleep (10000);
    }
  g_error ("The kernel was asked nothing.");
}

/* At each write in turn. The next call starts another helper, which finds the journal. */
static void
test_killed_midway (void)
{
  for (guint at = 0; at < 6; at++)
    {
      g_autofree char *fault = g_strdup_printf ("kill * before %u parent", at);
      PfDeskCall *call;

      if (at == 3 || at == 4) /* the helper's own: it gives the node to the user */
        continue;
      pf_test_control (fault);
      call = start_apply ("guest");
      fail_call (call);
      pf_test_control ("unblock");
      check_at_home ();
    }
}

/* The write that the killed helper began still hangs: the next one answers, and says so, and then puts it
 * right. */
static void
test_killed_while_blocked (void)
{
  PfDeskCall *call;
  g_autofree char *problem = NULL;

  pf_test_control ("clear-log");
  pf_test_control ("block */unbind 1");
  call = start_apply ("guest");
  wait_until_hanging ();
  pf_test_watch_kill_helper (watch);
  fail_call (call);
  expect ("State", "'recovering'");
  problem = pf_test_get (MANAGER, PF_TEST_MANAGER, "Problem");
  g_assert_nonnull (strstr (problem, "Still blocked"));
  g_assert_nonnull (strstr (problem, "0000:00:1a.0"));
  pf_test_refuse_apply ("active", "guest", "@a{sv} {}", PF_ERROR_STUCK);
  pf_test_control ("unblock");
  check_at_home ();
}

static void
test_killed_while_waiting (void)
{
  g_autofree char *transaction = pf_test_apply ("active", "guest", "{'confirm-seconds': <uint32 60>}");

  expect ("State", "'awaiting-confirmation'");
  g_assert_true (has_runtime_file ("journal"));
  pf_test_watch_kill_helper (watch);
  check_at_home ();
}

/* What a router goes back to is in the journal as well: what is found there meanwhile is not home. */
static void
test_killed_without_record (void)
{
  g_autofree char *transaction = pf_test_apply ("active", "guest", "{'confirm-seconds': <uint32 60>}");
  g_autofree char *path = runtime_file ("loans");

  expect ("State", "'awaiting-confirmation'");
  pf_test_watch_kill_helper (watch);
  g_assert_cmpint (g_unlink (path), ==, 0);
  check_at_home ();
  pf_test_go_home ();
  check_at_home ();
}

/* What is confirmed stays. */
static void
test_killed_after_confirmation (void)
{
  g_autofree char *transaction = pf_test_apply ("active", "guest", "{'confirm-seconds': <uint32 60>}");
  g_autoptr (GVariant) answer = pf_test_manager ("active", "Confirm", "('%s',)", transaction);

  g_assert_false (has_runtime_file ("journal"));
  pf_test_watch_kill_helper (watch);
  expect ("ActiveProfile", "'" GUEST "'");
  expect ("State", "'idle'");
  pf_test_go_home ();
  check_at_home ();
}

/* The helper stays responsive, and what does not need that controller works. */
static void
test_blocked (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *problem = NULL;
  g_autofree char *code = NULL;
  g_autofree char *other = NULL;
  gint64 begin;
  PfTestCall call = { "Manager", "Apply", MANAGER, "(objectpath '" GUEST "', @a{sv} {})" };

  pf_test_control ("block *ehci-pci/unbind 1");
  g_assert_null (pf_test_try ("active", PF_DESK_CALL_NONE, &call, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_TIMED_OUT);
  begin = g_get_monotonic_time ();
  expect ("State", "'recovering'");
  problem = pf_test_get (MANAGER, PF_TEST_MANAGER, "Problem");
  code = pf_test_get (MANAGER, PF_TEST_MANAGER, "ProblemCode");
  g_assert_cmpint (g_get_monotonic_time () - begin, <, PROMPT_MS * 1000);
  g_assert_nonnull (strstr (problem, "Still blocked"));
  g_assert_nonnull (strstr (problem, "EHCI"));
  g_assert_cmpstr (code, ==, "TimedOut");
  pf_test_refuse_apply ("active", "guest", "@a{sv} {}", PF_ERROR_STUCK);
  other = pf_test_apply ("active", "other", "@a{sv} {}");
  expect ("ActiveProfile", "'" PF_BUS_PROFILES_PATH "/other'");
  pf_test_control ("unblock");
  expect ("State", "'idle'");
  expect ("Problem", "''");
  expect ("ActiveProfile", "'" PF_BUS_PROFILES_PATH "/other'");
  pf_test_go_home ();
  check_at_home ();
}

/* As long as a write of ours can still take effect, not everything is home. When it does, it is nobody else's
 * doing. */
static void
test_blocked_routing (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autofree char *left = NULL;
  PfTestCall call = { "Manager", "Apply", MANAGER, "(objectpath '" GUEST "', @a{sv} {})" };

  pf_test_watch_clear (watch);
  pf_test_control ("block */0000:00:14.0/config 1");
  g_assert_null (pf_test_try ("active", PF_DESK_CALL_NONE, &call, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_TIMED_OUT);
  expect ("State", "'recovering'");
  answer = pf_test_manager ("active", "ReturnAll", "(@a{sv} {},)");
  left = g_variant_print (answer, FALSE);
  g_assert_nonnull (strstr (left, "'address': <'0000:00:14.0'>"));
  g_assert_nonnull (strstr (left, "still works"));
  pf_test_control ("unblock");
  check_at_home ();
  g_assert_cmpuint (pf_test_watch_count (watch, "Drifted"), ==, 0);
}

static void
test_bad_journal (void)
{
  g_autofree char *path = runtime_file ("journal");
  g_autofree char *problem = NULL;
  g_autofree char *transaction = NULL;

  pf_test_watch_kill_helper (watch);
  g_assert_true (g_file_set_contents (path, "0123456789abcdef portferry-journal 1 x\nbegin 0\n", -1, NULL));
  g_assert_cmpint (g_chmod (path, 0666), ==, 0);
  expect ("State", "'degraded'");
  problem = pf_test_get (MANAGER, PF_TEST_MANAGER, "Problem");
  g_assert_nonnull (strstr (problem, "journal.bad-1"));
  g_assert_true (has_runtime_file ("journal.bad-1"));
  g_assert_false (has_runtime_file ("journal"));
  transaction = pf_test_apply ("active", "guest", "@a{sv} {}");
  pf_test_go_home ();
  check_at_home ();
}

/* A power failure that nobody saw, or somebody who meant well: the journal ends after its plan. */
static void
cut_journal (const char *path)
{
  g_autofree char *text = NULL;
  const char *end;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  end = strstr (text, " done 0\n");
  g_assert_nonnull (end);
  while (end[-1] != '\n')
    end--;
  g_assert_cmpint (truncate (path, end - text), ==, 0);
}

/* Every record in it is whole. What was done all the same is found, put right, and said. */
static void
test_cut_journal (void)
{
  g_autofree char *path = runtime_file ("journal");
  g_autofree char *transaction = pf_test_apply ("active", "guest", "{'confirm-seconds': <uint32 60>}");
  g_autofree char *driver = NULL;

  pf_test_watch_kill_helper (watch);
  cut_journal (path);
  expect ("State", "'idle'");
  expect ("ActiveProfile", "'" PF_TEST_HOME "'");
  expect ("Problem", "''");
  driver = pf_desk_kernel_link (EHCI "driver");
  g_assert_cmpstr (driver, ==, "ehci-pci");
  g_assert_cmphex (pf_desk_kernel_config ("0000:00:14.0", 0xd0), ==, 0x3fff);
  pf_test_go_home ();
  check_at_home ();
}

/* Of another switch of the same boot: to follow it would take away what is in force. */
static void
test_older_journal (void)
{
  g_autofree char *record = runtime_file ("loans"); /* of the helper's user */
  g_autofree char *path = runtime_file ("journal");
  g_autofree char *first = pf_test_apply ("active", "guest", "{'confirm-seconds': <uint32 60>}");
  g_autofree char *second = NULL;
  g_autofree char *text = NULL;
  g_autofree char *problem = NULL;
  g_autofree char *driver = NULL;
  GStatBuf status;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  pf_test_go_home ();
  second = pf_test_apply ("active", "other", "@a{sv} {}");
  pf_test_watch_kill_helper (watch);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_cmpint (g_stat (record, &status), ==, 0);
  g_assert_cmpint (chown (path, status.st_uid, status.st_gid), ==, 0);
  expect ("State", "'degraded'");
  problem = pf_test_get (MANAGER, PF_TEST_MANAGER, "Problem");
  g_assert_nonnull (strstr (problem, "another switch than the last one"));
  g_assert_nonnull (strstr (problem, "journal.bad-"));
  driver = pf_desk_kernel_link ("sys/bus/pci/devices/0000:00:1d.0/driver");
  g_assert_cmpstr (driver, ==, "vfio-pci");
  pf_test_go_home ();
  check_at_home ();
}

/* Cut after its second line: what is left is whole lines, and says nothing of what is lent. */
static void
damage (const char *path)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "[Loans]\nFormat=2\n"));
  g_assert_cmpint (truncate (path, strlen ("[Loans]\nFormat=2\n")), ==, 0);
}

/* The record of what was lent is lost. The way home says so as long as the controller is not home, and leaves
 * it alone. */
static void
test_bad_record (void)
{
  g_autofree char *path = runtime_file ("loans");
  g_autofree char *aside = runtime_file ("loans.bad");
  g_autofree char *transaction = pf_test_apply ("active", "other", "@a{sv} {}");

  pf_test_watch_kill_helper (watch);
  damage (path);
  for (guint start = 0; start < 2; start++)
    {
      g_autoptr (GVariant) answer = pf_test_manager ("active", "ReturnAll", "(@a{sv} {},)");
      g_autofree char *left = g_variant_print (answer, FALSE);
      g_autofree char *driver = pf_desk_kernel_link ("sys/bus/pci/devices/0000:00:1d.0/driver");

      g_assert_nonnull (strstr (left, "'address': <'0000:00:1d.0'>"));
      g_assert_nonnull (strstr (left, "portferryctl take-home 0000:00:1d.0"));
      g_assert_nonnull (strstr (left, "restart the computer"));
      g_assert_cmpstr (driver, ==, "vfio-pci");
      /* As long as it is away: to a later helper it is a problem still. */
      expect ("State", "'degraded'");
      pf_test_watch_kill_helper (watch);
    }
  pf_test_control ("unbind 0000:00:1d.0");
  pf_test_control ("bind 0000:00:1d.0 ehci-pci");
  g_assert_cmpint (g_unlink (aside), ==, 0);
  pf_test_go_home ();
  check_at_home ();
}

/* All comes home, and the record cannot be replaced: that is why it is not done, and it is said. */
static void
test_unwritable_record (void)
{
  g_autofree char *path = runtime_file ("loans");
  g_autofree char *transaction = pf_test_apply ("active", "guest", "@a{sv} {}");
  g_autoptr (GVariant) answer = NULL;
  g_autofree char *left = NULL;
  g_autofree char *driver = NULL;

  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_mkdir (path, 0755), ==, 0);
  answer = pf_test_manager ("active", "ReturnAll", "(@a{sv} {},)");
  left = g_variant_print (answer, FALSE);
  driver = pf_desk_kernel_link (EHCI "driver");
  g_assert_cmpstr (driver, ==, "ehci-pci");
  g_assert_nonnull (strstr (left, "is home, but that could not be recorded"));
  g_assert_nonnull (strstr (left, "Is a directory"));
  g_assert_null (strstr (left, "not known why"));
  g_assert_cmpint (g_rmdir (path), ==, 0);
  pf_test_go_home ();
  check_at_home ();
}

int
main (int argc, char **argv)
{
  int status;

  pf_test_init (&argc, &argv);
  watch = pf_test_watch_new ();
  pf_test_add_profile ("guest", "{'controllers': <['00:1a.0']>, 'ports': <['ehci2/3']>}");
  pf_test_add_profile ("other", "{'controllers': <['00:1d.0']>}");
  g_test_add_func ("/recovery/killed-midway", test_killed_midway);
  g_test_add_func ("/recovery/killed-while-blocked", test_killed_while_blocked);
  g_test_add_func ("/recovery/killed-while-waiting", test_killed_while_waiting);
  g_test_add_func ("/recovery/killed-without-record", test_killed_without_record);
  g_test_add_func ("/recovery/killed-after-confirmation", test_killed_after_confirmation);
  g_test_add_func ("/recovery/blocked", test_blocked);
  g_test_add_func ("/recovery/blocked-routing", test_blocked_routing);
  g_test_add_func ("/recovery/bad-journal", test_bad_journal);
  g_test_add_func ("/recovery/cut-journal", test_cut_journal);
  g_test_add_func ("/recovery/older-journal", test_older_journal);
  g_test_add_func ("/recovery/bad-record", test_bad_record);
  g_test_add_func ("/recovery/unwritable-record", test_unwritable_record);
  status = g_test_run ();
  pf_test_watch_free (watch);
  return status;
}
