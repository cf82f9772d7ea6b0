/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Takes the functions of a group to the drivers that a step names, whatever they have now: lending, returning
 * and rolling back are the same thing with other drivers.
 *
 * - override: aim driver_override of every function at its driver, before any is unbound, so that nothing else
 *   can grab one meanwhile. Never new_id: that takes every twin, and stays.
 * - unbind: what has another driver, all in parallel, for an unbind is mostly waiting for RCU.
 * - probe: what has no driver, in parallel. drivers_probe succeeds also where nothing binds
 *   (drivers/pci/pci-driver.c).
 * - check: the driver links.
 * - release: give the overrides their final value, and read that back.
 * - node: give /dev/vfio/GROUP and /dev/vfio/devices/vfioN their owner.
 */

#include "pf-binder.h"

#include <string.h>

#include "pf-error.h"
#include "pf-holders.h"
#include "pf-node-giver.h"
#include "pf-override.h"
#include "pf-writer.h"

/* How long a write may take before it is reported as stuck. With a function level reset the kernel waits up to a
 * minute for the device (pci_dev_wait, drivers/pci/pci.c). */
#define DEADLINE 30000       /* milliseconds */
#define DEADLINE_RESET 75000 /* milliseconds */

typedef enum
{
  PHASE_OVERRIDE,
  PHASE_UNBIND,
  PHASE_PROBE,
  PHASE_RELEASE,
  PHASE_DONE,
} Phase;

typedef struct
{
  PfTree *tree;
  PfStep *step;
  Phase phase;
  guint running; /* writers of this phase that have not reported */
  GError *error; /* the first of this phase */
  GError *stuck; /* a function that the kernel still works on: left out, the others are settled all the same */
  GHashTable *left_out; /* of PfMove */
} Settling;

static void run_phase (GTask *task);

static void
settling_free (Settling *settling)
{
  pf_tree_unref (settling->tree);
  pf_step_free (settling->step);
  g_clear_error (&settling->error);
  g_clear_error (&settling->stuck);
  g_hash_table_unref (settling->left_out);
  g_free (settling);
}

static char *
device_path (const PfMove *move, const char *attribute)
{
  return g_strdup_printf ("bus/pci/devices/%s/%s", move->address, attribute);
}

static char *
read_driver (PfTree *tree, const PfMove *move)
{
  g_autofree char *path = device_path (move, "driver");

  return pf_tree_read_link_name (tree, PF_TREE_SYS, path);
}

/* Whether a function with @driver is where its move leads. */
static gboolean
is_there (const char *driver, const PfMove *move)
{
  if (g_strcmp0 (move->to.driver, PF_NATIVE_DRIVER) != 0)
    return g_strcmp0 (driver, move->to.driver) == 0;
  return driver != NULL && !pf_driver_is_vfio (driver);
}

/* The override that leads there: a native driver is found by a probe without one. */
static const char *
get_probe_override (const PfMove *move)
{
  return g_strcmp0 (move->to.driver, PF_NATIVE_DRIVER) == 0 ? NULL : move->to.driver;
}

static guint
get_deadline (PfTree *tree, const PfMove *move)
{
  g_autofree char *path = device_path (move, "reset_method");
  g_autofree char *methods = pf_tree_read_text (tree, PF_TREE_SYS, path);

  return methods != NULL && strstr (methods, "flr") != NULL ? DEADLINE_RESET : DEADLINE;
}

static void
write_override (PfWriter *writer, const PfMove *move, const char *driver)
{
  g_autofree char *path = device_path (move, "driver_override");

  /* An empty write does not reach the kernel: a newline clears it. */
  pf_writer_add_text (writer, path, driver != NULL ? driver : "\n");
}

static void
write_unbind (PfWriter *writer, const PfMove *move)
{
  g_autofree char *path = device_path (move, "driver/unbind");

  pf_writer_add_text (writer, path, move->address);
}

/* FALSE where it cannot be told: then it is written, which hangs as the reading did, but with a deadline. */
static gboolean
has_override (const Settling *settling, const PfMove *move, const char *wanted)
{
  g_autofree char *is = NULL;

  return pf_override_read (settling->tree, move->address, &is) && g_strcmp0 (is, wanted) == 0;
}

