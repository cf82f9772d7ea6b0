/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Plans: which steps, in which order, and why there is none. */

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
assert_plan (const PfTestBoard *board, const PfProfile *profile, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfPlan) plan = pf_test_plan_compute (board, profile, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (plan->profile, ==, profile->id);
  text = pf_test_plan_describe (plan);
  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpint (pf_plan_is_empty (plan), ==, *expected == '\0');
}

/* Carries out what is expected to be the plan. */
static void
assert_switch (PfTestBoard *board, const PfProfile *profile, const char *expected)
{
  assert_plan (board, profile, expected);
  pf_test_plan_switch (board, profile);
  assert_plan (board, profile, "");
}

/* The way home from anywhere leads to where it started. */
static void
assert_home (PfTestBoard *board, const char *expected, const char *start)
{
  g_autoptr (PfProfile) home = pf_profile_new_home ();
  g_autofree char *end = NULL;

  assert_switch (board, home, expected);
  end = pf_test_board_describe (board);
  g_assert_cmpstr (end, ==, start);
  g_assert_cmpuint (board->loans->loans->len, ==, 0);
}

/* The guest's side is ready before ports arrive; on the way back they leave before it goes. */
static void
test_lend_and_home (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", EHCI2, "ehci2");
  g_autofree char *start = pf_test_board_describe (board);

  assert_switch (board, profile,
                 "lend 5 for 1000:1000, " EHCI2 " ehci-pci > vfio-pci!vfio-pci\n"
                 "route " XHCI " 0x3fff > 0x00ff of 0x3fff\n");
  assert_home (board,
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

      assert_plan (board, home, "");
      assert_plan (board, nothing, "");
    }
}

/* Everyday use: the EHCIs stay lent, and a toggle is one register write. */
static void
test_toggle_is_one_write (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) here = pf_test_plan_make_profile (board, "here", EHCI1 " " EHCI2, "");
  g_autoptr (PfProfile) there
      = pf_test_plan_make_profile (board, "there", EHCI1 " " EHCI2, "ehci1/1 ehci1/2");
  g_autoptr (PfProfile) all = pf_test_plan_make_profile (board, "all", EHCI1 " " EHCI2, "all");

  assert_switch (board, here,
                 "lend 5 for 1000:1000, " EHCI2 " ehci-pci > vfio-pci!vfio-pci\n"
                 "lend 9 for 1000:1000, " EHCI1 " ehci-pci > vfio-pci!vfio-pci\n");
  for (guint i = 0; i < 3; i++)
    {
      assert_switch (board, there, "route " XHCI " 0x3fff > 0x3ffc of 0x3fff\n");
      assert_switch (board, all, "route " XHCI " 0x3ffc > 0x0000 of 0x3fff\n");
      assert_switch (board, here, "route " XHCI " 0x0000 > 0x3fff of 0x3fff\n");
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
  assert_switch (board, ports, "route " XHCI " 0x3fff > 0x3eff of 0x3fff\n");
  assert_switch (board, named, "route " XHCI " 0x3eff > 0x00ff of 0x3fff\n");
  assert_home (board, "route " XHCI " 0x00ff > 0x3fff of 0x3fff\n", start);
}

/* From one EHCI to the other: home with the first one's ports, then the second, then its ports. */
static void
test_change_of_controllers (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) second = pf_test_plan_make_profile (board, "second", EHCI2, "ehci2");
  g_autoptr (PfProfile) first = pf_test_plan_make_profile (board, "first", EHCI1, "ehci1/1");

  pf_test_plan_switch (board, second);
  assert_switch (board, first,
                 "route " XHCI " 0x00ff > 0x3fff of 0x3fff\n"
                 "return 5 for 0:0, " EHCI2 " vfio-pci!vfio-pci > ehci-pci\n"
                 "lend 9 for 1000:1000, " EHCI1 " ehci-pci > vfio-pci!vfio-pci\n"
                 "route " XHCI " 0x3fff > 0x3ffe of 0x3fff\n");
}

