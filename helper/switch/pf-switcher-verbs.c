/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What callers ask of the switcher, and what it tells them. */

#include "pf-error.h"
#include "pf-switcher-private.h"

/* A switch that waits for confirmation gives way only to the way home. */
gboolean
pf_switcher_check_free (PfSwitcher *switcher, gboolean goes_home, GError **error)
{
  if (switcher->shutting_down)
    g_set_error_literal (error, PF_ERROR, PF_ERROR_BUSY, "Portferry is being stopped.");
  else if (switcher->run != NULL && switcher->run->kind == PF_SWITCH_RECOVER)
    g_set_error_literal (error, PF_ERROR, PF_ERROR_BUSY,
                         "A switch that was interrupted is put right; try again when that is done.");
  else if ((switcher->run != NULL && switcher->run->is_trial) || (switcher->trial != NULL && !goes_home))
    g_set_error_literal (error, PF_ERROR, PF_ERROR_BUSY, "A port is being tried; try again in some seconds.");
  else if (switcher->run != NULL)
    g_set_error (error, PF_ERROR, PF_ERROR_BUSY, "A switch to “%s” is under way; try again when it is done.",
                 switcher->run->target);
  else if (switcher->confirmation != NULL && !goes_home)
    g_set_error (error, PF_ERROR, PF_ERROR_BUSY,
                 "The switch to “%s” waits for confirmation; confirm it or take it back first.",
                 pf_confirmation_get_run (switcher->confirmation)->target);
  else if (switcher->release != NULL && !goes_home)
    g_set_error (error, PF_ERROR, PF_ERROR_BUSY,
                 "The switch to “%s” waits for a virtual machine to let go of a controller; try again later.",
                 pf_release_get_request (switcher->release)->profile->id);
  else
    return TRUE;
  return FALSE;
}

static PfSwitchRun *
create_requested_run (PfSwitcher *switcher, const PfSwitchRequest *request, GError **error)
{
  if (pf_profile_is_home (request->profile))
    return pf_switch_run_new_home (switcher->machine, request, error);
  return pf_switch_run_new_apply (switcher->machine, request, error);
}

/* Home never waits for a virtual machine: a switch that does is taken back first. */
static void
queue_return (PfSwitcher *switcher, GTask *task, const char *origin)
{
  g_task_set_task_data (task, g_strdup (origin), g_free);
  g_queue_push_tail (&switcher->returns, task);
  pf_switcher_give_attach_up (switcher, "Everything was called home meanwhile.");
  pf_switcher_begin_waiting_return (switcher);
}

/**
 * pf_switcher_apply_async:
 * @switcher: a switcher
 * @request: what is wanted; copied as far as it is needed
 * @callback: called when the switch is complete and read back, or the state before it is
 * @user_data: for @callback
 *
 * The machine is read afresh for it. A switch to home is the way home: what can come has come when it fails
 * because of something that could not.
 */
void
pf_switcher_apply_async (PfSwitcher *switcher,
                         const PfSwitchRequest *request,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GTask *task = g_task_new (switcher, NULL, callback, user_data);
  PfSwitchRun *run = NULL;
  GError *error = NULL;

  g_task_set_source_tag (task, pf_switcher_apply_async);
  if (switcher->attach != NULL && pf_profile_is_home (request->profile))
    {
      queue_return (switcher, task, request->origin);
      return;
    }
  if (pf_switcher_check_free (switcher, pf_profile_is_home (request->profile), &error)
      && pf_switcher_refresh (switcher, &error))
    {
      pf_switcher_give_release_up (switcher, "Everything was called home meanwhile.");
      run = create_requested_run (switcher, request, &error);
    }
  if (run == NULL && request->release_seconds > 0 && switcher->confirmation == NULL
      && g_error_matches (error, PF_ERROR, PF_ERROR_HELD))
    {
      g_clear_error (&error);
      pf_switcher_wait_for_release (switcher, request, task);
    }
  else
    pf_switcher_begin_or_refuse (switcher, run, task, error);
}

/**
 * pf_switcher_apply_finish:
 * @switcher: a switcher
 * @result: as given to the callback
 * @error: PF_ERROR_BUSY, or what stood in the way
 *
 * Returns: (transfer full): the transaction; NULL on failure
 */
