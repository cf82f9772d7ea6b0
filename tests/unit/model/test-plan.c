/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Plans for controllers and their groups: which steps, in which order, and what they say. */

#include "pf-test-plan.h"

#define EHCI1 "0000:00:1d.0"
#define EHCI2 "0000:00:1a.0"
#define XHCI "0000:00:14.0"
#define CARD "0000:03:00.0"
#define SHARED "0000:21:00.3"
#define SIBLING "0000:21:00.4"

/* The guest's side is ready before ports arrive; on the way back they leave before it goes. */
static void
test_lend_and_home (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", EHCI2, "ehci2");
  g_autofree char *start = pf_test_board_describe (board);

  pf_test_plan_assert_switch (board, profile,
                              "lend 5 for 1000:1000, " EHCI2 " ehci-pci > vfio-pci!vfio-pci\n"
                              "route " XHCI " 0x3fff > 0x00ff of 0x3fff\n");
  pf_test_plan_assert_home (board,
                            "route " XHCI " 0x00ff > 0x3fff of 0x3fff\n"
                            "return 5 for 0:0, " EHCI2 " vfio-pci!vfio-pci > ehci-pci\n",
                            start);
}

static void
test_home_is_empty (void)
{
  PfTestBoard *(*const boards[]) (void)
      = { pf_test_board_new_z97,   pf_test_board_new_x99, pf_test_board_new_h81,
          pf_test_board_new_seven, pf_test_board_new_amd, pf_test_board_new_laptop };
  g_autoptr (PfProfile) home = pf_profile_new_home ();
  g_autoptr (PfProfile) nothing = pf_profile_new ("nothing");

  for (guint i = 0; i < G_N_ELEMENTS (boards); i++)
    {
      g_autoptr (PfTestBoard) board = boards[i]();

      pf_test_plan_assert (board, home, "");
      pf_test_plan_assert (board, nothing, "");
    }
}

/* From one EHCI to the other: home with the first one's ports, then the second, then its ports. */
static void
test_change_of_controllers (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) second = pf_test_plan_make_profile (board, "second", EHCI2, "ehci2");
  g_autoptr (PfProfile) first = pf_test_plan_make_profile (board, "first", EHCI1, "ehci1/1");

  pf_test_plan_switch (board, second);
  pf_test_plan_assert_switch (board, first,
                              "route " XHCI " 0x00ff > 0x3fff of 0x3fff\n"
                              "return 5 for 0:0, " EHCI2 " vfio-pci!vfio-pci > ehci-pci\n"
                              "lend 9 for 1000:1000, " EHCI1 " ehci-pci > vfio-pci!vfio-pci\n"
                              "route " XHCI " 0x3fff > 0x3ffe of 0x3fff\n");
}

#define LEND_SHARED                                                                                          \
  "lend 16 for 1000:1000, 0000:21:00.0 none > vfio-pci!vfio-pci, 0000:21:00.2 ccp > "                        \
  "vfio-pci!vfio-pci, " SHARED " xhci_hcd > vfio-pci!vfio-pci, " SIBLING " xhci_hcd > vfio-pci!vfio-pci, "   \
  "0000:21:00.6 snd_hda_intel > vfio-pci!vfio-pci\n"

#define RETURN_SHARED                                                                                        \
  "return 16 for 0:0, 0000:21:00.0 vfio-pci!vfio-pci > none, 0000:21:00.2 vfio-pci!vfio-pci > ccp, " SHARED  \
  " vfio-pci!vfio-pci > xhci_hcd, " SIBLING " vfio-pci!vfio-pci > xhci_hcd, "                                \
  "0000:21:00.6 vfio-pci!vfio-pci > snd_hda_intel\n"

/* A whole group moves, but for its bridges; a member without driver has none again. */
static void
test_shared_group (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_amd ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", SHARED, "");
  g_autofree char *start = pf_test_board_describe (board);

  pf_test_plan_assert_switch (board, profile, LEND_SHARED);
  pf_test_plan_assert_home (board, RETURN_SHARED, start);
}

static void
test_group_of_two_is_lent_once (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_amd ();
  g_autoptr (PfProfile) both = pf_test_plan_make_profile (board, "both", SHARED " " SIBLING, "");
  g_autoptr (PfProfile) other = pf_test_plan_make_profile (board, "other", SIBLING, "");

  pf_test_plan_assert_switch (board, both, LEND_SHARED);
  pf_test_plan_assert (board, other, "");
}

