/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-toggle.h"

#include "pf-loan-notes.h"

/**
 * pf_toggle_find_target:
 * @services: what the helper knows
 *
 * Finds the profile before the one in force; from home, where there is none, the only one; else home.
 * Half-way home, while a virtual machine has not let go yet, home is where we come from, so it is the profile
 * in force.
 *
 * Returns: (transfer full): id of the profile that a toggle leads to now
 */
char *
pf_toggle_find_target (const PfServices *services)
{
  PfLedger *ledger = pf_machine_get_ledger (services->machine);
  const char *active = pf_switcher_get_active (services->switcher);
  g_autofree char *previous = pf_ledger_get_previous (ledger);
  g_autoptr (PfLoans) loans = pf_ledger_copy (ledger);
  const PfProfile *only = pf_store_find_only (services->store);

  if (pf_loans_are_wanted_home (loans) && pf_store_find (services->store, active) != NULL)
    return g_strdup (active);
  if (previous != NULL && !g_str_equal (previous, active)
      && pf_store_find (services->store, previous) != NULL)
    return g_steal_pointer (&previous);
  return g_strdup (g_str_equal (active, PF_PROFILE_HOME) && only != NULL ? only->id : PF_PROFILE_HOME);
}
