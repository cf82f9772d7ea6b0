/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lent controllers go into a running virtual machine and out of it again, as the user who runs it. */

#include "pf-qmp.h"

#include <string.h>

#include "pf-error.h"
#include "pf-qmp-session.h"
#include "pf-vm-config.h"

typedef struct
{
  char *path;
  char **controllers;
  guint timeout_seconds;
} Job;

static void
job_free (Job *job)
{
  g_free (job->path);
  g_strfreev (job->controllers);
  g_free (job);
}

static JsonObject *
describe_device (const char *controller, const char *id, gboolean in_port)
{
  JsonObject *device = json_object_new ();

  json_object_set_string_member (device, "driver", "vfio-pci");
  json_object_set_string_member (device, "host", controller);
  json_object_set_string_member (device, "id", id);
  if (in_port)
    {
      g_autofree char *port = pf_vm_config_get_port_id (controller);

      json_object_set_string_member (device, "bus", port);
    }
  return device;
}

/* Machines of PCI Express take a device only in a port that was made for it (pf_vm_config_get_qemu_ports());
 * others have no such port and take it anywhere. */
static gboolean
attach (PfQmpSession *session, const char *controller, GError **error)
{
  g_autofree char *id = pf_vm_config_get_device_id (controller);
  g_autofree char *port = pf_vm_config_get_port_id (controller);
  g_autofree char *no_port = g_strdup_printf ("Bus '%s' not found", port);
  g_autoptr (GError) refusal = NULL;

  if (pf_qmp_session_execute (session, "device_add", describe_device (controller, id, TRUE), &refusal))
    return TRUE;
  if (strstr (refusal->message, no_port) != NULL)
    {
      g_clear_error (&refusal);
      if (pf_qmp_session_execute (session, "device_add", describe_device (controller, id, FALSE), &refusal))
        return TRUE;
    }
  /* It is in there already. */
  if (strstr (refusal->message, "Duplicate device ID") != NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&refusal));
  return FALSE;
}

static gboolean
detach (PfQmpSession *session, const char *controller, GError **error)
{
  g_autofree char *id = pf_vm_config_get_device_id (controller);
  JsonObject *arguments = json_object_new ();
  g_autoptr (GError) refusal = NULL;

  json_object_set_string_member (arguments, "id", id);
  if (pf_qmp_session_execute (session, "device_del", arguments, &refusal))
    return pf_qmp_session_wait_deleted (session, id, error);
  /* It is not in there. */
  if (g_error_matches (refusal, PF_ERROR, PF_ERROR_NO_SUCH_DEVICE))
    return TRUE;
  /* Somebody else has asked for it before us, and the guest is about to let go. */
  if (strstr (refusal->message, "already in the process of unplug") != NULL)
    return pf_qmp_session_wait_deleted (session, id, error);
  g_propagate_error (error, g_steal_pointer (&refusal));
  return FALSE;
}

static void
run (GTask *task, gboolean (*step) (PfQmpSession *, const char *, GError **))
{
  const Job *job = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (PfQmpSession) session = pf_qmp_session_new (job->path, job->timeout_seconds, &error);

  for (guint i = 0; error == NULL && job->controllers[i] != NULL; i++)
    if (!step (session, job->controllers[i], &error))
      g_prefix_error (&error, "%s: ", job->controllers[i]);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
run_attach (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  run (task, attach);
}

static void
run_detach (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  run (task, detach);
}

static void
start (const char *path,
       const char *const *controllers,
       guint timeout_seconds,
       GTaskThreadFunc function,
       GAsyncReadyCallback callback,
       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  g_autoptr (GStrvBuilder) addresses = g_strv_builder_new ();
  Job *job = g_new0 (Job, 1);

  for (guint i = 0; controllers[i] != NULL; i++)
    {
      g_autofree char *id = pf_vm_config_get_device_id (controllers[i]);

      if (id != NULL)
        g_strv_builder_add (addresses, controllers[i]);
    }
  job->path = g_strdup (path);
  job->controllers = g_strv_builder_end (addresses);
  job->timeout_seconds = timeout_seconds;
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  g_task_run_in_thread (task, function);
}

/**
 * pf_qmp_attach_async:
 * @path: the QMP socket of a running virtual machine
 * @controllers: (array zero-terminated=1): PCI addresses of lent controllers
 * @timeout_seconds: for all of them together
 * @callback: called when they are in the machine, or one is refused
 * @user_data: for @callback
 *
 * One that is in there already stays there.
 */
void
pf_qmp_attach_async (const char *path,
                     const char *const *controllers,
                     guint timeout_seconds,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  start (path, controllers, timeout_seconds, run_attach, callback, user_data);
}

/**
 * pf_qmp_detach_async:
 * @path: the QMP socket of a running virtual machine
 * @controllers: (array zero-terminated=1): PCI addresses
 * @timeout_seconds: for all of them together: a guest has to let go of a device, and need not
 * @callback: called when none of them is in the machine any more, or one stays
 * @user_data: for @callback
 */
void
pf_qmp_detach_async (const char *path,
                     const char *const *controllers,
                     guint timeout_seconds,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  start (path, controllers, timeout_seconds, run_detach, callback, user_data);
}

/**
 * pf_qmp_finish:
 * @result: what the callback was given
 * @error: PF_ERROR_FAILED with what QEMU says, PF_ERROR_TIMED_OUT; it names the controller
 *
 * Returns: whether it was done
 */
gboolean
pf_qmp_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
