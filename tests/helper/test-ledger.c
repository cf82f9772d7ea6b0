/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ledger: what it takes to bring things home is on disk before they leave, and forgotten only when they
 * are home. */
#include <glib/gstdio.h>

#include "pf-error.h"
#include "pf-ledger.h"
#include "pf-test-folder.h"

#define EHCI "0000:00:1a.0"
#define XHCI "0000:00:14.0"

typedef struct
{
  char *folder;
  PfLedger *ledger;
  PfBoard *board;
  PfFunction *ehci;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = pf_test_folder_new ();
  fixture->ledger = pf_ledger_new (fixture->folder);
  fixture->board = pf_board_new ();
  fixture->ehci = pf_board_add_function (fixture->board, EHCI);
  fixture->ehci->is_pci = TRUE;
  fixture->ehci->driver = g_strdup ("ehci-pci");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  pf_board_free (fixture->board);
  pf_ledger_free (fixture->ledger);
  pf_test_folder_remove (fixture->folder);
}

static void
reopen (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  pf_ledger_free (fixture->ledger);
  fixture->ledger = pf_ledger_new (fixture->folder);
  pf_ledger_load (fixture->ledger, &error);
  g_assert_no_error (error);
}

static void
set_driver (Fixture *fixture, const char *driver, const char *override)
{
  g_free (fixture->ehci->driver);
  fixture->ehci->driver = g_strdup (driver);
  g_free (fixture->ehci->driver_override);
  fixture->ehci->driver_override = g_strdup (override);
}

static PfStep *
create_lend (void)
{
  PfStep *step = pf_step_new (PF_STEP_BIND);
  PfBinding from = { .driver = (char *) "ehci-pci" };
  PfBinding to = { .driver = (char *) PF_VFIO_DRIVER, .driver_override = (char *) PF_VFIO_DRIVER };

  step->lends = TRUE;
  step->group = 7;
  pf_step_add_move (step, EHCI, &from, &to);
  return step;
}

static void
record (Fixture *fixture, const PfStep *step, PfStepPhase phase)
{
  g_autoptr (GError) error = NULL;

  pf_ledger_record_step (step, phase, fixture->ledger, &error);
  g_assert_no_error (error);
}

static void
test_lend_and_return (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfStep) lend = create_lend ();
  g_autoptr (PfStep) back = pf_step_invert (lend);
  g_autoptr (PfLoans) loans = NULL;
  const PfLoanMember *member;

  record (fixture, lend, PF_STEP_PHASE_BEGIN);
  reopen (fixture);
  g_assert_false (pf_ledger_is_home (fixture->ledger));
  loans = pf_ledger_copy (fixture->ledger);
  member = pf_loan_find_member (pf_loans_find (loans, 7), EHCI);
  g_assert_cmpstr (member->driver, ==, "ehci-pci");
  g_assert_null (member->driver_override);

  record (fixture, lend, PF_STEP_PHASE_DONE);
  record (fixture, back, PF_STEP_PHASE_BEGIN);
  g_assert_false (pf_ledger_is_home (fixture->ledger));
  record (fixture, back, PF_STEP_PHASE_DONE);
  g_assert_true (pf_ledger_is_home (fixture->ledger));
  g_assert_null (pf_test_folder_read (fixture->folder, "loans"));
}

static void
test_undone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfStep) lend = create_lend ();
  g_autoptr (PfStep) back = pf_step_invert (lend);
  g_autoptr (PfLoans) loans = NULL;

  record (fixture, lend, PF_STEP_PHASE_BEGIN);
  record (fixture, lend, PF_STEP_PHASE_UNDONE);
  g_assert_true (pf_ledger_is_home (fixture->ledger));

  record (fixture, lend, PF_STEP_PHASE_BEGIN);
  record (fixture, back, PF_STEP_PHASE_DONE);
  record (fixture, back, PF_STEP_PHASE_UNDONE);
  loans = pf_ledger_copy (fixture->ledger);
  g_assert_cmpstr (pf_loan_find_member (pf_loans_find (loans, 7), EHCI)->driver, ==, "ehci-pci");
}