/* Another bridge, told by its class only, and a device of another bus. */
static void
test_what_never_moves (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", EHCI2, "");

  pf_test_board_add (board, "0000:00:1f.0", 0x80868cc4, 0x060100, "ISA bridge", NULL, 5);
  pf_test_board_add (board, "0000:00:1c.0", 0x80868c90, 0x0c0330, "odd bridge", "pcieport", 5)->header_type
      = 1;
  pf_test_board_add (board, "PNP0501:00", 0, 0, "serial port", NULL, 5);
  pf_test_plan_assert (board, profile, "lend 5 for 1000:1000, " EHCI2 " ehci-pci > vfio-pci!vfio-pci\n");
}

/* What others had set before is put back: drivers, overrides, and the node of a group that they have a part
 * of. */
static void
test_what_others_set (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_amd ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", SHARED, "");
  const PfNode node = { 107, 36, 0660 };
  g_autofree char *start = NULL;

  pf_test_board_bind (board, "0000:21:00.6", "vfio-pci", NULL);
  pf_test_board_bind (board, "0000:21:00.2", "pci-stub", "pci-stub");
  pf_test_board_bind (board, SIBLING, "xhci_hcd", "xhci_hcd");
  pf_test_board_bind (board, "0000:21:00.0", NULL, "nothing");
  g_hash_table_insert (board->nodes, GINT_TO_POINTER (16), g_memdup2 (&node, sizeof node));
  start = pf_test_board_describe (board);
  pf_test_plan_assert_switch (board, profile,
                              "lend 16 for 1000:1000, 0000:21:00.0 none!nothing > vfio-pci!vfio-pci, "
                              "0000:21:00.2 pci-stub!pci-stub > vfio-pci!vfio-pci, " SHARED
                              " xhci_hcd > vfio-pci!vfio-pci, " SIBLING
                              " xhci_hcd!xhci_hcd > vfio-pci!vfio-pci\n");
  pf_test_plan_assert_home (board,
                            "return 16 for 107:36, 0000:21:00.0 vfio-pci!vfio-pci > none!nothing, "
                            "0000:21:00.2 vfio-pci!vfio-pci > pci-stub!pci-stub, " SHARED
                            " vfio-pci!vfio-pci > xhci_hcd, " SIBLING
                            " vfio-pci!vfio-pci > xhci_hcd!xhci_hcd\n",
                            start);
}

/* What others have lent is no business of ours, on the way home neither. */
static void
test_others_stay (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_amd ();
  g_autoptr (PfProfile) home = pf_profile_new_home ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", "0000:02:00.0", "");

  pf_test_board_bind (board, "0000:02:00.0", "vfio-pci", NULL);
  pf_test_plan_assert (board, home, "");
  pf_test_plan_assert (board, profile, "");
}

/* libvirt took one member back, and one is where a crash left it: both go where the record says, nothing else
 * moves. */
static void
test_loans_drive_returns (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_amd ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", SHARED, "");
  g_autofree char *start = NULL;

  pf_test_board_bind (board, SIBLING, "xhci_hcd", "xhci_hcd");
  start = pf_test_board_describe (board);
  pf_test_plan_switch (board, profile);
  pf_test_board_bind (board, "0000:21:00.2", "ccp", NULL);
  pf_test_board_bind (board, SIBLING, NULL, "vfio-pci");
  pf_test_board_bind (board, "0000:02:00.0", NULL, "vfio-pci");
  pf_test_board_bind (board, "0000:21:00.6", "snd_hda_intel", "vfio-pci");
  pf_test_plan_assert (
      board, profile,
      "lend 16 for 1000:1000, 0000:21:00.2 ccp > vfio-pci!vfio-pci, " SIBLING
      " xhci_hcd!xhci_hcd > vfio-pci!vfio-pci, 0000:21:00.6 snd_hda_intel > vfio-pci!vfio-pci\n");
  pf_test_board_bind (board, "0000:02:00.0", "xhci_hcd", NULL);
  pf_test_plan_assert_home (board,
                            "return 16 for 0:0, 0000:21:00.0 vfio-pci!vfio-pci > none, " SHARED
                            " vfio-pci!vfio-pci > xhci_hcd, " SIBLING " none!vfio-pci > xhci_hcd!xhci_hcd, "
                            "0000:21:00.6 snd_hda_intel!vfio-pci > snd_hda_intel\n",
                            start);
}

/* A card that was pulled out while it was lent leaves nothing to return. */
static void
test_lent_card_is_gone (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", CARD, "");
  g_autoptr (PfProfile) home = pf_profile_new_home ();

  pf_test_plan_switch (board, profile);
  g_ptr_array_remove (board->functions, pf_test_board_get (board, CARD));
  pf_test_plan_assert (board, home, "");
}

