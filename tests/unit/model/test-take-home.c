/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What others have lent: the plan that takes it home, and what stops it. */

#include <string.h>

#include "pf-error.h"
#include "pf-journal.h"
#include "pf-take-home.h"
#include "pf-test-plan.h"

#define SHARED "0000:21:00.3"
#define SIBLING "0000:21:00.2"
#define GROUP 16

static PfPlan *
compute (PfBoard *board, GError **error)
{
  return pf_take_home_compute (board, pf_board_find_controller (board, SHARED), error);
}

/* The controller, and something beside it, are with a VM of others. */
static PfTestBoard *
make_board (void)
{
  PfTestBoard *made_up = pf_test_board_new_amd ();

  pf_test_board_bind (made_up, SHARED, "vfio-pci", "vfio-pci");
  pf_test_board_bind (made_up, SIBLING, "vfio-pci", NULL);
  return made_up;
}

/* What cannot be done is not advised: the advice says why instead. */
static void
assert_not_offered (const PfBoard *board, const char *why)
{
  g_autofree char *advice = pf_take_home_advise (board, pf_board_find_controller (board, SHARED));

  g_test_message ("%s", advice);
  g_assert_false (g_str_has_prefix (advice, "Now:"));
  g_assert_nonnull (strstr (advice, why != NULL ? why : "Shut the virtual machine down that holds it first"));
  g_assert_cmpint (strstr (advice, "portferryctl take-home") != NULL, ==, why == NULL);
}

static void
assert_refused (PfBoard *board, PfError code, const char *word)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (compute (board, &error));
  g_test_message ("%s", error->message);
  assert_not_offered (board, code == PF_ERROR_HELD ? NULL : error->message);
  g_assert_error (error, PF_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, word));
}

static void
test_plan (void)
{
  g_autoptr (PfTestBoard) made_up = make_board ();
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  g_autoptr (PfPlan) plan = compute (board, NULL);
  g_autofree char *advice = pf_take_home_advise (board, pf_board_find_controller (board, SHARED));
  const PfStep *step = plan->steps->pdata[0];
  g_autoptr (PfStep) back = pf_step_invert (step);

  g_assert_true (g_str_has_prefix (advice, "Now: portferryctl take-home " SHARED));
  g_assert_cmpuint (plan->steps->len, ==, 1);
  g_assert_cmpuint (step->moves->len, ==, 2);
  g_assert_true (step->of_others && !step->lends);
  g_assert_cmpstr (((const PfMove *) step->moves->pdata[0])->to.driver, ==, PF_NATIVE_DRIVER);
  g_assert_cmpstr (((const PfMove *) step->moves->pdata[1])->to.driver, ==, "xhci_hcd");
  g_assert_null (((const PfMove *) step->moves->pdata[1])->to.driver_override);
  g_assert_true (back->of_others && back->lends);
  g_assert_cmpstr (((const PfMove *) back->moves->pdata[1])->to.driver_override, ==, "vfio-pci");
}

static void
test_refused (void)
{
  g_autoptr (PfTestBoard) made_up = make_board ();
  g_autoptr (PfTestBoard) at_home = pf_test_board_new_amd ();
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  g_autoptr (PfBoard) home = pf_test_board_read (at_home);

  assert_refused (home, PF_ERROR_OBJECTION, "not lent");
  board->lenders->cmdline = g_strdup ("vfio-pci.ids=ffffffff:ffffffff:ffffffff:ffffffff:108000:ffffff");
  assert_refused (board, PF_ERROR_OBJECTION, "off the kernel's command line");
  g_clear_pointer (&board->lenders->cmdline, g_free);
  pf_board_find_function (board, SIBLING)->is_stuck = TRUE;
  assert_refused (board, PF_ERROR_STUCK, SIBLING);
  pf_board_find_function (board, SIBLING)->is_stuck = FALSE;
  pf_loans_add (board->loans, 99);
  assert_refused (board, PF_ERROR_BUSY, "portferryctl home");
}

/* The unbind would hang for as long as that process likes. */
static void
test_held (void)
{
  g_autoptr (PfTestBoard) made_up = make_board ();
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  PfGroup *group = pf_board_find_group (board, GROUP);

  group->held = TRUE;
  group->holder = g_strdup ("qemu (4242)");
  assert_refused (board, PF_ERROR_HELD, "qemu (4242)");
}

/* Whoever finds it in the journal knows that it is nothing of ours. */
static void
test_journal (void)
{
  g_autoptr (PfTestBoard) made_up = make_board ();
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  g_autoptr (PfPlan) plan = compute (board, NULL);
  g_autoptr (PfJournal) journal = pf_journal_new (PF_JOURNAL_APPLY, plan);
  g_autoptr (PfJournal) read = NULL;
  g_autoptr (PfPlan) recovery = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  PfJournalChain chain;
  gboolean is_history;

  journal->transaction = g_strdup ("t");
  journal->origin = g_strdup ("ctl");
  journal->states[0] = PF_JOURNAL_STEP_BEGUN;
  text = pf_journal_serialize (journal, "boot", &chain);
  read = pf_journal_parse (text, strlen (text), "boot", &is_history, &error);
  g_assert_no_error (error);
  recovery = pf_journal_plan_recovery (read);
  g_assert_true (((const PfStep *) read->plan->steps->pdata[0])->of_others);
  g_assert_true (((const PfStep *) recovery->steps->pdata[0])->of_others);
  g_assert_true (((const PfStep *) recovery->steps->pdata[0])->lends);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/take-home/plan", test_plan);
  g_test_add_func ("/model/take-home/refused", test_refused);
  g_test_add_func ("/model/take-home/held", test_held);
  g_test_add_func ("/model/take-home/journal", test_journal);
  return g_test_run ();
}
