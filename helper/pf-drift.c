/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-drift.h"

struct _PfDrift
{
  GHashTable *values; /* router address -> XUSB2PR */
};

/**
 * pf_drift_new:
 *
 * Returns: (transfer full): nothing remembered
 */
PfDrift *
pf_drift_new (void)
{
  PfDrift *drift = g_new0 (PfDrift, 1);

  drift->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return drift;
}

/**
 * pf_drift_free:
 * @drift: (transfer full): what is remembered
 */
void
pf_drift_free (PfDrift *drift)
{
  g_hash_table_unref (drift->values);
  g_free (drift);
}

/**
 * pf_drift_remember:
 * @drift: what is remembered
 * @board: the machine as it was just read
 * @loans: what is lent; only routers with a routing of ours in force count
 *
 * Takes what the registers hold now for what they shall hold.
 */
void
pf_drift_remember (PfDrift *drift, const PfBoard *board, const PfLoans *loans)
{
  g_hash_table_remove_all (drift->values);
  for (guint i = 0; i < board->routers->len; i++)
    {
      const PfRouter *router = board->routers->pdata[i];
      const char *address = router->controller->function->address;
      guint32 home;

      if (pf_loans_get_home_routing (loans, address, &home))
        g_hash_table_insert (drift->values, g_strdup (address), GUINT_TO_POINTER (router->value));
    }
}

/**
 * pf_drift_compare:
 * @drift: what is remembered
 * @board: the machine as it was just read
 * @report: called for each router that holds something else than what is remembered
 * @user_data: for @report
 */
void
pf_drift_compare (PfDrift *drift, const PfBoard *board, PfDriftFunc report, gpointer user_data)
{
  GHashTableIter iter;
  gpointer address;
  gpointer value;

  g_hash_table_iter_init (&iter, drift->values);
  while (g_hash_table_iter_next (&iter, &address, &value))
    {
      const PfRouter *router = pf_board_find_router (board, address);

      if (router != NULL && router->value != GPOINTER_TO_UINT (value))
        report (address, GPOINTER_TO_UINT (value), router->value, user_data);
    }
}