/* What one function needs in one phase; nothing where it is there already. */
static void
add_writes (const Settling *settling, PfWriter *writer, const PfMove *move)
{
  g_autofree char *driver = read_driver (settling->tree, move);
  const char *probed = get_probe_override (move);
  gboolean there = is_there (driver, move);

  switch (settling->phase)
    {
    case PHASE_OVERRIDE:
      if (!there && move->to.driver != NULL && !has_override (settling, move, probed))
        write_override (writer, move, probed);
      break;
    case PHASE_UNBIND:
      if (!there && driver != NULL)
        write_unbind (writer, move);
      break;
    case PHASE_PROBE:
      if (!there && driver == NULL)
        pf_writer_add_text (writer, "bus/pci/drivers_probe", move->address);
      break;
    case PHASE_RELEASE:
      if (!has_override (settling, move, move->to.driver_override))
        write_override (writer, move, move->to.driver_override);
      break;
    case PHASE_DONE:
    default:
      break;
    }
}

/* Whether a probe without an override went to vfio-pci, because that was told to take such devices. */
static gboolean
refuse_taken_again (const PfMove *move, const char *driver, GError **error)
{
  g_set_error (error, PF_ERROR, PF_ERROR_VERIFY_FAILED,
               "The kernel gave %s to %s again, which was told to take such devices: by its parameter ids, or by a script "
               "through its new_id.",
               move->address, driver);
  return FALSE;
}

static gboolean
check_driver (const Settling *settling, const PfMove *move, GError **error)
{
  g_autofree char *driver = read_driver (settling->tree, move);

  if (is_there (driver, move))
    return TRUE;
  if (g_strcmp0 (move->to.driver, PF_NATIVE_DRIVER) == 0)
    return driver == NULL || refuse_taken_again (move, driver, error);
  if (move->to.driver == NULL)
    g_set_error (error, PF_ERROR, PF_ERROR_VERIFY_FAILED, "%s should have no driver, but %s has it.", move->address,
                 driver);
  else
    g_set_error (error, PF_ERROR, PF_ERROR_VERIFY_FAILED,
                 "The driver %s did not take %s, which now has %s%s. The kernel's log (dmesg) may say why.",
                 move->to.driver, move->address, driver != NULL ? "the driver " : "no driver",
                 driver != NULL ? driver : "");
  return FALSE;
}

static gboolean
check_override (const Settling *settling, const PfMove *move, GError **error)
{
  g_autofree char *driver_override = NULL;

  if (!pf_override_read (settling->tree, move->address, &driver_override))
    {
      g_set_error (error, PF_ERROR, PF_ERROR_TIMED_OUT,
                   "The kernel does not say what the driver_override of %s is: somebody unbinds that function, and waits.",
                   move->address);
      return FALSE;
    }
  if (g_strcmp0 (driver_override, move->to.driver_override) == 0)
    return TRUE;
  g_set_error (error, PF_ERROR, PF_ERROR_VERIFY_FAILED, "The driver_override of %s should be %s and reads %s.",
               move->address, move->to.driver_override != NULL ? move->to.driver_override : "unset",
               driver_override != NULL ? driver_override : "unset");
  return FALSE;
}

/* Whether @move's function is left out, because the kernel works on an earlier write to it and holds its lock. Once left
 * out it stays so: it has missed a phase. */
static gboolean
is_left_out (Settling *settling, const PfMove *move)
{
  const PfPending *pending = pf_tree_get_pending (settling->tree);

  if (!pf_pending_check (pending, move->address, settling->stuck == NULL ? &settling->stuck : NULL))
    g_hash_table_add (settling->left_out, (gpointer) move);
  return g_hash_table_contains (settling->left_out, move);
}

