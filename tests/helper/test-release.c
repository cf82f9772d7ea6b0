/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What has to come back and is held by a virtual machine is asked for by name: home leaves it behind until
 * then, and a switch waits for it. Board: z97. */
#include <string.h>

#include "pf-test-vm.h"
#include "pf-test-watch.h"

#define MANAGER PF_BUS_MANAGER_PATH
#define EHCI1 "0000_00_1d_0"
#define PATIENCE_MS 30000

static char *
get_driver (void)
{
  return pf_desk_kernel_link ("sys/bus/pci/devices/0000:00:1d.0/driver");
}

static void
test_held (void)
{
  g_autoptr (PfTestWatch) watch = pf_test_watch_new ();
  g_autofree char *transaction = pf_test_apply ("active", "lends", "@a{sv} {}");
  g_autoptr (GVariant) left = NULL;
  g_autofree char *driver = NULL;
  g_autofree char *home_driver = NULL;
  pid_t vm = pf_test_vm_start ("0000:00:1d.0");

  pf_test_watch_clear (watch);
  left = pf_test_manager ("active", "ReturnAll", "(@a{sv} {},)");
  pf_test_watch_expect (watch, "ReleaseWanted " MANAGER " ('" PF_BUS_CONTROLLERS_PATH "/" EHCI1
                               "', 'test-release (");
  g_assert_cmpuint (pf_test_watch_count (watch, "ReleaseWanted"), ==, 1);
  driver = get_driver ();
  g_assert_cmpstr (driver, ==, "vfio-pci");
  pf_test_vm_stop (vm);
  g_assert_true (pf_desk_wait_for_property (PF_BUS_CONTROLLERS_PATH "/" EHCI1, PF_TEST_CONTROLLER, "Owner",
                                            "'host'", PATIENCE_MS));
  home_driver = get_driver ();
  g_assert_cmpstr (home_driver, ==, "ehci-pci");
}

/* Nobody is asked for what came home at once. */
static void
test_free (void)
{
  g_autofree char *transaction = pf_test_apply ("active", "lends", "@a{sv} {}");
  g_autoptr (PfTestWatch) watch = pf_test_watch_new ();
  g_autoptr (GVariant) left = pf_test_manager ("active", "ReturnAll", "(@a{sv} {},)");

  g_assert_cmpint (pf_test_watch_wait (watch, "Switched", PATIENCE_MS), >, 0);
  g_assert_cmpuint (pf_test_watch_count (watch, "ReleaseWanted"), ==, 0);
}

static void
wait_for_state (const char *state)
{
  g_autofree char *expected = g_strdup_printf ("'%s'", state);

  g_assert_true (pf_desk_wait_for_property (MANAGER, PF_TEST_MANAGER, "State", expected, PATIENCE_MS));
}

/* A switch that needs the held controller back. */
static PfDeskCall *
start_switch (const char *seconds)
{
  g_autofree char *text = g_strdup_printf (
      "(objectpath '" PF_BUS_PROFILES_PATH "/others', {'release-seconds': <uint32 %s>})", seconds);

  return pf_desk_call_start ("active", PF_DESK_CALL_NONE, MANAGER, PF_TEST_MANAGER, "Apply",
                             g_variant_new_parsed (text), PF_TEST_TIMEOUT_MS);
}

static void
expect_error (PfDeskCall *call, PfError code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = pf_desk_call_finish (call, &error);

  g_assert_null (answer);
  g_assert_error (error, PF_ERROR, (int) code);
}

/* The helper puts on record that a process has the group; what is compared afterwards must not be read in
 * between. */
static pid_t
wait_until_taken (pid_t vm)
{
  g_autofree char *loans = g_build_filename (g_getenv ("PF_STATE"), "run/portferry/loans", NULL);
  gint64 deadline = g_get_monotonic_time () + PATIENCE_MS * G_TIME_SPAN_MILLISECOND;
  g_autofree char *text = NULL;

  while (text == NULL || strstr (text, "Taken=true") == NULL)
    {
      g_autofree char *holder = pf_test_get (PF_BUS_CONTROLLERS_PATH "/" EHCI1, PF_TEST_CONTROLLER, "Holder");

      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_clear_pointer (&text, g_free);
      g_file_get_contents (loans, &text, NULL, NULL);
    }
  return vm;
}

