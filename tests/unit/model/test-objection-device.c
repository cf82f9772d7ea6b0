/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What speaks against a plan because the hardware cannot do it, or the kernel does not answer. */

#include <string.h>

#include "pf-objection.h"
#include "pf-test-plan.h"

#define EHCI1 "0000:00:1d.0"
#define EHCI2 "0000:00:1a.0"
#define XHCI "0000:00:14.0"
#define SHARED "0000:21:00.3"

static GPtrArray *
compute (const PfTestBoard *made_up, const PfProfile *profile)
{
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  g_autoptr (GError) error = NULL;
  g_autoptr (PfPlan) plan = pf_test_plan_compute (made_up, profile, &error);

  g_assert_no_error (error);
  return pf_objections_compute (board, plan, profile);
}

static void
assert_none (const PfTestBoard *board, const PfProfile *profile)
{
  g_autoptr (GPtrArray) objections = compute (board, profile);

  g_assert_cmpuint (objections->len, ==, 0);
}

static void
assert_soft (const PfTestBoard *board,
             const PfProfile *profile,
             const char *code,
             const char *address,
             const char *word)
{
  g_autoptr (GPtrArray) objections = compute (board, profile);
  const char *const override[] = { code, NULL };
  const PfObjection *objection;

  g_assert_cmpuint (objections->len, ==, 1);
  objection = objections->pdata[0];
  g_test_message ("%s", objection->message);
  g_assert_cmpstr (objection->code, ==, code);
  g_assert_true (pf_objection_code_exists (objection->code));
  g_assert_cmpint (objection->severity, ==, PF_SEVERITY_SOFT);
  g_assert_cmpstr (objection->address, ==, address);
  g_assert_nonnull (strstr (objection->message, word));
  g_assert_false (pf_objections_check (objections, NULL, NULL));
  g_assert_true (pf_objections_check (objections, override, NULL));
}

/* Only when it is lent: afterwards, ports go to and fro without a word. */
static void
test_no_reset (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) idle = pf_test_plan_make_profile (board, "idle", EHCI2, "");
  g_autoptr (PfProfile) ports = pf_test_plan_make_profile (board, "ports", EHCI2, "ehci2/1 ehci2/2");
  g_autoptr (PfProfile) other = pf_test_plan_make_profile (board, "other", EHCI1, "ehci1/1");
  g_autoptr (PfProfile) home = pf_profile_new_home ();

  pf_test_board_get (board, EHCI2)->no_reset = TRUE;
  pf_test_board_get (board, XHCI)->no_reset = TRUE;
  assert_none (board, other);
  assert_soft (board, ports, "no-reset", EHCI2, "EHCI Controller #2");
  pf_test_plan_switch (board, idle);
  assert_none (board, ports);
  pf_test_plan_switch (board, ports);
  assert_none (board, idle);
  assert_none (board, home);
}

/* Of a group only the USB controllers count: what came along has to be reset by whoever wanted it. */
static void
test_no_reset_of_members (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_amd ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", SHARED, "");

  pf_test_board_get (board, "0000:21:00.4")->ids = 0x10220001; /* one with nothing to know of its resets */
  pf_test_board_get (board, "0000:21:00.6")->no_reset = TRUE;
  assert_soft (board, profile, "goes-along", "0000:21:00.6", "HD Audio");
  pf_test_board_get (board, "0000:21:00.6")->class_code = 0x130000;
  assert_none (board, profile);
  pf_test_board_get (board, SHARED)->no_reset = TRUE;
  assert_soft (board, profile, "no-reset", SHARED, "Zeppelin");
}

/* SuperSpeed port 2 is paired with bit 1, ehci1/2. */
static void
test_super_speed (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) same = pf_test_plan_make_profile (board, "same", EHCI1, "ehci1/2");
  g_autoptr (PfProfile) other = pf_test_plan_make_profile (board, "other", EHCI1, "ehci1/1");
  g_autoptr (PfProfile) both = pf_test_plan_make_profile (board, "both", XHCI " " EHCI1, "ehci1/2");

  assert_none (board, same);
  pf_test_board_plug_super_speed (board, 2, "Samsung T5", PF_TEST_STORAGE);
  assert_none (board, other);
  assert_none (board, both);
  assert_soft (board, same, "super-speed-half-stays", "2-2", "ehci1/2");
}

/* What is switched off falls back to USB2, and goes along; where the firmware does not let it be switched
 * off, it stays. */
static void
test_super_speed_off (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) same = pf_test_plan_make_profile (board, "same", EHCI1, "ehci1/2");

  same->super_speed_off = TRUE;
  pf_test_board_plug_super_speed (board, 2, "Samsung T5", PF_TEST_STORAGE);
  assert_none (board, same);
  board->registers[3] &= ~(1u << 1);
  assert_soft (board, same, "super-speed-half-stays", "2-2", "ehci1/2");
}

