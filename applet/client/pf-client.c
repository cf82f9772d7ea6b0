/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-client.h"

#include <glib/gi18n-lib.h>

#include "pf-client-error.h"
#include "pf-client-private.h"

/* Longer than the bus (25 s) and systemd (90 s) give an activated service. */
#define START_TIMEOUT_MSEC (100 * 1000)

/* Once, and once more where it was just exiting for idleness. */
#define MAX_STARTS 2

struct _PfClient
{
  GObject parent_instance;

  GDBusConnection *bus;
  GCancellable *cancellable; /* of everything that this object has under way */
  guint name_watch;
  guint signal_subscription;
  char *owner;  /* the helper's unique name; NULL when it is not there */
  guint starts; /* how often it was started for those who wait now */

  GDBusObjectManager *objects;
  GCancellable *loading;

  PfClientState state;
  GError *error;
  guint changed_idle;
  GQueue signals;    /* of GVariant: (signal name, parameters), kept until what they speak of has been read */
  GPtrArray *wakers; /* of GTask */
};

G_DEFINE_FINAL_TYPE (PfClient, pf_client, G_TYPE_OBJECT)

enum
{
  PROP_STATE = 1,
};

enum
{
  SIGNAL_CHANGED,
  SIGNAL_SWITCHED,
  SIGNAL_SWITCH_FAILED,
  SIGNAL_ATTACH_WANTED,
  SIGNAL_RELEASE_WANTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* --- What changes --- */

static gboolean
on_changed_idle (gpointer data)
{
  PfClient *self = data;

  self->changed_idle = 0;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static void
queue_changed (PfClient *self)
{
  if (self->changed_idle == 0)
    self->changed_idle = g_idle_add (on_changed_idle, self);
}

static void
emit_attach_wanted (PfClient *self, GVariant *parameters)
{
  g_autofree const char **paths = NULL;
  const char *path;
  g_autofree char *id = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) addresses = NULL;

  g_variant_get (parameters, "(^a&o&o)", &paths, &path);
  id = pf_bus_profile_id_from_path (path, NULL);
  for (guint i = 0; paths[i] != NULL; i++)
    {
      g_autofree char *address = pf_bus_controller_address_from_path (paths[i], NULL);

      if (address != NULL)
        g_strv_builder_add (builder, address);
    }
  addresses = g_strv_builder_end (builder);
  if (id != NULL)
    g_signal_emit (self, signals[SIGNAL_ATTACH_WANTED], 0, id, addresses);
}

static void
emit_release_wanted (PfClient *self, GVariant *parameters)
{
  const char *path, *holder;
  g_autofree char *address = NULL;

  g_variant_get (parameters, "(&o&s)", &path, &holder);
  address = pf_bus_controller_address_from_path (path, NULL);
  if (address != NULL)
    g_signal_emit (self, signals[SIGNAL_RELEASE_WANTED], 0, address, holder);
}

static void
emit_switch_signal (PfClient *self, const char *name, GVariant *parameters)
{
  const char *path, *origin;
  g_autofree char *id = NULL;

  g_variant_get_child (parameters, 0, "&o", &path);
  g_variant_get_child (parameters, 1, "&s", &origin);
  id = pf_bus_profile_id_from_path (path, NULL);
  if (id == NULL)
    return;
  if (g_str_equal (name, "Switched"))
    {
      g_autoptr (GVariant) moves = g_variant_get_child_value (parameters, 2);

      g_signal_emit (self, signals[SIGNAL_SWITCHED], 0, id, origin, moves);
    }
  else
    {
      const char *error_name, *message;
      g_autoptr (GError) error = NULL;

      g_variant_get_child (parameters, 2, "&s", &error_name);
      g_variant_get_child (parameters, 3, "&s", &message);
      error = pf_client_error_new_from_name (error_name, message);
      g_signal_emit (self, signals[SIGNAL_SWITCH_FAILED], 0, id, origin, error);
    }
}

static void
emit_helper_signal (PfClient *self, const char *name, GVariant *parameters)
{
  if (g_str_equal (name, "AttachWanted"))
    emit_attach_wanted (self, parameters);
  else if (g_str_equal (name, "ReleaseWanted"))
    emit_release_wanted (self, parameters);
  else
    emit_switch_signal (self, name, parameters);
}

static void
emit_kept_signals (PfClient *self)
{
  GVariant *kept;

  while ((kept = g_queue_pop_head (&self->signals)) != NULL)
    {
      const char *name;
      g_autoptr (GVariant) parameters = NULL;

      g_variant_get (kept, "(&sv)", &name, &parameters);
      emit_helper_signal (self, name, parameters);
      g_variant_unref (kept);
    }
}

static void
finish_wakers (PfClient *self)
{
  g_autoptr (GPtrArray) wakers = g_steal_pointer (&self->wakers);

  self->wakers = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < wakers->len; i++)
    if (self->state == PF_CLIENT_READY)
      g_task_return_boolean (wakers->pdata[i], TRUE);
    else if (self->error != NULL)
      g_task_return_error (wakers->pdata[i], g_error_copy (self->error));
    else
      g_task_return_new_error (wakers->pdata[i], PF_ERROR, PF_ERROR_FAILED, "%s",
                               _ ("The Portferry helper was started and ended again."));
}

