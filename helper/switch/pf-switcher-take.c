/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Takes home what others have lent and left behind, only when somebody asks for it. To journal and executor
 * it is a switch to the profile in force; the ledger knows nothing of it. */

#include "pf-error.h"
#include "pf-switcher-private.h"
#include "pf-take-home.h"

/* Where the record of what is lent was lost, this puts that right. Other problems have to be mended first. */
static gboolean
check_fit (PfSwitcher *switcher, GError **error)
{
  if (!pf_switcher_check_free (switcher, FALSE, error) || !pf_switcher_refresh (switcher, error))
    return FALSE;
  if (pf_switcher_get_state (switcher) == PF_SWITCHER_IDLE
      || (pf_switcher_get_state (switcher) == PF_SWITCHER_DEGRADED
          && pf_ledger_was_lost (pf_machine_get_ledger (switcher->machine))))
    return TRUE;
  g_set_error_literal (
      error, PF_ERROR, PF_ERROR_BUSY,
      "Nothing is taken home from others while something else has to be put right; bring everything home "
      "first (portferryctl home).");
  return FALSE;
}

/* polkit has authorized @meant, which names the functions that are moved; others are refused. */
static gboolean
check_meant (PfSwitcher *switcher, const char *address, const char *meant, GError **error)
{
  g_autofree char *now = pf_take_home_name (pf_machine_get_board (switcher->machine), address);

  if (g_strcmp0 (now, meant) == 0)
    return TRUE;
  g_set_error_literal (
      error, PF_ERROR, PF_ERROR_BUSY,
      "What is lent there was changed while permission was asked for; nothing was done. Please try again.");
  return FALSE;
}

/**
 * pf_switcher_take_home_async:
 * @switcher: a switcher
 * @address: of a controller that others have lent
 * @meant: what pf_take_home_name() said when it was authorized
 * @origin: who asked
 * @callback: called when its group is home, or as it was before
 * @user_data: for @callback
 */
void
pf_switcher_take_home_async (PfSwitcher *switcher,
                             const char *address,
                             const char *meant,
                             const char *origin,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task = g_task_new (switcher, NULL, callback, user_data);
  PfSwitchRun *run = NULL;
  GError *error = NULL;

  g_task_set_source_tag (task, pf_switcher_take_home_async);
  if (check_fit (switcher, &error))
    run = pf_switch_run_new_take_home (switcher->machine, address, switcher->active, origin, &error);
  if (run != NULL && !check_meant (switcher, address, meant, &error))
    g_clear_pointer (&run, pf_switch_run_free);
  pf_switcher_begin_or_refuse (switcher, run, task, error);
}

/**
 * pf_switcher_take_home_finish:
 * @switcher: a switcher
 * @result: as given to the callback
 * @error: what pf_take_home_compute() says, PF_ERROR_BUSY, or what the kernel did not do
 *
 * Returns: whether it is home
 */
gboolean
pf_switcher_take_home_finish (PfSwitcher *switcher, GAsyncResult *result, GError **error)
{
  g_autofree char *transaction = g_task_propagate_pointer (G_TASK (result), error);

  return transaction != NULL;
}