/* It is unplugged from the one half before it is plugged into the other. */
static void
test_super_speed_off_mounted (void)
{
  g_autoptr (PfTestBoard) made_up = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) same = pf_test_plan_make_profile (made_up, "same", EHCI1, "ehci1/2");
  PfUsePlace place = { (char *) XHCI, (char *) "2-2" };
  g_autoptr (PfBoard) board = NULL;
  g_autoptr (PfPlan) plan = NULL;
  g_autoptr (GPtrArray) objections = NULL;
  g_autoptr (GPtrArray) changes = NULL;

  same->super_speed_off = TRUE;
  pf_test_board_plug_super_speed (made_up, 2, "Samsung T5", PF_TEST_STORAGE);
  board = pf_test_board_read (made_up);
  pf_board_add_use (board, PF_USE_MOUNT, &place, "sdb1", "/media/t5");
  plan = pf_test_plan_compute (made_up, same, NULL);
  objections = pf_objections_compute (board, plan, same);
  g_assert_cmpuint (objections->len, ==, 1);
  g_assert_cmpstr (((const PfObjection *) objections->pdata[0])->code, ==, "mounted");
  changes = pf_changes_compute (board, plan);
  g_assert_cmpstr (((const PfChange *) changes->pdata[0])->name, ==, "Samsung T5");
  g_assert_cmpint (((const PfChange *) changes->pdata[0])->to, ==, PF_OWNER_GUEST);
}

/* A hub that is wired otherwise than the bits say: the half that is switched off is another one. */
static void
test_super_speed_off_elsewhere (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) by_half = pf_test_plan_make_profile (board, "half", EHCI1, "ehci1/8");

  by_half->super_speed_off = TRUE;
  pf_test_board_plug (board, 7, "GenesysLogic USB2.1 Hub", PF_TEST_HUB);
  pf_test_board_plug_super_speed (board, 2, "GenesysLogic USB3.1 Hub", PF_TEST_HUB);
  assert_soft (board, by_half, "super-speed-half-stays", "2-2", "ehci1/8");
}

/* Once it is done, the next switch does not complain again. */
static void
test_super_speed_before (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) same = pf_test_plan_make_profile (board, "same", EHCI1, "ehci1/2");
  g_autoptr (PfProfile) more = pf_test_plan_make_profile (board, "more", EHCI1, "ehci1/2 ehci1/8");

  pf_test_plan_switch (board, same);
  pf_test_board_plug_super_speed (board, 2, "Samsung T5", PF_TEST_STORAGE);
  assert_none (board, more);
}

/* The USB2 half of a hub says where it is plugged in, on a board that is wired in its own way. */
static void
test_super_speed_hub (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) by_number = pf_test_plan_make_profile (board, "number", EHCI1, "ehci1/2");
  g_autoptr (PfProfile) by_half = pf_test_plan_make_profile (board, "half", EHCI1, "ehci1/8");

  pf_test_board_plug_super_speed (board, 2, "GenesysLogic USB3.1 Hub", PF_TEST_HUB);
  assert_soft (board, by_number, "super-speed-half-stays", "2-2", "hub");
  pf_test_board_plug (board, 7, "GenesysLogic USB2.1 Hub", PF_TEST_HUB);
  assert_none (board, by_number);
  assert_soft (board, by_half, "super-speed-half-stays", "2-2", "ehci1/8");
}

/* The kernel does not say what its override is: nobody can say what lending would do. */
static void
test_stuck (void)
{
  g_autoptr (PfTestBoard) made_up = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (made_up, "test", EHCI2, "ehci2/1");
  g_autoptr (PfProfile) home = pf_profile_new_home ();
  const char *const override[] = { "stuck", NULL };
  g_autoptr (GError) refused = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) objections = NULL;
  g_autoptr (PfBoard) board = NULL;

  pf_test_plan_switch (made_up, profile);
  pf_test_board_bind (made_up, EHCI2, NULL, NULL);
  pf_test_board_get (made_up, EHCI2)->is_stuck = TRUE;
  board = pf_test_board_read (made_up);
  g_assert_null (pf_test_plan_compute (made_up, profile, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_STUCK);
  g_assert_nonnull (strstr (error->message, "EHCI Controller #2 (" EHCI2 ")"));
  objections = compute (made_up, home);
  g_assert_cmpuint (objections->len, ==, 1);
  g_assert_cmpstr (((PfObjection *) objections->pdata[0])->code, ==, "stuck");
  g_assert_false (pf_objections_check (objections, override, &refused));
  g_assert_error (refused, PF_ERROR, PF_ERROR_STUCK);
  /* And it must not be forgotten that it is lent. */
  g_assert_false (pf_loans_drop_home (board->loans, board));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/objections/no-reset", test_no_reset);
  g_test_add_func ("/model/objections/no-reset-of-members", test_no_reset_of_members);
  g_test_add_func ("/model/objections/super-speed", test_super_speed);
  g_test_add_func ("/model/objections/super-speed-off", test_super_speed_off);
  g_test_add_func ("/model/objections/super-speed-off-mounted", test_super_speed_off_mounted);
  g_test_add_func ("/model/objections/super-speed-off-elsewhere", test_super_speed_off_elsewhere);
  g_test_add_func ("/model/objections/super-speed-before", test_super_speed_before);
  g_test_add_func ("/model/objections/super-speed-hub", test_super_speed_hub);
  g_test_add_func ("/model/objections/stuck", test_stuck);
  return g_test_run ();
}
