/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-ctl.h"

/**
 * pf_ctl_store_result:
 * @source: the client
 * @result: the answer
 * @where: a GAsyncResult **, which gets a reference
 *
 * The callback for pf_ctl_await().
 */
void
pf_ctl_store_result (GObject *source, GAsyncResult *result, gpointer where)
{
  *(GAsyncResult **) where = g_object_ref (result);
}

/**
 * pf_ctl_await:
 * @result: where pf_ctl_store_result() puts the answer
 *
 * Runs the main loop until the answer is there.
 */
void
pf_ctl_await (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

/**
 * pf_ctl_wake:
 * @ctl: this run
 * @error: why there is no helper
 *
 * Starts the helper where it does not run, and waits until what it publishes has been read.
 *
 * Returns: whether it has been read
 */
gboolean
pf_ctl_wake (PfCtl *ctl, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  pf_client_wake_async (ctl->client, NULL, pf_ctl_store_result, &result);
  pf_ctl_await (&result);
  return pf_client_wake_finish (ctl->client, result, error);
}

/**
 * pf_ctl_refresh:
 * @ctl: this run
 * @error: why there is no helper
 *
 * Reads anew what the helper publishes. Changes that a call makes are announced after its answer, and a
 * program that is about to end cannot tell how long to wait for them.
 *
 * Returns: whether it has been read
 */
gboolean
pf_ctl_refresh (PfCtl *ctl, GError **error)
{
  g_object_unref (ctl->client);
  ctl->client = pf_client_new ();
  return pf_ctl_wake (ctl, error);
}
