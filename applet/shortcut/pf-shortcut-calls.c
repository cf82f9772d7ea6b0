/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-shortcut-calls.h"

#include <glib/gi18n.h>

#include "pf-error.h"

#define TIMEOUT_MS 5000

/**
 * Run:
 * @calls: what is still to be called, from @next on
 * @tolerant: go on where one fails
 * @answers: one for each that was called
 */
typedef struct
{
  GDBusConnection *bus;
  GPtrArray *calls;
  guint next;
  gboolean tolerant;
  GPtrArray *answers;
} Run;

static void
free_answer (gpointer answer)
{
  if (answer != NULL)
    g_variant_unref (answer);
}

static void
free_run (gpointer data)
{
  Run *run = data;

  g_clear_object (&run->bus);
  g_ptr_array_unref (run->calls);
  g_ptr_array_unref (run->answers);
  g_free (run);
}

static void call_next (GTask *task);

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Run *run = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  GVariant *answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (answer == NULL && !run->tolerant)
    {
      g_dbus_error_strip_remote_error (error);
      g_task_return_new_error (task, PF_ERROR, PF_ERROR_FAILED, _ ("The desktop did not take it: %s"),
                               error->message);
      return;
    }
  g_ptr_array_add (run->answers, answer);
  call_next (g_steal_pointer (&task));
}

/* Takes @task. */
static void
call_next (GTask *task)
{
  Run *run = g_task_get_task_data (task);
  const PfShortcutCall *call;

  if (run->next >= run->calls->len)
    {
      g_task_return_pointer (task, g_ptr_array_ref (run->answers), (GDestroyNotify) g_ptr_array_unref);
      g_object_unref (task);
      return;
    }
  call = g_ptr_array_index (run->calls, run->next++);
  g_dbus_connection_call (run->bus, call->name, call->path, call->interface, call->method, call->parameters,
                          NULL, G_DBUS_CALL_FLAGS_NONE, TIMEOUT_MS, NULL, on_answer, task);
}

/**
 * pf_shortcut_calls_run_async:
 * @bus: (nullable): the session bus; may be missing where there is nothing to call
 * @calls: (element-type PfShortcutCall): are made one after the other
 * @tolerant: whether to go on where one fails; its answer is NULL then
 */
void
pf_shortcut_calls_run_async (GDBusConnection *bus,
                             GPtrArray *calls,
                             gboolean tolerant,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);
  Run *run = g_new0 (Run, 1);

  run->bus = bus != NULL ? g_object_ref (bus) : NULL;
  run->calls = g_ptr_array_ref (calls);
  run->tolerant = tolerant;
  run->answers = g_ptr_array_new_with_free_func (free_answer);
  g_task_set_task_data (task, run, free_run);
  call_next (task);
}

/**
 * pf_shortcut_calls_run_finish:
 *
 * Returns: (transfer full) (element-type GVariant): the answers, in order
 */
GPtrArray *
pf_shortcut_calls_run_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
