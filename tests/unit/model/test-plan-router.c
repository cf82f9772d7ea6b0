/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Plans for a router: where its ports go, and what else of it is changed meanwhile. */

#include "pf-test-plan.h"

#define EHCI1 "0000:00:1d.0"
#define EHCI2 "0000:00:1a.0"
#define XHCI "0000:00:14.0"
#define CARD "0000:03:00.0"

/* Everyday use: the EHCIs stay lent, and a toggle is one register write. */
static void
test_toggle_is_one_write (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) here = pf_test_plan_make_profile (board, "here", EHCI1 " " EHCI2, "");
  g_autoptr (PfProfile) there
      = pf_test_plan_make_profile (board, "there", EHCI1 " " EHCI2, "ehci1/1 ehci1/2");
  g_autoptr (PfProfile) all = pf_test_plan_make_profile (board, "all", EHCI1 " " EHCI2, "all");

  pf_test_plan_assert_switch (board, here,
                              "lend 5 for 1000:1000, " EHCI2 " ehci-pci > vfio-pci!vfio-pci\n"
                              "lend 9 for 1000:1000, " EHCI1 " ehci-pci > vfio-pci!vfio-pci\n");
  for (guint i = 0; i < 3; i++)
    {
      pf_test_plan_assert_switch (board, there, "route " XHCI " 0x3fff > 0x3ffc of 0x3fff\n");
      pf_test_plan_assert_switch (board, all, "route " XHCI " 0x3ffc > 0x0000 of 0x3fff\n");
      pf_test_plan_assert_switch (board, here, "route " XHCI " 0x0000 > 0x3fff of 0x3fff\n");
    }
}

/* The same where others have lent the EHCIs, for example by kernel parameters: they are ready for the guest.
 */
static void
test_toggle_on_controllers_of_others (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) ports = pf_test_plan_make_profile (board, "ports", "", "ehci2/1");
  g_autoptr (PfProfile) named = pf_test_plan_make_profile (board, "named", EHCI2, "ehci2");
  g_autofree char *start = NULL;

  pf_test_board_bind (board, EHCI2, "vfio-pci", NULL);
  start = pf_test_board_describe (board);
  pf_test_plan_assert_switch (board, ports, "route " XHCI " 0x3fff > 0x3eff of 0x3fff\n");
  pf_test_plan_assert_switch (board, named, "route " XHCI " 0x3eff > 0x00ff of 0x3fff\n");
  pf_test_plan_assert_home (board, "route " XHCI " 0x00ff > 0x3fff of 0x3fff\n", start);
}

/* The xHCI can go only when the host's ports are off it, and they can come home only when it is back. */
static void
test_lend_xhci (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", XHCI, "ehci1/1");
  g_autofree char *start = pf_test_board_describe (board);

  pf_test_plan_assert_switch (board, profile,
                              "route " XHCI " 0x3fff > 0x0001 of 0x3fff\n"
                              "lend 2 for 1000:1000, " XHCI " xhci_hcd > vfio-pci!vfio-pci\n");
  pf_test_plan_assert_home (board,
                            "return 2 for 0:0, " XHCI " vfio-pci!vfio-pci > xhci_hcd\n"
                            "route " XHCI " 0x0001 > 0x3fff of 0x3fff\n",
                            start);
}

/* From the xHCI to an EHCI: while both change hands, the host's ports wait where the host has them. */
static void
test_xhci_to_ehci (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) xhci = pf_test_plan_make_profile (board, "xhci", XHCI, "");
  g_autoptr (PfProfile) ehci = pf_test_plan_make_profile (board, "ehci", EHCI1, "ehci1");

  pf_test_plan_switch (board, xhci);
  g_assert_cmphex (board->registers[0], ==, 0x0000);
  pf_test_plan_assert_switch (board, ehci,
                              "return 2 for 0:0, " XHCI " vfio-pci!vfio-pci > xhci_hcd\n"
                              "route " XHCI " 0x0000 > 0x3f00 of 0x3fff\n"
                              "lend 9 for 1000:1000, " EHCI1 " ehci-pci > vfio-pci!vfio-pci\n");
}