/* After a phase: did the kernel do what it accepted? */
static gboolean
check_phase (const Settling *settling, GError **error)
{
  for (guint i = 0; i < settling->step->moves->len; i++)
    {
      const PfMove *move = settling->step->moves->pdata[i];

      if (g_hash_table_contains (settling->left_out, move))
        continue;
      if (settling->phase == PHASE_PROBE && !check_driver (settling, move, error))
        return FALSE;
      if (settling->phase == PHASE_RELEASE && !check_override (settling, move, error))
        return FALSE;
    }
  return TRUE;
}

/* Before anything is unbound from vfio-pci. Small race left: the kernel has no way to ask and hold. */
static gboolean
check_holder (const Settling *settling, GError **error)
{
  g_autofree char *holder = NULL;
  g_autofree char *message = NULL;

  if (settling->step->lends || !pf_holders_group_is_held (settling->tree, settling->step->group, &holder))
    return TRUE;
  message = pf_group_describe_held (settling->step->group, holder);
  g_set_error_literal (error, PF_ERROR, PF_ERROR_HELD, message);
  return FALSE;
}

static void
finish_phase (GTask *task)
{
  Settling *settling = g_task_get_task_data (task);

  if (settling->error == NULL)
    check_phase (settling, &settling->error);
  if (settling->error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&settling->error));
      g_object_unref (task);
      return;
    }
  settling->phase++;
  run_phase (task);
}

static void
on_writer_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Settling *settling = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!pf_writer_run_finish (result, NULL, &error) && settling->error == NULL)
    settling->error = g_steal_pointer (&error);
  if (--settling->running == 0)
    finish_phase (task);
}

static void
run_phase (GTask *task)
{
  Settling *settling = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (settling->phase == PHASE_DONE)
    {
      if (settling->stuck != NULL)
        g_task_return_error (task, g_steal_pointer (&settling->stuck));
      else if (pf_node_giver_give (settling->tree, settling->step, &error))
        g_task_return_boolean (task, TRUE);
      else
        g_task_return_error (task, g_steal_pointer (&error));
      g_object_unref (task);
      return;
    }
  settling->running = 1;
  for (guint i = 0; i < settling->step->moves->len; i++)
    {
      const PfMove *move = settling->step->moves->pdata[i];
      g_autoptr (PfWriter) writer = pf_writer_new (settling->tree);

      if (is_left_out (settling, move))
        continue;
      pf_writer_set_address (writer, move->address);
      add_writes (settling, writer, move);
      if (pf_writer_is_empty (writer))
        continue;
      settling->running++;
      pf_writer_run_async (g_steal_pointer (&writer), get_deadline (settling->tree, move), on_writer_done, task);
    }
  if (--settling->running == 0)
    finish_phase (task);
}

/**
 * pf_binder_settle_async:
 * @tree: the kernel
 * @step: of kind PF_STEP_BIND; only where its moves lead to matters
 * @callback: called when every function is there, or one could not be brought there
 * @user_data: for @callback
 *
 * A function of which the kernel still works on an earlier write is left out: the others are settled, and then it is
 * PF_ERROR_TIMED_OUT.
 *
 * A step that returns is refused with PF_ERROR_HELD, before anything is written, while a process has the group open.
 */
void
pf_binder_settle_async (PfTree *tree, const PfStep *step, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);
  Settling *settling = g_new0 (Settling, 1);
  g_autoptr (GError) error = NULL;

  settling->tree = pf_tree_ref (tree);
  settling->step = pf_step_copy (step);
  settling->left_out = g_hash_table_new (NULL, NULL);
  g_task_set_source_tag (task, pf_binder_settle_async);
  g_task_set_task_data (task, settling, (GDestroyNotify) settling_free);
  if (!check_holder (settling, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      g_object_unref (task);
      return;
    }
  run_phase (task);
}

/**
 * pf_binder_settle_finish:
 * @result: as given to the callback
 * @error: PF_ERROR_HELD, PF_ERROR_VERIFY_FAILED, PF_ERROR_WRITE_FAILED, PF_ERROR_TIMED_OUT, ...: the group may be
 *   partly moved then
 *
 * Returns: whether every function is where the step leads, and reads back so
 */
gboolean
pf_binder_settle_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
