/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The main job over the bus: profiles switched, confirmed, taken back, and switches that fail. Board: z97. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "pf-test-watch.h"

#define MANAGER PF_BUS_MANAGER_PATH
#define GUEST PF_BUS_PROFILES_PATH "/guest"
#define EHCI "sys/bus/pci/devices/0000:00:1a.0/"
#define EHCI_OBJECT PF_BUS_CONTROLLERS_PATH "/0000_00_1a_0"
#define XHCI_OBJECT PF_BUS_CONTROLLERS_PATH "/0000_00_14_0"
#define HOME_VALUE 0x3fff
#define GUEST_VALUE 0x3bff /* ehci2/3 is bit 10 */

static PfTestWatch *watch;

static void
check_kernel (const char *driver, const char *override, guint32 value)
{
  g_autofree char *link = pf_desk_kernel_link (EHCI "driver");
  g_autofree char *text = pf_desk_read_kernel (EHCI "driver_override");

  g_assert_cmpstr (link, ==, driver);
  g_assert_cmpstr (text, ==, override);
  g_assert_cmphex (pf_desk_kernel_config ("0000:00:14.0", 0xd0), ==, value);
}

static void
check_at_guest (void)
{
  check_kernel ("vfio-pci", "vfio-pci", GUEST_VALUE);
  pf_test_expect (MANAGER, PF_TEST_MANAGER, "ActiveProfile", "'" GUEST "'");
  pf_test_expect (EHCI_OBJECT, PF_TEST_CONTROLLER, "Owner", "'guest'");
  pf_test_expect (EHCI_OBJECT, PF_TEST_CONTROLLER, "LentBy", "'portferry'");
  pf_test_expect (XHCI_OBJECT, PF_TEST_ROUTER, "Value", "15359");
}

static void
check_at_home (void)
{
  check_kernel ("ehci-pci", "(null)", HOME_VALUE);
  pf_test_expect (MANAGER, PF_TEST_MANAGER, "ActiveProfile", "'" PF_TEST_HOME "'");
  pf_test_expect (MANAGER, PF_TEST_MANAGER, "State", "'idle'");
  pf_test_expect (MANAGER, PF_TEST_MANAGER, "Transaction", "''");
  pf_test_expect (MANAGER, PF_TEST_MANAGER, "Deadline", "0");
  pf_test_expect (EHCI_OBJECT, PF_TEST_CONTROLLER, "Owner", "'host'");
}

static void
check_node (const char *user, const char *group, mode_t mode)
{
  g_autofree char *path = g_build_filename (g_getenv ("PF_KERNEL"), "dev/vfio/7", NULL);
  const char *argv[] = { "stat", "-c", "%U %G %a", path, NULL };
  g_autofree char *expected = g_strdup_printf ("%s %s %o\n", user, group, mode);
  g_autofree char *output = NULL;

  g_assert_cmpint (pf_desk_run_as ("root", argv, &output, NULL), ==, 0);
  g_assert_cmpstr (output, ==, expected);
}

static void
apply (const char *id, const char *options)
{
  g_autofree char *transaction = pf_test_apply ("active", id, options);
}

static void
test_there_and_back (void)
{
  pf_test_watch_clear (watch);
  apply ("guest", "{'origin': <'hotkey'>}");
  check_at_guest ();
  check_node ("pf-active", "root", 0600);
  pf_test_watch_expect (watch, "Switched " MANAGER " ('" GUEST "', 'hotkey', [{");
  pf_test_watch_clear (watch);
  apply ("home", "@a{sv} {}");
  check_at_home ();
  pf_test_watch_expect (watch, "Switched " MANAGER " ('" PF_TEST_HOME "', 'ctl', [{");
  g_assert_null (pf_desk_kernel_link ("dev/vfio/7"));
}

/* Already there: nothing is written, nothing is announced. */
static void
test_again (void)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  apply ("guest", "@a{sv} {}");
  before = pf_test_snapshot ();
  pf_test_watch_clear (watch);
  apply ("guest", "{'confirm-seconds': <uint32 5>}");
  after = pf_test_snapshot ();
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpuint (pf_test_watch_count (watch, "Switched"), ==, 0);
  pf_test_expect (MANAGER, PF_TEST_MANAGER, "State", "'idle'");
  pf_test_go_home ();
}

