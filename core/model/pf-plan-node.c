/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who may open the nodes of groups that are lent already. */

#include "pf-plan-node.h"

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
  PfStep *step;

  if (node->uid == now.uid && node->gid == now.gid && node->mode == now.mode)
    return;
  step = pf_step_new (PF_STEP_NODE);
  step->group = group->id;
  step->node_before = now;
  step->node = *node;
  g_ptr_array_add (plan->steps, step);
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

      if (!g_hash_table_contains (groups, GINT_TO_POINTER (group->id)) || !group->has_node
          || !group_is_lent (group) || pf_loans_find (board->loans, group->id) == NULL)
        continue;
      if (profile->vfio_user == NULL)
        wanted.uid = group->node_uid;
      add_node (plan, group, &wanted);
    }
}
