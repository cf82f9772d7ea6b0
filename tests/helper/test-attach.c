/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A switch to a profile that names a virtual machine lends, waits for the machine to take what was lent, and
 * routes ports only then. Board: z97. */
#include <string.h>

#include "pf-test-vm.h"
#include "pf-test-watch.h"

#define MANAGER PF_BUS_MANAGER_PATH
#define EHCI "0000:00:1a.0"
#define XHCI "0000:00:14.0"
#define HOME_ROUTING 0x3fff
#define GUEST_ROUTING 0x3bff /* ehci2/3 is bit 10 */
#define WANTED "AttachWanted " MANAGER
#define PATIENCE_MS 30000

static PfTestWatch *watch;

static void
wait_for_state (const char *state)
{
  g_autofree char *expected = g_strdup_printf ("'%s'", state);

  g_assert_true (pf_desk_wait_for_property (MANAGER, PF_TEST_MANAGER, "State", expected, PATIENCE_MS));
}

static PfDeskCall *
start_switch (const char *id, const char *options)
{
  g_autofree char *text = g_strdup_printf ("(objectpath '" PF_BUS_PROFILES_PATH "/%s', %s)", id, options);

  pf_test_watch_clear (watch);
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

static void
expect_done (PfDeskCall *call)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = pf_desk_call_finish (call, &error);

  g_assert_no_error (error);
  g_assert_nonnull (answer);
}

static void
check (const char *driver, guint32 routing, const char *active)
{
  g_autofree char *is_driver = pf_desk_kernel_link ("sys/bus/pci/devices/" EHCI "/driver");
  g_autofree char *expected = g_strdup_printf ("'" PF_BUS_PROFILES_PATH "/%s'", active);

  g_assert_cmpstr (is_driver, ==, driver);
  g_assert_cmphex (pf_desk_kernel_config (XHCI, 0xd0), ==, routing);
  pf_test_expect (MANAGER, PF_TEST_MANAGER, "ActiveProfile", expected);
}

static void
check_at_home (void)
{
  check ("ehci-pci", HOME_ROUTING, "home");
  pf_test_expect (MANAGER, PF_TEST_MANAGER, "State", "'idle'");
}

/* Lent, and not routed; said once; nobody else may switch meanwhile. Then the machine takes it. */
static void
test_wait (void)
{
  PfDeskCall *call = start_switch ("vm", "{'attach-seconds': <uint32 60>}");
  g_autofree char *deadline = NULL;
  g_autofree char *transaction = NULL;
  pid_t vm;

  wait_for_state ("awaiting-attach");
  pf_test_watch_expect (watch, WANTED " (['" PF_BUS_CONTROLLERS_PATH "/0000_00_1a_0'], '" PF_BUS_PROFILES_PATH
                                      "/vm')");
  check ("vfio-pci", HOME_ROUTING, "home");
  deadline = pf_test_get (MANAGER, PF_TEST_MANAGER, "Deadline");
  transaction = pf_test_get (MANAGER, PF_TEST_MANAGER, "Transaction");
  g_assert_cmpstr (deadline, !=, "0");
  g_assert_cmpstr (transaction, !=, "''");
  pf_test_refuse_apply ("active", "plain", "@a{sv} {}", PF_ERROR_BUSY);
  vm = pf_test_vm_start (EHCI);
  expect_done (call);
  check ("vfio-pci", GUEST_ROUTING, "vm");
  g_assert_cmpuint (pf_test_watch_count (watch, WANTED), ==, 1);
  pf_test_vm_stop (vm);
  pf_test_go_home ();
}

/* What a machine has already is waited for by nobody; nor is what somebody lends without saying that he can
 * attach, or to no machine by name. */
static void
test_nothing_to_wait_for (void)
{
  g_autofree char *transaction = NULL;
  g_autofree char *again = NULL;
  g_autofree char *plain = NULL;
  pid_t vm;

  pf_test_watch_clear (watch);
  transaction = pf_test_apply ("active", "vm-idle", "@a{sv} {}");
  vm = pf_test_vm_start (EHCI);
  again = pf_test_apply ("active", "vm", "{'attach-seconds': <uint32 60>}");
  check ("vfio-pci", GUEST_ROUTING, "vm");
  pf_test_vm_stop (vm);
  pf_test_go_home ();
  plain = pf_test_apply ("active", "plain", "{'attach-seconds': <uint32 60>}");
  check ("vfio-pci", GUEST_ROUTING, "plain");
  pf_test_go_home ();
  g_assert_cmpuint (pf_test_watch_count (watch, WANTED), ==, 0);
}

/* Lent since earlier, and a machine that was started since: a switch to where we are has it attached. */
static void
test_nothing_to_do (void)
{
  g_autofree char *transaction = pf_test_apply ("active", "vm", "@a{sv} {}");
  PfDeskCall *call = start_switch ("vm", "{'attach-seconds': <uint32 60>}");
  pid_t vm;

  pf_test_watch_expect (watch, WANTED);
  vm = pf_test_vm_start (EHCI);
  expect_done (call);
  pf_test_vm_stop (vm);
  pf_test_go_home ();
}

static void
test_deadline (void)
{
  PfDeskCall *call = start_switch ("vm", "{'attach-seconds': <uint32 5>}");

  expect_error (call, PF_ERROR_TIMED_OUT);
  check_at_home ();
  pf_test_watch_expect (watch, "SwitchFailed");
}