static void
test_node_by_profile (void)
{
  pf_test_update_profile ("guest", "{'vfio-user': <'pf-remote'>, 'vfio-group': <'sudo'>}");
  apply ("guest", "@a{sv} {}");
  check_node ("pf-remote", "sudo", 0660);
  pf_test_go_home ();
  pf_test_update_profile ("guest", "{'vfio-user': <''>, 'vfio-group': <''>}");
}

/* Of what is lent already as well, and back with the switch; who names nobody leaves it as it is. */
static void
test_node_of_what_is_lent (void)
{
  g_autofree char *transaction = NULL;
  g_autoptr (GVariant) answer = NULL;

  pf_test_add_profile ("theirs", "{'controllers': <['00:1a.0']>, 'vfio-user': <'pf-remote'>}");
  apply ("guest", "@a{sv} {}");
  check_node ("pf-active", "root", 0600);
  transaction = pf_test_apply ("active", "theirs", "{'confirm-seconds': <uint32 60>}");
  check_node ("pf-remote", "root", 0600);
  answer = pf_test_manager ("active", "Revert", "('%s',)", transaction);
  check_node ("pf-active", "root", 0600);
  apply ("theirs", "@a{sv} {}");
  apply ("guest", "@a{sv} {}");
  check_node ("pf-remote", "root", 0600);
  pf_test_go_home ();
  g_assert_null (pf_desk_kernel_link ("dev/vfio/7"));
}

static void
toggle (const char *active)
{
  g_autofree char *quoted = g_strdup_printf ("'%s/%s'", PF_BUS_PROFILES_PATH, active);
  g_autoptr (GVariant) answer = pf_test_manager ("active", "Toggle", "(@a{sv} {},)");

  pf_test_expect (MANAGER, PF_TEST_MANAGER, "ActiveProfile", quoted);
}

/* Two profiles that differ only in a port: the everyday toggle is one write to the register. */
static void
test_toggle (void)
{
  g_autofree char *log = NULL;

  pf_test_add_profile ("idle", "{'controllers': <['00:1a.0']>}");
  apply ("idle", "@a{sv} {}");
  apply ("guest", "@a{sv} {}");
  pf_test_expect (MANAGER, PF_TEST_MANAGER, "PreviousProfile", "'" PF_BUS_PROFILES_PATH "/idle'");
  pf_test_control ("clear-log");
  toggle ("idle");
  log = pf_desk_read_kernel ("control");
  g_assert_nonnull (strstr (log, "config\t0xd0:ff3f0000\tok"));
  g_assert_null (strstr (log, "driver"));
  check_kernel ("vfio-pci", "vfio-pci", HOME_VALUE);
  toggle ("guest");
  check_at_guest ();
  pf_test_go_home ();
  pf_test_expect (MANAGER, PF_TEST_MANAGER, "PreviousProfile", "'" GUEST "'");
  toggle ("guest");
  toggle ("home");
  check_at_home ();
}

/* Clients rely on the order: properties, then the signal, then the answer. */
static void
test_order (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;
  gint64 property;
  gint64 signal;

  pf_test_watch_clear (watch);
  answer = g_dbus_connection_call_sync (pf_test_watch_get_bus (watch), PF_BUS_NAME, MANAGER, PF_TEST_MANAGER,
                                        "Apply", g_variant_new_parsed ("(objectpath '" GUEST "', @a{sv} {})"),
                                        NULL, G_DBUS_CALL_FLAGS_NONE, PF_TEST_TIMEOUT_MS, NULL, &error);
  g_assert_no_error (error);
  /* Both came before the answer: nothing has to be waited for. */
  g_assert_cmpuint (pf_test_watch_count (watch, "Switched"), ==, 1);
  property = pf_test_watch_wait (watch, "'ActiveProfile': <objectpath '" GUEST "'>", 0);
  signal = pf_test_watch_wait (watch, "Switched", 0);
  g_assert_cmpint (property, >, 0);
  g_assert_cmpint (property, <=, signal);
  pf_test_go_home ();
}