char *
pf_switcher_apply_finish (PfSwitcher *switcher, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pf_switcher_return_all_async:
 * @switcher: a switcher
 * @origin: who asked
 * @callback: called when everything is home that can come
 * @user_data: for @callback
 *
 * Ends a switch that waits for confirmation or for a virtual machine. While a switch is under way it waits
 * for the end of that: stopping half-way would take as long.
 */
void
pf_switcher_return_all_async (PfSwitcher *switcher,
                              const char *origin,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  GTask *task = g_task_new (switcher, NULL, callback, user_data);

  g_task_set_source_tag (task, pf_switcher_return_all_async);
  queue_return (switcher, task, origin);
}

/**
 * pf_switcher_return_all_finish:
 * @switcher: a switcher
 * @result: as given to the callback
 * @error: PF_ERROR_BUSY, or what stood in the way of even beginning
 *
 * Returns: (transfer full) (element-type PfLeft): what is not at home; NULL on failure
 */
GPtrArray *
pf_switcher_return_all_finish (PfSwitcher *switcher, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pf_switcher_get_pending:
 * @switcher: a switcher
 * @transaction: what a caller says is the name of the switch that waits for confirmation
 * @error: PF_ERROR_NO_SUCH_TRANSACTION
 *
 * Returns: (transfer none): id of the profile that it led to; NULL when there is no such switch
 */
const char *
pf_switcher_get_pending (PfSwitcher *switcher, const char *transaction, GError **error)
{
  const PfSwitchRun *run = NULL;

  if (switcher->run == NULL && switcher->confirmation != NULL && switcher->trial == NULL)
    run = pf_confirmation_get_run (switcher->confirmation);
  if (run != NULL && g_str_equal (run->transaction, transaction))
    return run->target;
  g_set_error_literal (error, PF_ERROR, PF_ERROR_NO_SUCH_TRANSACTION,
                       "No switch of that name waits for confirmation; it may have gone back already.");
  return NULL;
}

/**
 * pf_switcher_confirm:
 * @switcher: a switcher
 * @transaction: a switch that waits for it
 * @error: PF_ERROR_NO_SUCH_TRANSACTION; PF_ERROR_WRITE_FAILED when it could not be put on record
 *
 * Returns: whether the switch stays from now on
 */
gboolean
pf_switcher_confirm (PfSwitcher *switcher, const char *transaction, GError **error)
{
  const PfSwitchRun *run;
  g_autoptr (GError) not_kept = NULL;

  if (pf_switcher_get_pending (switcher, transaction, error) == NULL
      || !pf_recovery_end (switcher->recovery, switcher->problem, error))
    return FALSE;
  run = pf_confirmation_get_run (switcher->confirmation);
  if (!pf_confirmed_add (pf_machine_get_confirmed (switcher->machine), run->target, run->text, run->board,
                         &not_kept))
    g_warning ("It will be asked for again: %s", not_kept->message);
  g_clear_error (&not_kept);
  g_clear_pointer (&switcher->confirmation, pf_confirmation_free);
  /* What drifted meanwhile is put right now. */
  if (!pf_switcher_scan (switcher, &not_kept))
    g_warning ("The machine cannot be read: %s", not_kept->message);
  pf_switcher_emit_changed (switcher);
  return TRUE;
}

/**
 * pf_switcher_revert_async:
 * @switcher: a switcher
 * @transaction: a switch that waits for confirmation
 * @callback: called when the state before it is back
 * @user_data: for @callback
 */
void
pf_switcher_revert_async (PfSwitcher *switcher,
                          const char *transaction,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task = g_task_new (switcher, NULL, callback, user_data);
  PfSwitchRun *run = NULL;
  GError *error = NULL;

  g_task_set_source_tag (task, pf_switcher_revert_async);
  if (pf_switcher_get_pending (switcher, transaction, &error) != NULL
      && pf_switcher_refresh (switcher, &error))
    {
      const PfSwitchRun *pending = pf_confirmation_get_run (switcher->confirmation);

      run = pf_switch_run_new_revert (switcher->machine, pending, pending->origin);
    }
  pf_switcher_begin_or_refuse (switcher, run, task, error);
}

/**
 * pf_switcher_revert_finish:
 * @switcher: a switcher
 * @result: as given to the callback
 * @error: PF_ERROR_NO_SUCH_TRANSACTION, or what could not be put back
 *
 * Returns: whether the state before it is back
 */
gboolean
pf_switcher_revert_finish (PfSwitcher *switcher, GAsyncResult *result, GError **error)
{
  g_autofree char *transaction = g_task_propagate_pointer (G_TASK (result), error);

  return transaction != NULL;
}

/**
 * pf_switcher_shut_down:
 * @switcher: a switcher
 *
 * Begins nothing from now on. What waits for confirmation goes back at once: nobody would be there to do it
 * later.
 */
void
pf_switcher_shut_down (PfSwitcher *switcher)
{
  switcher->shutting_down = TRUE;
  pf_switcher_give_release_up (switcher, "Portferry is being stopped.");
  pf_switcher_give_attach_up (switcher, "Portferry is being stopped.");
  if (switcher->confirmation != NULL)
    pf_confirmation_expire (switcher->confirmation);
}

/**
 * pf_switcher_note_sleep:
 * @switcher: a switcher
 * @begins: the machine is going to sleep; FALSE: it has woken up
 *
 * What is found changed from now on is the doing of the sleep, and when that is over somebody has to look.
 */
void
pf_switcher_note_sleep (PfSwitcher *switcher, gboolean begins)
{
  g_autoptr (GError) error = NULL;

  pf_drift_note_resume (switcher->drift);
  if (!begins && !pf_switcher_refresh (switcher, &error))
    g_warning ("The machine cannot be read: %s", error->message);
}

/**
 * pf_switcher_get_state:
 * @switcher: a switcher
 *
 * Returns: what it is doing
 */
PfSwitcherState
pf_switcher_get_state (PfSwitcher *switcher)
{
  if (switcher->attach != NULL)
    return PF_SWITCHER_AWAITING_ATTACH;
  if (switcher->run != NULL)
    return switcher->run->kind == PF_SWITCH_REVERT || switcher->run->kind == PF_SWITCH_RESTORE
                   || switcher->run->kind == PF_SWITCH_RECOVER
               ? PF_SWITCHER_RECOVERING
               : PF_SWITCHER_APPLYING;
  if (switcher->trial != NULL)
    return PF_SWITCHER_APPLYING;
  if (switcher->confirmation != NULL)
    return PF_SWITCHER_AWAITING_CONFIRMATION;
  if (switcher->release != NULL)
    return PF_SWITCHER_AWAITING_RELEASE;
  if (pf_recovery_is_owing (switcher->recovery))
    return PF_SWITCHER_RECOVERING;
  return switcher->problem != NULL ? PF_SWITCHER_DEGRADED : PF_SWITCHER_IDLE;
}

/**
 * pf_switcher_get_transaction:
 * @switcher: a switcher
 *
 * Returns: (transfer none): the switch under way or waiting for confirmation; "" for none
 */
const char *
pf_switcher_get_transaction (PfSwitcher *switcher)
{
  if (switcher->run != NULL)
    return switcher->run->transaction;
  return switcher->confirmation != NULL ? pf_confirmation_get_run (switcher->confirmation)->transaction : "";
}

/**
 * pf_switcher_get_deadline:
 * @switcher: a switcher
 *
 * Returns: when the switch that waits for confirmation goes back, or the one that waits for a virtual machine
 * is given up, CLOCK_REALTIME in microseconds; 0 for never
 */
gint64
pf_switcher_get_deadline (PfSwitcher *switcher)
{
  if (switcher->attach != NULL)
    return pf_attach_get_deadline (switcher->attach);
  if (switcher->confirmation != NULL && switcher->trial == NULL)
    return pf_confirmation_get_deadline (switcher->confirmation);
  return switcher->release != NULL ? pf_release_get_deadline (switcher->release) : 0;
}

/**
 * pf_switcher_get_active:
 * @switcher: a switcher
 *
 * Returns: (transfer none): id of the profile in force, by what was read
 */
const char *
pf_switcher_get_active (PfSwitcher *switcher)
{
  return switcher->active;
}

/**
 * pf_switcher_get_problem:
 * @switcher: a switcher
 *
 * Returns: (transfer none) (nullable): what could not be put back
 */
const GError *
pf_switcher_get_problem (PfSwitcher *switcher)
{
  return switcher->problem;
}

/* What the record of what is lent was lost with does not come home, and is a problem still. */
gboolean
pf_switcher_is_still_lost (PfSwitcher *switcher, PfSwitchKind kind)
{
  g_autoptr (GPtrArray) left = NULL;

  if (switcher->problem == NULL || !pf_ledger_was_lost (pf_machine_get_ledger (switcher->machine))
      || (kind != PF_SWITCH_RETURN_ALL && kind != PF_SWITCH_TAKE_HOME && kind != PF_SWITCH_RECOVER))
    return FALSE;
  left = pf_left_list (switcher->machine, NULL);
  return left->len > 0;
}