/* Home never waits, by whichever door. */
static void
test_home_meanwhile (void)
{
  PfDeskCall *call = start_switch ("vm", "{'attach-seconds': <uint32 60>}");
  g_autoptr (GVariant) left = NULL;
  g_autofree char *transaction = NULL;

  wait_for_state ("awaiting-attach");
  left = pf_test_manager ("active", "ReturnAll", "(@a{sv} {},)");
  expect_error (call, PF_ERROR_BUSY);
  check_at_home ();

  call = start_switch ("vm", "{'attach-seconds': <uint32 60>}");
  wait_for_state ("awaiting-attach");
  transaction = pf_test_apply ("active", "home", "@a{sv} {}");
  expect_error (call, PF_ERROR_BUSY);
  check_at_home ();
}

/* The next helper finds the journal, and takes back what was lent. */
static void
test_killed (void)
{
  PfDeskCall *call = start_switch ("vm", "{'attach-seconds': <uint32 60>}");
  g_autoptr (GError) error = NULL;

  wait_for_state ("awaiting-attach");
  pf_test_watch_kill_helper (watch);
  g_assert_null (pf_desk_call_finish (call, &error));
  pf_test_expect (MANAGER, PF_TEST_MANAGER, "State", "'idle'");
  check_at_home ();
}

/* Two controllers, one of which is taken. That one comes home as soon as it is let go, and somebody is asked
 * for it. */
static void
test_half_taken (void)
{
  PfDeskCall *call = start_switch ("both", "{'attach-seconds': <uint32 5>}");
  g_autofree char *driver = NULL;
  g_autofree char *problem = NULL;
  pid_t vm;

  wait_for_state ("awaiting-attach");
  vm = pf_test_vm_start (EHCI);
  expect_error (call, PF_ERROR_TIMED_OUT);
  problem = pf_test_get (MANAGER, PF_TEST_MANAGER, "Problem");
  g_assert_nonnull (strstr (problem, "(held by test-attach ("));
  pf_test_watch_expect (watch, "ReleaseWanted " MANAGER " ('" PF_BUS_CONTROLLERS_PATH "/0000_00_1a_0'");
  driver = pf_desk_kernel_link ("sys/bus/pci/devices/0000:00:1d.0/driver");
  g_assert_cmpstr (driver, ==, "ehci-pci");
  g_assert_cmphex (pf_desk_kernel_config (XHCI, 0xd0), ==, HOME_ROUTING);
  pf_test_vm_stop (vm);
  g_assert_true (pf_desk_wait_for_property (PF_BUS_CONTROLLERS_PATH "/0000_00_1a_0", PF_TEST_CONTROLLER,
                                            "Owner", "'host'", PATIENCE_MS));
  wait_for_state ("idle");
  check_at_home ();
}

static void
test_bounds (void)
{
  pf_test_refuse_apply ("active", "vm", "{'attach-seconds': <uint32 4>}", PF_ERROR_INVALID_ARGUMENT);
  pf_test_refuse_apply ("active", "vm", "{'attach-seconds': <uint32 121>}", PF_ERROR_INVALID_ARGUMENT);
  check_at_home ();
}

/* How clients read it. */
static void
test_profile (void)
{
  pf_test_expect (PF_BUS_PROFILES_PATH "/vm", PF_TEST_PROFILE, "Qmp", "'%t/vm.qmp'");
  pf_test_update_profile ("vm",
                          "{'qmp': <''>, 'libvirt-domain': <'win10'>, 'libvirt-uri': <'qemu:///session'>}");
  pf_test_expect (PF_BUS_PROFILES_PATH "/vm", PF_TEST_PROFILE, "Qmp", "''");
  pf_test_expect (PF_BUS_PROFILES_PATH "/vm", PF_TEST_PROFILE, "LibvirtDomain", "'win10'");
  pf_test_expect (PF_BUS_PROFILES_PATH "/vm", PF_TEST_PROFILE, "LibvirtUri", "'qemu:///session'");
  pf_test_update_profile ("vm", "{'qmp': <'%t/vm.qmp'>, 'libvirt-domain': <''>, 'libvirt-uri': <''>}");
}

int
main (int argc, char **argv)
{
  int status;

  pf_test_init (&argc, &argv);
  watch = pf_test_watch_new ();
  pf_test_add_profile ("vm", "{'controllers': <['00:1a.0']>, 'ports': <['ehci2/3']>, 'qmp': <'%t/vm.qmp'>}");
  pf_test_add_profile ("vm-idle", "{'controllers': <['00:1a.0']>}");
  pf_test_add_profile ("plain", "{'controllers': <['00:1a.0']>, 'ports': <['ehci2/3']>}");
  pf_test_add_profile (
      "both", "{'controllers': <['00:1a.0', '00:1d.0']>, 'ports': <['ehci2/3']>, 'qmp': <'/run/vm'>}");
  g_test_add_func ("/attach/wait", test_wait);
  g_test_add_func ("/attach/nothing-to-wait-for", test_nothing_to_wait_for);
  g_test_add_func ("/attach/nothing-to-do", test_nothing_to_do);
  g_test_add_func ("/attach/deadline", test_deadline);
  g_test_add_func ("/attach/home-meanwhile", test_home_meanwhile);
  g_test_add_func ("/attach/killed", test_killed);
  g_test_add_func ("/attach/half-taken", test_half_taken);
  g_test_add_func ("/attach/bounds", test_bounds);
  g_test_add_func ("/attach/profile", test_profile);
  status = g_test_run ();
  g_clear_pointer (&watch, pf_test_watch_free);
  return status;
}
