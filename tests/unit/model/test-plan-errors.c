/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Why there is no plan. */

#include <string.h>

#include "pf-error.h"
#include "pf-test-plan.h"

#define EHCI1 "0000:00:1d.0"
#define EHCI2 "0000:00:1a.0"
#define XHCI "0000:00:14.0"
#define CARD "0000:03:00.0"
#define SHARED "0000:21:00.3"
#define SIBLING "0000:21:00.4"

static void
assert_impossible (const PfTestBoard *board, const PfProfile *profile, PfError code, const char *const *words)
{
  g_autofree char *before = pf_test_board_describe (board);
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (pf_test_plan_compute (board, profile, &error));
  g_assert_error (error, PF_ERROR, (int) code);
  g_test_message ("%s", error->message);
  for (guint i = 0; words[i] != NULL; i++)
    g_assert_nonnull (strstr (error->message, words[i]));
  after = pf_test_board_describe (board);
  g_assert_cmpstr (before, ==, after);
}

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void
test_no_iommu (void)
{
  g_autoptr (PfTestBoard) z97 = pf_test_board_new_z97 ();
  g_autoptr (PfTestBoard) amd = pf_test_board_new_amd ();
  g_autoptr (PfProfile) intel_profile = pf_test_plan_make_profile (z97, "test", EHCI2, "ehci2");
  g_autoptr (PfProfile) amd_profile = pf_test_plan_make_profile (amd, "test", SHARED, "");

  pf_test_board_get (z97, EHCI2)->group = -1;
  assert_impossible (z97, intel_profile, PF_ERROR_NO_IOMMU,
                     WORDS (EHCI2, "EHCI Controller #2", "in no IOMMU group", "although"));
  pf_test_board_remove_iommu (z97);
  pf_test_board_remove_iommu (amd);
  assert_impossible (z97, intel_profile, PF_ERROR_NO_IOMMU, WORDS ("IOMMU is off", "intel_iommu=on", "VT-d"));
  assert_impossible (amd, amd_profile, PF_ERROR_NO_IOMMU, WORDS ("IOMMU is off", "AMD-Vi"));
}

static void
test_group_not_viable (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_amd ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", SIBLING, "");

  pf_test_board_bind (board, "0000:00:07.0", "amd64_edac", NULL);
  assert_impossible (board, profile, PF_ERROR_GROUP_NOT_VIABLE,
                     WORDS ("AMD Host Bridge (0000:00:07.0)", "amd64_edac", "AMD Matisse USB 3.0",
                            "group 16"));
}

static void
test_no_such_device (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_profile_new ("test");
  g_autoptr (PfProfile) other = pf_profile_new ("other");
  g_autoptr (PfProfile) dead = pf_test_plan_make_profile (board, "dead", CARD, "");

  g_ptr_array_add (profile->controllers, pf_device_key_new ("0000:07:00.0"));
  g_ptr_array_add (other->controllers, pf_device_key_new ("0000:00:1f.0"));
  assert_impossible (board, profile, PF_ERROR_NO_SUCH_DEVICE, WORDS ("0000:07:00.0"));
  assert_impossible (board, other, PF_ERROR_NOT_USB_CONTROLLER, WORDS ("0000:00:1f.0"));
  pf_test_board_get (board, CARD)->dead = TRUE;
  assert_impossible (board, dead, PF_ERROR_NO_SUCH_DEVICE,
                     WORDS ("ASMedia ASM1142 (" CARD ")", "does not answer"));
}

/* A profile made on one board, looked at on another, by controllers and by its router. */
static void
test_board_mismatch (void)
{
  g_autoptr (PfTestBoard) z97 = pf_test_board_new_z97 ();
  g_autoptr (PfTestBoard) x99 = pf_test_board_new_x99 ();
  g_autoptr (PfTestBoard) amd = pf_test_board_new_amd ();
  g_autoptr (PfProfile) controllers = pf_test_plan_make_profile (z97, "test", EHCI2, "");
  g_autoptr (PfProfile) ports = pf_test_plan_make_profile (z97, "test", "", "ehci2");

  assert_impossible (x99, controllers, PF_ERROR_BOARD_MISMATCH,
                     WORDS ("“test”", "another machine", "8086:8cad", EHCI2));
  assert_impossible (amd, controllers, PF_ERROR_BOARD_MISMATCH, WORDS ("8086:8cad", "none"));
  assert_impossible (x99, ports, PF_ERROR_BOARD_MISMATCH, WORDS ("8086:8cb1", XHCI));
  assert_impossible (amd, ports, PF_ERROR_BOARD_MISMATCH, WORDS ("8086:8cb1", XHCI));
}

static void
test_no_routing_register (void)
{
  g_autoptr (PfTestBoard) amd = pf_test_board_new_amd ();
  g_autoptr (PfTestBoard) z97 = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_profile_new ("test");
  g_autoptr (PfProfile) other_router = pf_test_plan_make_profile (z97, "other", EHCI2, "ehci2");

  pf_port_set_add_name (&profile->ports, "all", NULL);
  assert_impossible (amd, profile, PF_ERROR_NO_ROUTING_REGISTER,
                     WORDS ("“test”", "hole controllers can still be lent"));
  pf_device_key_free (other_router->router);
  other_router->router = pf_device_key_new (CARD);
  assert_impossible (z97, other_router, PF_ERROR_NO_ROUTING_REGISTER,
                     WORDS ("“other”", CARD, "hole controllers can still be lent"));
}

static void
test_ports_without_guest (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) none = pf_test_plan_make_profile (board, "test", "", "ehci2/3");
  g_autoptr (PfProfile) other = pf_test_plan_make_profile (board, "test", EHCI1, "ehci1/1 ehci2/3");

  assert_impossible (board, none, PF_ERROR_INVALID_PROFILE, WORDS ("“test”", "ehci2/3", "neither"));
  assert_impossible (board, other, PF_ERROR_INVALID_PROFILE, WORDS ("ehci2/3"));
}

static void
test_ports_that_are_not_there (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_h81 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", EHCI1, "ehci1/1");

  profile->ports.bits |= 1 << 7;
  assert_impossible (board, profile, PF_ERROR_INVALID_PROFILE, WORDS ("“test”", "0x0080", "0x0f3f"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/plan-errors/no-iommu", test_no_iommu);
  g_test_add_func ("/model/plan-errors/group-not-viable", test_group_not_viable);
  g_test_add_func ("/model/plan-errors/no-such-device", test_no_such_device);
  g_test_add_func ("/model/plan-errors/board-mismatch", test_board_mismatch);
  g_test_add_func ("/model/plan-errors/no-routing-register", test_no_routing_register);
  g_test_add_func ("/model/plan-errors/ports-without-guest", test_ports_without_guest);
  g_test_add_func ("/model/plan-errors/missing-ports", test_ports_that_are_not_there);
  return g_test_run ();
}
