/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-preview.h"

#include "pf-node.h"

/**
 * pf_preview_new:
 * @machine: a machine, freshly read
 * @profile: what is asked for
 * @caller: who asks
 *
 * Returns: (transfer full): what a switch to @profile would do and what speaks against it. What makes a
 * switch impossible is an objection here, so that it can be shown where the others are
 */
PfPreview *
pf_preview_new (PfMachine *machine, const PfProfile *profile, uid_t caller)
{
  const PfBoard *board = pf_machine_get_board (machine);
  PfPreview *preview = g_new0 (PfPreview, 1);
  g_autoptr (GError) error = NULL;
  PfNode node;

  if (pf_node_resolve (profile, caller, &node, &error))
    preview->plan = pf_plan_compute (board, profile, &node, &error);
  if (preview->plan != NULL)
    {
      pf_machine_look_closer (machine, preview->plan);
      preview->changes = pf_changes_compute (board, preview->plan);
      preview->objections = pf_objections_compute (board, preview->plan, profile);
      return preview;
    }
  preview->changes = g_ptr_array_new ();
  preview->objections = g_ptr_array_new_with_free_func ((GDestroyNotify) pf_objection_free);
  g_ptr_array_add (preview->objections, pf_objection_new_from_error (error));
  return preview;
}

/**
 * pf_preview_free:
 * @preview: (transfer full): a preview
 */
void
pf_preview_free (PfPreview *preview)
{
  g_clear_pointer (&preview->plan, pf_plan_free);
  g_ptr_array_unref (preview->changes);
  g_ptr_array_unref (preview->objections);
  g_free (preview);
}
