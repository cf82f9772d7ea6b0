/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-client-call.h"

#include <glib/gi18n-lib.h>

#include "pf-client-error.h"
#include "pf-profile.h"

/* The verbs go straight to the well-known name, not through proxies: so the bus starts the helper where it
 * has gone idle, and nobody has to wait for its objects first. */

/**
 * PfClientCall:
 * @interface: full name of the interface
 * @method: name of the method
 * @reply_type: type of the reply
 * @path: object path
 * @parameters: a tuple
 * @profile_id: (nullable): the profile that @path is of
 * @no_interaction: nobody may be asked for a password
 *
 * One call that waits for the bus.
 */
struct _PfClientCall
{
  const char *interface;
  const char *method;
  const char *reply_type;
  char *path;
  GVariant *parameters;
  char *profile_id;
  gboolean no_interaction;
};

static void
pf_client_call_free (PfClientCall *call)
{
  g_free (call->path);
  g_free (call->profile_id);
  g_variant_unref (call->parameters);
  g_free (call);
}

/**
 * pf_client_call_new_for_manager:
 * @method: name of the method
 * @parameters: a tuple; a floating reference is consumed
 * @reply_type: of the reply; a string that stays
 * @options: (nullable): how
 *
 * Returns: (transfer full): a call to the manager
 */
PfClientCall *
pf_client_call_new_for_manager (const char *method,
                                GVariant *parameters,
                                const char *reply_type,
                                const PfClientOptions *options)
{
  PfClientCall *call = g_new0 (PfClientCall, 1);

  call->interface = PF_BUS_NAME ".Manager";
  call->method = method;
  call->path = g_strdup (PF_BUS_MANAGER_PATH);
  call->parameters = g_variant_ref_sink (parameters);
  call->reply_type = reply_type;
  call->no_interaction = options != NULL && options->no_interaction;
  return call;
}

/**
 * pf_client_call_new_for_profile:
 * @id: the profile's id, unchecked
 * @method: name of the method
 * @parameters: a tuple; a floating reference is consumed
 * @options: (nullable): how
 * @error: what is wrong with @id
 *
 * Returns: (transfer full) (nullable): a call to a profile that answers with nothing; NULL on error
 */
PfClientCall *
pf_client_call_new_for_profile (
    const char *id, const char *method, GVariant *parameters, const PfClientOptions *options, GError **error)
{
  PfClientCall *call;

  if (!pf_profile_id_is_valid (id, error))
    {
      g_variant_unref (g_variant_ref_sink (parameters));
      return NULL;
    }
  call = g_new0 (PfClientCall, 1);
  call->interface = PF_BUS_NAME ".Profile";
  call->method = method;
  call->path = pf_bus_profile_path (id);
  call->profile_id = g_strdup (id);
  call->parameters = g_variant_ref_sink (parameters);
  call->reply_type = "()";
  call->no_interaction = options != NULL && options->no_interaction;
  return call;
}

static gboolean
is_missing_object (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_INTERFACE);
}

static void
return_error (GTask *task, GError *error)
{
  PfClientCall *call = g_task_get_task_data (task);

  if (call->profile_id != NULL && is_missing_object (error))
    {
      g_task_return_new_error (task, PF_ERROR, PF_ERROR_NO_SUCH_PROFILE, _ ("There is no profile “%s”."),
                               call->profile_id);
      g_error_free (error);
      return;
    }
  pf_client_error_normalize (&error);
  g_task_return_error (task, error);
}

static void
on_called (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;
  GVariant *reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply == NULL)
    return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, reply, (GDestroyNotify) g_variant_unref);
}

static void
on_bus_got (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  PfClientCall *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);

  if (bus == NULL)
    {
      return_error (task, g_steal_pointer (&error));
      return;
    }
  /* However long a person thinks about a password, and a kernel about an unbind: the helper has the
   * deadlines. */
  g_dbus_connection_call (bus, PF_BUS_NAME, call->path, call->interface, call->method, call->parameters,
                          G_VARIANT_TYPE (call->reply_type),
                          call->no_interaction ? G_DBUS_CALL_FLAGS_NONE
                                               : G_DBUS_CALL_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION,
                          G_MAXINT, g_task_get_cancellable (task), on_called, g_object_ref (task));
}

/**
 * pf_client_call_start:
 * @call: (transfer full) (nullable): the call
 * @error: (transfer full) (nullable): where there is no @call, why
 * @client: source object of the result
 * @cancellable: (nullable): stops waiting
 * @callback: called with the answer
 * @user_data: for @callback
 */
void
pf_client_call_start (PfClientCall *call,
                      GError *error,
                      PfClient *client,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  GTask *task = g_task_new (client, cancellable, callback, user_data);

  g_task_set_name (task, call != NULL ? call->method : "pf_client_call");
  if (call == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  g_task_set_task_data (task, call, (GDestroyNotify) pf_client_call_free);
  g_bus_get (G_BUS_TYPE_SYSTEM, cancellable, on_bus_got, task);
}

/**
 * pf_client_call_finish:
 * @client: the client
 * @result: what the callback was given
 * @error: in the domain PF_ERROR
 *
 * Returns: (transfer full) (nullable): the reply, a tuple of the type that was asked for; NULL on error
 */
GVariant *
pf_client_call_finish (PfClient *client, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, client), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
