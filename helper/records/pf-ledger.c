/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-ledger.h"

#include <stdio.h>

#include "pf-file.h"
#include "pf-profile.h"

#define MAX_SIZE 65536

/* The executor may report steps from a thread of its own, so everything here is done under the lock. The
 * format of the file is that of pf_loans_serialize(). */
struct _PfLedger
{
  GMutex lock;
  char *path;
  PfLoans *loans;
  gboolean was_lost;     /* since the machine was started: a bad one lies beside it */
  gboolean is_unchecked; /* what was loaded had no checksum */
  GError *write_error;   /* why the last change is not on disk; NULL where it is */
};

/**
 * pf_ledger_new:
 * @folder: where its file is
 *
 * Returns: (transfer full): an empty ledger; see pf_ledger_load()
 */
PfLedger *
pf_ledger_new (const char *folder)
{
  PfLedger *ledger = g_new0 (PfLedger, 1);

  g_mutex_init (&ledger->lock);
  ledger->path = g_build_filename (folder, "loans", NULL);
  ledger->loans = pf_loans_new ();
  return ledger;
}

/**
 * pf_ledger_free:
 * @ledger: (transfer full): a ledger
 */
void
pf_ledger_free (PfLedger *ledger)
{
  pf_loans_free (ledger->loans);
  g_clear_error (&ledger->write_error);
  g_free (ledger->path);
  g_mutex_clear (&ledger->lock);
  g_free (ledger);
}

/* For people to look at; out of the way of the next start. */
static void
put_aside (PfLedger *ledger, const char *aside, const GError *wrong, GError **error)
{
  gboolean kept = rename (ledger->path, aside) == 0;

  ledger->was_lost = TRUE;
  g_set_error (
      error, wrong->domain, wrong->code,
      "%s (kept as “%s”). What Portferry had lent counts as lent by others from now on, and does not come "
      "home. To get it back, stop the VM, then: portferryctl take-home ADDRESS, for each that “portferryctl "
      "controllers” shows as lent. To restart the computer undoes all lending, too.",
      wrong->message, kept ? aside : ledger->path);
}

/**
 * pf_ledger_load:
 * @ledger: a ledger
 * @error: PF_ERROR_FAILED, or what pf_loans_parse() says
 *
 * Reads what an earlier run of the helper has lent since the machine was started.
 *
 * Returns: whether it could be read; on failure the ledger is empty
 */
gboolean
pf_ledger_load (PfLedger *ledger, GError **error)
{
  g_autofree char *aside = g_strconcat (ledger->path, ".bad", NULL);
  g_autofree char *data = NULL;
  g_autoptr (GError) wrong = NULL;
  PfLoans *loans = NULL;
  gsize length;

  ledger->was_lost = g_file_test (aside, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK);
  if (pf_file_read (ledger->path, MAX_SIZE, &data, &length, &wrong))
    {
      if (data == NULL)
        return TRUE;
      loans = pf_loans_parse (data, length, &wrong);
    }
  if (loans == NULL)
    {
      put_aside (ledger, aside, wrong, error);
      return FALSE;
    }
  ledger->is_unchecked = !loans->is_checked;
  pf_loans_free (ledger->loans);
  ledger->loans = loans;
  return TRUE;
}

/**
 * pf_ledger_copy:
 * @ledger: a ledger
 *
 * Returns: (transfer full): what is lent
 */
PfLoans *
pf_ledger_copy (PfLedger *ledger)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&ledger->lock);

  return pf_loans_copy (ledger->loans);
}

/**
 * pf_ledger_get_profile:
 * @ledger: a ledger
 *
 * Returns: (transfer full) (nullable): id of the profile in force; NULL for home
 */
char *
pf_ledger_get_profile (PfLedger *ledger)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&ledger->lock);

  return g_strdup (ledger->loans->profile);
}

/**
 * pf_ledger_get_previous:
 * @ledger: a ledger
 *
 * Returns: (transfer full) (nullable): id of the profile before it
 */
char *
pf_ledger_get_previous (PfLedger *ledger)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&ledger->lock);

  return g_strdup (ledger->loans->previous);
}

/**
 * pf_ledger_was_lost:
 * @ledger: a ledger that was loaded
 *
 * Returns: whether a record of what is lent could not be read since the machine was started: what counts as
 * lent by others may have been lent by us
 */
gboolean
pf_ledger_was_lost (const PfLedger *ledger)
{
  return ledger->was_lost;
}

