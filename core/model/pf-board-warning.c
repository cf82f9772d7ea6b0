/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What to know of the functions of a board before lending them. */

#include "pf-board.h"
#include "pf-board-warning.h"
#include "pf-reset-quirk.h"

static gboolean
moves (const PfFunction *function)
{
  return function->is_pci && !pf_function_is_bridge (function);
}

static gboolean
others_go_along (const PfGroup *group, const PfFunction *function)
{
  for (guint i = 0; group != NULL && i < group->members->len; i++)
    if (group->members->pdata[i] != function && moves (group->members->pdata[i]))
      return TRUE;
  return FALSE;
}

static void
append (char **text, const char *more)
{
  char *both = *text != NULL ? g_strconcat (*text, " ", more, NULL) : g_strdup (more);

  g_free (*text);
  *text = both;
}

static void
set_warning (const PfBoard *board, PfFunction *function, const GPtrArray *quirks)
{
  const PfGroup *group = pf_board_find_group (board, function->iommu_group);
  const PfResetFacts facts = {
    .kernel_version = board->kernel_version,
    .methods = function->reset_methods,
    .group_is_known = group != NULL,
    .others_go_along = others_go_along (group, function),
  };

  for (guint i = 0; i < quirks->len; i++)
    {
      const PfResetQuirk *quirk = quirks->pdata[i];

      if (!pf_reset_quirk_holds (quirk, &facts))
        continue;
      append (&function->warning, quirk->text);
      if (quirk->is_risk)
        append (&function->reset_risk, quirk->text);
    }
}

/**
 * pf_board_set_warnings:
 * @board: a board with its groups
 * @chipsets: what is known of chips
 *
 * Notes at each function what to know before lending it. What the machine's own facts contradict is left out.
 */
void
pf_board_set_warnings (PfBoard *board, const PfChipsetTable *chipsets)
{
  for (guint i = 0; i < board->functions->len; i++)
    {
      PfFunction *function = board->functions->pdata[i];
      const GPtrArray *quirks = pf_chipset_table_get_quirks (chipsets, function->vendor, function->device);

      if (function->is_pci && quirks != NULL)
        set_warning (board, function, quirks);
    }
}

/**
 * pf_controller_describe_warning:
 * @controller: a controller on a linked board
 *
 * Returns: (transfer full): what to know before lending it and what goes along with it, other controllers
 * left out: they say it themselves; "" for nothing
 */
char *
pf_controller_describe_warning (const PfController *controller)
{
  char *text = g_strdup (controller->function->warning);

  if (controller->kind == PF_CONTROLLER_KIND_USB4)
    append (&text, PF_HOST_ROUTER_WARNING);
  for (guint i = 0; controller->group != NULL && i < controller->group->members->len; i++)
    {
      const PfFunction *member = controller->group->members->pdata[i];

      if (member->warning != NULL && moves (member) && !pf_function_is_usb_controller (member))
        append (&text, member->warning);
    }
  return text != NULL ? text : g_strdup ("");
}
