/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A port that is tried: what is done, and what stops it. */

#include <string.h>

#include "pf-error.h"
#include "pf-journal.h"
#include "pf-test-plan.h"
#include "pf-trial.h"

#define EHCI1 "0000:00:1d.0"
#define XHCI "0000:00:14.0"

static PfPlan *
compute (PfBoard *board, guint bit, GError **error)
{
  return pf_trial_compute (board, board->routers->pdata[0], bit, error);
}

static void
assert_plan (const PfTestBoard *made_up, guint bit, const char *expected)
{
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  g_autoptr (GError) error = NULL;
  g_autoptr (PfPlan) plan = compute (board, bit, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = pf_test_plan_describe (plan);
  g_assert_cmpstr (text, ==, expected);
}

static void
assert_refused (PfBoard *board, guint bit, PfError code, const char *word)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (compute (board, bit, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, PF_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, word));
}

static void
assert_made_up_refused (const PfTestBoard *made_up, guint bit, PfError code, const char *word)
{
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);

  assert_refused (board, bit, code, word);
}

/* One bit, whatever the others are: a profile would take them to the xHCI. */
static void
test_one_bit (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();

  board->registers[0] = 0x3ffe;
  pf_test_board_plug (board, 8, "Cruzer", PF_TEST_STORAGE);
  assert_plan (board, 8, "route " XHCI " 0x3ffe > 0x3efe of 0x3fff\n");
  pf_test_board_plug (board, 0, "Webcam", PF_TEST_PLAIN);
  assert_plan (board, 0, "route " XHCI " 0x3ffe > 0x3fff of 0x3fff\n");
}

/* What is seen on the other side is what was plugged in, also by its SuperSpeed half. */
static void
test_seen (void)
{
  g_autoptr (PfTestBoard) made_up = pf_test_board_new_z97 ();
  g_autoptr (PfBoard) before = NULL;
  g_autoptr (PfBoard) after = NULL;
  g_autoptr (PfPlan) plan = NULL;
  g_auto (GStrv) not_yet = NULL;
  g_auto (GStrv) seen = NULL;

  pf_test_board_plug (made_up, 8, "Cruzer", PF_TEST_STORAGE);
  before = pf_test_board_read (made_up);
  not_yet = pf_trial_list_seen (before, XHCI, 8, FALSE);
  g_assert_cmpuint (g_strv_length (not_yet), ==, 0);
  plan = compute (before, 8, NULL);
  for (guint i = 0; i < plan->steps->len; i++)
    pf_test_plan_carry_out (made_up, plan->steps->pdata[i]);
  after = pf_test_board_read (made_up);
  seen = pf_trial_list_seen (after, XHCI, 8, FALSE);
  g_assert_cmpuint (g_strv_length (seen), ==, 1);
  g_assert_cmpstr (seen[0], ==, "Cruzer");
}

/* Whoever finds it in the journal takes it back. */
static void
test_recovery (void)
{
  g_autoptr (PfTestBoard) made_up = pf_test_board_new_z97 ();
  g_autoptr (PfBoard) board = NULL;
  g_autoptr (PfPlan) plan = NULL;
  g_autoptr (PfPlan) back = NULL;
  g_autoptr (PfJournal) journal = NULL;
  const PfStep *step;

  pf_test_board_plug (made_up, 8, "Cruzer", PF_TEST_STORAGE);
  board = pf_test_board_read (made_up);
  plan = compute (board, 8, NULL);
  journal = pf_journal_new (PF_JOURNAL_APPLY, plan);
  journal->states[0] = PF_JOURNAL_STEP_DONE;
  back = pf_journal_plan_recovery (journal);
  g_assert_cmpstr (back->profile, ==, PF_PROFILE_HOME);
  g_assert_cmpuint (back->steps->len, ==, 1);
  step = back->steps->pdata[0];
  g_assert_cmphex (step->from, ==, 0x3eff);
  g_assert_cmphex (step->to, ==, 0x3fff);
}