static void
end (const char *method, const char *transaction)
{
  g_autoptr (GVariant) answer = pf_test_manager ("active", method, "('%s',)", transaction);
}

static void
test_confirm (void)
{
  g_autofree char *transaction = pf_test_apply ("active", "guest", "{'confirm-seconds': <uint32 60>}");
  g_autofree char *quoted = g_strdup_printf ("'%s'", transaction);
  g_autofree char *parameters = g_strdup_printf ("('%s',)", transaction);
  g_autofree char *deadline = NULL;
  gint64 left;

  pf_test_expect (MANAGER, PF_TEST_MANAGER, "State", "'awaiting-confirmation'");
  pf_test_expect (MANAGER, PF_TEST_MANAGER, "Transaction", quoted);
  deadline = pf_test_get (MANAGER, PF_TEST_MANAGER, "Deadline");
  left = (gint64) g_ascii_strtoull (deadline, NULL, 10) - g_get_real_time ();
  g_assert_cmpint (left, >, 50 * G_USEC_PER_SEC);
  g_assert_cmpint (left, <=, 60 * G_USEC_PER_SEC);
  pf_test_refuse ("active", PF_DESK_CALL_NONE, &(PfTestCall){ "Manager", "Confirm", MANAGER, "('0',)" },
                  PF_ERROR_NO_SUCH_TRANSACTION);
  pf_test_refuse ("active", PF_DESK_CALL_NONE, &(PfTestCall){ "Manager", "Revert", MANAGER, "('',)" },
                  PF_ERROR_NO_SUCH_TRANSACTION);
  pf_test_refuse_apply ("active", "guest", "@a{sv} {}", PF_ERROR_BUSY);

  end ("Confirm", transaction);
  pf_test_expect (MANAGER, PF_TEST_MANAGER, "State", "'idle'");
  check_at_guest ();
  pf_test_refuse ("active", PF_DESK_CALL_NONE, &(PfTestCall){ "Manager", "Revert", MANAGER, parameters },
                  PF_ERROR_NO_SUCH_TRANSACTION);
  pf_test_refuse ("root", PF_DESK_CALL_NONE, &(PfTestCall){ "Profile", "Remove", GUEST, "()" },
                  PF_ERROR_BUSY);
  pf_test_go_home ();
}

static void
test_revert (void)
{
  g_autofree char *transaction = pf_test_apply ("active", "guest", "{'confirm-seconds': <uint32 60>}");

  check_at_guest ();
  pf_test_watch_clear (watch);
  end ("Revert", transaction);
  check_at_home ();
  pf_test_watch_expect (watch, "Switched " MANAGER " ('" PF_TEST_HOME "', 'ctl'");
}

static void
test_deadline (void)
{
  gint64 begin = g_get_monotonic_time ();
  gint64 took;

  pf_test_watch_clear (watch);
  apply ("guest", "{'confirm-seconds': <uint32 5>, 'origin': <'tray'>}");
  check_at_guest ();
  g_assert_cmpint (pf_test_watch_wait (watch, "Switched " MANAGER " ('" PF_TEST_HOME "', 'guard'", 10000), >,
                   0);
  took = g_get_monotonic_time () - begin;
  g_assert_cmpint (took, >=, 5 * G_USEC_PER_SEC);
  g_assert_cmpint (took, <, 8 * G_USEC_PER_SEC);
  check_at_home ();
}

/* The last keyboard: only by name, and only with a deadline, whether the caller thought of one or not. */
static void
test_override (void)
{
  g_autofree char *transaction = NULL;
  g_autofree char *deadline = NULL;

  pf_test_add_profile ("keyboard", "{'controllers': <['00:1a.0']>, 'ports': <['ehci2/1']>}");
  pf_test_refuse_apply ("root", "keyboard", "@a{sv} {}", PF_ERROR_OBJECTION);
  pf_test_refuse_apply ("root", "keyboard", "{'override': <['mounted']>}", PF_ERROR_OBJECTION);
  transaction = pf_test_apply ("root", "keyboard", "{'override': <['last-keyboard']>}");
  pf_test_expect (MANAGER, PF_TEST_MANAGER, "State", "'awaiting-confirmation'");
  deadline = pf_test_get (MANAGER, PF_TEST_MANAGER, "Deadline");
  g_assert_cmpint ((gint64) g_ascii_strtoull (deadline, NULL, 10) - g_get_real_time (), <=,
                   15 * G_USEC_PER_SEC);
  /* The way home need not wait for the deadline. */
  pf_test_go_home ();
  check_at_home ();
}