/* Takes @error, which is set in PF_CLIENT_FAILED only. */
static void
set_state (PfClient *self, PfClientState state, GError *error)
{
  gboolean differs = self->state != state;
  g_autoptr (PfClient) alive = g_object_ref (self);

  g_clear_error (&self->error);
  self->error = error;
  self->state = state;
  queue_changed (self);
  if (differs)
    g_object_notify (G_OBJECT (self), "state");
  if (self->state == PF_CLIENT_LOADING)
    return;
  emit_kept_signals (self);
  finish_wakers (self);
}

static void
on_helper_signal (GDBusConnection *bus,
                  const char *sender,
                  const char *path,
                  const char *interface,
                  const char *name,
                  GVariant *parameters,
                  gpointer data)
{
  PfClient *self = data;
  const char *type;

  if (g_str_equal (name, "Switched"))
    type = "(osaa{sv})";
  else if (g_str_equal (name, "SwitchFailed"))
    type = "(osss)";
  else if (g_str_equal (name, "AttachWanted"))
    type = "(aoo)";
  else if (g_str_equal (name, "ReleaseWanted"))
    type = "(os)";
  else
    return;
  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE (type)))
    return;
  if (self->state != PF_CLIENT_LOADING)
    emit_helper_signal (self, name, parameters);
  else
    g_queue_push_tail (&self->signals, g_variant_ref_sink (g_variant_new ("(sv)", name, parameters)));
}

/* --- What the helper publishes --- */

static void
drop_objects (PfClient *self)
{
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  if (self->objects != NULL)
    g_signal_handlers_disconnect_by_data (self->objects, self);
  g_clear_object (&self->objects);
}

static void
watch_objects (PfClient *self)
{
  static const char *const names[] = { "object-added", "object-removed", "interface-added",
                                       "interface-removed", "interface-proxy-properties-changed" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_signal_connect_swapped (self->objects, names[i], G_CALLBACK (queue_changed), self);
}

static gboolean
has_manager (GDBusObjectManager *objects)
{
  g_autoptr (GDBusInterface) manager
      = g_dbus_object_manager_get_interface (objects, PF_BUS_MANAGER_PATH, PF_BUS_NAME ".Manager");

  return manager != NULL;
}

static void
on_objects_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PfClient) self = data;
  g_autoptr (GDBusObjectManager) objects = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *owner = NULL;

  objects = pf_dbus_object_manager_client_new_finish (result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->loading == NULL)
    return;
  if (objects == NULL)
    {
      pf_client_error_normalize (&error);
      set_state (self, PF_CLIENT_FAILED, g_steal_pointer (&error));
      return;
    }
  owner = g_dbus_object_manager_client_get_name_owner (G_DBUS_OBJECT_MANAGER_CLIENT (objects));
  if (owner == NULL)
    return; /* gone again; on_helper_vanished() follows */
  self->objects = g_steal_pointer (&objects);
  watch_objects (self);
  if (!has_manager (self->objects))
    set_state (self, PF_CLIENT_FAILED,
               g_error_new_literal (PF_ERROR, PF_ERROR_FAILED,
                                    _ ("The Portferry helper publishes nothing.")));
  else
    set_state (self, PF_CLIENT_READY, NULL);
}

