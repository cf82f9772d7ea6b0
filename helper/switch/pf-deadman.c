/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-deadman.h"

#include "pf-holder-watch.h"
#include "pf-loan-notes.h"

struct _PfDeadman
{
  PfServices services;
  PfHolderWatch *watch;
  guint act_id;
  guint loans; /* how many there were when last seen */
};

static PfLedger *
get_ledger (const PfDeadman *deadman)
{
  return pf_machine_get_ledger (deadman->services.machine);
}

static gboolean
on_holders_changed (gpointer user_data)
{
  PfDeadman *deadman = user_data;
  g_autoptr (GError) error = NULL;

  if (!pf_switcher_refresh (deadman->services.switcher, &error))
    g_warning ("The machine cannot be read: %s", error->message);
  return G_SOURCE_REMOVE;
}

static void
on_returned (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) left = pf_switcher_return_all_finish (PF_SWITCHER (source), result, &error);

  if (left == NULL)
    g_warning ("Not brought home: %s", error->message);
}

static void
go_home_instead (PfSwitcher *switcher, const GError *error)
{
  g_message ("The profile before it cannot be had, so everything comes home: %s", error->message);
  pf_switcher_return_all_async (switcher, PF_ORIGIN_GUARD, on_returned, NULL);
}

static void
on_applied (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PfSwitcher *switcher = PF_SWITCHER (source);
  g_autoptr (GError) error = NULL;
  g_autofree char *transaction = pf_switcher_apply_finish (switcher, result, &error);

  if (transaction == NULL)
    go_home_instead (switcher, error);
}

static void
on_reverted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PfSwitcher *switcher = PF_SWITCHER (source);
  g_autoptr (GError) error = NULL;

  if (!pf_switcher_revert_finish (switcher, result, &error))
    go_home_instead (switcher, error);
}

/* Nodes go to whoever has those of now. */
static uid_t
find_caller (const PfDeadman *deadman, const PfLoans *loans)
{
  const PfBoard *board = pf_machine_get_board (deadman->services.machine);

  for (guint i = 0; i < loans->loans->len; i++)
    {
      const PfGroup *group = pf_board_find_group (board, ((const PfLoan *) loans->loans->pdata[i])->group);

      if (group != NULL && group->has_node)
        return group->node_uid;
    }
  return 0;
}

static void
go_to_previous (PfDeadman *deadman, const PfLoans *loans)
{
  PfSwitcher *switcher = deadman->services.switcher;
  const PfProfile *profile
      = loans->previous != NULL ? pf_store_require (deadman->services.store, loans->previous, NULL) : NULL;
  const PfSwitchRequest request = {
    .profile = profile,
    .caller = find_caller (deadman, loans),
    .origin = PF_ORIGIN_GUARD,
  };

  /* A switch that waits for confirmation leaves no other way than back, which is the profile before it. */
  if (pf_switcher_get_state (switcher) == PF_SWITCHER_AWAITING_CONFIRMATION)
    pf_switcher_revert_async (switcher, pf_switcher_get_transaction (switcher), on_reverted, NULL);
  else if (profile == NULL || pf_profile_is_home (profile))
    pf_switcher_return_all_async (switcher, PF_ORIGIN_GUARD, on_returned, NULL);
  else
    pf_switcher_apply_async (switcher, &request, on_applied, NULL);
}

/* What the profile in force says, as it reads now. */
static PfOnVmExit
decide (const PfDeadman *deadman, const PfLoans *loans)
{
  const PfProfile *profile
      = loans->profile != NULL ? pf_store_require (deadman->services.store, loans->profile, NULL) : NULL;

  return pf_on_vm_exit_decide (profile, loans->input);
}

static gboolean
has_to_act (const PfDeadman *deadman, const PfLoans *loans)
{
  const PfBoard *board = pf_machine_get_board (deadman->services.machine);

  return pf_loans_want_home (loans, board) || pf_loans_vm_is_gone (loans, board);
}