/* Others have lent a function: its node goes back to whom it had belonged to first, whichever step gave it
 * away. */
static void
test_nodes_of_others (Fixture *fixture, gconstpointer data)
{
  const PfNode kvm = { 0, 104, 0660 }, alice = { 1000, 1000, 0600 };
  g_autoptr (PfStep) lend = create_lend ();
  g_autoptr (PfStep) node = pf_step_new (PF_STEP_NODE);
  g_autoptr (PfLoans) loans = NULL;
  const PfLoan *loan;

  node->group = 7;
  pf_step_add_device (node, EHCI, &alice, &kvm);
  pf_step_add_device (node, "0000:00:07.1", &kvm, &alice);
  pf_step_add_device (node, "0000:00:07.2", &alice, &kvm);
  pf_step_add_device (lend, "0000:00:07.2", &kvm, &alice);
  record (fixture, lend, PF_STEP_PHASE_BEGIN);
  record (fixture, node, PF_STEP_PHASE_BEGIN);
  reopen (fixture);
  loans = pf_ledger_copy (fixture->ledger);
  loan = pf_loans_find (loans, 7);
  g_assert_cmpuint (loan->devices->len, ==, 2);
  g_assert_null (pf_loan_find_device (loan, EHCI));
  g_assert_cmpuint (pf_loan_find_device (loan, "0000:00:07.1")->node.gid, ==, 104);
  g_assert_cmpuint (pf_loan_find_device (loan, "0000:00:07.2")->node.gid, ==, 104);
}

static void
test_first_routing_counts (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfStep) step = pf_step_new (PF_STEP_ROUTE);
  g_autoptr (PfLoans) loans = NULL;
  guint32 home = 0;

  step->router = g_strdup (XHCI);
  step->from = 0x3fff;
  step->to = 0x00ff;
  step->mask = 0x3fff;
  record (fixture, step, PF_STEP_PHASE_BEGIN);
  step->from = 0x00ff;
  step->to = 0x0000;
  record (fixture, step, PF_STEP_PHASE_BEGIN);
  reopen (fixture);
  loans = pf_ledger_copy (fixture->ledger);
  g_assert_true (pf_loans_get_home_routing (loans, XHCI, &home));
  g_assert_cmphex (home, ==, 0x3fff);
}

static void
test_not_recorded (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfStep) lend = create_lend ();
  g_autofree char *path = g_build_filename (fixture->folder, "loans", NULL);
  g_autoptr (GError) error = NULL;

  /* A folder in the file's place: it cannot be replaced. */
  g_assert_cmpint (g_mkdir (path, 0755), ==, 0);
  g_assert_false (pf_ledger_record_step (lend, PF_STEP_PHASE_BEGIN, fixture->ledger, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_WRITE_FAILED);
  g_assert_true (pf_ledger_is_home (fixture->ledger));
}

static void
settle (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  pf_ledger_settle (fixture->ledger, fixture->board, &error);
  g_assert_no_error (error);
}

static void
test_settle (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfStep) lend = create_lend ();
  g_autofree char *previous = NULL;
  g_autofree char *profile = NULL;

  record (fixture, lend, PF_STEP_PHASE_BEGIN);
  pf_ledger_set_profiles (fixture->ledger, "guest", "home", NULL);
  set_driver (fixture, PF_VFIO_DRIVER, PF_VFIO_DRIVER);
  settle (fixture);
  g_assert_false (pf_ledger_is_home (fixture->ledger));

  /* Half-way: somebody has unbound it, and the override is still ours, or the driver it had is missing. */
  set_driver (fixture, NULL, PF_VFIO_DRIVER);
  settle (fixture);
  g_assert_false (pf_ledger_is_home (fixture->ledger));
  set_driver (fixture, NULL, NULL);
  settle (fixture);
  g_assert_false (pf_ledger_is_home (fixture->ledger));

  set_driver (fixture, "ehci-pci", NULL);
  settle (fixture);
  g_assert_true (pf_ledger_is_home (fixture->ledger));
  profile = pf_ledger_get_profile (fixture->ledger);
  previous = pf_ledger_get_previous (fixture->ledger);
  g_assert_null (profile);
  g_assert_cmpstr (previous, ==, "guest");
}