static void
load_objects (PfClient *self)
{
  drop_objects (self);
  self->loading = g_cancellable_new ();
  set_state (self, PF_CLIENT_LOADING, NULL);
  /* By its unique name: bound to the well-known one, a GDBusObjectManagerClient reads the objects of the next
   * owner with a synchronous call in the main loop. */
  pf_dbus_object_manager_client_new (self->bus, G_DBUS_OBJECT_MANAGER_CLIENT_FLAGS_DO_NOT_AUTO_START,
                                     self->owner, PF_BUS_PATH, self->loading, on_objects_loaded,
                                     g_object_ref (self));
}

/* --- Coming and going --- */

static void
on_helper_started (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PfClient) self = data;
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GError) error = NULL;

  reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  if (reply != NULL || self->owner != NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* on_objects_loaded() goes on */
  pf_client_error_normalize (&error);
  set_state (self, PF_CLIENT_FAILED, g_steal_pointer (&error));
}

static void
start_helper (PfClient *self)
{
  self->starts++;
  set_state (self, PF_CLIENT_LOADING, NULL);
  g_dbus_connection_call (self->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                          "StartServiceByName", g_variant_new ("(su)", PF_BUS_NAME, 0),
                          G_VARIANT_TYPE ("(u)"), G_DBUS_CALL_FLAGS_NONE, START_TIMEOUT_MSEC,
                          self->cancellable, on_helper_started, g_object_ref (self));
}

static void
on_helper_appeared (GDBusConnection *bus, const char *name, const char *owner, gpointer data)
{
  PfClient *self = data;

  g_free (self->owner);
  self->owner = g_strdup (owner);
  load_objects (self);
}

static void
on_helper_vanished (GDBusConnection *bus, const char *name, gpointer data)
{
  PfClient *self = data;
  gboolean was_there = self->owner != NULL;

  drop_objects (self);
  g_clear_pointer (&self->owner, g_free);
  if (bus == NULL || g_dbus_connection_is_closed (bus))
    set_state (self, PF_CLIENT_FAILED,
               g_error_new_literal (PF_ERROR, PF_ERROR_FAILED, _ ("The system bus has gone away.")));
  else if (self->wakers->len > 0 && self->starts < MAX_STARTS)
    start_helper (self);
  else if (was_there || self->state == PF_CLIENT_LOADING)
    set_state (self, PF_CLIENT_ABSENT, NULL);
}

/* --- The bus --- */

static void
on_bus_got (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (PfClient) self = data;
  g_autoptr (GDBusConnection) bus = NULL;
  g_autoptr (GError) error = NULL;

  bus = g_bus_get_finish (result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->bus != NULL)
    return;
  if (bus == NULL)
    {
      pf_client_error_normalize (&error);
      set_state (self, PF_CLIENT_FAILED, g_steal_pointer (&error));
      return;
    }
  g_dbus_connection_set_exit_on_close (bus, FALSE);
  self->bus = g_steal_pointer (&bus);
  /* Not through the manager's proxy: the switch that starts the helper is over before its proxies are made.
   */
  self->signal_subscription
      = g_dbus_connection_signal_subscribe (self->bus, PF_BUS_NAME, PF_BUS_NAME ".Manager", NULL,
                                            PF_BUS_MANAGER_PATH, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                            on_helper_signal, self, NULL);
  self->name_watch = g_bus_watch_name_on_connection (self->bus, PF_BUS_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                                     on_helper_appeared, on_helper_vanished, self, NULL);
}

/* --- The object --- */

static void
pf_client_constructed (GObject *object)
{
  PfClient *self = PF_CLIENT (object);

  G_OBJECT_CLASS (pf_client_parent_class)->constructed (object);
  pf_bus_register_errors ();
  g_bus_get (G_BUS_TYPE_SYSTEM, self->cancellable, on_bus_got, g_object_ref (self));
}

static void
pf_client_dispose (GObject *object)
{
  PfClient *self = PF_CLIENT (object);

  g_cancellable_cancel (self->cancellable);
  drop_objects (self);
  g_clear_handle_id (&self->name_watch, g_bus_unwatch_name);
  if (self->signal_subscription != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->signal_subscription);
  self->signal_subscription = 0;
  g_clear_handle_id (&self->changed_idle, g_source_remove);
  G_OBJECT_CLASS (pf_client_parent_class)->dispose (object);
}

