/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Profiles and plans for made-up machines. */

#include "pf-test-plan.h"

#include <string.h>

/**
 * pf_test_plan_make_profile:
 * @board: the machine it is for
 * @id: its id
 * @controllers: addresses, separated by spaces
 * @ports: names of ports, separated by spaces
 *
 * Returns: (transfer full): a profile
 */
PfProfile *
pf_test_plan_make_profile (const PfTestBoard *board,
                           const char *id,
                           const char *controllers,
                           const char *ports)
{
  g_autoptr (PfBoard) as_read = pf_test_board_read (board);
  PfProfile *profile = pf_profile_new (id);

  pf_test_wish_fill (profile, as_read, controllers, ports);
  return profile;
}

/**
 * pf_test_plan_compute:
 * @board: a machine
 * @profile: what is wished
 * @error: as pf_plan_compute()
 *
 * Returns: (transfer full): the plan, with nodes for user and group 1000; or for another user where the
 * profile names one: the longer the name, the greater the number
 */
PfPlan *
pf_test_plan_compute (const PfTestBoard *board, const PfProfile *profile, GError **error)
{
  const char *user = profile->vfio_user != NULL ? profile->vfio_user : "";
  const PfNode node = { .uid = 1000 + (uid_t) strlen (user), .gid = 1000, .mode = 0600 };
  g_autoptr (PfBoard) as_read = pf_test_board_read (board);

  return pf_plan_compute (as_read, profile, &node, error);
}

static void
describe_binding (GString *text, const PfBinding *binding)
{
  g_string_append (text, binding->driver != NULL ? binding->driver : "none");
  if (binding->driver_override != NULL)
    g_string_append_printf (text, "!%s", binding->driver_override);
}

static void
describe_bind (GString *text, const PfStep *step)
{
  g_string_append_printf (text, "%s %d for %u:%u", step->lends ? "lend" : "return", step->group,
                          step->node.uid, step->node.gid);
  for (guint i = 0; i < step->moves->len; i++)
    {
      const PfMove *move = step->moves->pdata[i];

      g_string_append_printf (text, ", %s ", move->address);
      describe_binding (text, &move->from);
      g_string_append (text, " > ");
      describe_binding (text, &move->to);
    }
  g_string_append_c (text, '\n');
}

/**
 * pf_test_plan_describe:
 * @plan: a plan
 *
 * Returns: (transfer full): its steps as text, a line for each; "DRIVER!OVERRIDE" is how a function is bound
 */
char *
pf_test_plan_describe (const PfPlan *plan)
{
  static const char *const settings[] = { "route", "super-speed", "power" };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < plan->steps->len; i++)
    {
      const PfStep *step = plan->steps->pdata[i];

      if (step->kind == PF_STEP_BIND)
        describe_bind (text, step);
      else if (step->kind == PF_STEP_NODE)
        g_string_append_printf (text, "node %d %u:%u > %u:%u\n", step->group, step->node_before.uid,
                                step->node_before.gid, step->node.uid, step->node.gid);
      else
        g_string_append_printf (text, "%s %s 0x%04x > 0x%04x of 0x%04x\n", settings[step->setting],
                                step->router, step->from, step->to, step->mask);
    }
  return g_string_free (text, FALSE);
}

static void
record_loan (PfTestBoard *board, const PfStep *step)
{
  PfLoan *loan = pf_loans_find (board->loans, step->group);

  if (loan == NULL)
    {
      loan = pf_loans_add (board->loans, step->group);
      loan->node = step->node_before;
    }
  for (guint i = 0; i < step->moves->len; i++)
    {
      const PfMove *move = step->moves->pdata[i];

      if (pf_loan_find_member (loan, move->address) == NULL)
        pf_loan_add_member (loan, move->address, move->from.driver, move->from.driver_override);
    }
}

/**
 * pf_test_plan_record:
 * @board: a machine
 * @step: a step
 * @done: FALSE before it, TRUE after it
 *
 * Keeps the record of loans as the helper does.
 */
