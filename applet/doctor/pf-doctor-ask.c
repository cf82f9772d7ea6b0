/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-doctor-ask.h"

#include "pf-doctor-lender.h"
#include "pf-doctor-x-tray.h"

#define ROOT "/"
#define TIMEOUT_MS 5000

#define BUS "org.freedesktop.DBus"
#define WATCHER "org.kde.StatusNotifierWatcher"
#define NOTIFICATIONS "org.freedesktop.Notifications"
#define ACTION "org.portferry.apply-profile"

/**
 * Question:
 * @task: what waits for the answers
 * @facts: what they go into
 * @n_open: how many have yet to come
 *
 * One look at everything; lives until the last answer.
 */
typedef struct
{
  GTask *task;
  PfDoctorFacts *facts;
  guint n_open;
} Question;

static void
close_one (Question *question)
{
  if (--question->n_open > 0)
    return;
  g_task_return_pointer (question->task, question->facts, (GDestroyNotify) pf_doctor_facts_free);
  g_object_unref (question->task);
  g_free (question);
}

/* --- The helper --- */

static void
read_routers (PfClient *client, PfDoctorFacts *facts)
{
  g_autoptr (GPtrArray) controllers = pf_client_list_controllers (client);

  for (guint i = 0; i < controllers->len; i++)
    {
      PfDBusRouter *router = pf_client_get_router (client, controllers->pdata[i]);
      const char *address = pf_dbus_controller_get_address (controllers->pdata[i]);
      PfDoctorController *controller = pf_doctor_facts_find_controller (facts, address);

      if (router == NULL || controller == NULL)
        continue;
      controller->is_router = TRUE;
      controller->writable = pf_dbus_router_get_writable_mask (router);
      controller->routing = pf_dbus_router_get_value (router);
      controller->super_speed = pf_dbus_router_get_super_speed_value (router);
      controller->ports = pf_dbus_router_dup_ports (router);
    }
}

/* That there is no IOMMU is a finding of its own. */
static char *
dup_problem (const PfDoctorFacts *facts, PfDBusManager *manager)
{
  gboolean is_known = facts->n_groups == 0
                      && g_strcmp0 (pf_dbus_manager_get_problem_code (manager),
                                    pf_error_get_name (PF_ERROR_NO_IOMMU)) == 0;

  return g_strdup (is_known ? "" : pf_dbus_manager_get_problem (manager));
}

static void
on_lending (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Question *question = user_data;

  question->facts->lending = pf_lending_ask_finish (PF_CLIENT (source), result, NULL);
  close_one (question);
}

static void
on_client_wake (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PfClient *client = PF_CLIENT (source);
  Question *question = user_data;
  PfDoctorFacts *facts = question->facts;
  g_autoptr (GError) error = NULL;

  if (pf_client_wake_finish (client, result, &error))
    {
      facts->helper = PF_DOCTOR_HELPER_READY;
      facts->problem = dup_problem (facts, pf_client_get_manager (client));
      read_routers (client, facts);
      pf_doctor_lenders_read (client, facts);
      question->n_open++;
      pf_lending_ask_async (client, NULL, on_lending, question);
    }
  else
    {
      facts->helper = g_error_matches (error, PF_ERROR, PF_ERROR_NOT_AUTHORIZED) ? PF_DOCTOR_HELPER_FORBIDDEN
                                                                                 : PF_DOCTOR_HELPER_FAILED;
      facts->helper_message = g_strdup (error->message);
    }
  close_one (question);
}

/* --- polkit --- */

static void
on_polkit_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Question *question = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  gboolean is_authorized, is_challenge;

  if (answer == NULL)
    g_debug ("polkit: %s", error->message);
  else
    {
      g_variant_get (answer, "((bba{ss}))", &is_authorized, &is_challenge, NULL);
      question->facts->permission = is_authorized  ? PF_DOCTOR_PERMISSION_YES
                                    : is_challenge ? PF_DOCTOR_PERMISSION_PASSWORD
                                                   : PF_DOCTOR_PERMISSION_NO;
    }
  close_one (question);
}