/* Home is where it was, not what the kernel does at boot. */
static void
test_home_routing_is_what_it_was (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_x99 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", EHCI2, "ehci2");
  g_autoptr (PfProfile) other = pf_test_plan_make_profile (board, "other", EHCI2, "ehci2/1");
  g_autofree char *start = NULL;

  board->registers[0] = 0xa5005678;
  start = pf_test_board_describe (board);
  pf_test_plan_switch (board, profile);
  g_assert_cmphex (board->registers[0], ==, 0xa50040ff);
  pf_test_plan_switch (board, other);
  pf_test_plan_assert_home (board,
                            "route " XHCI " 0xa5007eff > 0xa5007e78 of 0x3fff\n"
                            "return 5 for 0:0, " EHCI2 " vfio-pci!vfio-pci > ehci-pci\n"
                            "route " XHCI " 0xa5007e78 > 0xa5005678 of 0x3fff\n",
                            start);
}

/* While ports are away, the xHCI must not sleep: its resume would take them back. */
static void
test_power (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) guest = pf_test_plan_make_profile (board, "guest", "00:1a.0", "ehci2/3");
  g_autoptr (PfProfile) idle = pf_test_plan_make_profile (board, "idle", "00:1a.0", "");

  board->power = PF_POWER_AUTO;
  pf_test_plan_assert (board, guest,
                       "power 0000:00:14.0 0x0000 > 0x0001 of 0x0001\n"
                       "lend 5 for 1000:1000, 0000:00:1a.0 ehci-pci > vfio-pci!vfio-pci\n"
                       "route 0000:00:14.0 0x3fff > 0x3bff of 0x3fff\n");
  pf_test_plan_switch (board, guest);
  pf_test_plan_assert (board, guest, "");
  pf_test_plan_assert (board, idle,
                       "route 0000:00:14.0 0x3bff > 0x3fff of 0x3fff\n"
                       "power 0000:00:14.0 0x0001 > 0x0000 of 0x0001\n");
  /* Somebody let it sleep again: that is mended. */
  board->power = PF_POWER_AUTO;
  pf_test_plan_assert (board, guest, "power 0000:00:14.0 0x0000 > 0x0001 of 0x0001\n");
}

/* The SuperSpeed half of what goes to an EHCI is off meanwhile, and nothing else of the register. */
static void
test_super_speed_off (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) guest
      = pf_test_plan_make_profile (board, "guest", "00:1d.0", "ehci1/2 ehci1/5 ehci1/8");
  g_autoptr (PfProfile) home = pf_profile_new_home ();

  board->registers[2] = 0xa5000037;
  guest->super_speed_off = TRUE;
  pf_test_plan_assert (board, guest,
                       "lend 9 for 1000:1000, 0000:00:1d.0 ehci-pci > vfio-pci!vfio-pci\n"
                       "route 0000:00:14.0 0x3fff > 0x3f6d of 0x3fff\n"
                       "super-speed 0000:00:14.0 0xa5000037 > 0xa5000025 of 0x003f\n");
  pf_test_plan_switch (board, guest);
  pf_test_plan_assert (board, guest, "");
  pf_test_plan_assert (board, home,
                       "super-speed 0000:00:14.0 0xa5000025 > 0xa5000037 of 0x003f\n"
                       "route 0000:00:14.0 0x3f6d > 0x3fff of 0x3fff\n"
                       "return 9 for 0:0, 0000:00:1d.0 vfio-pci!vfio-pci > ehci-pci\n");
  /* A profile that leaves SuperSpeed alone gives it back. */
  guest->super_speed_off = FALSE;
  pf_test_plan_assert (board, guest, "super-speed 0000:00:14.0 0xa5000025 > 0xa5000037 of 0x003f\n");
  pf_test_plan_switch (board, home);
  g_assert_cmphex (board->registers[2], ==, 0xa5000037);
}