/* While a switch is under way it is not known what its end leaves to do; "changed" comes at the end of it. */
static gboolean
may_act (const PfDeadman *deadman)
{
  PfSwitcherState state = pf_switcher_get_state (deadman->services.switcher);

  return state == PF_SWITCHER_IDLE || state == PF_SWITCHER_DEGRADED
         || state == PF_SWITCHER_AWAITING_CONFIRMATION;
}

static gboolean
on_act (gpointer user_data)
{
  PfDeadman *deadman = user_data;
  PfSwitcher *switcher = deadman->services.switcher;
  const PfBoard *board = pf_machine_get_board (deadman->services.machine);
  g_autoptr (PfLoans) loans = pf_ledger_copy (get_ledger (deadman));
  g_autoptr (GError) error = NULL;
  PfOnVmExit what;

  deadman->act_id = 0;
  if (!may_act (deadman) || !has_to_act (deadman, loans))
    return G_SOURCE_REMOVE;
  what = pf_loans_want_home (loans, board) ? PF_ON_VM_EXIT_HOME : decide (deadman, loans);
  /* Once, whatever comes of it: a way home that fails must not be tried for ever. */
  if (!pf_loan_notes_clear (get_ledger (deadman), board, &error))
    g_warning ("%s", error->message);
  if (what == PF_ON_VM_EXIT_HOME)
    pf_switcher_return_all_async (switcher, PF_ORIGIN_GUARD, on_returned, NULL);
  else if (what == PF_ON_VM_EXIT_PREVIOUS)
    go_to_previous (deadman, loans);
  return G_SOURCE_REMOVE;
}

static void
on_switcher_changed (PfDeadman *deadman)
{
  const PfBoard *board = pf_machine_get_board (deadman->services.machine);
  g_autoptr (PfLoans) loans = NULL;
  g_autoptr (GError) error = NULL;

  if (!pf_loan_notes_look (get_ledger (deadman), board, &error))
    g_warning ("%s", error->message);
  loans = pf_ledger_copy (get_ledger (deadman));
  pf_holder_watch_update (deadman->watch, board, loans,
                          pf_switcher_get_state (deadman->services.switcher) == PF_SWITCHER_AWAITING_RELEASE);
  if (loans->loans->len > deadman->loans)
    pf_holder_watch_expect (deadman->watch);
  deadman->loans = loans->loans->len;
  /* From the main loop: the switcher is in the middle of something here. */
  if (deadman->act_id == 0 && may_act (deadman) && has_to_act (deadman, loans))
    deadman->act_id = g_idle_add (on_act, deadman);
}

/**
 * pf_deadman_new:
 * @services: what the helper knows; has to outlive it
 * @dev: path of the kernel's /dev
 *
 * Returns: (transfer full): watches from now on
 */
PfDeadman *
pf_deadman_new (const PfServices *services, const char *dev)
{
  PfDeadman *deadman = g_new0 (PfDeadman, 1);

  deadman->services = *services;
  deadman->watch
      = pf_holder_watch_new (pf_machine_get_tree (services->machine), dev, on_holders_changed, deadman);
  g_signal_connect_swapped (services->switcher, "changed", G_CALLBACK (on_switcher_changed), deadman);
  return deadman;
}

/**
 * pf_deadman_free:
 * @deadman: (transfer full): watches no longer
 */
void
pf_deadman_free (PfDeadman *deadman)
{
  g_signal_handlers_disconnect_by_data (deadman->services.switcher, deadman);
  g_clear_handle_id (&deadman->act_id, g_source_remove);
  pf_holder_watch_free (deadman->watch);
  g_free (deadman);
}

/**
 * pf_deadman_expect:
 * @deadman: a watch
 *
 * A virtual machine is being started, or ends.
 */
void
pf_deadman_expect (PfDeadman *deadman)
{
  pf_holder_watch_expect (deadman->watch);
}