/* Everybody may ask polkit about himself. Nobody is asked for a password: no flag allows it. */
static void
on_system_bus (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Question *question = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);
  GVariantBuilder subject;

  if (bus == NULL)
    {
      g_debug ("The system bus: %s", error->message);
      close_one (question);
      return;
    }
  g_variant_builder_init (&subject, G_VARIANT_TYPE ("a{sv}"));
  g_variant_builder_add (&subject, "{sv}", "name",
                         g_variant_new_string (g_dbus_connection_get_unique_name (bus)));
  g_dbus_connection_call (bus, "org.freedesktop.PolicyKit1", "/org/freedesktop/PolicyKit1/Authority",
                          "org.freedesktop.PolicyKit1.Authority", "CheckAuthorization",
                          g_variant_new ("((sa{sv})s@a{ss}us)", "system-bus-name", &subject, ACTION,
                                         g_variant_new_array (G_VARIANT_TYPE ("{ss}"), NULL, 0), 0, ""),
                          G_VARIANT_TYPE ("((bba{ss}))"), G_DBUS_CALL_FLAGS_NONE, TIMEOUT_MS, NULL,
                          on_polkit_answer, question);
}

/* --- The desktop --- */

static void
on_watcher_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Question *question = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariant) value = NULL;

  if (answer != NULL)
    g_variant_get (answer, "(v)", &value);
  if (value != NULL && g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    question->facts->has_tray_host = g_variant_get_boolean (value);
  else /* a watcher that does not know the question is one all the same */
    question->facts->has_tray_host
        = !g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN)
          && !g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER);
  question->facts->has_x_tray = answer == NULL && !question->facts->has_tray_host && pf_doctor_has_x_tray ();
  close_one (question);
}

static void
on_names_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Question *question = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autofree const char **names = NULL;

  if (answer == NULL)
    g_debug ("The session bus: %s", error->message);
  else
    {
      g_variant_get (answer, "(^a&s)", &names);
      question->facts->has_notifications |= g_strv_contains (names, NOTIFICATIONS);
    }
  close_one (question);
}

static void
call_session (Question *question,
              GDBusConnection *bus,
              const char *name,
              const char *path,
              const char *interface,
              const char *method,
              GVariant *parameters,
              const char *type,
              GAsyncReadyCallback callback)
{
  question->n_open++;
  g_dbus_connection_call (bus, name, path, interface, method, parameters, G_VARIANT_TYPE (type),
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, TIMEOUT_MS, NULL, callback, question);
}

static void
on_session_bus (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Question *question = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);

  if (bus == NULL)
    g_debug ("The session bus: %s", error->message);
  else
    {
      question->facts->has_session = TRUE;
      call_session (question, bus, WATCHER, "/StatusNotifierWatcher", "org.freedesktop.DBus.Properties",
                    "Get", g_variant_new ("(ss)", WATCHER, "IsStatusNotifierHostRegistered"), "(v)",
                    on_watcher_answer);
      call_session (question, bus, BUS, "/", BUS, "ListNames", NULL, "(as)", on_names_answer);
      call_session (question, bus, BUS, "/", BUS, "ListActivatableNames", NULL, "(as)", on_names_answer);
    }
  close_one (question);
}

/* A session bus alone is no desktop: whoever comes over SSH may have one, too. */
static gboolean
has_display (void)
{
  return g_getenv ("DISPLAY") != NULL || g_getenv ("WAYLAND_DISPLAY") != NULL;
}

/**
 * pf_doctor_ask_async:
 * @client: the helper, which is started where it does not run
 *
 * Finds out all that the checks look at: from /sys and /proc as this user, from the helper, polkit and the
 * desktop over their buses.
 */
void
pf_doctor_ask_async (PfClient *client, GAsyncReadyCallback callback, gpointer user_data)
{
  Question *question = g_new0 (Question, 1);

  question->task = g_task_new (client, NULL, callback, user_data);
  g_task_set_source_tag (question->task, pf_doctor_ask_async);
  question->facts = pf_doctor_facts_read (ROOT);
  question->facts->desktop = g_strdup (g_getenv ("XDG_CURRENT_DESKTOP"));
  question->n_open = 2;
  pf_client_wake_async (client, NULL, on_client_wake, question);
  g_bus_get (G_BUS_TYPE_SYSTEM, NULL, on_system_bus, question);
  if (has_display ())
    {
      question->n_open++;
      g_bus_get (G_BUS_TYPE_SESSION, NULL, on_session_bus, question);
    }
}

/**
 * pf_doctor_ask_finish:
 *
 * Returns: (transfer full): the facts
 */
PfDoctorFacts *
pf_doctor_ask_finish (PfClient *client, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, client), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
