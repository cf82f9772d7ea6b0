/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What others have lent: who, how it is given back, and that it comes home only when somebody who may asks for it.
 * Board: others. */
#include <string.h>

#include "pf-test-helper.h"

#define MANAGER PF_BUS_MANAGER_PATH
#define OBJECT(name) PF_BUS_CONTROLLERS_PATH "/0000_" name "_00_0"
#define CALL(path) { "Manager", "TakeHome", MANAGER, "(objectpath '" path "', @a{sv} {})" }

static const PfTestCall module_call = CALL (OBJECT ("04"));
static const PfTestCall override_call = CALL (OBJECT ("06"));
static const PfTestCall script_call = CALL (OBJECT ("07"));
static const PfTestCall pair_call = CALL (OBJECT ("09"));

static void
assert_lender (const char *object, const char *code, const char *advice)
{
  g_autofree char *quoted = g_strdup_printf ("'%s'", code);
  g_autofree char *text = pf_test_get (object, PF_TEST_CONTROLLER, "GiveBack");

  pf_test_expect (object, PF_TEST_CONTROLLER, "LentBy", *code != '\0' ? "'others'" : "''");
  pf_test_expect (object, PF_TEST_CONTROLLER, "LenderCode", quoted);
  g_assert_nonnull (strstr (text, advice));
}

static void
test_who (void)
{
  assert_lender (PF_BUS_CONTROLLERS_PATH "/0000_00_14_0", "", "");
  assert_lender (OBJECT ("02"), "command-line", "take vfio-pci.ids=1b21:1142 off");
  assert_lender (OBJECT ("03"), "modprobe", "update-initramfs -u");
  assert_lender (OBJECT ("04"), "module", "load the module vfio-pci without");
  assert_lender (OBJECT ("05"), "driverctl", "driverctl unset-override 0000:05:00.0");
  assert_lender (OBJECT ("06"), "override", "virsh nodedev-reattach pci_0000_06_00_0");
  assert_lender (OBJECT ("07"), "script", "Now: portferryctl take-home 0000:07:00.0.");
  /* It would be refused: a member would go to vfio-pci again. */
  assert_lender (PF_BUS_CONTROLLERS_PATH "/0000_08_00_2", "module", "Not now: ");
}

/* Nothing was written, and it is where it was. */
static void
refuse (const char *user, PfDeskCallFlags flags, const PfTestCall *call, PfError code)
{
  g_autofree char *before = pf_desk_read_kernel ("control");
  g_autofree char *after = NULL;

  pf_test_refuse (user, flags, call, code);
  after = pf_desk_read_kernel ("control");
  g_assert_cmpstr (before, ==, after);
}

static void
test_denied (void)
{
  static const char *const users[] = { "active", "inactive", "remote", "admin" };

  for (guint i = 0; i < G_N_ELEMENTS (users); i++)
    refuse (users[i], PF_DESK_CALL_NONE, &override_call, PF_ERROR_AUTHORIZATION_REQUIRED);
}

static void
test_dismissed (void)
{
  g_autoptr (PfDeskAgent) agent = pf_desk_agent_start ("active", PF_DESK_ANSWER_CANCEL);

  refuse ("active", PF_DESK_CALL_INTERACTIVE, &override_call, PF_ERROR_AUTHORIZATION_DISMISSED);
}

