/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-switcher.h"

#include "pf-confirmation.h"
#include "pf-drift.h"
#include "pf-error.h"
#include "pf-loan-notes.h"
#include "pf-recovery.h"

/* One switch at a time:
 *
 *   idle --apply--> applying --done--> idle, or awaiting-confirmation where it has a deadline
 *   awaiting-confirmation --confirm--> idle
 *   awaiting-confirmation --revert, or the deadline--> recovering --> idle
 *
 * Where something could not be put back, "degraded" stands in for "idle" until a switch succeeds. */
struct _PfSwitcher
{
  GObject parent_instance;

  PfMachine *machine;

  PfSwitchRun *run;
  GTask *task;
  PfConfirmation *confirmation;
  PfRecovery *recovery;
  gboolean shutting_down;

  char *active;
  GError *problem;
  PfDrift *drift;
  guint restore_id; /* a drift is going to be put right */
  GQueue returns;   /* of GTask: calls home that wait for the switch under way */
};

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
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void begin_run (PfSwitcher *switcher, PfSwitchRun *run, GTask *task);
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
  g_clear_pointer (&switcher->recovery, pf_recovery_free);
  g_clear_object (&switcher->task);
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
    begin_run (switcher,
               pf_switch_run_new_restore (switcher->machine, switcher->active, g_steal_pointer (&plan)), NULL);
  return G_SOURCE_REMOVE;
}

/* Whether what somebody else did to a routing in force is going to be put right, or has to wait until a switch is
 * confirmed; what is there now must not be taken for what shall be then. */
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
  g_set_error_literal (&error, PF_ERROR, PF_ERROR_VERIFY_FAILED,
                       "The USB routing was changed by something else again and again, and was put right twice. Now it "
                       "is left as it is: find out what changes it, or bring everything home.");
  g_message ("%s", error->message);
  set_problem (switcher, error);
  return FALSE;
}

static gboolean
scan (PfSwitcher *switcher, GError **error)
{
  if (!pf_machine_scan (switcher->machine, error))
    return FALSE;
  if (switcher->run != NULL)
    return TRUE;
  pf_drift_compare (switcher->drift, pf_machine_get_board (switcher->machine), report_drift, switcher);
  if (!will_restore (switcher))
    settle (switcher);
  return TRUE;
}

static void
emit_changed (PfSwitcher *switcher)
{
  g_signal_emit (switcher, signals[SIGNAL_CHANGED], 0);
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
  if (!scan (switcher, error))
    return FALSE;
  emit_changed (switcher);
  return TRUE;
}

static void
set_problem (PfSwitcher *switcher, const GError *error)
{
  g_autoptr (GError) stuck = pf_recovery_is_owing (switcher->recovery) ? pf_recovery_describe_stuck (switcher->recovery) : NULL;

  g_clear_error (&switcher->problem);
  if (stuck != NULL || error != NULL)
    switcher->problem = g_error_copy (stuck != NULL ? stuck : error);
}

/* Carries out what is owed, where nothing else is under way and the kernel has answered. */
static void
try_recovery (PfSwitcher *switcher)
{
  if (switcher->run == NULL && pf_recovery_is_ready (switcher->recovery))
    begin_run (switcher, pf_recovery_create_run (switcher->recovery), NULL);
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
 * Reads the machine for the first time, and begins to put right what an earlier helper left half-way. Where the kernel
 * still works on something for that one, it is put right as soon as it has answered.
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
      set_problem (switcher, wrong);
    }
  if (!pf_switcher_refresh (switcher, error))
    return FALSE;
  if (pf_recovery_is_owing (switcher->recovery) && !pf_recovery_is_ready (switcher->recovery))
    set_problem (switcher, NULL);
  emit_changed (switcher);
  try_recovery (switcher);
  return TRUE;
}

static gboolean
on_deadline (gpointer user_data)
{
  PfSwitcher *switcher = user_data;
  const PfSwitchRun *run = pf_confirmation_get_run (switcher->confirmation);

  g_message ("Nobody confirmed the switch to “%s”; it goes back.", run->target);
  begin_run (switcher, pf_switch_run_new_revert (switcher->machine, run, PF_ORIGIN_GUARD), NULL);
  return G_SOURCE_REMOVE;
}

