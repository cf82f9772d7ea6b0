/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lent controllers go into a running libvirt domain and out of it again, as the user who asks. */

#include "pf-libvirt.h"

#include <glib/gi18n.h>
#include <string.h>

#include "pf-error.h"
#include "pf-libvirt-session.h"
#include "pf-vm-config.h"

/* libvirt waits for QEMU on its own account, and is not hurried by us. After this much more, nobody waits for
 * libvirt. */
#define GRACE_SECONDS 10

typedef struct
{
  char *uri;
  char *domain;
  char **controllers;
  guint timeout_seconds;
  GSource *late;
} Job;

static void
job_free (Job *job)
{
  g_source_destroy (job->late);
  g_source_unref (job->late);
  g_free (job->uri);
  g_free (job->domain);
  g_strfreev (job->controllers);
  g_free (job);
}

/**
 * pf_libvirt_check_uri:
 * @uri: where libvirt is
 * @error: PF_ERROR_INVALID_ARGUMENT
 *
 * Only this computer's libvirt can be lent anything; and other kinds of URI run programs (“+ext”, “+ssh”) or
 * name files (https://libvirt.org/uri.html).
 *
 * Returns: whether @uri is one of this computer: “qemu:///system”, “qemu:///session” ...
 */
gboolean
pf_libvirt_check_uri (const char *uri, GError **error)
{
  static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
  gsize scheme = strspn (uri, letters);
  const char *path = uri + scheme + strlen (":///");

  if (scheme > 0 && g_str_has_prefix (uri + scheme, ":///") && *path != '\0'
      && strspn (path, letters) == strlen (path))
    return TRUE;
  g_set_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
               _ ("“%s” is not libvirt on this computer; that is qemu:///system or qemu:///session."), uri);
  return FALSE;
}

static void
run (GTask *task, gboolean (*step) (PfLibvirtSession *, const char *, GError **))
{
  const Job *job = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (PfLibvirtSession) session
      = pf_libvirt_session_new (job->uri, job->domain, job->timeout_seconds, &error);

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
  run (task, pf_libvirt_session_attach);
}

static void
run_detach (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  run (task, pf_libvirt_session_detach);
}

static gboolean
on_late (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

/* A libvirt that hangs keeps the thread, and no more: the task returns when it is late. */
static GSource *
start_clock (guint seconds, GCancellable *cancellable)
{
  GSource *clock = g_timeout_source_new_seconds (seconds);

  g_source_set_callback (clock, on_late, g_object_ref (cancellable), g_object_unref);
  g_source_attach (clock, g_main_context_get_thread_default ());
  return clock;
}

static void
start (const char *uri,
       const char *domain,
       const char *const *controllers,
       guint timeout_seconds,
       GTaskThreadFunc function,
       GAsyncReadyCallback callback,
       gpointer user_data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (GStrvBuilder) addresses = g_strv_builder_new ();
  GError *error = NULL;
  Job *job;

  if (uri == NULL)
    uri = PF_LIBVIRT_DEFAULT_URI;
  if (!pf_libvirt_check_uri (uri, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; controllers[i] != NULL; i++)
    {
      g_autofree char *id = pf_vm_config_get_device_id (controllers[i]);

      if (id != NULL)
        g_strv_builder_add (addresses, controllers[i]);
    }
  job = g_new0 (Job, 1);
  job->uri = g_strdup (uri);
  job->domain = g_strdup (domain);
  job->controllers = g_strv_builder_end (addresses);
  job->timeout_seconds = timeout_seconds;
  job->late = start_clock (timeout_seconds + GRACE_SECONDS, cancellable);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  g_task_set_return_on_cancel (task, TRUE);
  g_task_run_in_thread (task, function);
}

/**
 * pf_libvirt_attach_async:
 * @uri: (nullable): this computer's libvirt, see pf_libvirt_check_uri(); NULL for “qemu:///system”
 * @domain: the name of a running domain
 * @controllers: (array zero-terminated=1): PCI addresses of lent controllers
 * @timeout_seconds: for all of them together
 * @callback: called when they are in the machine, or one is refused
 * @user_data: for @callback
 *
 * One that is in there already stays there. The program's main loop has to run.
 */
void
pf_libvirt_attach_async (const char *uri,
                         const char *domain,
                         const char *const *controllers,
                         guint timeout_seconds,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  start (uri, domain, controllers, timeout_seconds, run_attach, callback, user_data);
}

/**
 * pf_libvirt_detach_async:
 * @uri: (nullable): as for attaching
 * @domain: the name of a domain
 * @controllers: (array zero-terminated=1): PCI addresses
 * @timeout_seconds: for all of them together: a guest has to let go of a device, and need not
 * @callback: called when none of them is in the machine any more, or one stays
 * @user_data: for @callback
 *
 * A domain that does not run has none of them.
 */
void
pf_libvirt_detach_async (const char *uri,
                         const char *domain,
                         const char *const *controllers,
                         guint timeout_seconds,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  start (uri, domain, controllers, timeout_seconds, run_detach, callback, user_data);
}

/**
 * pf_libvirt_finish:
 * @result: what the callback was given
 * @error: PF_ERROR_FAILED with what libvirt says, PF_ERROR_NOT_AUTHORIZED, PF_ERROR_INVALID_ARGUMENT,
 * PF_ERROR_TIMED_OUT; where it is about a controller, it names it
 *
 * Returns: whether it was done
 */
gboolean
pf_libvirt_finish (GAsyncResult *result, GError **error)
{
  GError *reason = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &reason))
    return TRUE;
  if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_error (&reason);
      reason = g_error_new_literal (PF_ERROR, PF_ERROR_TIMED_OUT, _ ("libvirt has not answered in time."));
    }
  g_propagate_error (error, reason);
  return FALSE;
}
