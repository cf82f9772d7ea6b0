/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How the switcher waits for a virtual machine to let go of what has to come back. Nothing has been done yet
 * then, so there is nothing to take back when it does not. */

#include "pf-error.h"
#include "pf-switcher-private.h"

/**
 * pf_switcher_ask_for_release:
 * @switcher: a switcher
 * @request: (nullable): a switch that waits; NULL for the way home, which does not wait
 *
 * Whoever may talk to the virtual machine can see to it.
 */
void
pf_switcher_ask_for_release (PfSwitcher *switcher, const PfSwitchRequest *request)
{
  const PfBoard *board = pf_machine_get_board (switcher->machine);
  g_autoptr (PfLoans) loans = pf_ledger_copy (pf_machine_get_ledger (switcher->machine));

  for (guint i = 0; i < board->controllers->len; i++)
    {
      const PfController *controller = board->controllers->pdata[i];
      const PfGroup *group = controller->group;

      if (group != NULL && group->held
          && pf_loans_find_by_member (loans, controller->function->address) != NULL
          && (request == NULL || pf_release_needs (request, board, group)))
        pf_switcher_emit_release_wanted (switcher, controller->function->address,
                                         group->holder != NULL ? group->holder : "");
    }
}

/**
 * pf_switcher_ask_for_failed:
 * @switcher: a switcher
 * @failed: (element-type PfStep): what could not be taken back
 *
 * A virtual machine may have taken what a switch had lent before that was taken back. It comes home when it
 * is let go.
 */
void
pf_switcher_ask_for_failed (PfSwitcher *switcher, const GPtrArray *failed)
{
  const PfBoard *board = pf_machine_get_board (switcher->machine);

  for (guint i = 0; i < failed->len; i++)
    {
      const PfStep *step = failed->pdata[i];
      const PfGroup *group = step->kind == PF_STEP_BIND ? pf_board_find_group (board, step->group) : NULL;

      for (guint j = 0; group != NULL && group->held && j < board->controllers->len; j++)
        if (((const PfController *) board->controllers->pdata[j])->group == group)
          pf_switcher_emit_release_wanted (
              switcher, ((const PfController *) board->controllers->pdata[j])->function->address,
              group->holder != NULL ? group->holder : "");
    }
}

/* Ends the wait without a switch. Takes @error. */
static void
fail (PfSwitcher *switcher, GError *error)
{
  g_autoptr (PfRelease) release = g_steal_pointer (&switcher->release);
  const PfSwitchRequest *request = pf_release_get_request (release);
  g_autoptr (GTask) task = pf_release_take_task (release);

  g_message ("The switch to “%s” was not begun: %s", request->profile->id, error->message);
  pf_switcher_emit_changed (switcher);
  pf_switcher_emit_failed (switcher, request->profile->id, request->origin, error);
  g_task_return_error (task, error);
}

/* Begins the switch if it can begin now. */
static void
try_begin (PfSwitcher *switcher, gboolean is_last)
{
  const PfSwitchRequest *request = pf_release_get_request (switcher->release);
  GError *error = NULL;
  PfSwitchRun *run = pf_switch_run_new_apply (switcher->machine, request, &error);

  if (run != NULL)
    {
      g_autoptr (PfRelease) release = g_steal_pointer (&switcher->release);

      pf_switcher_begin_run (switcher, run, pf_release_take_task (release));
    }
  else if (is_last || !g_error_matches (error, PF_ERROR, PF_ERROR_HELD))
    fail (switcher, error);
  else
    g_error_free (error);
}

static gboolean
on_deadline (gpointer user_data)
{
  PfSwitcher *switcher = user_data;
  GError *error = NULL;

  if (switcher->run != NULL)
    fail (switcher, g_error_new_literal (PF_ERROR, PF_ERROR_BUSY, "Another switch came between."));
  else if (!pf_machine_scan (switcher->machine, &error))
    fail (switcher, error);
  else
    try_begin (switcher, TRUE);
  return G_SOURCE_REMOVE;
}

/* From the main loop: the switcher is in the middle of something when it is told that something has changed.
 */
static gboolean
on_look (gpointer user_data)
{
  PfSwitcher *switcher = user_data;

  switcher->look_id = 0;
  if (switcher->release != NULL && switcher->run == NULL)
    try_begin (switcher, FALSE);
  return G_SOURCE_REMOVE;
}

/**
 * pf_switcher_wait_for_release:
 * @switcher: a switcher at rest
 * @request: what is wanted; a virtual machine holds what has to come back
 * @task: (transfer full): who waits for it
 */
void
pf_switcher_wait_for_release (PfSwitcher *switcher, const PfSwitchRequest *request, GTask *task)
{
  switcher->release = pf_release_new (request, task, on_deadline, switcher);
  pf_switcher_emit_changed (switcher);
  pf_switcher_ask_for_release (switcher, request);
}

/**
 * pf_switcher_look_for_release:
 * @switcher: a switcher whose machine was just read
 *
 * Where a switch waits, it is looked soon whether it can begin.
 */
void
pf_switcher_look_for_release (PfSwitcher *switcher)
{
  if (switcher->release != NULL && switcher->look_id == 0)
    switcher->look_id = g_idle_add (on_look, switcher);
}

/**
 * pf_switcher_give_release_up:
 * @switcher: a switcher
 * @why: what came between
 */
void
pf_switcher_give_release_up (PfSwitcher *switcher, const char *why)
{
  if (switcher->release != NULL)
    fail (switcher, g_error_new_literal (PF_ERROR, PF_ERROR_BUSY, why));
}