static void
pf_client_finalize (GObject *object)
{
  PfClient *self = PF_CLIENT (object);

  g_clear_object (&self->bus);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  g_free (self->owner);
  g_clear_pointer (&self->wakers, g_ptr_array_unref);
  g_queue_clear_full (&self->signals, (GDestroyNotify) g_variant_unref);
  G_OBJECT_CLASS (pf_client_parent_class)->finalize (object);
}

static void
pf_client_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_STATE:
      g_value_set_int (value, PF_CLIENT (object)->state);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pf_client_class_init (PfClientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = pf_client_constructed;
  object_class->dispose = pf_client_dispose;
  object_class->finalize = pf_client_finalize;
  object_class->get_property = pf_client_get_property;
  g_object_class_install_property (object_class, PROP_STATE,
                                   g_param_spec_int ("state", NULL, NULL, PF_CLIENT_ABSENT, PF_CLIENT_FAILED,
                                                     PF_CLIENT_LOADING,
                                                     G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  signals[SIGNAL_CHANGED]
      = g_signal_new ("changed", PF_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_SWITCHED] = g_signal_new ("switched", PF_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_VARIANT);
  signals[SIGNAL_SWITCH_FAILED]
      = g_signal_new ("switch-failed", PF_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                      G_TYPE_STRING, G_TYPE_STRING, G_TYPE_ERROR);
  signals[SIGNAL_ATTACH_WANTED] = g_signal_new ("attach-wanted", PF_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRV);
  signals[SIGNAL_RELEASE_WANTED] = g_signal_new ("release-wanted", PF_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                 G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
pf_client_init (PfClient *self)
{
  self->state = PF_CLIENT_LOADING;
  self->cancellable = g_cancellable_new ();
  self->wakers = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * pf_client_new:
 *
 * Returns: (transfer full): a client that starts in PF_CLIENT_LOADING and looks for the helper without
 * starting it
 */
PfClient *
pf_client_new (void)
{
  return g_object_new (PF_TYPE_CLIENT, NULL);
}

/**
 * pf_client_get_state:
 * @client: the client
 *
 * Returns: how far it is with the helper
 */
PfClientState
pf_client_get_state (PfClient *client)
{
  return client->state;
}

/**
 * pf_client_get_error:
 * @client: the client
 *
 * Returns: (transfer none) (nullable): in PF_CLIENT_FAILED what went wrong, in the domain PF_ERROR; else NULL
 */
const GError *
pf_client_get_error (PfClient *client)
{
  return client->error;
}

/* Returns: (transfer none) (nullable): what the helper publishes; for the other files of this object. */
GDBusObjectManager *
pf_client_peek_objects (PfClient *client)
{
  return client->objects;
}

/**
 * pf_client_wake_async:
 * @client: the client
 * @cancellable: (nullable): makes the result an error; the helper is started all the same
 * @callback: called when the client is READY, or on failure
 * @user_data: for @callback
 *
 * Starts the helper where it does not run, and waits until it has been read.
 */
void
pf_client_wake_async (PfClient *client,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  GTask *task = g_task_new (client, cancellable, callback, user_data);

  g_task_set_name (task, "pf_client_wake_async");
  if (client->state == PF_CLIENT_READY)
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }
  if (client->wakers->len == 0)
    client->starts = 0;
  g_ptr_array_add (client->wakers, task);
  if (client->state == PF_CLIENT_LOADING)
    return; /* what comes next looks for those who wait */
  if (client->owner != NULL)
    load_objects (client);
  else if (client->bus != NULL)
    start_helper (client);
  else
    {
      set_state (client, PF_CLIENT_LOADING, NULL);
      g_bus_get (G_BUS_TYPE_SYSTEM, client->cancellable, on_bus_got, g_object_ref (client));
    }
}

/**
 * pf_client_wake_finish:
 * @client: the client
 * @result: what the callback was given
 * @error: why there is no helper
 *
 * Returns: whether the client is READY
 */
gboolean
pf_client_wake_finish (PfClient *client, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, client), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