/* The xHCI can go only when the host's ports are off it, and they can come home only when it is back. */
static void
test_lend_xhci (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", XHCI, "ehci1/1");
  g_autofree char *start = pf_test_board_describe (board);

  assert_switch (board, profile,
                 "route " XHCI " 0x3fff > 0x0001 of 0x3fff\n"
                 "lend 2 for 1000:1000, " XHCI " xhci_hcd > vfio-pci!vfio-pci\n");
  assert_home (board,
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
  assert_switch (board, ehci,
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
  assert_home (board,
               "route " XHCI " 0xa5007eff > 0xa5007e78 of 0x3fff\n"
               "return 5 for 0:0, " EHCI2 " vfio-pci!vfio-pci > ehci-pci\n"
               "route " XHCI " 0xa5007e78 > 0xa5005678 of 0x3fff\n",
               start);
}

/* A profile that has nothing to do with the router lets its ports go home. */
/* While ports are away, the xHCI must not sleep: its resume would take them back. */
static void
test_power (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) guest = pf_test_plan_make_profile (board, "guest", "00:1a.0", "ehci2/3");
  g_autoptr (PfProfile) idle = pf_test_plan_make_profile (board, "idle", "00:1a.0", "");

  board->power = PF_POWER_AUTO;
  assert_plan (board, guest,
               "power 0000:00:14.0 0x0000 > 0x0001 of 0x0001\n"
               "lend 5 for 1000:1000, 0000:00:1a.0 ehci-pci > vfio-pci!vfio-pci\n"
               "route 0000:00:14.0 0x3fff > 0x3bff of 0x3fff\n");
  pf_test_plan_switch (board, guest);
  assert_plan (board, guest, "");
  assert_plan (board, idle,
               "route 0000:00:14.0 0x3bff > 0x3fff of 0x3fff\n"
               "power 0000:00:14.0 0x0001 > 0x0000 of 0x0001\n");
  /* Somebody let it sleep again: that is mended. */
  board->power = PF_POWER_AUTO;
  assert_plan (board, guest, "power 0000:00:14.0 0x0000 > 0x0001 of 0x0001\n");
}

/* The SuperSpeed half of what goes to an EHCI is off meanwhile, and nothing else of the register. */
static void
test_super_speed_off (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) guest = pf_test_plan_make_profile (board, "guest", "00:1d.0", "ehci1/2 ehci1/5 ehci1/8");
  g_autoptr (PfProfile) home = pf_profile_new_home ();

  board->registers[2] = 0xa5000037;
  guest->super_speed_off = TRUE;
  assert_plan (board, guest,
               "lend 9 for 1000:1000, 0000:00:1d.0 ehci-pci > vfio-pci!vfio-pci\n"
               "route 0000:00:14.0 0x3fff > 0x3f6d of 0x3fff\n"
               "super-speed 0000:00:14.0 0xa5000037 > 0xa5000025 of 0x003f\n");
  pf_test_plan_switch (board, guest);
  assert_plan (board, guest, "");
  assert_plan (board, home,
               "super-speed 0000:00:14.0 0xa5000025 > 0xa5000037 of 0x003f\n"
               "route 0000:00:14.0 0x3f6d > 0x3fff of 0x3fff\n"
               "return 9 for 0:0, 0000:00:1d.0 vfio-pci!vfio-pci > ehci-pci\n");
  /* A profile that leaves SuperSpeed alone gives it back. */
  guest->super_speed_off = FALSE;
  assert_plan (board, guest, "super-speed 0000:00:14.0 0xa5000025 > 0xa5000037 of 0x003f\n");
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

static void
test_unconcerned_profile (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) ports = pf_test_plan_make_profile (board, "ports", EHCI2, "ehci2");
  g_autoptr (PfProfile) card = pf_test_plan_make_profile (board, "card", CARD, "");

  board->registers[0] = 0x3ffe;
  assert_switch (board, card, "lend 13 for 1000:1000, " CARD " xhci_hcd > vfio-pci!vfio-pci\n");
  pf_test_plan_switch (board, ports);
  assert_switch (board, card,
                 "route " XHCI " 0x00ff > 0x3ffe of 0x3fff\n"
                 "return 5 for 0:0, " EHCI2 " vfio-pci!vfio-pci > ehci-pci\n"
                 "lend 13 for 1000:1000, " CARD " xhci_hcd > vfio-pci!vfio-pci\n");
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

  assert_switch (board, profile, LEND_SHARED);
  assert_home (board, RETURN_SHARED, start);
}

