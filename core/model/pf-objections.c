/* SPDX-License-Identifier: GPL-3.0-or-later */

/* All that speaks against a plan, and what there can be. Each subject has a file of its own. */

#include "pf-objection-private.h"

/* All that the rules of this room give; those of the host's disks and the like are in a table of their own.
 */
static const char *const codes[] = {
  "held",
  "stuck",
  "super-speed-half-stays",
  "no-reset",
  "risky-reset",
  "reserved-memory",
  "usb4-tunnels",
  "last-keyboard",
  "last-pointer",
  "keyboard-stays",
  "goes-along",
  "graphics-goes-along",
  NULL,
};

/* A plan that is impossible is shown as a hard objection with the error's name. */
static gboolean
is_error_code (const char *code)
{
  for (PfError error = 0; error < PF_N_ERRORS; error++)
    {
      g_autofree char *name = pf_error_get_objection_code (error);

      if (g_str_equal (name, code))
        return TRUE;
    }
  return FALSE;
}

/**
 * pf_objection_code_exists:
 * @code: any text
 *
 * Returns: whether there can be an objection of that name
 */
gboolean
pf_objection_code_exists (const char *code)
{
  return g_strv_contains (codes, code) || pf_objection_host_has_code (code) || is_error_code (code);
}

/**
 * pf_objections_speak_against:
 * @objections: (element-type PfObjection): what there is to say of a plan
 *
 * Returns: whether anything of it is more than a note
 */
gboolean
pf_objections_speak_against (const GPtrArray *objections)
{
  for (guint i = 0; i < objections->len; i++)
    if (((const PfObjection *) objections->pdata[i])->severity != PF_SEVERITY_NOTE)
      return TRUE;
  return FALSE;
}

/* Unbinding from vfio-pci while a process holds the device blocks without limit. */
static void
object_to_held_group (GPtrArray *objections, const PfBoard *board, const PfStep *step)
{
  const PfGroup *group = pf_board_find_group (board, step->group);

  if (step->kind != PF_STEP_BIND || step->lends || group == NULL || !group->held)
    return;
  g_ptr_array_add (objections, pf_objection_new ("held", PF_SEVERITY_HARD, PF_ERROR_HELD,
                                                 ((const PfMove *) step->moves->pdata[0])->address,
                                                 pf_group_describe_held (group->id, group->holder)));
}

/* What cannot be read must not be written: the write would hang as the reading does. */
static void
object_to_stuck_functions (GPtrArray *objections, const PfBoard *board, const PfStep *step)
{
  for (guint i = 0; i < step->moves->len; i++)
    {
      const PfMove *move = step->moves->pdata[i];
      const PfFunction *function = pf_board_find_function (board, move->address);

      if (function != NULL && function->is_stuck)
        g_ptr_array_add (objections, pf_objection_new ("stuck", PF_SEVERITY_HARD, PF_ERROR_STUCK,
                                                       move->address, pf_function_describe_stuck (function)));
    }
}

/**
 * pf_objections_compute:
 * @board: the board
 * @plan: a plan for it
 * @profile: the profile that it leads to
 *
 * Returns: (transfer full) (element-type PfObjection): what speaks against carrying the plan out
 */
GPtrArray *
pf_objections_compute (const PfBoard *board, const PfPlan *plan, const PfProfile *profile)
{
  GPtrArray *objections = g_ptr_array_new_with_free_func ((GDestroyNotify) pf_objection_free);
  g_auto (PfFuture) future = { 0 };

  pf_future_init (&future, board, plan);
  for (guint i = 0; i < plan->steps->len; i++)
    {
      object_to_held_group (objections, board, plan->steps->pdata[i]);
      object_to_stuck_functions (objections, board, plan->steps->pdata[i]);
    }
  pf_objection_add_host (objections, &future);
  pf_objection_add_along (objections, &future, profile);
  pf_objection_add_super_speed (objections, &future);
  pf_objection_add_resets (objections, &future);
  pf_objection_add_reserved (objections, &future);
  pf_objection_add_reset_risks (objections, &future);
  pf_objection_add_host_routers (objections, &future);
  pf_objection_add_inputs (objections, &future, profile);
  return objections;
}

/**
 * pf_objections_check:
 * @objections: (element-type PfObjection): from pf_objections_compute()
 * @override: (nullable): codes of soft objections to go on with
 * @error: for a hard objection its own error; PF_ERROR_OBJECTION for soft ones that are not overridden
 *
 * Returns: whether the plan may be carried out
 */
gboolean
pf_objections_check (GPtrArray *objections, const char *const *override, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < objections->len; i++)
    {
      const PfObjection *objection = objections->pdata[i];

      if (objection->severity == PF_SEVERITY_HARD)
        {
          g_set_error_literal (error, PF_ERROR, (int) objection->error, objection->message);
          return FALSE;
        }
      if (objection->severity == PF_SEVERITY_NOTE)
        continue;
      if (override == NULL || !g_strv_contains (override, objection->code))
        g_string_append_printf (text, "%s%s (%s)", text->len > 0 ? " " : "", objection->message,
                                objection->code);
    }
  if (text->len == 0)
    return TRUE;
  g_set_error_literal (error, PF_ERROR, PF_ERROR_OBJECTION, text->str);
  return FALSE;
}
