/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who may open the nodes of groups, and of their functions: programs that use iommufd open those instead. */

#include "pf-plan-node.h"

static gboolean
node_equals (const PfNode *node, const PfNode *other)
{
  return node->uid == other->uid && node->gid == other->gid && node->mode == other->mode;
}

/**
 * pf_plan_lend_devices:
 * @step: a step that lends the rest of @group
 * @group: a group
 *
 * Adds what it takes to give the nodes of functions that are on vfio-pci already to whom the group's node
 * goes.
 */
void
pf_plan_lend_devices (PfStep *step, const PfGroup *group)
{
  for (guint i = 0; i < group->members->len; i++)
    {
      const PfFunction *member = group->members->pdata[i];

      if (member->has_node)
        pf_step_add_device (step, member->address, &member->node, &step->node);
    }
}

/* Who has the node of @member at home: it goes with the driver, but for what others have lent. */
static const PfNode *
get_home_node (const PfLoan *loan, const PfFunction *member)
{
  static const PfNode gone = PF_NODE_DEFAULT;
  const PfDeviceNode *recorded = pf_loan_find_device (loan, member->address);

  if (recorded != NULL)
    return &recorded->node;
  return pf_loan_find_member (loan, member->address) != NULL ? &gone : &member->node;
}

/**
 * pf_plan_return_devices:
 * @step: a step that brings @loan home
 * @group: its group
 * @loan: what is lent of it
 *
 * Adds what it takes to give the nodes of functions that others have lent back to whoever had them.
 */
void
pf_plan_return_devices (PfStep *step, const PfGroup *group, const PfLoan *loan)
{
  for (guint i = 0; i < group->members->len; i++)
    {
      const PfFunction *member = group->members->pdata[i];

      if (member->has_node)
        pf_step_add_device (step, member->address, &member->node, get_home_node (loan, member));
    }
}

/* Nothing of it is left to be lent. */
static gboolean
group_is_lent (const PfGroup *group)
{
  for (guint i = 0; i < group->members->len; i++)
    {
      const PfFunction *member = group->members->pdata[i];

      if (member->is_pci && !pf_function_is_bridge (member) && !pf_function_is_lent (member))
        return FALSE;
    }
  return TRUE;
}

static void
add_node (PfPlan *plan, const PfGroup *group, const PfNode *node)
{
  const PfNode now = { group->node_uid, group->node_gid, group->node_mode };
  g_autoptr (PfStep) step = pf_step_new (PF_STEP_NODE);

  step->group = group->id;
  step->node_before = group->has_node ? now : *node;
  step->node = *node;
  for (guint i = 0; i < group->members->len; i++)
    {
      const PfFunction *member = group->members->pdata[i];

      if (member->has_node && !node_equals (&member->node, node))
        pf_step_add_device (step, member->address, &member->node, node);
    }
  if (step->devices->len > 0 || !node_equals (&step->node_before, node))
    g_ptr_array_add (plan->steps, g_steal_pointer (&step));
}

/* A kernel may have nodes of functions only (CONFIG_VFIO_GROUP is optional since Linux 6.6). */
static const PfNode *
find_node (const PfGroup *group, PfNode *node)
{
  *node = (PfNode){ group->node_uid, group->node_gid, group->node_mode };
  if (group->has_node)
    return node;
  for (guint i = 0; i < group->members->len; i++)
    {
      const PfFunction *member = group->members->pdata[i];

      if (member->has_node)
        return &member->node;
    }
  return NULL;
}

/**
 * pf_plan_add_nodes:
 * @plan: a plan
 * @board: what there is
 * @profile: what is wished
 * @node: who shall have the nodes
 * @groups: (element-type int): those that belong to the guest
 *
 * Adds what it takes to give the nodes of groups that are lent already to whom @profile names. Where it names
 * nobody, they stay with whoever lent them: who switches from somewhere else, the guest for one, must not
 * take them from him. What others lent is theirs.
 */
void
pf_plan_add_nodes (
    PfPlan *plan, const PfBoard *board, const PfProfile *profile, const PfNode *node, GHashTable *groups)
{
  PfNode wanted = *node;

  if (profile->vfio_user == NULL && profile->vfio_group == NULL)
    return;
  for (guint i = 0; i < board->groups->len; i++)
    {
      const PfGroup *group = board->groups->pdata[i];
      PfNode of_group;
      const PfNode *now = find_node (group, &of_group);

      if (!g_hash_table_contains (groups, GINT_TO_POINTER (group->id)) || now == NULL
          || !group_is_lent (group) || pf_loans_find (board->loans, group->id) == NULL)
        continue;
      if (profile->vfio_user == NULL)
        wanted.uid = now->uid;
      add_node (plan, group, &wanted);
    }
}
