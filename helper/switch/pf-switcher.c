/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-switcher-private.h"

#include "pf-error.h"
#include "pf-loan-notes.h"

/* One switch at a time:
 *
 *   idle --apply--> applying --done--> idle, or awaiting-confirmation where it has a deadline
 *   idle --apply--> awaiting-release where a VM holds what has to come back and the caller waits for that;
 * when it lets go
 *                   --> applying; at the deadline, or when everything is called home --> idle
 *   applying --lent, and no VM has it yet--> awaiting-attach, where the caller waits for that --taken-->
 * applying; at the deadline, or when everything is called home, it is taken back --> idle
 *   awaiting-confirmation --confirm--> idle
 *   awaiting-confirmation --revert, or the deadline--> recovering --> idle
 *
 * Where something could not be put back, "degraded" stands in for "idle" until a switch succeeds. */
G_DEFINE_TYPE (PfSwitcher, pf_switcher, G_TYPE_OBJECT)

/* How an executor fared. */
typedef struct
{
  gboolean restored;
  GPtrArray *owed;
  GPtrArray *failed;
  const GError *error;
} Outcome;

enum
{
  SIGNAL_CHANGED,
  SIGNAL_SWITCHED,
  SIGNAL_FAILED,
  SIGNAL_DRIFTED,
  SIGNAL_RELEASE_WANTED,
  SIGNAL_ATTACH_WANTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean on_kernel_changed (gpointer user_data);
static void set_problem (PfSwitcher *switcher, const GError *error);

static void
pf_switcher_init (PfSwitcher *switcher)
{
  switcher->active = g_strdup (PF_PROFILE_HOME);
  switcher->drift = pf_drift_new ();
}

static void
pf_switcher_finalize (GObject *object)
{
  PfSwitcher *switcher = PF_SWITCHER (object);

  g_clear_pointer (&switcher->run, pf_switch_run_free);
  g_clear_pointer (&switcher->confirmation, pf_confirmation_free);
  g_clear_handle_id (&switcher->look_id, g_source_remove);
  g_clear_handle_id (&switcher->attach_look_id, g_source_remove);
  g_clear_pointer (&switcher->attach, pf_attach_free);
  g_clear_pointer (&switcher->recovery, pf_recovery_free);
  g_clear_object (&switcher->task);
  g_clear_object (&switcher->trial);
  g_clear_error (&switcher->problem);
  pf_drift_free (switcher->drift);
  g_clear_handle_id (&switcher->restore_id, g_source_remove);
  g_queue_clear_full (&switcher->returns, g_object_unref);
  g_free (switcher->active);
  G_OBJECT_CLASS (pf_switcher_parent_class)->finalize (object);
}

static void
pf_switcher_class_init (PfSwitcherClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pf_switcher_finalize;
  /* The board was read, or the state is another one: what is published is out of date. */
  signals[SIGNAL_CHANGED]
      = g_signal_new ("changed", PF_TYPE_SWITCHER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  /* profile id, origin, changes (a GPtrArray of PfChange) */
  signals[SIGNAL_SWITCHED]
      = g_signal_new ("switched", PF_TYPE_SWITCHER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                      G_TYPE_STRING, G_TYPE_STRING, G_TYPE_POINTER);
  /* profile id, origin, a GError */
  signals[SIGNAL_FAILED] = g_signal_new ("failed", PF_TYPE_SWITCHER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_POINTER);
  /* router address, the value we left, the value that is there, the likely cause */
  signals[SIGNAL_DRIFTED]
      = g_signal_new ("drifted", PF_TYPE_SWITCHER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 4,
                      G_TYPE_STRING, G_TYPE_UINT, G_TYPE_UINT, G_TYPE_STRING);
  /* controller address, who holds it */
  signals[SIGNAL_RELEASE_WANTED]
      = g_signal_new ("release-wanted", PF_TYPE_SWITCHER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                      2, G_TYPE_STRING, G_TYPE_STRING);
  /* controller addresses, profile id */
  signals[SIGNAL_ATTACH_WANTED] = g_signal_new ("attach-wanted", PF_TYPE_SWITCHER, G_SIGNAL_RUN_LAST, 0, NULL,
                                                NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRV, G_TYPE_STRING);
}

/**
 * pf_switcher_new:
 * @machine: the machine; has to outlive the switcher
 *
 * Returns: (transfer full): what carries switches out; call pf_switcher_refresh() first
 */
PfSwitcher *
pf_switcher_new (PfMachine *machine)
{
  PfSwitcher *switcher = g_object_new (PF_TYPE_SWITCHER, NULL);
  const GError *problem = pf_machine_get_problem (machine);

  switcher->machine = machine;
  switcher->recovery = pf_recovery_new (machine, on_kernel_changed, switcher);
  if (problem != NULL)
    switcher->problem = g_error_copy (problem);
  return switcher;
}

static void
report_drift (const char *router, guint32 was, guint32 is, const char *who, gpointer switcher)
{
  g_message ("The ports of %s were routed by somebody else (%s): 0x%04x was 0x%04x.", router, who, is, was);
  g_signal_emit (switcher, signals[SIGNAL_DRIFTED], 0, router, was, is, who);
}

/* Takes what was just read for what is: forgets what came home, and remembers what is in force. */
static void
settle (PfSwitcher *switcher)
{
  PfLedger *ledger = pf_machine_get_ledger (switcher->machine);
  const PfBoard *board = pf_machine_get_board (switcher->machine);
  g_autoptr (PfLoans) loans = NULL;
  g_autoptr (GError) error = NULL;
  char *profile;

  /* Until what is owed is done, it is not known what came home. */
  if (!pf_recovery_is_owing (switcher->recovery) && !pf_ledger_settle (ledger, board, &error))
    g_warning ("%s", error->message);
  loans = pf_ledger_copy (ledger);
  pf_drift_remember (switcher->drift, board, loans);
  profile = pf_ledger_is_home (ledger) ? NULL : pf_ledger_get_profile (ledger);
  g_free (switcher->active);
  switcher->active = profile != NULL ? profile : g_strdup (PF_PROFILE_HOME);
}

/* From the main loop: whoever reads the machine may be about to switch, and that comes first. */
static gboolean
on_restore (gpointer user_data)
{
  PfSwitcher *switcher = user_data;
  g_autoptr (PfPlan) plan = pf_drift_plan_restore (switcher->drift, pf_machine_get_board (switcher->machine));

  switcher->restore_id = 0;
  if (switcher->run == NULL && switcher->confirmation == NULL && !pf_plan_is_empty (plan))
    pf_switcher_begin_run (
        switcher, pf_switch_run_new_restore (switcher->machine, switcher->active, g_steal_pointer (&plan)),
        NULL);
  return G_SOURCE_REMOVE;
}

/* Whether what somebody else did to a routing in force is going to be put right, or has to wait until a
 * switch is confirmed; what is there now must not be taken for what shall be then. */
static gboolean
will_restore (PfSwitcher *switcher)
{
  g_autoptr (PfPlan) plan = pf_drift_plan_restore (switcher->drift, pf_machine_get_board (switcher->machine));
  g_autoptr (GError) error = NULL;

  if (pf_plan_is_empty (plan) || pf_recovery_is_owing (switcher->recovery))
    return FALSE;
  if (switcher->restore_id != 0 || switcher->confirmation != NULL || switcher->shutting_down)
    return TRUE;
  if (pf_drift_begin_restore (switcher->drift))
    {
      switcher->restore_id = g_idle_add (on_restore, switcher);
      return TRUE;
    }
  g_set_error_literal (
      &error, PF_ERROR, PF_ERROR_VERIFY_FAILED,
      "The USB routing was changed by something else again and again, and was put right twice. Now it "
      "is left as it is: find out what changes it, or bring everything home.");
  g_message ("%s", error->message);
  set_problem (switcher, error);
  return FALSE;
}

gboolean
pf_switcher_scan (PfSwitcher *switcher, GError **error)
{
  if (!pf_machine_scan (switcher->machine, error))
    return FALSE;
  if (switcher->run != NULL)
    return TRUE;
  /* What is owed is put right anyway, and it was a write of ours that came late. */
  if (!pf_recovery_is_owing (switcher->recovery))
    pf_drift_compare (switcher->drift, pf_machine_get_board (switcher->machine), report_drift, switcher);
  if (!will_restore (switcher))
    settle (switcher);
  return TRUE;
}

void
pf_switcher_emit_changed (PfSwitcher *switcher)
{
  g_signal_emit (switcher, signals[SIGNAL_CHANGED], 0);
}

void
pf_switcher_emit_failed (PfSwitcher *switcher, const char *profile, const char *origin, const GError *error)
{
  g_signal_emit (switcher, signals[SIGNAL_FAILED], 0, profile, origin, error);
}

void
pf_switcher_emit_release_wanted (PfSwitcher *switcher, const char *controller, const char *holder)
{
  g_signal_emit (switcher, signals[SIGNAL_RELEASE_WANTED], 0, controller, holder);
}

/**
 * pf_switcher_refresh:
 * @switcher: a switcher
 * @error: what pf_scan() says
 *
 * Reads the machine afresh and announces what is new.
 *
 * Returns: whether it could be read
 */
gboolean
pf_switcher_refresh (PfSwitcher *switcher, GError **error)
{
  if (!pf_switcher_scan (switcher, error))
    return FALSE;
  pf_switcher_emit_changed (switcher);
  pf_switcher_look_for_release (switcher);
  pf_switcher_look_for_attach (switcher);
  pf_switcher_look_at_trial (switcher);
  return TRUE;
}

static void
set_problem (PfSwitcher *switcher, const GError *error)
{
  g_autoptr (GError) stuck
      = pf_recovery_is_owing (switcher->recovery) ? pf_recovery_describe_stuck (switcher->recovery) : NULL;

  g_clear_error (&switcher->problem);
  if (stuck != NULL || error != NULL)
    switcher->problem = g_error_copy (stuck != NULL ? stuck : error);
}

/* Carries out what is owed, where nothing else is under way and the kernel has answered. */
static void
try_recovery (PfSwitcher *switcher)
{
  if (switcher->run == NULL && pf_recovery_is_ready (switcher->recovery))
    pf_switcher_begin_run (switcher, pf_recovery_create_run (switcher->recovery), NULL);
}

/* The kernel is overdue with an answer, or has given one. */
static gboolean
on_kernel_changed (gpointer user_data)
{
  PfSwitcher *switcher = user_data;
  g_autoptr (GError) error = NULL;

  if (switcher->run == NULL && !pf_switcher_refresh (switcher, &error))
    g_warning ("%s", error->message);
  try_recovery (switcher);
  return G_SOURCE_REMOVE;
}

/**
 * pf_switcher_recover:
 * @switcher: a switcher
 * @error: what pf_scan() says
 *
 * Reads the machine for the first time, and begins to put right what an earlier helper left half-way. Where
 * the kernel still works on something for that one, it is put right as soon as it has answered.
 *
 * Returns: whether the machine could be read
 */
gboolean
pf_switcher_recover (PfSwitcher *switcher, GError **error)
{
  g_autoptr (GError) wrong = NULL;

  if (!pf_recovery_load (switcher->recovery, &wrong))
    {
      g_message ("%s", wrong->message);
      /* The record of what is lent may be of no use either. */
      if (switcher->problem != NULL)
        g_prefix_error (&wrong, "%s ", switcher->problem->message);
      set_problem (switcher, wrong);
    }
  if (!pf_switcher_refresh (switcher, error))
    return FALSE;
  if (pf_recovery_is_owing (switcher->recovery) && !pf_recovery_is_ready (switcher->recovery))
    set_problem (switcher, NULL);
  if (switcher->problem == NULL)
    switcher->problem = pf_left_describe_lost (switcher->machine);
  pf_switcher_emit_changed (switcher);
  try_recovery (switcher);
  return TRUE;
}

static gboolean
on_deadline (gpointer user_data)
{
  PfSwitcher *switcher = user_data;
  const PfSwitchRun *run = pf_confirmation_get_run (switcher->confirmation);

  pf_switcher_look_at_trial_again (switcher);
  if (!run->is_trial)
    g_message ("Nobody confirmed the switch to “%s”; it goes back.", run->target);
  pf_switcher_begin_run (switcher, pf_switch_run_new_revert (switcher->machine, run, PF_ORIGIN_GUARD), NULL);
  return G_SOURCE_REMOVE;
}

static gboolean
record_profiles (PfSwitcher *switcher, const PfSwitchRun *run, GError **error)
{
  PfLedger *ledger = pf_machine_get_ledger (switcher->machine);

  if (run->is_trial)
    return TRUE;
  switch (run->kind)
    {
    case PF_SWITCH_APPLY:
      if (g_str_equal (run->target, switcher->active))
        return TRUE;
      return pf_ledger_set_profiles (ledger, run->target, switcher->active, error);
    case PF_SWITCH_REVERT:
      return pf_ledger_set_profiles (ledger, run->profile_before, run->previous_before, error);
    case PF_SWITCH_RETURN_ALL:
    case PF_SWITCH_TAKE_HOME:
    case PF_SWITCH_RESTORE:
    case PF_SWITCH_RECOVER:
    default:
      return TRUE;
    }
}

static gboolean
record_notes (PfSwitcher *switcher, const PfSwitchRun *run, GError **error)
{
  PfLedger *ledger = pf_machine_get_ledger (switcher->machine);

  if (run->kind == PF_SWITCH_APPLY)
    return pf_loan_notes_apply (ledger, run->takes_input, error);
  if (run->kind == PF_SWITCH_RETURN_ALL)
    return pf_loan_notes_return (ledger, pf_machine_get_board (switcher->machine), error);
  return TRUE;
}

static void
return_task (PfSwitcher *switcher, PfSwitchKind kind, const char *transaction, const GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&switcher->task);
  g_autoptr (GPtrArray) left = NULL;

  if (task == NULL)
    return;
  if (kind == PF_SWITCH_RETURN_ALL)
    left = pf_left_list (switcher->machine, error);
  if (left != NULL && g_task_get_source_tag (task) == pf_switcher_return_all_async)
    g_task_return_pointer (task, g_steal_pointer (&left), (GDestroyNotify) g_ptr_array_unref);
  else if (left != NULL && left->len > 0)
    g_task_return_error (task, pf_left_describe (left, error));
  else if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_pointer (task, g_strdup (transaction), g_free);
}

/* What recovery does is nobody's switch, and a switch of others that fails leaves one that waits as it was.
 */
static gboolean
keeps_confirmation (PfSwitcher *switcher, const PfSwitchRun *run, gboolean failed)
{
  return switcher->confirmation != NULL
         && (run->kind == PF_SWITCH_RECOVER || run->kind == PF_SWITCH_RESTORE
             || (failed && run->kind == PF_SWITCH_APPLY));
}

/* The last thing on disk: after the ledger has it, the journal is over, or says what waits. */
static void
close_journal (PfSwitcher *switcher)
{
  g_autoptr (GError) error = NULL;
  gboolean done;

  if (switcher->confirmation != NULL)
    done = pf_recovery_resume (switcher->recovery, pf_confirmation_get_run (switcher->confirmation),
                               pf_confirmation_get_deadline (switcher->confirmation), &error);
  else
    done = pf_recovery_end (switcher->recovery, switcher->problem, &error);
  if (!done)
    g_warning ("%s", error->message);
}

/* The order that clients may rely on: properties, then the signal, then the answer to the caller. */
static void
finish_success (PfSwitcher *switcher, PfSwitchRun *finished)
{
  g_autoptr (PfSwitchRun) run = finished;
  PfSwitchKind kind = run->kind;
  g_autofree char *transaction = g_strdup (run->transaction);
  g_autofree char *origin = g_strdup (run->origin);
  g_autofree char *before = g_strdup (switcher->active);
  g_autoptr (GPtrArray) changes = g_ptr_array_ref (run->changes);
  gboolean did_something = !pf_plan_is_empty (run->plan);
  gboolean is_trial = run->is_trial;
  g_autoptr (GError) error = NULL;

  if (!record_profiles (switcher, run, &error) || !record_notes (switcher, run, &error))
    g_warning ("%s", error->message);
  if (kind != PF_SWITCH_RESTORE)
    {
      if (error != NULL || !pf_switcher_is_still_lost (switcher, kind))
        set_problem (switcher, error);
      pf_drift_forgive (switcher->drift);
    }
  if (keeps_confirmation (switcher, run, FALSE))
    pf_confirmation_resume (switcher->confirmation);
  else
    g_clear_pointer (&switcher->confirmation, pf_confirmation_free);
  settle (switcher);
  if (did_something && run->confirm_seconds > 0)
    switcher->confirmation = pf_confirmation_new (g_steal_pointer (&run), on_deadline, switcher);
  if (is_trial && kind == PF_SWITCH_APPLY)
    pf_switcher_keep_trial (switcher);
  if (switcher->confirmation != NULL && switcher->shutting_down)
    pf_confirmation_expire (switcher->confirmation);
  close_journal (switcher);
  pf_switcher_emit_changed (switcher);
  if (kind != PF_SWITCH_RESTORE && !is_trial && (did_something || !g_str_equal (before, switcher->active)))
    g_signal_emit (switcher, signals[SIGNAL_SWITCHED], 0, switcher->active, origin, changes);
  if (kind == PF_SWITCH_RETURN_ALL)
    pf_switcher_ask_for_release (switcher, NULL);
  return_task (switcher, kind, transaction, NULL);
}

static void
finish_failure (PfSwitcher *switcher, PfSwitchRun *finished, const Outcome *outcome)
{
  g_autoptr (PfSwitchRun) run = finished;
  g_autoptr (GError) problem = NULL;
  g_autoptr (GError) error = NULL;

  g_message ("The switch to “%s” failed: %s", run->target, outcome->error->message);
  if (!outcome->restored || run->kind == PF_SWITCH_REVERT || run->kind == PF_SWITCH_RESTORE
      || run->kind == PF_SWITCH_RECOVER)
    problem = pf_switch_run_describe_failure (switcher->machine, outcome->failed, outcome->error);
  if (run->kind == PF_SWITCH_REVERT && !record_profiles (switcher, run, &error))
    g_warning ("%s", error->message);
  if (keeps_confirmation (switcher, run, TRUE))
    pf_confirmation_resume (switcher->confirmation);
  else
    g_clear_pointer (&switcher->confirmation, pf_confirmation_free);
  if (run->kind == PF_SWITCH_RETURN_ALL && !record_notes (switcher, run, &error))
    g_warning ("%s", error->message);
  g_clear_error (&error);
  if (!pf_loan_notes_failed (pf_machine_get_ledger (switcher->machine),
                             pf_machine_get_board (switcher->machine), outcome->failed, &error))
    g_warning ("%s", error->message);
  pf_recovery_add (switcher->recovery, outcome->owed);
  if (problem != NULL)
    set_problem (switcher, problem);
  settle (switcher);
  close_journal (switcher);
  pf_switcher_emit_changed (switcher);
  if (!run->is_trial)
    pf_switcher_emit_failed (switcher, run->target, run->origin, outcome->error);
  if (run->kind == PF_SWITCH_RETURN_ALL)
    pf_switcher_ask_for_release (switcher, NULL);
  else
    pf_switcher_ask_for_failed (switcher, outcome->failed);
  return_task (switcher, run->kind, run->transaction, outcome->error);
}

/* Takes all over: the run, or where there is none the error that says why; and the task that is told. */
void
pf_switcher_begin_or_refuse (PfSwitcher *switcher, PfSwitchRun *run, GTask *task, GError *error)
{
  if (run != NULL)
    {
      pf_switcher_begin_run (switcher, run, task);
      return;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
}

static void
begin_return (PfSwitcher *switcher, GTask *task)
{
  const char *origin = g_task_get_task_data (task);
  GError *error = NULL;
  PfSwitchRun *run = NULL;

  pf_switcher_give_release_up (switcher, "Everything was called home meanwhile.");
  if (pf_switcher_refresh (switcher, &error))
    run = pf_switch_run_new_return_all (switcher->machine, origin, &error);
  pf_switcher_begin_or_refuse (switcher, run, task, error);
}

/* Home never waits longer than it has to: as soon as the switch under way is over. */
void
pf_switcher_begin_waiting_return (PfSwitcher *switcher)
{
  while (switcher->run == NULL && !g_queue_is_empty (&switcher->returns))
    {
      GTask *task = g_queue_pop_head (&switcher->returns);

      if (!switcher->shutting_down)
        {
          begin_return (switcher, task);
          continue;
        }
      g_task_return_new_error (task, PF_ERROR, PF_ERROR_BUSY, "Portferry is being stopped.");
      g_object_unref (task);
    }
}

static void
finish_run (PfSwitcher *switcher, const Outcome *outcome)
{
  PfSwitchRun *run = g_steal_pointer (&switcher->run);
  g_autoptr (GError) scan_error = NULL;

  if (!pf_machine_scan (switcher->machine, &scan_error))
    g_warning ("The machine cannot be read: %s", scan_error->message);
  if (run->kind == PF_SWITCH_RECOVER)
    pf_recovery_clear (switcher->recovery);
  if (outcome->error == NULL)
    finish_success (switcher, run);
  else
    finish_failure (switcher, run, outcome);
  pf_switcher_end_trial (switcher, outcome->error);
  /* The kernel may have answered while other steps were undone. */
  try_recovery (switcher);
  pf_switcher_begin_waiting_return (switcher);
  pf_switcher_look_for_release (switcher);
  pf_switcher_look_at_trial (switcher);
}

static void
on_executor_finished (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfSwitcher) switcher = user_data;
  g_autoptr (GError) error = NULL;
  Outcome outcome = { .restored = TRUE };

  pf_executor_run_finish (PF_EXECUTOR (source), result, &outcome.restored, &error);
  outcome.error = error;
  outcome.owed = pf_executor_get_owed (result);
  outcome.failed = pf_executor_get_failed (result);
  finish_run (switcher, &outcome);
}

/* Ends a run that did not reach the kernel. */
static void
finish_early (PfSwitcher *switcher, const GError *error)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();