static void
test_busy (void)
{
  PfDeskCall *call;
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;

  pf_test_control ("block sys/bus/pci/drivers_probe");
  call
      = pf_desk_call_start ("active", PF_DESK_CALL_NONE, MANAGER, PF_TEST_MANAGER, "Apply",
                            g_variant_new_parsed ("(objectpath '" GUEST "', @a{sv} {})"), PF_TEST_TIMEOUT_MS);
  pf_test_expect (MANAGER, PF_TEST_MANAGER, "State", "'applying'");
  pf_test_refuse_apply ("active", "home", "@a{sv} {}", PF_ERROR_BUSY);
  /* Live meanwhile: what is true is shown, and the profile is not in force before it is. */
  pf_test_expect (EHCI_OBJECT, PF_TEST_CONTROLLER, "Owner", "'nobody'");
  pf_test_expect (MANAGER, PF_TEST_MANAGER, "ActiveProfile", "'" PF_TEST_HOME "'");
  pf_test_control ("unblock");
  answer = pf_desk_call_finish (call, &error);
  g_assert_no_error (error);
  check_at_guest ();
  pf_test_go_home ();
}

/* A switch that fails half-way ends where it began, and says so to everybody. */
static void
test_failure (void)
{
  PfTestCall call = { "Manager", "Apply", MANAGER, "(objectpath '" GUEST "', {'origin': <'tray'>})" };
  static const char *const faults[] = {
    "fail sys/bus/pci/drivers_probe EIO",
    "fail */0000:00:1a.0/driver_override EIO",
    "fail */0000:00:14.0/config EIO",
    "fail */0000:00:14.0/config ignored",
    "fail dev/vfio/7 EPERM",
  };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", faults[i]);
      pf_test_watch_clear (watch);
      pf_test_control (faults[i]);
      g_assert_null (pf_test_try ("active", PF_DESK_CALL_NONE, &call, &error));
      g_assert_cmpint (error->domain, ==, PF_ERROR);
      pf_test_control ("unblock");
      check_at_home ();
      pf_test_watch_expect (watch, "SwitchFailed " MANAGER " ('" GUEST "', 'tray', 'org.portferry1.Error.");
      g_assert_cmpuint (pf_test_watch_count (watch, "Switched"), ==, 0);
    }
}

/* Where it cannot even be put back, that is said until it is. */
static void
test_degraded (void)
{
  PfTestCall call = { "Manager", "Apply", MANAGER, "(objectpath '" GUEST "', @a{sv} {})" };
  g_autoptr (GError) error = NULL;
  g_autofree char *problem = NULL;

  pf_test_control ("fail sys/bus/pci/drivers_probe EIO 0");
  g_assert_null (pf_test_try ("active", PF_DESK_CALL_NONE, &call, &error));
  pf_test_control ("unblock");
  pf_test_expect (MANAGER, PF_TEST_MANAGER, "State", "'degraded'");
  problem = pf_test_get (MANAGER, PF_TEST_MANAGER, "Problem");
  g_assert_cmpstr (problem, !=, "");
  pf_test_go_home ();
  check_at_home ();
  pf_test_expect (MANAGER, PF_TEST_MANAGER, "Problem", "''");
}

/* libvirt re-attaches what it manages: that is a return. */
static void
test_returned_by_others (void)
{
  pf_test_update_profile ("idle", "{'ports': <@as []>}");
  apply ("idle", "@a{sv} {}");
  pf_test_control ("bind 0000:00:1a.0 ehci-pci");
  pf_test_expect (MANAGER, PF_TEST_MANAGER, "ActiveProfile", "'" PF_TEST_HOME "'");
  check_at_home ();
}

