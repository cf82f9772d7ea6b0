/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-power-control.h"

#include "pf-error.h"
#include "pf-writer.h"

#define DEADLINE 30000 /* milliseconds: "on" waits for a device that sleeps to wake up */

typedef struct
{
  PfTree *tree;
  char *router;
  char *path;
  const char *text;
} Write;

static void
write_free (Write *data)
{
  pf_tree_unref (data->tree);
  g_free (data->router);
  g_free (data->path);
  g_free (data);
}

static char *
control_path (const char *router)
{
  return g_strdup_printf ("bus/pci/devices/%s/power/control", router);
}

/**
 * pf_power_control_read:
 * @tree: the kernel
 * @router: PCI address of an xHCI
 * @power: (out): whether it may be put to sleep; PF_POWER_ON where there is no such file: nothing does then
 *
 * Returns: whether it could be read
 */
gboolean
pf_power_control_read (PfTree *tree, const char *router, PfPower *power)
{
  g_autofree char *path = control_path (router);
  g_autofree char *text = pf_tree_read_text (tree, PF_TREE_SYS, path);

  *power = g_strcmp0 (text, "auto") == 0 ? PF_POWER_AUTO : PF_POWER_ON;
  return text != NULL;
}

static gboolean
reads_as_wished (const Write *data)
{
  g_autofree char *text = pf_tree_read_text (data->tree, PF_TREE_SYS, data->path);

  return g_strcmp0 (text, data->text) == 0;
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const Write *data = g_task_get_task_data (task);
  GError *error = NULL;

  if (!pf_writer_run_finish (result, NULL, &error))
    g_task_return_error (task, error);
  else if (reads_as_wished (data))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, PF_ERROR, PF_ERROR_VERIFY_FAILED,
                             "The power control of %s did not take the value “%s”.", data->router,
                             data->text);
}

/**
 * pf_power_control_write_async:
 * @tree: the kernel
 * @step: of kind PF_STEP_ROUTE, for PF_SETTING_POWER
 * @callback: called when power/control is written and read back
 * @user_data: for @callback
 *
 * Where it is there already nothing is written. Fails at once with PF_ERROR_TIMED_OUT while the kernel still
 * works on an earlier write to that router.
 */
void
pf_power_control_write_async (PfTree *tree,
                              const PfStep *step,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  g_autoptr (PfWriter) writer = pf_writer_new (tree);
  Write *data = g_new0 (Write, 1);
  GError *error = NULL;

  data->tree = pf_tree_ref (tree);
  data->router = g_strdup (step->router);
  data->path = control_path (step->router);
  data->text = step->to == PF_POWER_ON ? "on" : "auto";
  g_task_set_source_tag (task, pf_power_control_write_async);
  g_task_set_task_data (task, data, (GDestroyNotify) write_free);
  pf_writer_set_address (writer, step->router);
  if (!pf_pending_check (pf_tree_get_pending (tree), step->router, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (reads_as_wished (data))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  pf_writer_add_text (writer, data->path, data->text);
  pf_writer_run_async (g_steal_pointer (&writer), DEADLINE, on_written, g_steal_pointer (&task));
}

/**
 * pf_power_control_write_finish:
 * @result: as given to the callback
 * @error: PF_ERROR_VERIFY_FAILED, PF_ERROR_WRITE_FAILED, PF_ERROR_TIMED_OUT ...
 *
 * Returns: whether it reads back as wished
 */
gboolean
pf_power_control_write_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