static pid_t
lend_and_hold (void)
{
  g_autofree char *transaction = pf_test_apply ("active", "lends", "@a{sv} {}");

  return wait_until_taken (pf_test_vm_start ("0000:00:1d.0"));
}

static void
let_go (pid_t vm)
{
  pf_test_vm_stop (vm);
  pf_test_go_home ();
}

/* It waits, says so, turns others away, and goes on by itself. */
static void
test_wait (void)
{
  g_autoptr (PfTestWatch) watch = pf_test_watch_new ();
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *deadline = NULL;
  g_autofree char *active = NULL;
  g_autofree char *driver = NULL;
  pid_t vm = lend_and_hold ();
  PfDeskCall *call;

  call = start_switch ("60");
  wait_for_state ("awaiting-release");
  pf_test_watch_expect (watch, "ReleaseWanted " MANAGER " ('" PF_BUS_CONTROLLERS_PATH "/" EHCI1
                               "', 'test-release (");
  deadline = pf_test_get (MANAGER, PF_TEST_MANAGER, "Deadline");
  g_assert_cmpstr (deadline, !=, "0");
  pf_test_refuse_apply ("active", "lends", "@a{sv} {}", PF_ERROR_BUSY);
  pf_test_vm_stop (vm);
  answer = pf_desk_call_finish (call, &error);
  g_assert_no_error (error);
  active = pf_test_get (MANAGER, PF_TEST_MANAGER, "ActiveProfile");
  driver = get_driver ();
  g_assert_cmpstr (active, ==, PF_BUS_PROFILES_PATH "/others");
  g_assert_cmpstr (driver, ==, "ehci-pci");
  pf_test_go_home ();
}

/* The machine never lets go: the holder is named, and everything is as before. */
static void
test_deadline (void)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *active = NULL;
  pid_t vm = lend_and_hold ();
  PfDeskCall *call;

  before = pf_desk_read_kernel ("control");
  call = start_switch ("5");
  expect_error (call, PF_ERROR_HELD);
  wait_for_state ("idle");
  after = pf_desk_read_kernel ("control");
  active = pf_test_get (MANAGER, PF_TEST_MANAGER, "ActiveProfile");
  g_assert_cmpstr (after, ==, before);
  g_assert_cmpstr (active, ==, PF_BUS_PROFILES_PATH "/lends");
  let_go (vm);
}

/* Home never waits, and ends what does. */
static void
test_home_meanwhile (void)
{
  g_autoptr (GVariant) left = NULL;
  pid_t vm = lend_and_hold ();
  PfDeskCall *call;

  call = start_switch ("60");
  wait_for_state ("awaiting-release");
  left = pf_test_manager ("active", "ReturnAll", "(@a{sv} {},)");
  expect_error (call, PF_ERROR_BUSY);
  let_go (vm);
}

/* Who does not say that he waits is told at once. */
static void
test_no_wait (void)
{
  pid_t vm = lend_and_hold ();

  pf_test_refuse_apply ("active", "others", "@a{sv} {}", PF_ERROR_HELD);
  pf_test_refuse_apply ("active", "others", "{'release-seconds': <uint32 4>}", PF_ERROR_INVALID_ARGUMENT);
  pf_test_refuse_apply ("active", "others", "{'release-seconds': <uint32 121>}", PF_ERROR_INVALID_ARGUMENT);
  let_go (vm);
}

int
main (int argc, char **argv)
{
  pf_test_init (&argc, &argv);
  pf_test_add_profile ("lends", "{'controllers': <['00:1d.0']>}");
  pf_test_add_profile ("others", "{'controllers': <['00:1a.0']>, 'ports': <['ehci2/3']>}");
  g_test_add_func ("/release/held", test_held);
  g_test_add_func ("/release/free", test_free);
  g_test_add_func ("/release/wait", test_wait);
  g_test_add_func ("/release/deadline", test_deadline);
  g_test_add_func ("/release/home-meanwhile", test_home_meanwhile);
  g_test_add_func ("/release/no-wait", test_no_wait);
  return g_test_run ();
}
