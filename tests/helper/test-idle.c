/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The helper is there when it is needed, and only then. Board: z97; --idle-seconds 1. */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <gio/gunixfdlist.h>

#include "pf-test-watch.h"

#define MANAGER PF_BUS_MANAGER_PATH
#define GUEST PF_BUS_PROFILES_PATH "/guest"
/* The second that it waits, and some time for a slow machine. */
#define EXIT_MS 5000
#define STAY_MS 2500

static PfTestWatch *watch;

static void
wake_up (void)
{
  g_autofree char *state = pf_test_get (MANAGER, PF_TEST_MANAGER, "State");

  g_assert_cmpstr (state, ==, "idle");
}

static void
test_exit (void)
{
  g_autofree char *transaction = NULL;
  g_autofree char *previous = NULL;

  wake_up ();
  g_assert_true (pf_test_watch_wait_for_exit (watch, EXIT_MS));
  transaction = pf_test_apply ("active", "guest", "@a{sv} {}");
  pf_test_go_home ();
  g_assert_true (pf_test_watch_wait_for_exit (watch, EXIT_MS));
  /* Where Toggle leads is still known. */
  previous = pf_test_get (MANAGER, PF_TEST_MANAGER, "PreviousProfile");
  g_assert_cmpstr (previous, ==, GUEST);
  g_assert_true (pf_test_watch_wait_for_exit (watch, EXIT_MS));
}

static void
test_lent (void)
{
  g_autofree char *transaction = pf_test_apply ("active", "guest", "@a{sv} {}");

  g_assert_false (pf_test_watch_wait_for_exit (watch, STAY_MS));
  pf_test_go_home ();
  g_assert_true (pf_test_watch_wait_for_exit (watch, EXIT_MS));
}

/* Who reads is there. */
static void
test_reads (void)
{
  g_autofree char *owner = NULL;
  g_autofree char *later = NULL;

  wake_up ();
  owner = pf_test_watch_get_owner (watch);
  for (guint i = 0; i < 10; i++)
    {
      g_usleep (300000);
      wake_up ();
    }
  later = pf_test_watch_get_owner (watch);
  g_assert_cmpstr (owner, ==, later);
  g_assert_true (pf_test_watch_wait_for_exit (watch, EXIT_MS));
}

static int
register_interest (GError **error)
{
  g_autoptr (GUnixFDList) list = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_with_unix_fd_list_sync (
      pf_test_watch_get_bus (watch), PF_BUS_NAME, MANAGER, PF_TEST_MANAGER, "RegisterInterest", NULL,
      G_VARIANT_TYPE ("(h)"), G_DBUS_CALL_FLAGS_NONE, PF_TEST_TIMEOUT_MS, NULL, &list, NULL, error);
  gint32 handle;

  if (answer == NULL)
    return -1;
  g_variant_get (answer, "(h)", &handle);
  return g_unix_fd_list_get (list, handle, error);
}

static void
test_interest (void)
{
  g_autoptr (GError) error = NULL;
  int fd = register_interest (&error);

  g_assert_no_error (error);
  g_assert_false (pf_test_watch_wait_for_exit (watch, STAY_MS));
  close (fd);
  g_assert_true (pf_test_watch_wait_for_exit (watch, EXIT_MS));
}

static void
test_interest_limit (void)
{
  int fds[64];
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    {
      fds[i] = register_interest (&error);
      g_assert_no_error (error);
    }
  g_assert_cmpint (register_interest (&error), ==, -1);
  g_assert_error (error, PF_ERROR, PF_ERROR_LIMIT_EXCEEDED);
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    close (fds[i]);
  g_assert_true (pf_test_watch_wait_for_exit (watch, EXIT_MS));
}

/* While a person is asked for permission, the name stays where it is. */
static void
test_asking (void)
{
  g_autoptr (PfDeskAgent) agent = pf_desk_agent_start ("inactive", PF_DESK_ANSWER_HANG);
  PfDeskCall *hung;

  wake_up ();
  hung = pf_desk_call_start ("inactive", PF_DESK_CALL_INTERACTIVE, MANAGER, PF_TEST_MANAGER, "Apply",
                             g_variant_new_parsed ("(objectpath '" GUEST "', @a{sv} {})"), PF_TEST_TIMEOUT_MS);
  g_assert_false (pf_test_watch_wait_for_exit (watch, STAY_MS));
  pf_desk_call_abandon (hung);
  g_assert_true (pf_test_watch_wait_for_exit (watch, EXIT_MS));
}

/* It is told to stop while a switch waits for confirmation: nobody would take it back later, so it does now.
 */
static void
test_stop (void)
{
  g_autofree char *transaction = pf_test_apply ("active", "guest", "{'confirm-seconds': <uint32 60>}");
  g_autofree char *driver = NULL;
  g_autofree char *log = NULL;

  kill ((pid_t) pf_test_watch_get_pid (watch), SIGTERM);
  g_assert_true (pf_test_watch_wait_for_exit (watch, EXIT_MS));
  driver = pf_desk_kernel_link ("sys/bus/pci/devices/0000:00:1a.0/driver");
  g_assert_cmpstr (driver, ==, "ehci-pci");
  log = pf_desk_helper_log ();
  g_assert_null (strstr (log, "CRITICAL"));
}

/* What is lent is still known when it was killed. */
static void
test_killed (void)
{
  g_autofree char *transaction = pf_test_apply ("active", "guest", "@a{sv} {}");
  g_autofree char *active = NULL;
  g_autofree char *lender = NULL;

  kill ((pid_t) pf_test_watch_get_pid (watch), SIGKILL);
  g_assert_true (pf_test_watch_wait_for_exit (watch, EXIT_MS));
  active = pf_test_get (MANAGER, PF_TEST_MANAGER, "ActiveProfile");
  g_assert_cmpstr (active, ==, GUEST);
  lender = pf_test_get (PF_BUS_CONTROLLERS_PATH "/0000_00_1a_0", PF_TEST_CONTROLLER, "LentBy");
  g_assert_cmpstr (lender, ==, "portferry");
  pf_test_go_home ();
  g_assert_true (pf_test_watch_wait_for_exit (watch, EXIT_MS));
}

int
main (int argc, char **argv)
{
  int status;

  pf_test_init (&argc, &argv);
  watch = pf_test_watch_new ();
  pf_test_add_profile ("guest", "{'controllers': <['00:1a.0']>, 'ports': <['ehci2/3']>}");
  g_test_add_func ("/idle/exit", test_exit);
  g_test_add_func ("/idle/lent", test_lent);
  g_test_add_func ("/idle/reads", test_reads);
  g_test_add_func ("/idle/interest", test_interest);
  g_test_add_func ("/idle/interest-limit", test_interest_limit);
  g_test_add_func ("/idle/asking", test_asking);
  g_test_add_func ("/idle/stop", test_stop);
  g_test_add_func ("/idle/killed", test_killed);
  status = g_test_run ();
  pf_test_watch_free (watch);
  return status;
}
