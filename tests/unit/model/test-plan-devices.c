/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The nodes of single functions: in plans, in the journal, and in the record of what is lent. */

#include <string.h>

#include "pf-journal.h"
#include "pf-test-plan.h"

#define EHCI2 "0000:00:1a.0"
#define SHARED "0000:21:00.3"
#define OTHER "0000:21:00.2"
#define GROUP 5
#define BOOT "c1f0a3f2"

static const PfNode alice = { 1000, 1000, 0600 };
static const PfNode root = { 0, 0, 0600 };
static const PfNode kvm = { 0, 104, 0660 };

static void
set_node (PfBoard *board, const char *address, const PfNode *node)
{
  PfFunction *function = pf_board_find_function (board, address);

  function->has_node = TRUE;
  function->node = *node;
}

static PfPlan *
compute (const PfBoard *board, const PfProfile *profile)
{
  g_autoptr (GError) error = NULL;
  PfPlan *plan = pf_plan_compute (board, profile, &alice, &error);

  g_assert_no_error (error);
  return plan;
}

static void
assert_node (const PfNode *node, const PfNode *expected)
{
  g_assert_cmpuint (node->uid, ==, expected->uid);
  g_assert_cmpuint (node->gid, ==, expected->gid);
  g_assert_cmphex (node->mode, ==, expected->mode);
}

static void
assert_device (const PfStep *step, const char *address, const PfNode *from, const PfNode *to)
{
  const PfNodeChange *change = pf_step_find_device (step, address);

  g_assert_nonnull (change);
  assert_node (&change->from, from);
  assert_node (&change->to, to);
}

/* Lent by a version that knew nothing of them: the group's node is right, and that is not enough. */
static void
test_lent_before (void)
{
  g_autoptr (PfTestBoard) made_up = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (made_up, "test", EHCI2, "");
  g_autoptr (PfBoard) board = NULL;
  g_autoptr (PfPlan) plan = NULL;
  g_autoptr (PfPlan) again = NULL;
  g_autoptr (PfStep) inverse = NULL;
  g_autofree char *text = NULL;

  profile->vfio_user = g_strdup ("alice");
  pf_test_plan_switch (made_up, profile);
  board = pf_test_board_read (made_up);
  pf_board_find_group (board, GROUP)->node_uid = alice.uid;
  set_node (board, EHCI2, &root);
  plan = compute (board, profile);
  g_assert_cmpuint (plan->steps->len, ==, 1);
  assert_device (plan->steps->pdata[0], EHCI2, &root, &alice);
  inverse = pf_step_invert (plan->steps->pdata[0]);
  assert_device (inverse, EHCI2, &alice, &root);
  assert_node (&inverse->node, &alice);
  text = pf_step_describe (plan->steps->pdata[0], board);
  g_assert_nonnull (strstr (text, "Give /dev/vfio/5 and the nodes of its devices to user 1000"));
  set_node (board, EHCI2, &alice);
  again = compute (board, profile);
  g_assert_true (pf_plan_is_empty (again));
}

/* A kernel that has nodes of functions only. */
static void
test_no_group_node (void)
{
  g_autoptr (PfTestBoard) made_up = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (made_up, "test", EHCI2, "");
  g_autoptr (PfBoard) board = NULL;
  g_autoptr (PfPlan) plan = NULL;

  profile->vfio_user = g_strdup ("alice");
  pf_test_plan_switch (made_up, profile);
  board = pf_test_board_read (made_up);
  pf_board_find_group (board, GROUP)->has_node = FALSE;
  set_node (board, EHCI2, &root);
  plan = compute (board, profile);
  g_assert_cmpuint (plan->steps->len, ==, 1);
  assert_device (plan->steps->pdata[0], EHCI2, &root, &alice);
}

/* What others had lent of the group gets its node back, with the step undone and at the return. */
static void
test_of_others (void)
{
  g_autoptr (PfTestBoard) made_up = pf_test_board_new_amd ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (made_up, "test", SHARED, "");
  g_autoptr (PfProfile) home = pf_profile_new_home ();
  g_autoptr (PfBoard) board = NULL;
  g_autoptr (PfBoard) lent = NULL;
  g_autoptr (PfPlan) plan = NULL;
  g_autoptr (PfPlan) back = NULL;
  const PfStep *step;
  PfLoan *loan;

  pf_test_board_bind (made_up, OTHER, PF_VFIO_DRIVER, PF_VFIO_DRIVER);
  board = pf_test_board_read (made_up);
  set_node (board, OTHER, &kvm);
  plan = compute (board, profile);
  step = plan->steps->pdata[0];
  g_assert_true (step->lends);
  assert_device (step, OTHER, &kvm, &alice);
  g_assert_null (pf_step_find_device (step, SHARED));
  pf_test_plan_switch (made_up, profile);
  lent = pf_test_board_read (made_up);
  set_node (lent, OTHER, &alice);
  set_node (lent, SHARED, &alice);
  loan = pf_loans_find_by_member (lent->loans, SHARED);
  g_assert_true (pf_loan_add_device (loan, OTHER, &kvm));
  g_assert_false (pf_loan_add_device (loan, OTHER, &root));
  back = compute (lent, home);
  step = back->steps->pdata[0];
  g_assert_false (step->lends);
  assert_device (step, OTHER, &alice, &kvm);
  assert_device (step, SHARED, &alice, &root);
}

