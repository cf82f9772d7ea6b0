/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A port that is tried: see pf-trial.c. To the journal, the ledger and whoever recovers it is a switch that
 * waits for confirmation; only that nobody can confirm it, and that it goes back as soon as the other side
 * has seen something. */

#include "pf-error.h"
#include "pf-switcher-private.h"
#include "pf-trial.h"

typedef struct
{
  char *router;
  guint bit;
  gboolean to_xhci;
  char **seen;
} Trial;

static void
free_trial (gpointer data)
{
  Trial *trial = data;

  g_free (trial->router);
  g_strfreev (trial->seen);
  g_free (trial);
}

/* What is wrong already must not be covered up, and not be made worse. */
static gboolean
check_idle (PfSwitcher *switcher, GError **error)
{
  if (!pf_switcher_check_free (switcher, FALSE, error) || !pf_switcher_refresh (switcher, error))
    return FALSE;
  if (pf_switcher_get_state (switcher) == PF_SWITCHER_IDLE)
    return TRUE;
  g_set_error_literal (
      error, PF_ERROR, PF_ERROR_BUSY,
      "No port is tried while something else has to be put right; bring everything home first.");
  return FALSE;
}

static gboolean
goes_to_xhci (const PfSwitchRun *run)
{
  for (guint i = 0; i < run->plan->steps->len; i++)
    {
      const PfStep *step = run->plan->steps->pdata[i];

      if (step->setting == PF_SETTING_ROUTING)
        return (step->to & ~step->from) != 0;
    }
  return FALSE;
}

/**
 * pf_switcher_try_port_async:
 * @switcher: a switcher
 * @router: address of a router
 * @bit: of one of its ports
 * @callback: called when the port is back where it was
 * @user_data: for @callback
 *
 * Routes the port to its other side until something is seen there, for PF_TRIAL_SECONDS at most, and back.
 */
void
pf_switcher_try_port_async (
    PfSwitcher *switcher, const char *router, guint bit, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (switcher, NULL, callback, user_data);
  Trial *trial = g_new0 (Trial, 1);
  PfSwitchRun *run = NULL;
  GError *error = NULL;

  g_task_set_source_tag (task, pf_switcher_try_port_async);
  g_task_set_task_data (task, trial, free_trial);
  trial->router = g_strdup (router);
  trial->bit = bit;
  if (check_idle (switcher, &error))
    run = pf_switch_run_new_trial (switcher->machine, router, bit, &error);
  if (run != NULL)
    trial->to_xhci = goes_to_xhci (run);
  pf_switcher_begin_or_refuse (switcher, run, task, error);
}

/**
 * pf_switcher_try_port_finish:
 * @switcher: a switcher
 * @result: as given to the callback
 * @error: what pf_trial_compute() says, or what could not be put back
 *
 * Returns: (transfer full): names of what was seen on the other side, none where nothing was; NULL on failure
 */
char **
pf_switcher_try_port_finish (PfSwitcher *switcher, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pf_switcher_keep_trial:
 * @switcher: a switcher whose run is a port on its other side now
 *
 * Its caller is not told yet.
 */
void
pf_switcher_keep_trial (PfSwitcher *switcher)
{
  g_clear_object (&switcher->trial);
  switcher->trial = g_steal_pointer (&switcher->task);
}

/* Whether something is seen on the other side for the first time. */
static gboolean
note_seen (PfSwitcher *switcher)
{
  Trial *trial = switcher->trial != NULL ? g_task_get_task_data (switcher->trial) : NULL;

  if (trial == NULL || trial->seen != NULL || switcher->confirmation == NULL || switcher->run != NULL)
    return FALSE;
  trial->seen = pf_trial_list_seen (pf_machine_get_board (switcher->machine), trial->router, trial->bit,
                                    trial->to_xhci);
  if (trial->seen[0] != NULL)
    return TRUE;
  g_clear_pointer (&trial->seen, g_strfreev);
  return FALSE;
}

/**
 * pf_switcher_look_at_trial:
 * @switcher: a switcher that has just read the machine
 *
 * Ends a trial that has shown what it can.
 */
void
pf_switcher_look_at_trial (PfSwitcher *switcher)
{
  if (note_seen (switcher))
    pf_confirmation_expire (switcher->confirmation);
}

/**
 * pf_switcher_look_at_trial_again:
 * @switcher: a switcher whose trial is going to be over
 *
 * What has come without a word of the kernel counts as well.
 */
void
pf_switcher_look_at_trial_again (PfSwitcher *switcher)
{
  if (switcher->trial != NULL && pf_machine_scan (switcher->machine, NULL))
    note_seen (switcher);
}

/**
 * pf_switcher_end_trial:
 * @switcher: a switcher whose last run is over
 * @error: (nullable): how that failed
 *
 * Tells the caller, where the port is back.
 */
void
pf_switcher_end_trial (PfSwitcher *switcher, const GError *error)
{
  g_autoptr (GTask) task = NULL;
  Trial *trial;

  if (switcher->trial == NULL || switcher->confirmation != NULL)
    return;
  task = g_steal_pointer (&switcher->trial);
  /* It was "applying" until now. */
  pf_switcher_emit_changed (switcher);
  trial = g_task_get_task_data (task);
  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_pointer (task, trial->seen != NULL ? g_strdupv (trial->seen) : g_new0 (char *, 1),
                           (GDestroyNotify) g_strfreev);
}