static gboolean
record_profiles (PfSwitcher *switcher, const PfSwitchRun *run, GError **error)
{
  PfLedger *ledger = pf_machine_get_ledger (switcher->machine);

  switch (run->kind)
    {
    case PF_SWITCH_APPLY:
      if (g_str_equal (run->target, switcher->active))
        return TRUE;
      return pf_ledger_set_profiles (ledger, run->target, switcher->active, error);
    case PF_SWITCH_REVERT:
      return pf_ledger_set_profiles (ledger, run->profile_before, run->previous_before, error);
    case PF_SWITCH_RETURN_ALL:
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

  if (task == NULL)
    return;
  if (kind == PF_SWITCH_RETURN_ALL)
    g_task_return_pointer (task, pf_switch_run_list_left (switcher->machine, error),
                           (GDestroyNotify) g_ptr_array_unref);
  else if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_pointer (task, g_strdup (transaction), g_free);
}

/* What recovery does is nobody's switch, and a switch of others that fails leaves one that waits as it was. */
static gboolean
keeps_confirmation (PfSwitcher *switcher, const PfSwitchRun *run, gboolean failed)
{
  return switcher->confirmation != NULL
         && (run->kind == PF_SWITCH_RECOVER || run->kind == PF_SWITCH_RESTORE || (failed && run->kind == PF_SWITCH_APPLY));
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
  g_autoptr (GError) error = NULL;

  if (!record_profiles (switcher, run, &error) || !record_notes (switcher, run, &error))
    g_warning ("%s", error->message);
  if (kind != PF_SWITCH_RESTORE)
    {
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
  if (switcher->confirmation != NULL && switcher->shutting_down)
    pf_confirmation_expire (switcher->confirmation);
  close_journal (switcher);
  emit_changed (switcher);
  if (kind != PF_SWITCH_RESTORE && (did_something || !g_str_equal (before, switcher->active)))
    g_signal_emit (switcher, signals[SIGNAL_SWITCHED], 0, switcher->active, origin, changes);
  return_task (switcher, kind, transaction, NULL);
}

/* Says what could not be put right, by name. */
static GError *
describe_failure (PfSwitcher *switcher, GPtrArray *failed, const GError *error)
{
  const PfBoard *board = pf_machine_get_board (switcher->machine);
  g_autoptr (GString) text = g_string_new ("This could not be put right:");

  if (failed->len == 0)
    return g_error_copy (error);
  for (guint i = 0; i < failed->len; i++)
    {
      g_autofree char *step = pf_step_describe (failed->pdata[i], board);

      g_string_append_printf (text, " %s.", step);
    }
  g_string_append_printf (text, " %s", error->message);
  return g_error_new_literal (error->domain, error->code, text->str);
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
    problem = describe_failure (switcher, outcome->failed, outcome->error);
  if (run->kind == PF_SWITCH_REVERT && !record_profiles (switcher, run, &error))
    g_warning ("%s", error->message);
  if (keeps_confirmation (switcher, run, TRUE))
    pf_confirmation_resume (switcher->confirmation);
  else
    g_clear_pointer (&switcher->confirmation, pf_confirmation_free);
  if (run->kind == PF_SWITCH_RETURN_ALL && !record_notes (switcher, run, &error))
    g_warning ("%s", error->message);
  pf_recovery_add (switcher->recovery, outcome->owed);
  if (problem != NULL)
    set_problem (switcher, problem);
  settle (switcher);
  close_journal (switcher);
  emit_changed (switcher);
  g_signal_emit (switcher, signals[SIGNAL_FAILED], 0, run->target, run->origin, outcome->error);
  return_task (switcher, run->kind, run->transaction, outcome->error);
}

static void
begin_return (PfSwitcher *switcher, GTask *task)
{
  const char *origin = g_task_get_task_data (task);
  GError *error = NULL;
  PfSwitchRun *run = NULL;

  if (pf_switcher_refresh (switcher, &error))
    run = pf_switch_run_new_return_all (switcher->machine, origin, &error);
  if (run != NULL)
    {
      begin_run (switcher, run, task);
      return;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
}

/* Home never waits longer than it has to: as soon as the switch under way is over. */
static void
begin_waiting_return (PfSwitcher *switcher)
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
  /* The kernel may have answered while other steps were undone. */
  try_recovery (switcher);
  begin_waiting_return (switcher);
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

static void
begin_run (PfSwitcher *switcher, PfSwitchRun *run, GTask *task)
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
  if (pf_plan_is_empty (run->plan) || (!on_record && !pf_switch_run_keeps_going (run)))
    {
      finish_early (switcher, error);
      return;
    }
  if (!on_record)
    g_warning ("%s", error->message);
  emit_changed (switcher);
  executor = pf_machine_create_executor (switcher->machine);
  if (on_record && run->kind != PF_SWITCH_RECOVER)
    pf_executor_set_journal (executor, pf_machine_get_journal (switcher->machine));
  pf_executor_run_async (executor, run->plan, pf_switch_run_keeps_going (run), on_executor_finished,
                         g_object_ref (switcher));
}

/* A switch that waits for confirmation gives way only to the way home. */
static gboolean
check_free (PfSwitcher *switcher, gboolean goes_home, GError **error)
{
  if (switcher->shutting_down)
    g_set_error_literal (error, PF_ERROR, PF_ERROR_BUSY, "Portferry is being stopped.");
  else if (switcher->run != NULL && switcher->run->kind == PF_SWITCH_RECOVER)
    g_set_error_literal (error, PF_ERROR, PF_ERROR_BUSY,
                         "A switch that was interrupted is put right; try again when that is done.");
  else if (switcher->run != NULL)
    g_set_error (error, PF_ERROR, PF_ERROR_BUSY, "A switch to “%s” is under way; try again when it is done.",
                 switcher->run->target);
  else if (switcher->confirmation != NULL && !goes_home)
    g_set_error (error, PF_ERROR, PF_ERROR_BUSY,
                 "The switch to “%s” waits for confirmation; confirm it or take it back first.",
                 pf_confirmation_get_run (switcher->confirmation)->target);
  else
    return TRUE;
  return FALSE;
}

/**
 * pf_switcher_apply_async:
 * @switcher: a switcher
 * @request: what is wanted; copied as far as it is needed
 * @callback: called when the switch is complete and read back, or the state before it is
 * @user_data: for @callback
 *
 * The machine is read afresh for it.
 */
void
pf_switcher_apply_async (PfSwitcher *switcher,
                         const PfSwitchRequest *request,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (switcher, NULL, callback, user_data);
  PfSwitchRun *run = NULL;
  GError *error = NULL;

  g_task_set_source_tag (task, pf_switcher_apply_async);
  if (check_free (switcher, pf_profile_is_home (request->profile), &error)
      && pf_switcher_refresh (switcher, &error))
    run = pf_switch_run_new_apply (switcher->machine, request, &error);
  if (run == NULL)
    g_task_return_error (task, error);
  else
    begin_run (switcher, run, g_steal_pointer (&task));
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
 * Ends a switch that waits for confirmation. While a switch is under way it waits for the end of that: stopping
 * half-way would take as long.
 */
void
pf_switcher_return_all_async (PfSwitcher *switcher,
                              const char *origin,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  GTask *task = g_task_new (switcher, NULL, callback, user_data);

  g_task_set_source_tag (task, pf_switcher_return_all_async);
  g_task_set_task_data (task, g_strdup (origin), g_free);
  g_queue_push_tail (&switcher->returns, task);
  begin_waiting_return (switcher);
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

  if (switcher->run == NULL && switcher->confirmation != NULL)
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
  if (!pf_confirmed_add (pf_machine_get_confirmed (switcher->machine), run->target, run->text, run->board, &not_kept))
    g_warning ("It will be asked for again: %s", not_kept->message);
  g_clear_error (&not_kept);
  g_clear_pointer (&switcher->confirmation, pf_confirmation_free);
  /* What drifted meanwhile is put right now. */
  if (!scan (switcher, &not_kept))
    g_warning ("The machine cannot be read: %s", not_kept->message);
  emit_changed (switcher);
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
  g_autoptr (GTask) task = g_task_new (switcher, NULL, callback, user_data);
  PfSwitchRun *run = NULL;
  GError *error = NULL;

  g_task_set_source_tag (task, pf_switcher_revert_async);
  if (pf_switcher_get_pending (switcher, transaction, &error) != NULL
      && pf_switcher_refresh (switcher, &error))
    {
      const PfSwitchRun *pending = pf_confirmation_get_run (switcher->confirmation);

      run = pf_switch_run_new_revert (switcher->machine, pending, pending->origin);
    }
  if (run == NULL)
    g_task_return_error (task, error);
  else
    begin_run (switcher, run, g_steal_pointer (&task));
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
  if (switcher->run != NULL)
    return switcher->run->kind == PF_SWITCH_REVERT || switcher->run->kind == PF_SWITCH_RESTORE
                   || switcher->run->kind == PF_SWITCH_RECOVER ? PF_SWITCHER_RECOVERING
                                                                                                 : PF_SWITCHER_APPLYING;
  if (switcher->confirmation != NULL)
    return PF_SWITCHER_AWAITING_CONFIRMATION;
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
 * Returns: when the switch that waits for confirmation goes back, CLOCK_REALTIME in microseconds; 0 for never
 */
gint64
pf_switcher_get_deadline (PfSwitcher *switcher)
{
  return switcher->confirmation != NULL ? pf_confirmation_get_deadline (switcher->confirmation) : 0;
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