/* What somebody else has lent is shown, counts as ready, and stays where it is. */
static void
test_lent_by_others (void)
{
  pf_test_control ("bind 0000:00:1a.0 vfio-pci");
  pf_test_expect (EHCI_OBJECT, PF_TEST_CONTROLLER, "LentBy", "'others'");
  pf_test_go_home ();
  check_kernel ("vfio-pci", "vfio-pci", HOME_VALUE);
  apply ("guest", "@a{sv} {}");
  check_kernel ("vfio-pci", "vfio-pci", GUEST_VALUE);
  pf_test_go_home ();
  check_kernel ("vfio-pci", "vfio-pci", HOME_VALUE);
  pf_test_control ("bind 0000:00:1a.0 ehci-pci");
  check_at_home ();
}

/* A router's EHCI is gone while its ports are with the guest. What stays behind is explained, and comes home later. */
static void
test_vanished (void)
{
  g_autoptr (GVariant) answer = NULL;
  g_autofree char *left = NULL;
  g_autofree char *rescan = NULL;
  FILE *file;

  apply ("guest", "@a{sv} {}");
  pf_test_control ("vanish 0000:00:1a.0");
  answer = pf_test_manager ("active", "ReturnAll", "(@a{sv} {},)");
  left = g_variant_print (answer, FALSE);
  g_assert_nonnull (strstr (left, "0000:00:14.0"));
  g_assert_nonnull (strstr (left, "reads 0x3bff, and was 0x3fff at home"));
  rescan = g_build_filename (g_getenv ("PF_KERNEL"), "sys/bus/pci/rescan", NULL);
  file = fopen (rescan, "we");
  g_assert_nonnull (file);
  g_assert_cmpint (fputs ("1", file), >=, 0);
  g_assert_cmpint (fclose (file), ==, 0);
  pf_test_expect (EHCI_OBJECT, PF_TEST_CONTROLLER, "Driver", "'ehci-pci'");
  pf_test_go_home ();
  check_at_home ();
}

static void
test_drift (void)
{
  apply ("guest", "@a{sv} {}");
  pf_test_watch_clear (watch);
  pf_test_control ("poke 0000:00:14.0 d0 3fff");
  pf_test_control ("unplug front-1");
  pf_test_watch_expect (watch, "Drifted " MANAGER " ('" XHCI_OBJECT "', 15359, 16383, 'unknown')");
  pf_test_control ("plug front-1");
  /* It is put right, and that is nobody's switch. */
  for (guint i = 0; i < 300 && pf_desk_kernel_config ("0000:00:14.0", 0xd0) != GUEST_VALUE; i++)
    g_usleep (10000);
  check_at_guest ();
  pf_test_expect (MANAGER, PF_TEST_MANAGER, "State", "'idle'");
  g_assert_cmpuint (pf_test_watch_count (watch, "Drifted"), ==, 1);
  g_assert_cmpuint (pf_test_watch_count (watch, "Switched"), ==, 0);
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
  g_test_add_func ("/switch/there-and-back", test_there_and_back);
  g_test_add_func ("/switch/again", test_again);
  g_test_add_func ("/switch/node-by-profile", test_node_by_profile);
  g_test_add_func ("/switch/node-of-what-is-lent", test_node_of_what_is_lent);
  g_test_add_func ("/switch/toggle", test_toggle);
  g_test_add_func ("/switch/order", test_order);
  g_test_add_func ("/switch/confirm", test_confirm);
  g_test_add_func ("/switch/revert", test_revert);
  g_test_add_func ("/switch/deadline", test_deadline);
  g_test_add_func ("/switch/override", test_override);
  g_test_add_func ("/switch/busy", test_busy);
  g_test_add_func ("/switch/failure", test_failure);
  g_test_add_func ("/switch/degraded", test_degraded);
  g_test_add_func ("/switch/returned-by-others", test_returned_by_others);
  g_test_add_func ("/switch/lent-by-others", test_lent_by_others);
  g_test_add_func ("/switch/vanished", test_vanished);
  g_test_add_func ("/switch/drift", test_drift);
  status = g_test_run ();
  pf_test_watch_free (watch);
  return status;
}