void
pf_test_plan_record (PfTestBoard *board, const PfStep *step, gboolean done)
{
  guint32 ignored;

  if (step->kind == PF_STEP_NODE)
    return;
  if (step->kind == PF_STEP_ROUTE)
    {
      if (!done && !pf_loans_get_home (board->loans, step->router, step->setting, &ignored))
        pf_loans_set_home (board->loans, step->router, step->setting, step->from);
    }
  else if (step->lends && !done)
    record_loan (board, step);
  else if (!step->lends && done)
    pf_loans_remove (board->loans, step->group);
}

static gboolean
group_has_lent_member (const PfTestBoard *board, int group)
{
  for (guint i = 0; i < board->functions->len; i++)
    {
      const PfTestFunction *function = board->functions->pdata[i];

      if (function->group == group && g_strcmp0 (function->driver, PF_VFIO_DRIVER) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
change_setting (PfTestBoard *board, const PfStep *step)
{
  guint32 power = pf_port_map_combine (board->power, step->to, step->mask);

  if (step->setting == PF_SETTING_ROUTING)
    board->registers[0] = pf_port_map_combine (board->registers[0], step->to, step->mask);
  else if (step->setting == PF_SETTING_SUPER_SPEED)
    board->registers[2] = pf_port_map_combine (board->registers[2], step->to, step->mask);
  else
    board->power = (PfPower) power;
}

/**
 * pf_test_plan_move:
 * @board: a machine
 * @step: what to do
 *
 * Does what a step says, as the kernel would: the node of a group is there while a member is on vfio-pci.
 */
void
pf_test_plan_move (PfTestBoard *board, const PfStep *step)
{
  gpointer group = GINT_TO_POINTER (step->group);

  if (step->kind == PF_STEP_ROUTE)
    {
      g_assert_cmpstr (step->router, ==, board->router);
      change_setting (board, step);
      return;
    }
  for (guint i = 0; i < step->moves->len; i++)
    {
      const PfMove *move = step->moves->pdata[i];

      pf_test_board_bind (board, move->address, move->to.driver, move->to.driver_override);
    }
  if (group_has_lent_member (board, step->group))
    g_hash_table_replace (board->nodes, group, g_memdup2 (&step->node, sizeof step->node));
  else
    g_hash_table_remove (board->nodes, group);
}

/**
 * pf_test_plan_carry_out:
 * @board: a machine
 * @step: a step
 */
void
pf_test_plan_carry_out (PfTestBoard *board, const PfStep *step)
{
  pf_test_plan_record (board, step, FALSE);
  pf_test_plan_move (board, step);
  pf_test_plan_record (board, step, TRUE);
}

/**
 * pf_test_plan_switch:
 * @board: a machine
 * @profile: what to switch it to, which has to be possible
 */
void
pf_test_plan_switch (PfTestBoard *board, const PfProfile *profile)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfPlan) plan = pf_test_plan_compute (board, profile, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < plan->steps->len; i++)
    pf_test_plan_carry_out (board, plan->steps->pdata[i]);
}

/**
 * pf_test_plan_assert:
 * @board: a machine
 * @profile: what is wished
 * @expected: the plan for it, as pf_test_plan_describe() words it
 */
void
pf_test_plan_assert (const PfTestBoard *board, const PfProfile *profile, const char *expected)
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

/**
 * pf_test_plan_assert_switch:
 * @board: a machine
 * @profile: what to switch it to
 * @expected: the plan for it, which is carried out; after that there is nothing left to do
 */
void
pf_test_plan_assert_switch (PfTestBoard *board, const PfProfile *profile, const char *expected)
{
  pf_test_plan_assert (board, profile, expected);
  pf_test_plan_switch (board, profile);
  pf_test_plan_assert (board, profile, "");
}

/**
 * pf_test_plan_assert_home:
 * @board: a machine
 * @expected: the way home
 * @start: what the machine was described as before it left home, which is where that has to lead
 */
void
pf_test_plan_assert_home (PfTestBoard *board, const char *expected, const char *start)
{
  g_autoptr (PfProfile) home = pf_profile_new_home ();
  g_autofree char *end = NULL;

  pf_test_plan_assert_switch (board, home, expected);
  end = pf_test_board_describe (board);
  g_assert_cmpstr (end, ==, start);
  g_assert_cmpuint (board->loans->loans->len, ==, 0);
}