/**
 * pf_ledger_is_sure:
 * @ledger: a ledger that was loaded
 *
 * Returns: whether what is on record is known to be all that was lent: no record was lost, and the one that
 * was loaded had a checksum. That of an earlier version has none
 */
gboolean
pf_ledger_is_sure (const PfLedger *ledger)
{
  return !ledger->was_lost && !ledger->is_unchecked;
}

/**
 * pf_ledger_get_write_error:
 * @ledger: a ledger
 *
 * Returns: (transfer full) (nullable): why the last change could not be put on disk, so that what is on
 * record is what was before; NULL where it could
 */
GError *
pf_ledger_get_write_error (PfLedger *ledger)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&ledger->lock);

  return ledger->write_error != NULL ? g_error_copy (ledger->write_error) : NULL;
}

/**
 * pf_ledger_is_home:
 * @ledger: a ledger
 *
 * Returns: whether nothing is lent by us and no routing of ours is in force
 */
gboolean
pf_ledger_is_home (PfLedger *ledger)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&ledger->lock);

  return pf_loans_have_nothing_out (ledger->loans);
}

/* Takes @changed over when it is on disk. The file goes when it says nothing, not even where Toggle leads. */
static gboolean
commit (PfLedger *ledger, PfLoans *changed, GError **error)
{
  g_autoptr (PfLoans) loans = changed;
  gboolean done;

  g_clear_error (&ledger->write_error);
  if (pf_loans_are_empty (loans) && loans->previous == NULL)
    {
      done = pf_file_remove (ledger->path, &ledger->write_error);
    }
  else
    {
      gsize length;
      g_autofree char *data = pf_loans_serialize (loans, &length);

      done = pf_file_write (ledger->path, data, length, &ledger->write_error);
    }
  if (!done)
    {
      g_propagate_error (error, g_error_copy (ledger->write_error));
      return FALSE;
    }
  pf_loans_free (ledger->loans);
  ledger->loans = g_steal_pointer (&loans);
  return TRUE;
}

/* Who had the nodes of functions that others had lent. */
static gboolean
add_devices (PfLoan *loan, const PfStep *step, gboolean by_from)
{
  gboolean any = FALSE;

  for (guint i = 0; i < step->devices->len; i++)
    {
      const PfNodeChange *change = step->devices->pdata[i];

      if (pf_loan_find_member (loan, change->address) == NULL)
        any |= pf_loan_add_device (loan, change->address, by_from ? &change->from : &change->to);
    }
  return any;
}

/* The record of a group says who had its node before it was lent. A function that others have put on vfio-pci
 * since then is not in it. */
static gboolean
add_nodes (PfLoans *loans, const PfStep *step, PfStepPhase phase)
{
  PfLoan *loan = pf_loans_find (loans, step->group);

  return phase == PF_STEP_PHASE_BEGIN && loan != NULL && add_devices (loan, step, TRUE);
}

/* Where a group is on record already, what was recorded first is what it goes home to. */
static void
add_loan (PfLoans *loans, const PfStep *step, gboolean by_from)
{
  PfLoan *loan = pf_loans_find (loans, step->group);

  if (loan == NULL)
    {
      loan = pf_loans_add (loans, step->group);
      loan->node = by_from ? step->node_before : step->node;
    }
  for (guint i = 0; i < step->moves->len; i++)
    {
      const PfMove *move = step->moves->pdata[i];
      const PfBinding *at_home = by_from ? &move->from : &move->to;

      if (pf_loan_find_member (loan, move->address) == NULL)
        pf_loan_add_member (loan, move->address, at_home->driver, at_home->driver_override);
    }
  add_devices (loan, step, by_from);
}

static gboolean
change_loans (PfLoans *loans, const PfStep *step, PfStepPhase phase)
{
  guint32 ignored;

  if (step->of_others) /* never ours */
    return FALSE;
  if (step->kind == PF_STEP_NODE)
    return add_nodes (loans, step, phase);
  if (step->kind == PF_STEP_ROUTE)
    {
      if (phase != PF_STEP_PHASE_BEGIN || pf_loans_get_home (loans, step->router, step->setting, &ignored))
        return FALSE;
      pf_loans_set_home (loans, step->router, step->setting, step->from);
      return TRUE;
    }
  if (phase == PF_STEP_PHASE_BEGIN && step->lends)
    add_loan (loans, step, TRUE);
  else if (phase == PF_STEP_PHASE_UNDONE && !step->lends)
    add_loan (loans, step, FALSE);
  else if (phase == (step->lends ? PF_STEP_PHASE_UNDONE : PF_STEP_PHASE_DONE))
    return pf_loans_remove (loans, step->group);
  else
    return FALSE;
  return TRUE;
}

