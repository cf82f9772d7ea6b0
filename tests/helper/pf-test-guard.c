/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-test-guard.h"

/**
 * pf_test_guard_expect_active:
 * @id: of the profile that shall be in force; waits for that
 */
void
pf_test_guard_expect_active (const char *id)
{
  g_autofree char *value = g_strdup_printf ("'" PF_BUS_PROFILES_PATH "/%s'", id);

  pf_test_expect (PF_BUS_MANAGER_PATH, PF_TEST_MANAGER, "ActiveProfile", value);
}

/**
 * pf_test_guard_expect_state:
 * @state: that the helper shall be in; waits for that
 */
void
pf_test_guard_expect_state (const char *state)
{
  g_autofree char *value = g_strdup_printf ("'%s'", state);

  pf_test_expect (PF_BUS_MANAGER_PATH, PF_TEST_MANAGER, "State", value);
}

/**
 * pf_test_guard_expect_register:
 * @offset: in the xHCI's config space
 * @value: what shall be there; waits for that
 */
void
pf_test_guard_expect_register (guint offset, guint32 value)
{
  gint64 end = g_get_monotonic_time () + 3 * G_USEC_PER_SEC;

  while (pf_desk_kernel_config (PF_TEST_GUARD_XHCI, offset) != value && g_get_monotonic_time () < end)
    g_usleep (10000);
  g_assert_cmphex (pf_desk_kernel_config (PF_TEST_GUARD_XHCI, offset), ==, value);
}

/**
 * pf_test_guard_check_kernel_at_home:
 *
 * Drivers, overrides, nodes and registers are as they were at the start.
 */
void
pf_test_guard_check_kernel_at_home (void)
{
  g_autofree char *link = pf_desk_kernel_link ("sys/bus/pci/devices/0000:00:1a.0/driver");
  g_autofree char *text = pf_desk_read_kernel ("sys/bus/pci/devices/0000:00:1a.0/driver_override");

  g_assert_cmpstr (link, ==, "ehci-pci");
  g_assert_cmpstr (text, ==, "(null)");
  g_assert_null (pf_desk_kernel_link ("dev/vfio/7"));
  pf_test_guard_expect_register (0xd0, PF_TEST_GUARD_HOME_VALUE);
  pf_test_guard_expect_register (0xd8, 0x3f);
}

/**
 * pf_test_guard_apply:
 * @id: of a profile
 *
 * Returns: (transfer full): the transaction
 */
char *
pf_test_guard_apply (const char *id)
{
  return pf_test_apply ("active", id, "@a{sv} {}");
}

/**
 * pf_test_guard_confirm:
 * @transaction: a switch that waits for it
 */
void
pf_test_guard_confirm (const char *transaction)
{
  g_autoptr (GVariant) answer = pf_test_manager ("active", "Confirm", "('%s',)", transaction);
}

/**
 * pf_test_guard_apply_quietly:
 * @id: of a profile, to which a switch must not ask
 */
void
pf_test_guard_apply_quietly (const char *id)
{
  g_autofree char *transaction = pf_test_guard_apply (id);

  g_test_message ("%s, quietly", id);
  pf_test_guard_expect_state ("idle");
  pf_test_guard_expect_active (id);
}

/**
 * pf_test_guard_apply_and_confirm:
 * @id: of a profile, to which a switch has to ask
 */
void
pf_test_guard_apply_and_confirm (const char *id)
{
  g_autofree char *transaction = pf_test_guard_apply (id);

  g_test_message ("%s, and confirm", id);
  pf_test_guard_expect_state ("awaiting-confirmation");
  pf_test_guard_confirm (transaction);
  pf_test_guard_expect_state ("idle");
  pf_test_guard_expect_active (id);
}

/**
 * pf_test_guard_set_up:
 * @argc: as given to main()
 * @argv: as given to main()
 *
 * Makes the profiles. Beside the keyboard and the mouse that are lent, one of each stays.
 *
 * Returns: (transfer full): a watch
 */
PfTestWatch *
pf_test_guard_set_up (int *argc, char ***argv)
{
  PfTestWatch *watch;

  pf_test_init (argc, argv);
  watch = pf_test_watch_new ();
  pf_test_control ("plug rear-3 id=046d:c52b kind=receiver product=Receiver");
  pf_test_add_profile ("keyboard", "{'controllers': <['00:1a.0']>, 'ports': <['ehci2/1']>}");
  pf_test_add_profile ("mouse", "{'controllers': <['00:1a.0']>, 'ports': <['ehci2/2']>}");
  pf_test_add_profile ("idle", "{'controllers': <['00:1a.0']>}");
  pf_test_add_profile ("webcam",
                       "{'controllers': <['00:1d.0']>, 'ports': <['ehci1/1']>, 'super-speed-off': <true>}");
  return watch;
}
