/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where requests are handed in: each becomes a call of the helper, and its outcome a line. */

#include "pf-guest-desk.h"

#include "pf-client.h"
#include "pf-guest-reply.h"
#include "pf-origin.h"

/* The helper lets one caller wait for permission at most four times at once, and this is one caller for all
 * machines. */
#define MAX_UNDER_WAY 3

/* A machine that asks for its controllers and does not have them is there to take them. */
#define ATTACH_SECONDS 10

struct _PfGuestDesk
{
  GObject parent_instance;

  PfClient *client;
  GQueue waiting; /* of GTask, in the order in which they came */
  guint n_under_way;
};

G_DEFINE_TYPE (PfGuestDesk, pf_guest_desk, G_TYPE_OBJECT)

/* One request on its way. */
typedef struct
{
  PfGuestRequest request;
  char *vm;
  guint n_left;
} Ask;

static void
ask_free (Ask *ask)
{
  g_free (ask->vm);
  g_free (ask);
}

static void begin_waiting (PfGuestDesk *desk);

static void
end (GTask *ended, char *reply, GError *error)
{
  g_autoptr (GTask) task = ended;
  g_autoptr (PfGuestDesk) desk = g_object_ref (g_task_get_source_object (task));

  desk->n_under_way--;
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, reply, g_free);
  begin_waiting (desk);
}

/* --- Reading --- */

static guint
count_seconds (GVariant *properties)
{
  guint64 deadline = 0;
  guint64 now = (guint64) g_get_real_time ();

  g_variant_lookup (properties, "Deadline", "t", &deadline);
  return deadline > now ? (guint) ((deadline - now + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC) : 0;
}

static char *
describe_state (GVariant *properties, guint n_left)
{
  const char *state = "";
  const char *path = "";
  g_autofree char *id = NULL;

  g_variant_lookup (properties, "State", "&s", &state);
  g_variant_lookup (properties, "ActiveProfile", "&o", &path);
  id = pf_bus_profile_id_from_path (path, NULL);
  if (id == NULL)
    return NULL;
  return pf_guest_reply_for_state (state, id, count_seconds (properties), n_left);
}

/* It is absent because it is idle, and idle because everything is home. */
static gboolean
is_absent (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN);
}

static void
on_state_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Ask *ask = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariant) properties = reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;
  char *line = NULL;

  if (properties != NULL)
    line = describe_state (properties, ask->n_left);
  else if (is_absent (error))
    line = pf_guest_reply_for_state ("idle", PF_PROFILE_HOME, 0, ask->n_left);
  if (line == NULL && ask->request.verb == PF_GUEST_VERB_STATUS)
    end (task, NULL, g_error_new (PF_ERROR, PF_ERROR_FAILED, "The state cannot be read."));
  else
    end (task, line != NULL ? line : g_strdup ("ok\r\n"), NULL);
}

/* Straight from the helper, which is not started for it: what a proxy knows may be of before the switch. */
static void
read_properties (GTask *task, GDBusConnection *bus, GAsyncReadyCallback callback)
{
  g_dbus_connection_call (bus, PF_BUS_NAME, PF_BUS_MANAGER_PATH, "org.freedesktop.DBus.Properties", "GetAll",
                          g_variant_new ("(s)", PF_BUS_NAME ".Manager"), G_VARIANT_TYPE ("(a{sv})"),
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, callback, task);
}

static void
on_bus_got_for_state (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);

  if (bus == NULL)
    end (task, NULL, error);
  else
    read_properties (task, bus, on_state_read);
}

static void
read_state (GTask *task)
{
  g_bus_get (G_BUS_TYPE_SYSTEM, NULL, on_bus_got_for_state, task);
}

/* --- Verbs --- */

static void
end_verb (GTask *task, gboolean done, GError *error)
{
  if (done)
    read_state (task);
  else
    end (task, NULL, error);
}

static void
on_applied (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;
  g_autofree char *transaction = pf_client_apply_finish (PF_CLIENT (source), result, &error);

  end_verb (user_data, transaction != NULL, error);
}

static void
on_toggled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;
  g_autofree char *transaction = pf_client_toggle_finish (PF_CLIENT (source), result, &error);

  end_verb (user_data, transaction != NULL, error);
}

static void
on_returned (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Ask *ask = g_task_get_task_data (user_data);
  GError *error = NULL;
  g_autoptr (GVariant) left = pf_client_return_all_finish (PF_CLIENT (source), result, &error);

  ask->n_left = left != NULL ? (guint) g_variant_n_children (left) : 0;
  end_verb (user_data, left != NULL, error);
}

