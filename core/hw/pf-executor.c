/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-executor.h"

#include "pf-binder.h"
#include "pf-error.h"
#include "pf-module.h"
#include "pf-node-giver.h"
#include "pf-power-control.h"
#include "pf-route-register.h"

struct _PfExecutor
{
  GObject parent_instance;
  PfTree *tree;
  PfStepRecorder recorder;
  gpointer recorder_data;
  PfModuleLoader loader;
  gpointer loader_data;
  PfJournalFile *journal;
  PfExecutorGate gate;
  gpointer gate_data;
  guint gate_position;
  GTask *at_gate; /* the run that waits there */
};

G_DEFINE_FINAL_TYPE (PfExecutor, pf_executor, G_TYPE_OBJECT)

typedef enum
{
  MODE_FORWARD, /* carrying out step after step */
  MODE_UNDO,    /* undoing the step that failed */
  MODE_BACK,    /* undoing the steps before it, the last one first */
} Mode;

typedef struct
{
  PfPlan *plan;
  gboolean keep_going;
  Mode mode;
  guint position;  /* of the step at hand */
  PfStep *current; /* that step, or its inverse */
  gboolean retried; /* the step at hand */
  gboolean restored;
  GPtrArray *owed;   /* steps that have to wait for the kernel */
  GPtrArray *failed; /* steps that could not be done, and that nothing makes up for */
  GError *error;     /* the first one */
} Run;

static void continue_run (GTask *task);
static void run_step (GTask *task);

static void
run_free (Run *run)
{
  pf_plan_free (run->plan);
  g_clear_pointer (&run->current, pf_step_free);
  g_ptr_array_unref (run->owed);
  g_ptr_array_unref (run->failed);
  g_clear_error (&run->error);
  g_free (run);
}

static void
pf_executor_finalize (GObject *object)
{
  PfExecutor *executor = PF_EXECUTOR (object);

  g_clear_pointer (&executor->tree, pf_tree_unref);
  G_OBJECT_CLASS (pf_executor_parent_class)->finalize (object);
}

static void
pf_executor_class_init (PfExecutorClass *class)
{
  G_OBJECT_CLASS (class)->finalize = pf_executor_finalize;
}

static void
pf_executor_init (PfExecutor *executor)
{
  executor->loader = pf_module_load;
}

/**
 * pf_executor_new:
 * @tree: the kernel
 * @recorder: puts on record what it takes to undo each step
 * @user_data: for @recorder
 *
 * Returns: (transfer full): an executor, which runs one plan at a time
 */
PfExecutor *
pf_executor_new (PfTree *tree, PfStepRecorder recorder, gpointer user_data)
{
  PfExecutor *executor = g_object_new (PF_TYPE_EXECUTOR, NULL);

  executor->tree = pf_tree_ref (tree);
  executor->recorder = recorder;
  executor->recorder_data = user_data;
  return executor;
}

/**
 * pf_executor_set_module_loader:
 * @executor: an executor
 * @loader: loads a module in place of pf_module_load()
 * @user_data: for @loader
 */
void
pf_executor_set_module_loader (PfExecutor *executor, PfModuleLoader loader, gpointer user_data)
{
  executor->loader = loader;
  executor->loader_data = user_data;
}

/**
 * pf_executor_set_journal:
 * @executor: an executor
 * @journal: (nullable): where to mark each step of a plan, whose intent is in there already
 */
void
pf_executor_set_journal (PfExecutor *executor, PfJournalFile *journal)
{
  executor->journal = journal;
}

/**
 * pf_executor_set_gate:
 * @executor: an executor
 * @position: number of the step before which to wait; the number of steps to wait behind the last one
 * @gate: called there once, while steps are carried out, not while they are taken back
 * @user_data: for @gate
 *
 * Whoever opens the gate must do so before the executor is let go of.
 */
void
pf_executor_set_gate (PfExecutor *executor, guint position, PfExecutorGate gate, gpointer user_data)
{
  executor->gate_position = position;
  executor->gate = gate;
  executor->gate_data = user_data;
}

/**
 * pf_executor_open_gate:
 * @executor: an executor that waits at its gate
 * @error: (transfer full) (nullable): why not to go on: then what was done before it is taken back
 */
