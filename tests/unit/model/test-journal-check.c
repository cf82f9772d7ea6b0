/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A journal whose end is missing, or that is of another switch. */

#include "pf-journal.h"

#define EHCI "0000:00:1a.0"
#define XHCI "0000:00:14.0"

typedef struct
{
  PfBoard *board;
  PfFunction *ehci;
  PfRouter *router;
  PfJournal *journal;
} Fixture;

static PfPlan *
make_plan (void)
{
  PfPlan *plan = pf_plan_new ("guest");
  PfStep *lend = pf_step_new (PF_STEP_BIND);
  PfStep *route = pf_step_new (PF_STEP_ROUTE);

  lend->lends = TRUE;
  lend->group = 7;
  pf_step_add_move (lend, EHCI, &(PfBinding){ (char *) "ehci-pci", NULL },
                    &(PfBinding){ (char *) PF_VFIO_DRIVER, (char *) PF_VFIO_DRIVER });
  route->router = g_strdup (XHCI);
  route->from = 0x3fff;
  route->to = 0x3bff;
  route->mask = 0x3fff;
  g_ptr_array_add (plan->steps, lend);
  g_ptr_array_add (plan->steps, route);
  return plan;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfPlan) plan = make_plan ();
  PfFunction *xhci;

  fixture->board = pf_board_new ();
  xhci = pf_board_add_function (fixture->board, XHCI);
  fixture->ehci = pf_board_add_function (fixture->board, EHCI);
  fixture->ehci->is_pci = TRUE;
  fixture->ehci->driver = g_strdup ("ehci-pci");
  fixture->router = g_new0 (PfRouter, 1);
  fixture->router->controller = pf_board_add_controller (fixture->board, xhci);
  fixture->router->controller->router = fixture->router;
  fixture->router->value = 0x3fff;
  fixture->router->ports = g_array_new (FALSE, FALSE, sizeof (PfPort));
  g_ptr_array_add (fixture->board->routers, fixture->router);
  fixture->journal = pf_journal_new (PF_JOURNAL_APPLY, plan);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  pf_journal_free (fixture->journal);
  pf_board_free (fixture->board);
}

static void
lend (Fixture *fixture)
{
  g_free (fixture->ehci->driver);
  fixture->ehci->driver = g_strdup (PF_VFIO_DRIVER);
  pf_loan_add_member (pf_loans_add (fixture->board->loans, 7), EHCI, "ehci-pci", NULL);
}

static void
test_nothing_done (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpuint (pf_journal_mark_untold (fixture->journal, fixture->board), ==, 0);
  /* It is on record as lent before it is on record as begun; and somebody else may lend it. */
  pf_loan_add_member (pf_loans_add (fixture->board->loans, 7), EHCI, "ehci-pci", NULL);
  g_assert_cmpuint (pf_journal_mark_untold (fixture->journal, fixture->board), ==, 0);
  pf_loans_remove (fixture->board->loans, 7);
  g_free (fixture->ehci->driver);
  fixture->ehci->driver = g_strdup (PF_VFIO_DRIVER);
  g_assert_cmpuint (pf_journal_mark_untold (fixture->journal, fixture->board), ==, 0);
}

static void
test_untold (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfPlan) recovery = NULL;

  lend (fixture);
  g_assert_cmpuint (pf_journal_mark_untold (fixture->journal, fixture->board), ==, 1);
  recovery = pf_journal_plan_recovery (fixture->journal);
  g_assert_cmpuint (recovery->steps->len, ==, 1);
  g_assert_false (((const PfStep *) recovery->steps->pdata[0])->lends);
  g_assert_cmpuint (pf_journal_mark_untold (fixture->journal, fixture->board), ==, 0);
}

static void
test_untold_route (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfPlan) recovery = NULL;

  lend (fixture);
  fixture->journal->states[0] = PF_JOURNAL_STEP_DONE;
  fixture->router->value = 0x3bff;
  g_assert_cmpuint (pf_journal_mark_untold (fixture->journal, fixture->board), ==, 1);
  recovery = pf_journal_plan_recovery (fixture->journal);
  g_assert_cmpuint (recovery->steps->len, ==, 2);
}

static void
test_told (Fixture *fixture, gconstpointer data)
{
  lend (fixture);
  fixture->journal->states[0] = PF_JOURNAL_STEP_BEGUN;
  g_assert_cmpuint (pf_journal_mark_untold (fixture->journal, fixture->board), ==, 0);
  fixture->journal->states[0] = PF_JOURNAL_STEP_AHEAD;
  fixture->journal->kind = PF_JOURNAL_RETURN;
  g_assert_cmpuint (pf_journal_mark_untold (fixture->journal, fixture->board), ==, 0);
}

static void
test_profiles (Fixture *fixture, gconstpointer data)
{
  g_assert_true (pf_journal_fits_profile (fixture->journal, NULL));
  g_assert_true (pf_journal_fits_profile (fixture->journal, "home"));
  g_assert_true (pf_journal_fits_profile (fixture->journal, "guest"));
  g_assert_false (pf_journal_fits_profile (fixture->journal, "other"));
  fixture->journal->before = g_strdup ("other");
  g_assert_true (pf_journal_fits_profile (fixture->journal, "other"));
  g_assert_false (pf_journal_fits_profile (fixture->journal, NULL));
  fixture->journal->kind = PF_JOURNAL_REVERT;
  g_assert_true (pf_journal_fits_profile (fixture->journal, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/journal-check/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("nothing-done", test_nothing_done);
  ADD ("untold", test_untold);
  ADD ("untold-route", test_untold_route);
  ADD ("told", test_told);
  ADD ("profiles", test_profiles);
  return g_test_run ();
}