/**
 * pf_ledger_record_step:
 * @step: the step
 * @phase: how far it is
 * @ledger: the #PfLedger
 * @error: PF_ERROR_WRITE_FAILED
 *
 * A #PfStepRecorder: what it takes to bring a group or a router home is on disk before anything is done to
 * it, and is forgotten only when it is home.
 *
 * Returns: whether it is on record
 */
gboolean
pf_ledger_record_step (const PfStep *step, PfStepPhase phase, gpointer user_data, GError **error)
{
  PfLedger *ledger = user_data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&ledger->lock);
  g_autoptr (PfLoans) loans = pf_loans_copy (ledger->loans);

  return !change_loans (loans, step, phase) || commit (ledger, g_steal_pointer (&loans), error);
}

static void
set_id (char **field, const char *id)
{
  g_free (*field);
  *field = g_strdup (id);
}

/**
 * pf_ledger_set_profiles:
 * @ledger: a ledger
 * @profile: (nullable): id of the profile in force; NULL or "home" for home
 * @previous: (nullable): id of the one before it
 * @error: PF_ERROR_WRITE_FAILED
 *
 * Returns: whether it is on record
 */
gboolean
pf_ledger_set_profiles (PfLedger *ledger, const char *profile, const char *previous, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&ledger->lock);
  g_autoptr (PfLoans) loans = pf_loans_copy (ledger->loans);
  const char *id = g_strcmp0 (profile, PF_PROFILE_HOME) == 0 ? NULL : profile;

  if (g_strcmp0 (loans->profile, id) == 0 && g_strcmp0 (loans->previous, previous) == 0)
    return TRUE;
  set_id (&loans->profile, id);
  set_id (&loans->previous, previous);
  return commit (ledger, g_steal_pointer (&loans), error);
}

/**
 * pf_ledger_change:
 * @ledger: a ledger
 * @change: changes what is on record
 * @user_data: for @change
 * @error: PF_ERROR_WRITE_FAILED
 *
 * Returns: whether it is on record
 */
gboolean
pf_ledger_change (PfLedger *ledger, PfLedgerChange change, gpointer user_data, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&ledger->lock);
  g_autoptr (PfLoans) loans = pf_loans_copy (ledger->loans);

  return !change (loans, user_data) || commit (ledger, g_steal_pointer (&loans), error);
}

static gboolean
drop_settings_at_home (PfLoans *loans, const PfBoard *board, PfRouterSetting setting)
{
  gboolean changed = FALSE;
  GHashTableIter iter;
  gpointer address;
  gpointer home;

  g_hash_table_iter_init (&iter, loans->homes[setting]);
  while (g_hash_table_iter_next (&iter, &address, &home))
    {
      const PfRouter *router = pf_board_find_router (board, address);

      if (router != NULL && pf_router_get_setting (router, setting) != GPOINTER_TO_UINT (home))
        continue;
      g_hash_table_iter_remove (&iter);
      changed = TRUE;
    }
  return changed;
}

static gboolean
drop_what_is_home (PfLoans *loans, const PfBoard *board)
{
  gboolean changed = pf_loans_drop_home (loans, board);

  for (guint i = 0; i < PF_N_ROUTER_SETTINGS; i++)
    changed |= drop_settings_at_home (loans, board, i);
  return changed;
}

/**
 * pf_ledger_settle:
 * @ledger: a ledger
 * @board: the machine as it was just read; no switch is under way
 * @error: PF_ERROR_WRITE_FAILED
 *
 * Forgets what has come home, by our doing or by somebody else's (libvirt re-attaches a device itself where
 * it was told to manage it). With nothing left, home is in force, and the profile that was becomes the one to
 * toggle to.
 *
 * Returns: whether what is left is on record
 */
gboolean
pf_ledger_settle (PfLedger *ledger, const PfBoard *board, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&ledger->lock);
  g_autoptr (PfLoans) loans = pf_loans_copy (ledger->loans);
  gboolean changed = drop_what_is_home (loans, board);

  if (pf_loans_have_nothing_out (loans) && loans->profile != NULL)
    {
      g_free (loans->previous);
      loans->previous = g_steal_pointer (&loans->profile);
      loans->input = FALSE;
      changed = TRUE;
    }
  return !changed || commit (ledger, g_steal_pointer (&loans), error);
}
