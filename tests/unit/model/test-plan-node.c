/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who gets the node of a group that is lent already. */

#include "pf-test-plan.h"

#define EHCI1 "0000:00:1d.0"
#define EHCI2 "0000:00:1a.0"

static PfProfile *
make_profile (const PfTestBoard *board, const char *ports, const char *user)
{
  PfProfile *profile = pf_test_plan_make_profile (board, "test", EHCI2, ports);

  profile->vfio_user = g_strdup (user);
  return profile;
}

static void
assert_plan (const PfTestBoard *board, const PfProfile *profile, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfPlan) plan = pf_test_plan_compute (board, profile, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = pf_test_plan_describe (plan);
  g_assert_cmpstr (text, ==, expected);
}

/* A machine that has lent an EHCI for user 1000. */
static PfTestBoard *
make_lent (void)
{
  PfTestBoard *board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = make_profile (board, "", NULL);

  pf_test_plan_switch (board, profile);
  return board;
}

static void
test_another_user (void)
{
  g_autoptr (PfTestBoard) board = make_lent ();
  g_autoptr (PfProfile) profile = make_profile (board, "", "bob");
  g_autoptr (PfPlan) plan = pf_test_plan_compute (board, profile, NULL);
  g_autoptr (PfPlan) inverse = pf_plan_invert (plan);
  g_autofree char *start = pf_test_board_describe (board);
  g_autofree char *end = NULL;

  assert_plan (board, profile, "node 5 1000:1000 > 1003:1000\n");
  pf_test_plan_switch (board, profile);
  assert_plan (board, profile, "");
  g_assert_cmpint (((const PfStep *) inverse->steps->pdata[0])->kind, ==, PF_STEP_NODE);
  pf_test_plan_carry_out (board, inverse->steps->pdata[0]);
  end = pf_test_board_describe (board);
  g_assert_cmpstr (start, ==, end);
}

/* The everyday toggle stays one write to the register, and the guest's side is ready before. */
static void
test_with_ports (void)
{
  g_autoptr (PfTestBoard) board = make_lent ();
  g_autoptr (PfProfile) profile = make_profile (board, "ehci2/1", "bob");

  assert_plan (board, profile,
               "node 5 1000:1000 > 1003:1000\n"
               "route 0000:00:14.0 0x3fff > 0x3eff of 0x3fff\n");
}

/* Who names nobody takes it from nobody. */
static void
test_no_user (void)
{
  g_autoptr (PfTestBoard) board = make_lent ();
  g_autoptr (PfProfile) bob = make_profile (board, "", "bob");
  g_autoptr (PfProfile) nobody = make_profile (board, "", NULL);

  pf_test_plan_switch (board, bob);
  assert_plan (board, nobody, "");
}

/* A group alone does not change the user. */
static void
test_group_only (void)
{
  g_autoptr (PfTestBoard) board = make_lent ();
  g_autoptr (PfProfile) bob = make_profile (board, "", "bob");
  g_autoptr (PfProfile) nobody = make_profile (board, "", NULL);
  g_autoptr (PfBoard) as_read = NULL;
  g_autoptr (PfPlan) plan = NULL;
  const PfNode node = { 1000, 104, 0660 };
  const PfStep *step;

  pf_test_plan_switch (board, bob);
  nobody->vfio_group = g_strdup ("kvm");
  as_read = pf_test_board_read (board);
  plan = pf_plan_compute (as_read, nobody, &node, NULL);
  g_assert_cmpuint (plan->steps->len, ==, 1);
  step = plan->steps->pdata[0];
  g_assert_cmpint (step->kind, ==, PF_STEP_NODE);
  g_assert_cmpuint (step->node.uid, ==, 1003);
  g_assert_cmpuint (step->node.gid, ==, 104);
  g_assert_cmpuint (step->node.mode, ==, 0660);
}

/* What others have lent is theirs, and so is its node. */
static void
test_of_others (void)
{
  const PfNode node = { 64055, 36, 0660 };
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = make_profile (board, "", "bob");

  pf_test_board_bind (board, EHCI2, PF_VFIO_DRIVER, PF_VFIO_DRIVER);
  g_hash_table_insert (board->nodes, GINT_TO_POINTER (5), g_memdup2 (&node, sizeof node));
  assert_plan (board, profile, "");
}

/* Only groups of the profile. */
static void
test_of_another_group (void)
{
  g_autoptr (PfTestBoard) board = make_lent ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", EHCI1, "");
  g_autoptr (PfPlan) plan = NULL;

  profile->vfio_user = g_strdup ("bob");
  plan = pf_test_plan_compute (board, profile, NULL);
  for (guint i = 0; i < plan->steps->len; i++)
    g_assert_cmpint (((const PfStep *) plan->steps->pdata[i])->kind, !=, PF_STEP_NODE);
}

static void
test_describe (void)
{
  g_autoptr (PfTestBoard) made_up = make_lent ();
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  g_autoptr (PfProfile) profile = make_profile (made_up, "", "bob");
  g_autoptr (PfPlan) plan = pf_test_plan_compute (made_up, profile, NULL);
  g_autofree char *text = pf_step_describe (plan->steps->pdata[0], board);

  g_assert_cmpstr (text, ==, "Give /dev/vfio/5 to user 1003 and group 1000 (0600)");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/plan/node/another-user", test_another_user);
  g_test_add_func ("/model/plan/node/with-ports", test_with_ports);
  g_test_add_func ("/model/plan/node/no-user", test_no_user);
  g_test_add_func ("/model/plan/node/group-only", test_group_only);
  g_test_add_func ("/model/plan/node/of-others", test_of_others);
  g_test_add_func ("/model/plan/node/of-another-group", test_of_another_group);
  g_test_add_func ("/model/plan/node/describe", test_describe);
  return g_test_run ();
}