void
pf_executor_open_gate (PfExecutor *executor, GError *error)
{
  GTask *task = g_steal_pointer (&executor->at_gate);
  Run *run = g_task_get_task_data (task);

  if (error != NULL)
    {
      run->error = error;
      run->mode = MODE_BACK;
    }
  continue_run (task);
}

static gboolean
step_needs_vfio (const PfStep *step)
{
  for (guint i = 0; i < step->moves->len; i++)
    {
      const PfMove *move = step->moves->pdata[i];

      if (g_strcmp0 (move->to.driver, PF_VFIO_DRIVER) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
has_vfio (PfTree *tree)
{
  struct stat status;

  return pf_tree_stat (tree, PF_TREE_SYS, "bus/pci/drivers/" PF_VFIO_DRIVER, &status);
}

static gboolean
prepare_step (PfExecutor *executor, const PfStep *step, GError **error)
{
  if (!step_needs_vfio (step) || has_vfio (executor->tree))
    return TRUE;
  if (!executor->loader (PF_VFIO_DRIVER, executor->loader_data, error))
    return FALSE;
  if (has_vfio (executor->tree))
    return TRUE;
  g_set_error_literal (error, PF_ERROR, PF_ERROR_VFIO_UNAVAILABLE,
                       "The module “vfio-pci” was loaded, but the kernel has no such driver now.");
  return FALSE;
}

/* What is done and not marked as done is undone once more after a crash, which does no harm; what is begun has to be
 * marked as begun. */
static gboolean
mark (PfExecutor *executor, PfJournalRecord record, guint position, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (executor->journal == NULL || pf_journal_file_add_step (executor->journal, record, position, &local_error))
    return TRUE;
  g_warning ("%s", local_error->message);
  if (error != NULL)
    *error = g_steal_pointer (&local_error);
  return FALSE;
}

/* On the way home or back there is nowhere else to go, and what refused may have had a passing reason. */
static gboolean
tries_again (Run *run, const GError *error, gboolean began)
{
  gboolean again = began && !run->retried && (run->mode != MODE_FORWARD || run->keep_going)
                   && !g_error_matches (error, PF_ERROR, PF_ERROR_TIMED_OUT);

  run->retried = again;
  return again;
}

/* The step that failed is undone first, where it wrote anything; then, unless the rest shall be tried all the same,
 * the ones before it. What the kernel does not answer cannot be undone now, nor, on the way home, should it be: that
 * is owed, and left to the caller. */
static void
on_step_failed (GTask *task, GError *error, gboolean began)
{
  Run *run = g_task_get_task_data (task);
  gboolean stuck;

  if (tries_again (run, error, began))
    {
      g_message ("Tried once more: %s", error->message);
      g_clear_error (&error);
      run_step (task);
      return;
    }
  if (run->mode != MODE_FORWARD)
    {
      g_warning ("Could not be undone: %s", error->message);
      run->restored = FALSE;
    }
  stuck = began && (run->mode != MODE_FORWARD || run->keep_going)
          && g_error_matches (error, PF_ERROR, PF_ERROR_TIMED_OUT);
  if (run->mode != MODE_FORWARD || run->keep_going)
    g_ptr_array_add (stuck ? run->owed : run->failed, pf_step_copy (run->current));
  if (stuck)
    run->restored = FALSE;
  if (run->error == NULL)
    run->error = g_steal_pointer (&error);
  g_clear_error (&error);
  if (run->mode == MODE_FORWARD && began && !stuck)
    run->mode = MODE_UNDO;
  else if (run->mode == MODE_FORWARD || run->mode == MODE_UNDO)
    run->mode = run->keep_going ? MODE_FORWARD : MODE_BACK;
  if (run->mode == MODE_FORWARD)
    run->position++;
  continue_run (task);
}

static void
on_step_done (GTask *task)
{
  PfExecutor *executor = g_task_get_source_object (task);
  Run *run = g_task_get_task_data (task);
  const PfStep *step = run->mode == MODE_UNDO ? run->plan->steps->pdata[run->position] : run->current;
  g_autoptr (GError) error = NULL;

  if (!executor->recorder (step, run->mode == MODE_UNDO ? PF_STEP_PHASE_UNDONE : PF_STEP_PHASE_DONE,
                           executor->recorder_data, &error))
    g_warning ("Not recorded: %s", error->message);
  mark (executor, run->mode == MODE_FORWARD ? PF_JOURNAL_DONE : PF_JOURNAL_UNDONE, run->position, NULL);
  if (run->mode == MODE_FORWARD)
    run->position++;
  else if (run->mode == MODE_UNDO)
    {
      run->mode = run->keep_going ? MODE_FORWARD : MODE_BACK;
      run->position += run->keep_going ? 1 : 0;
    }
  continue_run (task);
}

static void
on_settled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (pf_binder_settle_finish (result, &error))
    on_step_done (user_data);
  else
    on_step_failed (user_data, g_steal_pointer (&error), TRUE);
}

static void
on_routed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (pf_route_register_write_finish (result, &error))
    on_step_done (user_data);
  else
    on_step_failed (user_data, g_steal_pointer (&error), TRUE);
}

/* Nothing is begun that is not on record, except on the way back: what is on record then is the step itself, and
 * leaving it done because the disk is full would leave more behind than a record that is out of date. */
static gboolean
record_begin (PfExecutor *executor, const Run *run, GError **error)
{
  g_autoptr (GError) unrecorded = NULL;

  if (run->mode == MODE_UNDO)
    return TRUE;
  if (executor->recorder (run->current, PF_STEP_PHASE_BEGIN, executor->recorder_data, &unrecorded))
    return TRUE;
  if (run->mode == MODE_BACK)
    {
      g_warning ("Not recorded: %s", unrecorded->message);
      return TRUE;
    }
  g_propagate_error (error, g_steal_pointer (&unrecorded));
  return FALSE;
}

/* What comes after something that is owed, and is about the same thing, has to wait as well: in the end the last one
 * counts. */
static gboolean
has_to_wait (const Run *run)
{
  for (guint i = 0; i < run->owed->len; i++)
    {
      const PfStep *owed = run->owed->pdata[i];

      if (owed->kind == run->current->kind && owed->group == run->current->group
          && g_strcmp0 (owed->router, run->current->router) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
on_power_controlled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (pf_power_control_write_finish (result, &error))
    on_step_done (user_data);
  else
    on_step_failed (user_data, g_steal_pointer (&error), TRUE);
}

static void
give_node (GTask *task)
{
  PfExecutor *executor = g_task_get_source_object (task);
  const Run *run = g_task_get_task_data (task);
  GError *error = NULL;

  if (pf_node_giver_give (executor->tree, run->current, &error))
    on_step_done (task);
  else
    on_step_failed (task, error, TRUE);
}

static void
run_step (GTask *task)
{
  PfExecutor *executor = g_task_get_source_object (task);
  const Run *run = g_task_get_task_data (task);

  if (run->current->kind == PF_STEP_BIND)
    pf_binder_settle_async (executor->tree, run->current, on_settled, task);
  else if (run->current->kind == PF_STEP_NODE)
    give_node (task);
  else if (run->current->setting == PF_SETTING_POWER)
    pf_power_control_write_async (executor->tree, run->current, on_power_controlled, task);
  else
    pf_route_register_write_async (executor->tree, run->current, on_routed, task);
}

/* What a step is going to change is what is there now. A step that is done once more, after a crash, was planned when
 * something else was there, and if that were recorded as what to come home to, home would be somewhere else. */
static void
look_at_setting (PfExecutor *executor, PfStep *step)
{
  PfPower power;
  guint32 value;

  if (step->kind != PF_STEP_ROUTE || !pf_pending_check (pf_tree_get_pending (executor->tree), step->router, NULL))
    return;
  if (step->setting == PF_SETTING_POWER && pf_power_control_read (executor->tree, step->router, &power))
    step->from = power;
  else if (step->setting != PF_SETTING_POWER
           && pf_route_register_read (executor->tree, step->router, step->setting, &value, NULL))
    step->from = value;
}

static void
start_step (GTask *task, const PfStep *step, gboolean inverted)
{
  PfExecutor *executor = g_task_get_source_object (task);
  Run *run = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&run->current, pf_step_free);
  run->retried = FALSE;
  run->current = inverted ? pf_step_invert (step) : pf_step_copy (step);
  if (!inverted)
    look_at_setting (executor, run->current);
  if (!prepare_step (executor, run->current, &error) || !record_begin (executor, run, &error)
      || (run->mode == MODE_FORWARD && !mark (executor, PF_JOURNAL_BEGIN, run->position, &error)))
    {
      on_step_failed (task, g_steal_pointer (&error), FALSE);
      return;
    }
  if (has_to_wait (run))
    on_step_failed (task, g_error_new_literal (PF_ERROR, PF_ERROR_TIMED_OUT, "The kernel still works on it."), TRUE);
  else
    run_step (task);
}

static void
finish_run (GTask *task)
{
  Run *run = g_task_get_task_data (task);

  if (run->error != NULL)
    g_task_return_error (task, g_steal_pointer (&run->error));
  else
    g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void
continue_run (GTask *task)
{
  Run *run = g_task_get_task_data (task);
  PfExecutor *executor = g_task_get_source_object (task);
  const GPtrArray *steps = run->plan->steps;

  if (run->mode == MODE_FORWARD && executor->gate != NULL && run->position == executor->gate_position)
    {
      executor->at_gate = task;
      g_steal_pointer (&executor->gate) (executor, executor->gate_data);
    }
  else if (run->mode == MODE_BACK)
    {
      if (run->position == 0)
        finish_run (task);
      else
        start_step (task, steps->pdata[--run->position], TRUE);
    }
  else if (run->position == steps->len)
    finish_run (task);
  else
    start_step (task, steps->pdata[run->position], run->mode == MODE_UNDO);
}

/**
 * pf_executor_run_async:
 * @executor: an executor that does not run
 * @plan: what to do
 * @keep_going: TRUE to go on with the other steps when one fails, as on the way home; FALSE to take everything back
 * @callback: called at the end
 * @user_data: for @callback
 *
 * Carries out a plan step by step. Each step is recorded, done, read back and recorded again. A step that fails is
 * undone, and then those before it, in reverse.
 */
void
pf_executor_run_async (PfExecutor *executor,
                       const PfPlan *plan,
                       gboolean keep_going,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  GTask *task = g_task_new (executor, NULL, callback, user_data);
  Run *run = g_new0 (Run, 1);

  run->plan = pf_plan_copy (plan);
  run->keep_going = keep_going;
  run->restored = TRUE;
  run->owed = g_ptr_array_new_with_free_func ((GDestroyNotify) pf_step_free);
  run->failed = g_ptr_array_new_with_free_func ((GDestroyNotify) pf_step_free);
  g_task_set_source_tag (task, pf_executor_run_async);
  g_task_set_task_data (task, run, (GDestroyNotify) run_free);
  continue_run (task);
}

/**
 * pf_executor_run_finish:
 * @executor: the executor
 * @result: as given to the callback
 * @restored: (out) (optional): after a failure, whether the state before it is back
 * @error: the first thing that went wrong
 *
 * Returns: whether the whole plan was carried out
 */
gboolean
pf_executor_run_finish (PfExecutor *executor, GAsyncResult *result, gboolean *restored, GError **error)
{
  const Run *run = g_task_get_task_data (G_TASK (result));

  if (restored != NULL)
    *restored = run->restored;
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * pf_executor_get_owed:
 * @result: as given to the callback
 *
 * Returns: (transfer none) (element-type PfStep): steps that have to be carried out once the kernel has answered what it
 *   works on: on the way home to get there, otherwise to restore the state before
 */
GPtrArray *
pf_executor_get_owed (GAsyncResult *result)
{
  return ((const Run *) g_task_get_task_data (G_TASK (result)))->owed;
}

/**
 * pf_executor_get_failed:
 * @result: as given to the callback
 *
 * Returns: (transfer none) (element-type PfStep): steps that the kernel refused: undoing, or on the way home
 */
GPtrArray *
pf_executor_get_failed (GAsyncResult *result)
{
  return ((const Run *) g_task_get_task_data (G_TASK (result)))->failed;
}
