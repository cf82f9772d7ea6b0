/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-recovery.h"

#include "pf-descriptors.h"
#include "pf-error.h"
#include "pf-take-home.h"

/* How often to look whether the processes of an earlier helper have ended. Only while they have not. */
#define LOOK_MS 50

struct _PfRecovery
{
  PfMachine *machine;
  PfJournalFile *journal;
  PfPlan *owed;
  GArray *waiting; /* of guint: entries of what the kernel has not answered an earlier helper */
  guint look_id;
  GSourceFunc on_ready;
  gpointer user_data;
};

static void
on_pending_changed (gpointer user_data)
{
  PfRecovery *recovery = user_data;

  recovery->on_ready (recovery->user_data);
}

/**
 * pf_recovery_new:
 * @machine: the machine; has to outlive it
 * @on_ready: called when the kernel is overdue with an answer, and when it has given one; its result is
 * ignored
 * @user_data: for @on_ready
 *
 * Returns: (transfer full): nothing is owed yet; see pf_recovery_load()
 */
PfRecovery *
pf_recovery_new (PfMachine *machine, GSourceFunc on_ready, gpointer user_data)
{
  PfRecovery *recovery = g_new0 (PfRecovery, 1);

  recovery->machine = machine;
  recovery->journal = pf_machine_get_journal (machine);
  recovery->owed = pf_plan_new (PF_PROFILE_HOME);
  recovery->waiting = g_array_new (FALSE, FALSE, sizeof (guint));
  recovery->on_ready = on_ready;
  recovery->user_data = user_data;
  pf_pending_set_callback (pf_machine_get_pending (machine), on_pending_changed, recovery);
  return recovery;
}

/**
 * pf_recovery_free:
 * @recovery: (transfer full): a recovery; what is in the journal stays there
 */
void
pf_recovery_free (PfRecovery *recovery)
{
  pf_pending_set_callback (pf_machine_get_pending (recovery->machine), NULL, NULL);
  g_clear_handle_id (&recovery->look_id, g_source_remove);
  g_array_unref (recovery->waiting);
  pf_plan_free (recovery->owed);
  g_free (recovery);
}

/* As a callback for each function of a step. */
typedef gboolean (*FunctionFunc) (PfRecovery *recovery, const char *address);

static gboolean
every_owed_function (PfRecovery *recovery, FunctionFunc function)
{
  for (guint i = 0; i < recovery->owed->steps->len; i++)
    {
      const PfStep *step = recovery->owed->steps->pdata[i];

      if (step->kind == PF_STEP_ROUTE && !function (recovery, step->router))
        return FALSE;
      for (guint j = 0; j < step->moves->len; j++)
        if (!function (recovery, ((const PfMove *) step->moves->pdata[j])->address))
          return FALSE;
    }
  return TRUE;
}

static gboolean
is_answered (PfRecovery *recovery, const char *address)
{
  return pf_pending_find_overdue (pf_machine_get_pending (recovery->machine), address) == NULL;
}

static gboolean
take_for_stuck (PfRecovery *recovery, const char *address)
{
  PfPending *pending = pf_machine_get_pending (recovery->machine);
  guint id = pf_pending_add (pending, address, "/sys that an earlier run of this service began");

  g_array_append_val (recovery->waiting, id);
  pf_pending_mark_overdue (pending, id);
  return TRUE;
}

static gboolean
on_look (gpointer user_data)
{
  PfRecovery *recovery = user_data;
  PfPending *pending = pf_machine_get_pending (recovery->machine);

  if (!pf_journal_file_is_alone (recovery->journal))
    return G_SOURCE_CONTINUE;
  recovery->look_id = 0;
  while (recovery->waiting->len > 0)
    {
      guint id = g_array_index (recovery->waiting, guint, recovery->waiting->len - 1);

      g_array_set_size (recovery->waiting, recovery->waiting->len - 1);
      pf_pending_remove (pending, id);
    }
  return G_SOURCE_REMOVE;
}

static gboolean
write_owed (PfRecovery *recovery, GError **error)
{
  g_autoptr (PfPlan) nothing = pf_plan_new (PF_PROFILE_HOME);
  g_autoptr (PfJournal) journal = pf_journal_new (PF_JOURNAL_OWED, nothing);

  for (guint i = 0; i < recovery->owed->steps->len; i++)
    g_ptr_array_add (journal->owed, pf_step_copy (recovery->owed->steps->pdata[i]));
  return pf_journal_file_begin (recovery->journal, journal, error);
}

/* Where the record of what is lent is lost, the journal of a switch that is taken home still knows what the
 * routers go back to. Without that, what a step finds there, which is what has to be undone, would be taken
 * for home. */