/* An EHCI that has no driver at home belongs to nobody when it is back: no port is sent there. */
static void
test_controller_without_driver_at_home (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) ehci = pf_test_plan_make_profile (board, "ehci", EHCI1, "");
  g_autoptr (PfProfile) xhci = pf_test_plan_make_profile (board, "xhci", XHCI, "");

  pf_test_board_bind (board, EHCI1, NULL, NULL);
  pf_test_plan_switch (board, ehci);
  pf_test_plan_assert_switch (board, xhci,
                              "route " XHCI " 0x3fff > 0x00ff of 0x3fff\n"
                              "return 9 for 0:0, " EHCI1 " vfio-pci!vfio-pci > none\n"
                              "lend 2 for 1000:1000, " XHCI " xhci_hcd > vfio-pci!vfio-pci\n");
}

static void
test_inverse (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_amd ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", SHARED " 0000:02:00.0", "");
  g_autoptr (PfPlan) plan = pf_test_plan_compute (board, profile, NULL);
  g_autoptr (PfPlan) inverse = pf_plan_invert (plan);
  g_autoptr (PfPlan) twice = pf_plan_invert (inverse);
  g_autoptr (PfPlan) copy = pf_plan_copy (plan);
  g_autofree char *text = pf_test_plan_describe (plan);
  g_autofree char *twice_text = pf_test_plan_describe (twice);
  g_autofree char *copy_text = pf_test_plan_describe (copy);
  g_autofree char *inverse_text = pf_test_plan_describe (inverse);

  g_assert_cmpstr (twice_text, ==, text);
  g_assert_cmpstr (copy_text, ==, text);
  g_assert_cmpstr (copy->profile, ==, "test");
  g_assert_cmpstr (inverse_text, ==,
                   "return 11 for 0:0, 0000:02:00.0 vfio-pci!vfio-pci > xhci_hcd\n" RETURN_SHARED);
}

static void
assert_described (const PfTestBoard *board, const PfProfile *profile, guint at, const char *expected)
{
  g_autoptr (PfBoard) as_read = pf_test_board_read (board);
  g_autoptr (PfPlan) plan = pf_test_plan_compute (board, profile, NULL);
  g_autofree char *text = pf_step_describe (plan->steps->pdata[at], as_read);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_steps_in_words (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", EHCI2, "ehci2/1 ehci2/3");
  g_autoptr (PfProfile) home = pf_profile_new_home ();

  assert_described (board, profile, 0,
                    "Lend IOMMU group 5 to the guest: Intel USB EHCI Controller #2 (" EHCI2 ")");
  assert_described (board, profile, 1,
                    "Route on " XHCI ", XUSB2PR 0x3fff to 0x3aff: to EHCI ehci2/1, ehci2/3");
  pf_test_plan_switch (board, profile);
  assert_described (board, home, 0, "Route on " XHCI ", XUSB2PR 0x3aff to 0x3fff: to xHCI ehci2/1, ehci2/3");
  assert_described (board, home, 1,
                    "Return IOMMU group 5 to the host: Intel USB EHCI Controller #2 (" EHCI2 ")");
}

static void
test_settings_in_words (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", "00:1d.0", "ehci1/1 ehci1/3");
  g_autoptr (PfProfile) home = pf_profile_new_home ();

  board->power = PF_POWER_AUTO;
  profile->super_speed_off = TRUE;
  assert_described (board, profile, 0, "Keep " XHCI " awake: a runtime resume would route all ports to it");
  assert_described (board, profile, 3,
                    "Switch off SuperSpeed on " XHCI ", USB3_PSSEN 0x003f to 0x003a: SuperSpeed port 1, 3");
  pf_test_plan_switch (board, profile);
  assert_described (board, home, 0,
                    "Switch on SuperSpeed on " XHCI ", USB3_PSSEN 0x003a to 0x003f: SuperSpeed port 1, 3");
  assert_described (board, home, 3, "Let the kernel put " XHCI " to sleep again");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/plan/lend-and-home", test_lend_and_home);
  g_test_add_func ("/model/plan/home-is-empty", test_home_is_empty);
  g_test_add_func ("/model/plan/change-of-controllers", test_change_of_controllers);
  g_test_add_func ("/model/plan/shared-group", test_shared_group);
  g_test_add_func ("/model/plan/group-of-two", test_group_of_two_is_lent_once);
  g_test_add_func ("/model/plan/never-moves", test_what_never_moves);
  g_test_add_func ("/model/plan/what-others-set", test_what_others_set);
  g_test_add_func ("/model/plan/others-stay", test_others_stay);
  g_test_add_func ("/model/plan/loans-drive-returns", test_loans_drive_returns);
  g_test_add_func ("/model/plan/lent-card-gone", test_lent_card_is_gone);
  g_test_add_func ("/model/plan/no-driver-at-home", test_controller_without_driver_at_home);
  g_test_add_func ("/model/plan/inverse", test_inverse);
  g_test_add_func ("/model/plan/in-words", test_steps_in_words);
  g_test_add_func ("/model/plan/settings-in-words", test_settings_in_words);
  return g_test_run ();
}