static void
test_bad_input (void)
{
  static const struct
  {
    PfTestCall call;
    PfError code;
  } cases[] = {
    { CALL (PF_BUS_CONTROLLERS_PATH "/0000_00_14_0"), PF_ERROR_OBJECTION }, /* not lent */
    { CALL (OBJECT ("08")), PF_ERROR_NOT_USB_CONTROLLER },
    { CALL (OBJECT ("77")), PF_ERROR_NO_SUCH_DEVICE },
    { CALL ("/"), PF_ERROR_NO_SUCH_DEVICE },
    /* A member would go to vfio-pci again. */
    { CALL (PF_BUS_CONTROLLERS_PATH "/0000_08_00_2"), PF_ERROR_OBJECTION },
    { { "Manager", "TakeHome", MANAGER, "(objectpath '" OBJECT ("06") "', {'force': <true>})" }, PF_ERROR_INVALID_ARGUMENT },
    { { "Manager", "TakeHome", MANAGER, "(objectpath '" OBJECT ("06") "', {'origin': <'guard'>})" },
      PF_ERROR_INVALID_ARGUMENT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    refuse ("root", PF_DESK_CALL_NONE, &cases[i].call, cases[i].code);
}

static void
test_held (void)
{
  g_autofree char *advice = NULL;

  pf_test_control ("hold 6 4242 qemu-system-x86 qemu-system-x86_64 -name win11");
  refuse ("root", PF_DESK_CALL_NONE, &override_call, PF_ERROR_HELD);
  advice = pf_test_get (OBJECT ("06"), PF_TEST_CONTROLLER, "GiveBack");
  g_assert_nonnull (strstr (advice, "Shut the virtual machine down"));
  pf_test_control ("release 6");
}

/* The way home is of what we have lent, and of nothing else. */
static void
test_home_leaves_it (void)
{
  g_autofree char *before = pf_test_snapshot ();
  g_autofree char *after = NULL;

  pf_test_go_home ();
  after = pf_test_snapshot ();
  g_assert_cmpstr (before, ==, after);
}

static void
assert_kernel (const char *path, const char *expected)
{
  g_autofree char *text = pf_desk_read_kernel (path);

  g_assert_cmpstr (g_strchomp (text), ==, expected);
}

/* A function that the driver refuses is as before: on vfio-pci, with the override that others had set. */
static void
test_rolled_back (void)
{
  g_autofree char *before = pf_test_get (OBJECT ("09"), PF_TEST_CONTROLLER, "GroupMembers");
  g_autoptr (GError) error = NULL;

  pf_test_control ("fail */drivers_probe EIO 1 1");
  g_assert_null (pf_test_try ("root", PF_DESK_CALL_NONE, &pair_call, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_WRITE_FAILED);
  pf_test_control ("unblock");
  pf_test_expect (OBJECT ("09"), PF_TEST_CONTROLLER, "GroupMembers", before);
  pf_test_expect (OBJECT ("09"), PF_TEST_CONTROLLER, "LentBy", "'others'");
  pf_test_expect (MANAGER, PF_TEST_MANAGER, "State", "'idle'");
  assert_kernel ("sys/bus/pci/devices/0000:09:00.0/driver_override", "vfio-pci");
  assert_kernel ("sys/bus/pci/devices/0000:09:00.1/driver_override", "vfio-pci");
}

/* The next helper takes back what this one has not finished. */
static void
test_killed_midway (void)
{
  g_autofree char *before = pf_test_get (OBJECT ("09"), PF_TEST_CONTROLLER, "GroupMembers");
  g_autoptr (GError) error = NULL;

  pf_test_control ("kill */drivers_probe before 0 parent");
  g_assert_null (pf_test_try ("root", PF_DESK_CALL_NONE, &pair_call, &error));
  pf_test_control ("unblock");
  pf_test_expect (OBJECT ("09"), PF_TEST_CONTROLLER, "GroupMembers", before);
  pf_test_expect (MANAGER, PF_TEST_MANAGER, "State", "'idle'");
  assert_kernel ("sys/bus/pci/devices/0000:09:00.0/driver_override", "vfio-pci");
  assert_kernel ("sys/bus/pci/devices/0000:09:00.1/driver_override", "vfio-pci");
}

static void
take (const char *user, PfDeskCallFlags flags, const PfTestCall *call, const char *object)
{
  g_autoptr (GVariant) answer = pf_test_call (user, flags, call);

  pf_test_expect (object, PF_TEST_CONTROLLER, "LentBy", "''");
  pf_test_expect (object, PF_TEST_CONTROLLER, "Lender", "''");
  pf_test_expect (object, PF_TEST_CONTROLLER, "Driver", "'xhci_hcd'");
  pf_test_expect (MANAGER, PF_TEST_MANAGER, "State", "'idle'");
  pf_test_expect (MANAGER, PF_TEST_MANAGER, "ActiveProfile", "'" PF_TEST_HOME "'");
}

/* A whole group, without an override that stays; one that the module's ids name, too. */
static void
test_allowed (void)
{
  g_autoptr (PfDeskAgent) agent = pf_desk_agent_start ("active", PF_DESK_ANSWER_PASSWORD);

  take ("active", PF_DESK_CALL_INTERACTIVE, &override_call, OBJECT ("06"));
  g_assert_nonnull (strstr (pf_desk_agent_get_log (agent), "0000:06:00.0"));
  take ("root", PF_DESK_CALL_NONE, &pair_call, OBJECT ("09"));
  take ("root", PF_DESK_CALL_NONE, &script_call, OBJECT ("07"));
  take ("root", PF_DESK_CALL_NONE, &module_call, OBJECT ("04"));
  assert_kernel ("sys/bus/pci/devices/0000:09:00.1/driver_override", "(null)");
  assert_kernel ("sys/bus/pci/devices/0000:09:00.0/driver_override", "(null)");
  assert_kernel ("sys/bus/pci/devices/0000:04:00.0/driver_override", "(null)");
}

int
main (int argc, char **argv)
{
  pf_test_init (&argc, &argv);
  g_test_add_func ("/take-home/who", test_who);
  g_test_add_func ("/take-home/denied", test_denied);
  g_test_add_func ("/take-home/dismissed", test_dismissed);
  g_test_add_func ("/take-home/bad-input", test_bad_input);
  g_test_add_func ("/take-home/held", test_held);
  g_test_add_func ("/take-home/home-leaves-it", test_home_leaves_it);
  g_test_add_func ("/take-home/rolled-back", test_rolled_back);
  g_test_add_func ("/take-home/killed-midway", test_killed_midway);
  g_test_add_func ("/take-home/allowed", test_allowed);
  return g_test_run ();
}