/* SuperSpeed port 2 and bit 1 are one socket, as far as the chipset tells; that is what is tried. */
static void
test_super_speed (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();

  pf_test_board_plug_super_speed (board, 2, "Samsung T5", PF_TEST_STORAGE);
  assert_plan (board, 1,
               "route " XHCI " 0x3fff > 0x3ffd of 0x3fff\nsuper-speed " XHCI " 0x003f > 0x003d of 0x003f\n");
  assert_made_up_refused (board, 2, PF_ERROR_OBJECTION, "nothing is plugged in");
}

static void
test_empty (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();

  assert_made_up_refused (board, 3, PF_ERROR_OBJECTION, "ehci1/4 is not tried: nothing is plugged in");
}

/* Not only the last ones: nobody has asked for a switch. */
static void
test_inputs (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();

  board->other_keyboards = board->other_pointers = 1;
  pf_test_board_plug (board, 8, "K120", PF_TEST_KEYBOARD);
  pf_test_board_plug (board, 9, "M100", PF_TEST_POINTER);
  assert_made_up_refused (board, 8, PF_ERROR_OBJECTION, "K120 is a keyboard or pointer");
  assert_made_up_refused (board, 9, PF_ERROR_OBJECTION, "M100 is a keyboard or pointer");
  pf_test_board_plug (board, 10, "AX200", PF_TEST_PLAIN);
  pf_test_board_add_input (board, "K380", PF_TEST_KEYBOARD, NULL, "AX200");
  assert_made_up_refused (board, 10, PF_ERROR_OBJECTION, "K380 is connected by AX200");
}

static void
check_use (PfUseKind kind, const char *usb, guint bit, const char *what)
{
  g_autoptr (PfTestBoard) made_up = pf_test_board_new_z97 ();
  PfUsePlace place = { (char *) XHCI, (char *) usb };
  g_autoptr (PfBoard) board = NULL;

  pf_test_board_plug (made_up, 8, "Cruzer", PF_TEST_STORAGE);
  pf_test_board_plug_super_speed (made_up, 2, "Samsung T5", PF_TEST_STORAGE);
  board = pf_test_board_read (made_up);
  board->other_routes = 1;
  pf_board_add_use (board, kind, &place, what, "somewhere");
  assert_refused (board, bit, PF_ERROR_OBJECTION, what);
}

static void
test_uses (void)
{
  check_use (PF_USE_MOUNT, "1-5", 8, "sdb1");
  check_use (PF_USE_DEFAULT_ROUTE, "1-5", 8, "eth0");
  check_use (PF_USE_AUDIO, "1-5", 8, "Headset");
  check_use (PF_USE_MOUNT, "2-2", 1, "sdc1");
}

static void
test_lent (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", EHCI1, "ehci1/2");

  pf_test_board_plug (board, 8, "Cruzer", PF_TEST_STORAGE);
  pf_test_plan_switch (board, profile);
  assert_made_up_refused (board, 8, PF_ERROR_BUSY, "something is lent");
}

/* Lent by others: the port would go to somebody's virtual machine. */
static void
test_lent_by_others (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();

  pf_test_board_plug (board, 0, "Cruzer", PF_TEST_STORAGE);
  pf_test_board_bind (board, EHCI1, "vfio-pci", "vfio-pci");
  assert_made_up_refused (board, 0, PF_ERROR_BUSY, "something is lent");
}

static void
test_fixed (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();

  pf_test_board_plug (board, 8, "Cruzer", PF_TEST_STORAGE);
  board->registers[1] &= ~(1u << 8);
  assert_made_up_refused (board, 8, PF_ERROR_OBJECTION, "cannot be routed");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/trial/one-bit", test_one_bit);
  g_test_add_func ("/model/trial/seen", test_seen);
  g_test_add_func ("/model/trial/recovery", test_recovery);
  g_test_add_func ("/model/trial/super-speed", test_super_speed);
  g_test_add_func ("/model/trial/empty", test_empty);
  g_test_add_func ("/model/trial/inputs", test_inputs);
  g_test_add_func ("/model/trial/uses", test_uses);
  g_test_add_func ("/model/trial/lent", test_lent);
  g_test_add_func ("/model/trial/lent-by-others", test_lent_by_others);
  g_test_add_func ("/model/trial/fixed", test_fixed);
  return g_test_run ();
}