static gboolean
note_homes (PfLoans *loans, gpointer user_data)
{
  const PfPlan *plan = user_data;
  gboolean changed = FALSE;

  for (guint i = 0; i < plan->steps->len; i++)
    {
      const PfStep *step = plan->steps->pdata[i];
      guint32 ignored;

      if (step->kind != PF_STEP_ROUTE || pf_loans_get_home (loans, step->router, step->setting, &ignored))
        continue;
      pf_loans_set_home (loans, step->router, step->setting, step->to);
      changed = TRUE;
    }
  return changed;
}

/* The checksums of a journal show what is damaged, and not that its end is missing, or that it is an older
 * one. @finding says what an earlier helper did without its journal saying so; the journal is of use all the
 * same. */
static gboolean
compare (PfRecovery *recovery, PfJournal *journal, GError **finding, GError **error)
{
  PfLedger *ledger = pf_machine_get_ledger (recovery->machine);
  g_autofree char *profile = pf_ledger_get_profile (ledger);

  if (!pf_ledger_was_lost (ledger) && !pf_journal_fits_profile (journal, profile))
    {
      pf_journal_file_refuse (
          recovery->journal,
          "it is of another switch than the last one: it speaks of other profiles than the record "
          "of what is lent",
          error);
      return FALSE;
    }
  if (pf_machine_scan (recovery->machine, NULL)
      && pf_journal_mark_untold (journal, pf_machine_get_board (recovery->machine)) > 0)
    g_set_error (finding, PF_ERROR, PF_ERROR_FAILED,
                 "The switch to “%s” was interrupted, and the end of its journal is missing: more "
                 "was done than it says. That was found, and is being put right, too.",
                 journal->plan->profile);
  return TRUE;
}

static gboolean
take_over (PfRecovery *recovery, const PfJournal *journal, GError **error)
{
  PfLedger *ledger = pf_machine_get_ledger (recovery->machine);
  gboolean leads_home;

  if (pf_journal_restores_profiles (journal)
      && !pf_ledger_set_profiles (ledger, journal->before, journal->previous, error))
    return FALSE;
  pf_plan_free (recovery->owed);
  recovery->owed = pf_journal_plan_recovery (journal);
  leads_home = journal->kind != PF_JOURNAL_OWED && g_str_equal (recovery->owed->profile, PF_PROFILE_HOME);
  if (pf_plan_is_empty (recovery->owed))
    return pf_journal_file_end (recovery->journal, NULL, error);
  g_message ("A switch to “%s” was interrupted; it is taken to “%s”.", journal->plan->profile,
             recovery->owed->profile);
  if ((leads_home && !pf_ledger_change (ledger, note_homes, recovery->owed, error))
      || !write_owed (recovery, error))
    return FALSE;
  /* What an earlier helper has sent to the kernel must have an answer first: it could take effect after our
   * own. */
  if (!pf_journal_file_is_alone (recovery->journal))
    {
      every_owed_function (recovery, take_for_stuck);
      recovery->look_id = g_timeout_add (LOOK_MS, on_look, recovery);
    }
  return TRUE;
}

/**
 * pf_recovery_load:
 * @recovery: a recovery
 * @error: what an earlier helper could not put right, or why its journal is of no use
 *
 * Reads what an earlier helper left, and compares it with the machine. Nothing of that is written yet.
 *
 * Returns: whether all is well
 */
gboolean
pf_recovery_load (PfRecovery *recovery, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GError) finding = NULL;
  g_autoptr (PfJournal) journal = pf_journal_file_load (recovery->journal, &wrong);

  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  if (journal == NULL)
    return TRUE;
  if (journal->ended && journal->problem != NULL)
    {
      g_set_error_literal (error, PF_ERROR, PF_ERROR_FAILED, journal->problem);
      return FALSE;
    }
  if (!compare (recovery, journal, &finding, error) || !take_over (recovery, journal, error))
    return FALSE;
  if (finding == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&finding));
  return FALSE;
}

static PfJournal *
create_journal (PfRecovery *recovery, const PfSwitchRun *run)
{
  static const PfJournalKind kinds[] = {
    [PF_SWITCH_APPLY] = PF_JOURNAL_APPLY,
    [PF_SWITCH_RETURN_ALL] = PF_JOURNAL_RETURN,
    [PF_SWITCH_TAKE_HOME] = PF_JOURNAL_APPLY,
    [PF_SWITCH_REVERT] = PF_JOURNAL_REVERT,
    /* Finished where it is interrupted, with the profiles as they are. */
    [PF_SWITCH_RESTORE] = PF_JOURNAL_REVERT,
  };
  PfJournal *journal = pf_journal_new (kinds[run->kind], run->plan);

  g_free (journal->plan->profile);
  journal->plan->profile = g_strdup (run->kind == PF_SWITCH_TAKE_HOME ? PF_TAKE_HOME_PROFILE : run->target);
  journal->transaction = g_strdup (run->transaction);
  journal->origin = g_strdup (run->origin);
  journal->before = g_strdup (run->profile_before);
  journal->previous = g_strdup (run->previous_before);
  for (guint i = 0; i < recovery->owed->steps->len; i++)
    g_ptr_array_add (journal->owed, pf_step_copy (recovery->owed->steps->pdata[i]));
  return journal;
}

