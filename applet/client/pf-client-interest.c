/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <unistd.h>

#include <gio/gunixfdlist.h>

#include "pf-client-error.h"
#include "pf-client.h"

struct _PfClientInterest
{
  GObject parent_instance;

  int fd;
};

G_DEFINE_FINAL_TYPE (PfClientInterest, pf_client_interest, G_TYPE_OBJECT)

static void
pf_client_interest_finalize (GObject *object)
{
  PfClientInterest *self = PF_CLIENT_INTEREST (object);

  if (self->fd >= 0)
    close (self->fd);
  G_OBJECT_CLASS (pf_client_interest_parent_class)->finalize (object);
}

static void
pf_client_interest_class_init (PfClientInterestClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pf_client_interest_finalize;
}

static void
pf_client_interest_init (PfClientInterest *self)
{
  self->fd = -1;
}

static PfClientInterest *
take_handle (GVariant *reply, GUnixFDList *fds, GError **error)
{
  g_autoptr (PfClientInterest) interest = g_object_new (PF_TYPE_CLIENT_INTEREST, NULL);
  gint32 handle;

  g_variant_get (reply, "(h)", &handle);
  if (fds == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           "no file descriptor came with the answer");
      return NULL;
    }
  interest->fd = g_unix_fd_list_get (fds, handle, error);
  return interest->fd >= 0 ? g_steal_pointer (&interest) : NULL;
}

static void
on_interest_registered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GError) error = NULL;
  PfClientInterest *interest = NULL;

  reply = g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (source), &fds, result, &error);
  if (reply != NULL)
    interest = take_handle (reply, fds, &error);
  if (interest != NULL)
    {
      g_task_return_pointer (task, interest, g_object_unref);
      return;
    }
  pf_client_error_normalize (&error);
  g_task_return_error (task, g_steal_pointer (&error));
}

static void
on_bus_got (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GDBusConnection) bus = NULL;
  g_autoptr (GError) error = NULL;

  bus = g_bus_get_finish (result, &error);
  if (bus == NULL)
    {
      pf_client_error_normalize (&error);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  g_dbus_connection_call_with_unix_fd_list (bus, PF_BUS_NAME, PF_BUS_MANAGER_PATH, PF_BUS_NAME ".Manager",
                                            "RegisterInterest", NULL, G_VARIANT_TYPE ("(h)"),
                                            G_DBUS_CALL_FLAGS_NONE, -1, NULL, g_task_get_cancellable (task),
                                            on_interest_registered, g_object_ref (task));
}

/**
 * pf_client_register_interest_async:
 * @client: the client
 * @cancellable: (nullable): stops waiting
 * @callback: called when done
 * @user_data: for @callback
 *
 * Asks the helper to stay, for as long as what pf_client_register_interest_finish() returns lives. Starts the
 * helper where it does not run.
 */
void
pf_client_register_interest_async (PfClient *client,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  GTask *task = g_task_new (client, cancellable, callback, user_data);

  g_task_set_name (task, "pf_client_register_interest_async");
  g_bus_get (G_BUS_TYPE_SYSTEM, cancellable, on_bus_got, task);
}

/**
 * pf_client_register_interest_finish:
 * @client: the client
 * @result: what the callback was given
 * @error: PF_ERROR_LIMIT_EXCEEDED when this user holds too many
 *
 * Returns: (transfer full) (nullable): the interest; NULL on error
 */
PfClientInterest *
pf_client_register_interest_finish (PfClient *client, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, client), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