/* On the xHCI's side both halves go along: nothing is switched off. */
static void
test_super_speed_of_xhci (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) guest = pf_test_plan_make_profile (board, "guest", "00:14.0", "all");

  guest->super_speed_off = TRUE;
  pf_test_plan_switch (board, guest);
  g_assert_cmphex (board->registers[2], ==, 0x3f);
}

/* A profile that has nothing to do with the router lets its ports go home. */
static void
test_unconcerned_profile (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) ports = pf_test_plan_make_profile (board, "ports", EHCI2, "ehci2");
  g_autoptr (PfProfile) card = pf_test_plan_make_profile (board, "card", CARD, "");

  board->registers[0] = 0x3ffe;
  pf_test_plan_assert_switch (board, card, "lend 13 for 1000:1000, " CARD " xhci_hcd > vfio-pci!vfio-pci\n");
  pf_test_plan_switch (board, ports);
  pf_test_plan_assert_switch (board, card,
                              "route " XHCI " 0x00ff > 0x3ffe of 0x3fff\n"
                              "return 5 for 0:0, " EHCI2 " vfio-pci!vfio-pci > ehci-pci\n"
                              "lend 13 for 1000:1000, " CARD " xhci_hcd > vfio-pci!vfio-pci\n");
}

/* Where both sides belong to the guest, its ports stay where they are. */
static void
test_both_sides_lent (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", XHCI " " EHCI1 " " EHCI2, "all");
  g_autoptr (PfProfile) forced = pf_test_plan_make_profile (board, "forced", XHCI " " EHCI1 " " EHCI2, "all");

  board->registers[0] = 0x1234;
  pf_test_plan_switch (board, profile);
  g_assert_cmphex (board->registers[0], ==, 0x1234);
  pf_profile_set_side (forced, "ehci", NULL);
  pf_test_plan_assert_switch (board, forced, "route " XHCI " 0x1234 > 0x0000 of 0x3fff\n");
}

static void
test_inverse_of_routes (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", EHCI2, "ehci2");
  g_autoptr (PfPlan) plan = pf_test_plan_compute (board, profile, NULL);
  g_autoptr (PfPlan) inverse = pf_plan_invert (plan);
  g_autofree char *text = pf_test_plan_describe (inverse);

  g_assert_cmpstr (text, ==,
                   "route " XHCI " 0x00ff > 0x3fff of 0x3fff\n"
                   "return 5 for 0:0, " EHCI2 " vfio-pci!vfio-pci > ehci-pci\n");
}

/* Without an IOMMU ports can still be routed. */
static void
test_no_iommu_but_ports (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", "", "ehci2");

  pf_test_board_remove_iommu (board);
  pf_profile_set_side (profile, "ehci", NULL);
  pf_test_plan_assert (board, profile, "route " XHCI " 0x3fff > 0x00ff of 0x3fff\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/plan-router/toggle", test_toggle_is_one_write);
  g_test_add_func ("/model/plan-router/toggle-of-others", test_toggle_on_controllers_of_others);
  g_test_add_func ("/model/plan-router/lend-xhci", test_lend_xhci);
  g_test_add_func ("/model/plan-router/xhci-to-ehci", test_xhci_to_ehci);
  g_test_add_func ("/model/plan-router/home-routing", test_home_routing_is_what_it_was);
  g_test_add_func ("/model/plan-router/power", test_power);
  g_test_add_func ("/model/plan-router/super-speed-off", test_super_speed_off);
  g_test_add_func ("/model/plan-router/super-speed-of-xhci", test_super_speed_of_xhci);
  g_test_add_func ("/model/plan-router/unconcerned", test_unconcerned_profile);
  g_test_add_func ("/model/plan-router/both-sides-lent", test_both_sides_lent);
  g_test_add_func ("/model/plan-router/inverse-of-routes", test_inverse_of_routes);
  g_test_add_func ("/model/plan-router/no-iommu-but-ports", test_no_iommu_but_ports);
  return g_test_run ();
}