/**
 * pf_recovery_begin:
 * @recovery: a recovery
 * @run: a switch that is going to be carried out
 * @error: PF_ERROR_WRITE_FAILED, PF_ERROR_LIMIT_EXCEEDED; it must not be begun then
 *
 * Returns: whether it is on record, and can be kept there to its end
 */
gboolean
pf_recovery_begin (PfRecovery *recovery, const PfSwitchRun *run, GError **error)
{
  g_autoptr (PfJournal) journal = NULL;

  /* What is owed is in the journal already. */
  if (run->kind == PF_SWITCH_RECOVER)
    return TRUE;
  if (!pf_switch_run_keeps_going (run) && !pf_descriptors_check_reserve (error))
    return FALSE;
  journal = create_journal (recovery, run);
  return pf_journal_file_begin (recovery->journal, journal, error);
}

/**
 * pf_recovery_resume:
 * @recovery: a recovery
 * @run: a switch that is carried out and waits for confirmation, as before another was tried
 * @deadline: CLOCK_REALTIME in microseconds
 * @error: PF_ERROR_WRITE_FAILED
 *
 * Returns: whether it is on record again
 */
gboolean
pf_recovery_resume (PfRecovery *recovery, const PfSwitchRun *run, gint64 deadline, GError **error)
{
  g_autoptr (PfJournal) journal = create_journal (recovery, run);

  for (guint i = 0; i < journal->plan->steps->len; i++)
    journal->states[i] = PF_JOURNAL_STEP_DONE;
  journal->deadline = deadline;
  return pf_journal_file_begin (recovery->journal, journal, error);
}

/**
 * pf_recovery_add:
 * @recovery: a recovery
 * @owed: (element-type PfStep): what has to be done when the kernel has answered; see pf_recovery_end()
 */
void
pf_recovery_add (PfRecovery *recovery, const GPtrArray *owed)
{
  for (guint i = 0; i < owed->len; i++)
    g_ptr_array_add (recovery->owed->steps, pf_step_copy (owed->pdata[i]));
}

/**
 * pf_recovery_end:
 * @recovery: a recovery
 * @problem: (nullable): what could not be put right
 * @error: PF_ERROR_WRITE_FAILED
 *
 * The switch on record is over; what is owed stays on record.
 *
 * Returns: whether that is on disk
 */
gboolean
pf_recovery_end (PfRecovery *recovery, const GError *problem, GError **error)
{
  if (pf_recovery_is_owing (recovery))
    return write_owed (recovery, error);
  return pf_journal_file_end (recovery->journal, problem != NULL ? problem->message : NULL, error);
}

/**
 * pf_recovery_clear:
 * @recovery: a recovery
 *
 * Nothing is owed any more: it has been tried.
 */
void
pf_recovery_clear (PfRecovery *recovery)
{
  g_ptr_array_set_size (recovery->owed->steps, 0);
}

/**
 * pf_recovery_is_owing:
 * @recovery: a recovery
 *
 * Returns: whether there are steps that have to be carried out
 */
gboolean
pf_recovery_is_owing (const PfRecovery *recovery)
{
  return !pf_plan_is_empty (recovery->owed);
}

/**
 * pf_recovery_is_ready:
 * @recovery: a recovery
 *
 * Returns: whether there are steps that can be carried out now
 */
gboolean
pf_recovery_is_ready (PfRecovery *recovery)
{
  return pf_recovery_is_owing (recovery) && every_owed_function (recovery, is_answered);
}

/**
 * pf_recovery_create_run:
 * @recovery: a recovery that is ready
 *
 * Returns: (transfer full): carries out what is owed
 */
PfSwitchRun *
pf_recovery_create_run (PfRecovery *recovery)
{
  return pf_switch_run_new_recover (recovery->machine, recovery->owed);
}

/**
 * pf_recovery_describe_stuck:
 * @recovery: a recovery
 *
 * Returns: (transfer full) (nullable): PF_ERROR_TIMED_OUT saying what the kernel still works on; NULL for
 * nothing
 */
GError *
pf_recovery_describe_stuck (PfRecovery *recovery)
{
  PfPending *pending = pf_machine_get_pending (recovery->machine);
  const char *address = pf_pending_get_first_overdue (pending);
  const PfFunction *function;
  g_autofree char *name = NULL;

  if (address == NULL)
    return NULL;
  function = pf_board_find_function (pf_machine_get_board (recovery->machine), address);
  name = function != NULL ? pf_function_describe (function) : g_strdup (address);
  return g_error_new (
      PF_ERROR, PF_ERROR_TIMED_OUT,
      "Still blocked on a write to %s for %s. What is left to do is done as soon as the kernel answers; "
      "a virtual machine that holds it has to let go first.",
      pf_pending_find_overdue (pending, address), name);
}
