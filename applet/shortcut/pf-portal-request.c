/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-portal-request.h"

#include <glib/gi18n.h>

#include "pf-error.h"

#define REQUEST "org.freedesktop.portal.Request"
#define REQUESTS PF_PORTAL_PATH "/request/"
#define BUS "org.freedesktop.DBus"

/* What a Response says beside its results (org.freedesktop.portal.Request). */
enum
{
  GRANTED = 0,
  CANCELLED = 1,
};

/**
 * Request:
 * @response: subscription to the answer
 * @owner: subscription to the portal's going away: then nobody answers any more
 *
 * A call of the portal is answered twice: at once by the path of a request, and some time later, maybe after
 * a person was asked, by a signal of that path. Who first waited for the path could miss the signal. So the
 * path is foretold: it is made of the caller's name on the bus and a token of the caller's.
 */
typedef struct
{
  GDBusConnection *bus;
  guint response;
  guint owner;
  gboolean answered;
} Request;

static void
free_request (gpointer data)
{
  Request *request = data;

  g_object_unref (request->bus);
  g_free (request);
}

/* Returns: whether this is the first answer; nothing more is listened to */
static gboolean
end (Request *request)
{
  if (request->answered)
    return FALSE;
  request->answered = TRUE;
  g_dbus_connection_signal_unsubscribe (request->bus, request->response);
  g_dbus_connection_signal_unsubscribe (request->bus, request->owner);
  return TRUE;
}

static void
fail (GTask *task, const char *why)
{
  if (end (g_task_get_task_data (task)))
    g_task_return_new_error (task, PF_ERROR, PF_ERROR_FAILED, _ ("The desktop's portal did not take it: %s"),
                             why);
}

static void
on_response (GDBusConnection *bus,
             const char *sender,
             const char *path,
             const char *interface,
             const char *signal,
             GVariant *parameters,
             gpointer user_data)
{
  GTask *task = user_data;
  g_autoptr (GVariant) results = NULL;
  guint code;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ua{sv})"))
      || ((Request *) g_task_get_task_data (task))->answered)
    return;
  g_variant_get (parameters, "(u@a{sv})", &code, &results);
  g_object_ref (task);
  if (code == GRANTED && end (g_task_get_task_data (task)))
    g_task_return_pointer (task, g_steal_pointer (&results), (GDestroyNotify) g_variant_unref);
  else if (code == CANCELLED && end (g_task_get_task_data (task)))
    g_task_return_new_error (task, PF_ERROR, PF_ERROR_AUTHORIZATION_DISMISSED,
                             _ ("The desktop asked, and the answer was no."));
  else
    fail (task, _ ("it gives no reason"));
  g_object_unref (task);
}

static void
on_owner_changed (GDBusConnection *bus,
                  const char *sender,
                  const char *path,
                  const char *interface,
                  const char *signal,
                  GVariant *parameters,
                  gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  const char *old;

  g_variant_get (parameters, "(&s&s&s)", NULL, &old, NULL);
  if (*old != '\0')
    fail (task, _ ("it has ended"));
}

static void
on_called (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) path = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (path != NULL)
    return;
  g_dbus_error_strip_remote_error (error);
  fail (task, error->message);
}

static char *
make_token (void)
{
  return g_strdup_printf ("portferry_%08x%08x", g_random_int (), g_random_int ());
}

/* ":1.42" → "/org/freedesktop/portal/desktop/request/1_42/TOKEN" */
static char *
foretell_path (GDBusConnection *bus, const char *token)
{
  g_autofree char *sender = g_strdelimit (g_strdup (g_dbus_connection_get_unique_name (bus) + 1), ".", '_');

  return g_strconcat (REQUESTS, sender, "/", token, NULL);
}

static GVariant *
build_parameters (GVariant *const *arguments, const char *token, const char *session_token)
{
  GVariantBuilder tuple;
  GVariantBuilder options;

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "handle_token", g_variant_new_string (token));
  if (session_token != NULL)
    g_variant_builder_add (&options, "{sv}", "session_handle_token", g_variant_new_string (session_token));
  g_variant_builder_init (&tuple, G_VARIANT_TYPE_TUPLE);
  for (gsize i = 0; arguments != NULL && arguments[i] != NULL; i++)
    g_variant_builder_add_value (&tuple, arguments[i]);
  g_variant_builder_add_value (&tuple, g_variant_builder_end (&options));
  return g_variant_builder_end (&tuple);
}

/**
 * pf_portal_request_async:
 * @bus: the session bus
 * @method: of org.freedesktop.portal.GlobalShortcuts
 * @arguments: (array zero-terminated=1) (nullable): floating; what it takes before its options
 * @session_token: (nullable): what the new session is called
 *
 * Asks the portal, and waits for as long as a person takes to answer.
 */
void
pf_portal_request_async (GDBusConnection *bus,
                         const char *method,
                         GVariant *const *arguments,
                         const char *session_token,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);
  Request *request = g_new0 (Request, 1);
  g_autofree char *token = make_token ();
  g_autofree char *path = foretell_path (bus, token);

  request->bus = g_object_ref (bus);
  g_task_set_task_data (task, request, free_request);
  request->response = g_dbus_connection_signal_subscribe (bus, PF_PORTAL_NAME, REQUEST, "Response", path,
                                                          NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_response,
                                                          g_object_ref (task), g_object_unref);
  request->owner = g_dbus_connection_signal_subscribe (bus, BUS, BUS, "NameOwnerChanged", NULL,
                                                       PF_PORTAL_NAME, G_DBUS_SIGNAL_FLAGS_NONE,
                                                       on_owner_changed, g_object_ref (task), g_object_unref);
  g_dbus_connection_call (bus, PF_PORTAL_NAME, PF_PORTAL_PATH, PF_PORTAL_SHORTCUTS, method,
                          build_parameters (arguments, token, session_token), G_VARIANT_TYPE ("(o)"),
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_called, task);
}

/**
 * pf_portal_request_finish:
 * @error: PF_ERROR_AUTHORIZATION_DISMISSED where a person said no
 *
 * Returns: (transfer full): the results, an a{sv}
 */
GVariant *
pf_portal_request_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