  finish_run (switcher, &(Outcome){ .restored = TRUE, .owed = none, .failed = none, .error = error });
}

void
pf_switcher_begin_run (PfSwitcher *switcher, PfSwitchRun *run, GTask *task)
{
  g_autoptr (PfExecutor) executor = NULL;
  g_autoptr (GError) error = NULL;
  gboolean on_record;

  g_assert (switcher->run == NULL);
  if (switcher->confirmation != NULL)
    pf_confirmation_pause (switcher->confirmation);
  g_clear_handle_id (&switcher->restore_id, g_source_remove);
  switcher->run = run;
  switcher->task = task;
  on_record = pf_plan_is_empty (run->plan) || pf_recovery_begin (switcher->recovery, run, &error);
  /* What cannot be recorded is not begun, unless it leads home: nothing may stand in the way of that. */
  if (pf_switch_run_does_nothing (run) || (!on_record && !pf_switch_run_keeps_going (run)))
    {
      finish_early (switcher, error);
      return;
    }
  if (!on_record)
    g_warning ("%s", error->message);
  pf_switcher_emit_changed (switcher);
  executor = pf_machine_create_executor (switcher->machine);
  if (on_record && run->kind != PF_SWITCH_RECOVER)
    pf_executor_set_journal (executor, pf_machine_get_journal (switcher->machine));
  pf_switcher_prepare_attach (switcher, executor);
  pf_executor_run_async (executor, run->plan, pf_switch_run_keeps_going (run), on_executor_finished,
                         g_object_ref (switcher));
}