static void
on_confirmed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;
  gboolean done = pf_client_confirm_finish (PF_CLIENT (source), result, &error);

  end_verb (user_data, done, error);
}

static void
on_pending_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  static const PfClientOptions options = { .no_interaction = TRUE };
  GTask *task = user_data;
  PfGuestDesk *desk = g_task_get_source_object (task);
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  g_autoptr (GVariant) properties = reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;
  const char *transaction = "";

  if (properties != NULL)
    g_variant_lookup (properties, "Transaction", "&s", &transaction);
  if (*transaction == '\0')
    end (task, NULL, g_error_new (PF_ERROR, PF_ERROR_NO_SUCH_TRANSACTION, "Nothing waits for confirmation."));
  else
    pf_client_confirm_async (desk->client, transaction, &options, NULL, on_confirmed, task);
}

static void
on_bus_got_for_pending (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);

  if (bus == NULL)
    end (task, NULL, error);
  else
    read_properties (task, bus, on_pending_read);
}

static void
begin (PfGuestDesk *desk, GTask *task)
{
  const Ask *ask = g_task_get_task_data (task);
  /* Who may talk to the machine plugs its controllers in; we may not. */
  PfClientOptions options
      = { .origin = PF_ORIGIN_GUEST, .vm = ask->vm, .attach_seconds = ATTACH_SECONDS, .no_interaction = TRUE };

  switch (ask->request.verb)
    {
    case PF_GUEST_VERB_TOGGLE:
      pf_client_toggle_async (desk->client, &options, NULL, on_toggled, task);
      return;
    case PF_GUEST_VERB_SWITCH:
      pf_client_apply_async (desk->client, ask->request.profile, &options, NULL, on_applied, task);
      return;
    case PF_GUEST_VERB_HOME:
      pf_client_return_all_async (desk->client, &options, NULL, on_returned, task);
      return;
    case PF_GUEST_VERB_CONFIRM:
      g_bus_get (G_BUS_TYPE_SYSTEM, NULL, on_bus_got_for_pending, task);
      return;
    case PF_GUEST_VERB_STATUS:
    default:
      read_state (task);
      return;
    }
}

static void
begin_waiting (PfGuestDesk *desk)
{
  while (desk->n_under_way < MAX_UNDER_WAY && !g_queue_is_empty (&desk->waiting))
    {
      desk->n_under_way++;
      begin (desk, g_queue_pop_head (&desk->waiting));
    }
}

/* --- The object --- */

static void
pf_guest_desk_init (PfGuestDesk *desk)
{
  desk->client = pf_client_new ();
}

static void
pf_guest_desk_finalize (GObject *object)
{
  g_object_unref (PF_GUEST_DESK (object)->client);
  G_OBJECT_CLASS (pf_guest_desk_parent_class)->finalize (object);
}

static void
pf_guest_desk_class_init (PfGuestDeskClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pf_guest_desk_finalize;
}

/**
 * pf_guest_desk_new:
 *
 * Returns: (transfer full): a desk where nobody waits
 */
PfGuestDesk *
pf_guest_desk_new (void)
{
  return g_object_new (PF_TYPE_GUEST_DESK, NULL);
}

/**
 * pf_guest_desk_ask_async:
 * @desk: the desk
 * @request: what is asked for
 * @vm: (nullable): the name of the virtual machine that asks
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Asks the helper, in the order in which requests come; a few at once, so that none has to wait for a slow
 * one.
 */
void
pf_guest_desk_ask_async (PfGuestDesk *desk,
                         const PfGuestRequest *request,
                         const char *vm,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GTask *task = g_task_new (desk, NULL, callback, user_data);
  Ask *ask = g_new0 (Ask, 1);

  ask->request = *request;
  ask->vm = g_strdup (vm);
  g_task_set_task_data (task, ask, (GDestroyNotify) ask_free);
  g_queue_push_tail (&desk->waiting, task);
  begin_waiting (desk);
}

/**
 * pf_guest_desk_ask_finish:
 * @desk: the desk
 * @result: what the callback was given
 * @error: why it was not done, in the words of the helper, which are not for the guest
 *
 * Returns: (transfer full) (nullable): the line to answer with; NULL on error
 */
char *
pf_guest_desk_ask_finish (PfGuestDesk *desk, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pf_guest_desk_count:
 * @desk: the desk
 *
 * Returns: how many requests are not answered yet
 */
guint
pf_guest_desk_count (PfGuestDesk *desk)
{
  return desk->n_under_way + g_queue_get_length (&desk->waiting);
}