static void
test_group_of_two_is_lent_once (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_amd ();
  g_autoptr (PfProfile) both = pf_test_plan_make_profile (board, "both", SHARED " " SIBLING, "");
  g_autoptr (PfProfile) other = pf_test_plan_make_profile (board, "other", SIBLING, "");

  assert_switch (board, both, LEND_SHARED);
  assert_plan (board, other, "");
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
  assert_plan (board, profile, "lend 5 for 1000:1000, " EHCI2 " ehci-pci > vfio-pci!vfio-pci\n");
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
  assert_switch (board, profile,
                 "lend 16 for 1000:1000, 0000:21:00.0 none!nothing > vfio-pci!vfio-pci, "
                 "0000:21:00.2 pci-stub!pci-stub > vfio-pci!vfio-pci, " SHARED
                 " xhci_hcd > vfio-pci!vfio-pci, " SIBLING " xhci_hcd!xhci_hcd > vfio-pci!vfio-pci\n");
  assert_home (board,
               "return 16 for 107:36, 0000:21:00.0 vfio-pci!vfio-pci > none!nothing, "
               "0000:21:00.2 vfio-pci!vfio-pci > pci-stub!pci-stub, " SHARED
               " vfio-pci!vfio-pci > xhci_hcd, " SIBLING " vfio-pci!vfio-pci > xhci_hcd!xhci_hcd\n",
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
  assert_plan (board, home, "");
  assert_plan (board, profile, "");
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
  assert_plan (board, profile,
               "lend 16 for 1000:1000, 0000:21:00.2 ccp > vfio-pci!vfio-pci, " SIBLING
               " xhci_hcd!xhci_hcd > vfio-pci!vfio-pci, 0000:21:00.6 snd_hda_intel > vfio-pci!vfio-pci\n");
  pf_test_board_bind (board, "0000:02:00.0", "xhci_hcd", NULL);
  assert_home (board,
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
  assert_plan (board, home, "");
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
  assert_switch (board, xhci,
                 "route " XHCI " 0x3fff > 0x00ff of 0x3fff\n"
                 "return 9 for 0:0, " EHCI1 " vfio-pci!vfio-pci > none\n"
                 "lend 2 for 1000:1000, " XHCI " xhci_hcd > vfio-pci!vfio-pci\n");
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
  assert_switch (board, forced, "route " XHCI " 0x1234 > 0x0000 of 0x3fff\n");
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
                     WORDS (EHCI2, "EHCI Controller #2", "intel_iommu=on"));
  pf_test_board_remove_iommu (z97);
  pf_test_board_remove_iommu (amd);
  assert_impossible (z97, intel_profile, PF_ERROR_NO_IOMMU, WORDS ("IOMMU is off", "intel_iommu=on", "VT-d"));
  assert_impossible (amd, amd_profile, PF_ERROR_NO_IOMMU, WORDS ("IOMMU is off", "amd_iommu", "AMD-Vi"));
}

/* Without an IOMMU ports can still be routed. */
static void
test_no_iommu_but_ports (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", "", "ehci2");

  pf_test_board_remove_iommu (board);
  pf_profile_set_side (profile, "ehci", NULL);
  assert_plan (board, profile, "route " XHCI " 0x3fff > 0x00ff of 0x3fff\n");
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
  g_test_add_func ("/model/plan/lend-and-home", test_lend_and_home);
  g_test_add_func ("/model/plan/home-is-empty", test_home_is_empty);
  g_test_add_func ("/model/plan/toggle", test_toggle_is_one_write);
  g_test_add_func ("/model/plan/toggle-of-others", test_toggle_on_controllers_of_others);
  g_test_add_func ("/model/plan/change-of-controllers", test_change_of_controllers);
  g_test_add_func ("/model/plan/lend-xhci", test_lend_xhci);
  g_test_add_func ("/model/plan/xhci-to-ehci", test_xhci_to_ehci);
  g_test_add_func ("/model/plan/home-routing", test_home_routing_is_what_it_was);
  g_test_add_func ("/model/plan/power", test_power);
  g_test_add_func ("/model/plan/super-speed-off", test_super_speed_off);
  g_test_add_func ("/model/plan/super-speed-of-xhci", test_super_speed_of_xhci);
  g_test_add_func ("/model/plan/unconcerned", test_unconcerned_profile);
  g_test_add_func ("/model/plan/shared-group", test_shared_group);
  g_test_add_func ("/model/plan/group-of-two", test_group_of_two_is_lent_once);
  g_test_add_func ("/model/plan/never-moves", test_what_never_moves);
  g_test_add_func ("/model/plan/what-others-set", test_what_others_set);
  g_test_add_func ("/model/plan/others-stay", test_others_stay);
  g_test_add_func ("/model/plan/loans-drive-returns", test_loans_drive_returns);
  g_test_add_func ("/model/plan/lent-card-gone", test_lent_card_is_gone);
  g_test_add_func ("/model/plan/no-driver-at-home", test_controller_without_driver_at_home);
  g_test_add_func ("/model/plan/both-sides-lent", test_both_sides_lent);
  g_test_add_func ("/model/plan/inverse", test_inverse);
  g_test_add_func ("/model/plan/inverse-of-routes", test_inverse_of_routes);
  g_test_add_func ("/model/plan/in-words", test_steps_in_words);
  g_test_add_func ("/model/plan/settings-in-words", test_settings_in_words);
  g_test_add_func ("/model/plan/error/no-iommu", test_no_iommu);
  g_test_add_func ("/model/plan/error/no-iommu-but-ports", test_no_iommu_but_ports);
  g_test_add_func ("/model/plan/error/group-not-viable", test_group_not_viable);
  g_test_add_func ("/model/plan/error/no-such-device", test_no_such_device);
  g_test_add_func ("/model/plan/error/board-mismatch", test_board_mismatch);
  g_test_add_func ("/model/plan/error/no-routing-register", test_no_routing_register);
  g_test_add_func ("/model/plan/error/ports-without-guest", test_ports_without_guest);
  g_test_add_func ("/model/plan/error/missing-ports", test_ports_that_are_not_there);
  return g_test_run ();
}