static void
test_unreadable (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "loans", NULL);
  g_autoptr (GError) error = NULL;

  pf_test_folder_write (fixture->folder, "loans", "[Group seven]\nMembers=../../etc\n");
  g_assert_false (pf_ledger_load (fixture->ledger, &error));
  g_assert_cmpint (error->domain, ==, PF_ERROR);
  g_assert_true (pf_ledger_is_home (fixture->ledger));
  g_assert_true (pf_ledger_was_lost (fixture->ledger));
  g_clear_error (&error);

  pf_test_folder_write (fixture->folder, "loans", "[Loans]\nFormat=1\nPrevious=guest\n");
  g_assert_cmpint (g_chmod (path, 0666), ==, 0);
  g_assert_false (pf_ledger_load (fixture->ledger, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_FAILED);
}

/* What was cut at any place with something lent is not read as if nothing was. */
static void
test_cut (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfStep) lend = create_lend ();
  g_autofree char *text = NULL;

  record (fixture, lend, PF_STEP_PHASE_BEGIN);
  g_assert_true (pf_ledger_is_sure (fixture->ledger));
  text = pf_test_folder_read (fixture->folder, "loans");
  for (gsize length = 0; length < strlen (text); length++)
    {
      g_autoptr (PfLedger) ledger = pf_ledger_new (fixture->folder);
      g_autofree char *cut = g_strndup (text, length);

      pf_test_folder_write (fixture->folder, "loans", cut);
      g_assert_false (pf_ledger_load (ledger, NULL));
      g_assert_true (pf_ledger_was_lost (ledger));
      g_assert_false (pf_ledger_is_sure (ledger));
    }
}

/* What an earlier version wrote counts, but not as all. */
static void
test_unchecked (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;

  pf_test_folder_write (fixture->folder, "loans", "[Loans]\nFormat=1\n\n[Group 7]\nNode=0:0:600\nMembers=" EHCI ";\n");
  reopen (fixture);
  g_assert_false (pf_ledger_is_home (fixture->ledger));
  g_assert_false (pf_ledger_was_lost (fixture->ledger));
  g_assert_false (pf_ledger_is_sure (fixture->ledger));
  g_assert_true (pf_ledger_set_profiles (fixture->ledger, "guest", "home", NULL));
  reopen (fixture);
  g_assert_true (pf_ledger_is_sure (fixture->ledger));
}

/* What could not be written is told whoever asks, until it is. */
static void
test_write_error (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PfStep) lend = create_lend ();
  g_autofree char *path = g_build_filename (fixture->folder, "loans", NULL);
  g_autoptr (GError) error = NULL;

  record (fixture, lend, PF_STEP_PHASE_BEGIN);
  g_assert_null (pf_ledger_get_write_error (fixture->ledger));
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_mkdir (path, 0755), ==, 0);
  g_assert_false (pf_ledger_settle (fixture->ledger, fixture->board, NULL));
  error = pf_ledger_get_write_error (fixture->ledger);
  g_assert_error (error, PF_ERROR, PF_ERROR_WRITE_FAILED);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_cmpint (g_rmdir (path), ==, 0);
  settle (fixture);
  g_assert_null (pf_ledger_get_write_error (fixture->ledger));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/ledger/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("lend-and-return", test_lend_and_return);
  ADD ("undone", test_undone);
  ADD ("nodes-of-others", test_nodes_of_others);
  ADD ("first-routing-counts", test_first_routing_counts);
  ADD ("not-recorded", test_not_recorded);
  ADD ("settle", test_settle);
  ADD ("unreadable", test_unreadable);
  ADD ("cut", test_cut);
  ADD ("unchecked", test_unchecked);
  ADD ("write-error", test_write_error);
  return g_test_run ();
}