static PfPlan *
make_plan (void)
{
  PfPlan *plan = pf_plan_new ("test");
  PfStep *lend = pf_step_new (PF_STEP_BIND);
  PfStep *node = pf_step_new (PF_STEP_NODE);

  lend->lends = TRUE;
  lend->group = node->group = 7;
  pf_step_add_move (lend, EHCI2, &(PfBinding){ (char *) "ehci-pci", NULL },
                    &(PfBinding){ (char *) "vfio-pci", (char *) "vfio-pci" });
  pf_step_add_device (lend, OTHER, &kvm, &alice);
  pf_step_add_device (node, EHCI2, &root, &alice);
  pf_step_add_device (node, OTHER, &alice, &kvm);
  g_ptr_array_add (plan->steps, lend);
  g_ptr_array_add (plan->steps, node);
  return plan;
}

static void
test_journal (void)
{
  g_autoptr (PfPlan) plan = make_plan ();
  g_autoptr (PfJournal) journal = pf_journal_new (PF_JOURNAL_APPLY, plan);
  g_autoptr (PfJournal) parsed = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *again = NULL;
  PfJournalChain chain;
  gboolean is_history;

  text = pf_journal_serialize (journal, BOOT, &chain);
  g_assert_nonnull (strstr (text, " bind lend 7 0:0:600 0:0:600 1 1\n"));
  g_assert_nonnull (strstr (text, " device 0000:21:00.2 0:104:660 1000:1000:600\n"));
  g_assert_nonnull (strstr (text, " node 7 0:0:600 0:0:600 2\n"));
  parsed = pf_journal_parse (text, strlen (text), BOOT, &is_history, &error);
  g_assert_no_error (error);
  again = pf_journal_serialize (parsed, BOOT, &chain);
  g_assert_cmpstr (text, ==, again);
  assert_device (parsed->plan->steps->pdata[1], OTHER, &alice, &kvm);
}

/* As versions wrote it that knew of no such nodes: byte for byte what is written without them. */
static void
test_old_journal (void)
{
  g_autoptr (PfPlan) plan = make_plan ();
  g_autoptr (PfJournal) journal = pf_journal_new (PF_JOURNAL_APPLY, plan);
  g_autoptr (PfJournal) parsed = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  PfJournalChain chain;
  gboolean is_history;

  for (guint i = 0; i < 2; i++)
    g_ptr_array_set_size (((PfStep *) journal->plan->steps->pdata[i])->devices, 0);
  text = pf_journal_serialize (journal, BOOT, &chain);
  g_assert_nonnull (strstr (text, " bind lend 7 0:0:600 0:0:600 1\n"));
  g_assert_nonnull (strstr (text, " node 7 0:0:600 0:0:600\n"));
  parsed = pf_journal_parse (text, strlen (text), BOOT, &is_history, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (((const PfStep *) parsed->plan->steps->pdata[0])->devices->len, ==, 0);
}

static PfLoans *
parse_loans (const char *extra)
{
  g_autofree char *text = g_strconcat ("[Loans]\nFormat=1\nProfile=windows\n\n[Group 7]\nNode=0:0:600\n"
                                       "Driver-0000:00:1a.0=ehci-pci\nMembers=0000:00:1a.0;\n",
                                       extra, NULL);

  return pf_loans_parse (text, strlen (text), NULL);
}

static void
test_loans (void)
{
  static const char *const wrong[]
      = { "DeviceNode-0000:21:00.2=0:0\n", "DeviceNode-0000:21:00.2=\n", "DeviceNode-21:00.2=0:0:600\n",
          "DeviceNode-=0:0:600\n", "DeviceNode-0000:21:00.2=0:0:7777\n" };
  g_autoptr (PfLoans) old = parse_loans ("");
  g_autoptr (PfLoans) loans = parse_loans ("DeviceNode-0000:21:00.2=0:104:660\n");
  g_autoptr (PfLoans) copy = NULL;
  g_autoptr (PfLoans) again = NULL;
  g_autofree char *text = NULL;

  g_assert_nonnull (old);
  g_assert_cmpuint (pf_loans_find (old, 7)->devices->len, ==, 0);
  g_assert_nonnull (loans);
  copy = pf_loans_copy (loans);
  text = pf_loans_serialize (copy, NULL);
  again = pf_loans_parse (text, strlen (text), NULL);
  g_assert_nonnull (again);
  assert_node (&pf_loan_find_device (pf_loans_find (again, 7), OTHER)->node, &kvm);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (PfLoans) refused = parse_loans (wrong[i]);

      g_assert_null (refused);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/plan/devices/lent-before", test_lent_before);
  g_test_add_func ("/model/plan/devices/no-group-node", test_no_group_node);
  g_test_add_func ("/model/plan/devices/of-others", test_of_others);
  g_test_add_func ("/model/plan/devices/journal", test_journal);
  g_test_add_func ("/model/plan/devices/old-journal", test_old_journal);
  g_test_add_func ("/model/plan/devices/loans", test_loans);
  return g_test_run ();
}
