/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-daemon.h"

#include <signal.h>

#include <glib-unix.h>

#include "pf-bus.h"
#include "pf-deadman.h"
#include "pf-publisher.h"
#include "pf-relay.h"
#include "pf-sleep.h"
#include "pf-watcher.h"

/* How long what an earlier helper left half-way may keep the bus waiting for us. */
#define RECOVERY_MS 3000
/* The largest call that is read: a profile, and what the bus writes in front of it. */
#define MAX_CALL (PF_PROFILE_MAX_SIZE + 4096)
/* After the name is given up, calls that were sent before still arrive. */
#define DRAIN_MS 100

typedef struct
{
  GMainLoop *loop;
  guint idle_seconds;

  PfMachine *machine;
  PfStore *store;
  PfLabels *labels;
  PfSwitcher *switcher;
  PfInterests *interests;
  PfGuard *guard;
  PfPublisher *publisher;
  PfWatcher *watcher;
  PfDeadman *deadman;

  PfRelay *relay;
  GDBusConnection *connection;
  PfGate *gate;
  guint name_id;
  guint sleep_id;
  gboolean has_name;
  gboolean stopping;
  GError *error;

  guint idle_id;
} PfDaemon;

static void own_name (PfDaemon *daemon);
static void update_idle (PfDaemon *daemon);

static gboolean
is_switcher_at_rest (PfDaemon *daemon)
{
  return *pf_switcher_get_transaction (daemon->switcher) == '\0';
}

static gboolean
is_idle (PfDaemon *daemon)
{
  return pf_switcher_get_state (daemon->switcher) == PF_SWITCHER_IDLE
         && pf_ledger_is_home (pf_machine_get_ledger (daemon->machine))
         && pf_interests_count (daemon->interests) == 0 && pf_guard_count_calls (daemon->guard) == 0;
}

static gboolean
on_drained (gpointer user_data)
{
  PfDaemon *daemon = user_data;

  daemon->idle_id = 0;
  if (is_idle (daemon))
    g_main_loop_quit (daemon->loop);
  else
    own_name (daemon);
  return G_SOURCE_REMOVE;
}

static void
give_name_up (PfDaemon *daemon)
{
  daemon->has_name = FALSE;
  if (daemon->name_id != 0)
    g_bus_unown_name (daemon->name_id);
  daemon->name_id = 0;
}

static gboolean
on_idle_time_over (gpointer user_data)
{
  PfDaemon *daemon = user_data;
  gint64 since = (g_get_monotonic_time () - pf_gate_get_last_call (daemon->gate)) / G_USEC_PER_SEC;

  daemon->idle_id = 0;
  /* A call began meanwhile, and may wait for a person. Its end is announced. */
  if (!is_idle (daemon))
    return G_SOURCE_REMOVE;
  if (since < daemon->idle_seconds)
    {
      daemon->idle_id
          = g_timeout_add_seconds (daemon->idle_seconds - (guint) since, on_idle_time_over, daemon);
      return G_SOURCE_REMOVE;
    }
  g_debug ("Nothing is lent and nobody is interested: leaving.");
  give_name_up (daemon);
  daemon->idle_id = g_timeout_add (DRAIN_MS, on_drained, daemon);
  return G_SOURCE_REMOVE;
}

static void
update_idle (PfDaemon *daemon)
{
  if (!daemon->has_name || daemon->stopping)
    return;
  if (!is_idle (daemon))
    g_clear_handle_id (&daemon->idle_id, g_source_remove);
  else if (daemon->idle_id == 0)
    daemon->idle_id = g_timeout_add_seconds (daemon->idle_seconds, on_idle_time_over, daemon);
}

static void
stop (PfDaemon *daemon)
{
  daemon->stopping = TRUE;
  pf_switcher_shut_down (daemon->switcher);
  if (is_switcher_at_rest (daemon))
    g_main_loop_quit (daemon->loop);
}

/* A switch under way is finished first, and one that nobody has confirmed goes back. */
static gboolean
on_stop_signal (gpointer user_data)
{
  stop (user_data);
  return G_SOURCE_CONTINUE;
}

static void
on_connection_closed (PfDaemon *daemon)
{
  g_message ("The system bus is gone.");
  stop (daemon);
}

static void
on_switcher_changed (PfDaemon *daemon)
{
  pf_publisher_update (daemon->publisher);
  update_idle (daemon);
  if (daemon->stopping && is_switcher_at_rest (daemon))
    g_main_loop_quit (daemon->loop);
}

static void
on_files_changed (PfDaemon *daemon)
{
  pf_publisher_update (daemon->publisher);
}

static void
on_watcher_changed (PfDaemon *daemon)
{
  g_autoptr (GError) error = NULL;

  if (!pf_switcher_refresh (daemon->switcher, &error))
    g_warning ("The machine cannot be read: %s", error->message);
}

static void
on_name_acquired (GDBusConnection *connection, const char *name, gpointer user_data)
{
  PfDaemon *daemon = user_data;

  daemon->has_name = TRUE;
  update_idle (daemon);
}

static void
on_name_lost (GDBusConnection *connection, const char *name, gpointer user_data)
{
  PfDaemon *daemon = user_data;

  if (!daemon->has_name && daemon->error == NULL && !daemon->stopping)
    daemon->error
        = g_error_new (PF_ERROR, PF_ERROR_FAILED,
                       "The name %s is not to be had: another helper runs, or the bus policy is missing.",
                       name);
  stop (daemon);
}

static void
own_name (PfDaemon *daemon)
{
  daemon->name_id
      = g_bus_own_name_on_connection (daemon->connection, PF_BUS_NAME, G_BUS_NAME_OWNER_FLAGS_DO_NOT_QUEUE,
                                      on_name_acquired, on_name_lost, daemon, NULL);
}

static void
create_objects (PfDaemon *daemon, const PfRoots *roots)
{
  PfServices services;

  daemon->store = pf_store_new (roots->config);
  daemon->labels = pf_labels_new (roots->config);
  daemon->interests = pf_interests_new ();
  daemon->switcher = pf_switcher_new (daemon->machine);
  services = (PfServices){ daemon->machine, daemon->store, daemon->switcher };
  daemon->deadman = pf_deadman_new (&services, roots->dev);
  daemon->guard = pf_guard_new (&services);
  daemon->publisher = pf_publisher_new (daemon->guard, &services, daemon->labels, daemon->interests);
  g_signal_connect_swapped (daemon->store, "changed", G_CALLBACK (on_files_changed), daemon);
  g_signal_connect_swapped (daemon->labels, "changed", G_CALLBACK (on_files_changed), daemon);
  g_signal_connect_swapped (daemon->switcher, "changed", G_CALLBACK (on_switcher_changed), daemon);
  g_signal_connect_swapped (daemon->interests, "changed", G_CALLBACK (update_idle), daemon);
  g_signal_connect_swapped (daemon->guard, "idle", G_CALLBACK (update_idle), daemon);
}

static gboolean
on_time_over (gpointer is_over)
{
  *(gboolean *) is_over = TRUE;
  return G_SOURCE_REMOVE;
}

/* A kernel that does not answer must not keep us from answering: then it is put right when we are on the bus.
 */
static void
wait_for_recovery (PfDaemon *daemon)
{
  gboolean is_over = FALSE;
  guint timeout_id = g_timeout_add (RECOVERY_MS, on_time_over, &is_over);

  while (!is_over && pf_switcher_get_state (daemon->switcher) == PF_SWITCHER_RECOVERING)
    g_main_context_iteration (NULL, TRUE);
  if (!is_over)
    g_source_remove (timeout_id);
}

/* The watcher listens before the first look, so that nothing happens unseen in between. */
static gboolean
look_around (PfDaemon *daemon, GError **error)
{
  daemon->watcher = pf_watcher_new (error);
  if (daemon->watcher == NULL)
    return FALSE;
  g_signal_connect_swapped (daemon->watcher, "changed", G_CALLBACK (on_watcher_changed), daemon);
  g_signal_connect_swapped (daemon->watcher, "vm", G_CALLBACK (pf_deadman_expect), daemon->deadman);
  if (!pf_switcher_recover (daemon->switcher, error))
    return FALSE;
  wait_for_recovery (daemon);
  return TRUE;
}

/* In a thread of the relay. */
static void
on_call_too_large (const char *sender, guint32 serial, guint64 size, gpointer user_data)
{
  PfDaemon *daemon = user_data;
  GDBusConnection *connection = g_atomic_pointer_get (&daemon->connection);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusMessage) answer = g_dbus_message_new ();
  g_autofree char *name = NULL;

  if (connection == NULL)
    return;
  error = g_error_new (PF_ERROR, PF_ERROR_LIMIT_EXCEEDED,
                       "That call has %" G_GUINT64_FORMAT " bytes. At most %d are read.", size, MAX_CALL);
  name = g_dbus_error_encode_gerror (error);
  g_dbus_message_set_message_type (answer, G_DBUS_MESSAGE_TYPE_ERROR);
  g_dbus_message_set_destination (answer, sender);
  g_dbus_message_set_reply_serial (answer, serial);
  g_dbus_message_set_error_name (answer, name);
  g_dbus_message_set_body (answer, g_variant_new ("(s)", error->message));
  g_dbus_connection_send_message (connection, answer, G_DBUS_SEND_MESSAGE_FLAGS_NONE, NULL, NULL);
}

static GDBusConnection *
connect_by_relay (PfDaemon *daemon, GError **error)
{
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SYSTEM, NULL, error);
  g_autoptr (GIOStream) bus = NULL;

  if (address != NULL)
    bus = g_dbus_address_get_stream_sync (address, NULL, NULL, error);
  if (bus != NULL)
    daemon->relay = pf_relay_new (bus, MAX_CALL, on_call_too_large, daemon, error);
  if (daemon->relay == NULL)
    return NULL;
  return g_dbus_connection_new_sync (pf_relay_get_stream (daemon->relay), NULL,
                                     G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                         | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                     NULL, NULL, error);
}

/* The name is taken last: who sees it sees everything. */
static gboolean
go_on_the_bus (PfDaemon *daemon, GError **error)
{
  g_atomic_pointer_set (&daemon->connection, connect_by_relay (daemon, error));
  if (daemon->connection == NULL)
    return FALSE;
  g_dbus_connection_set_exit_on_close (daemon->connection, FALSE);
  g_signal_connect_swapped (daemon->connection, "closed", G_CALLBACK (on_connection_closed), daemon);
  daemon->gate = pf_gate_new (daemon->connection);
  pf_guard_set_gate (daemon->guard, daemon->gate);
  daemon->sleep_id = pf_sleep_watch (daemon->connection, daemon->switcher);
  pf_publisher_connect (daemon->publisher, daemon->connection);
  own_name (daemon);
  return TRUE;
}

static void
tear_down (PfDaemon *daemon)
{
  g_clear_handle_id (&daemon->idle_id, g_source_remove);
  give_name_up (daemon);
  if (daemon->connection != NULL)
    {
      g_signal_handlers_disconnect_by_data (daemon->connection, daemon);
      pf_guard_set_gate (daemon->guard, NULL);
      g_clear_pointer (&daemon->gate, pf_gate_free);
      g_dbus_connection_signal_unsubscribe (daemon->connection, daemon->sleep_id);
      g_dbus_connection_flush_sync (daemon->connection, NULL, NULL);
    }
  g_clear_pointer (&daemon->relay, pf_relay_free);
  g_clear_object (&daemon->watcher);
  g_clear_pointer (&daemon->publisher, pf_publisher_free);
  g_clear_object (&daemon->guard);
  g_clear_pointer (&daemon->deadman, pf_deadman_free);
  g_clear_object (&daemon->switcher);
  g_clear_object (&daemon->interests);
  g_clear_object (&daemon->labels);
  g_clear_object (&daemon->store);
  g_clear_pointer (&daemon->machine, pf_machine_free);
  g_clear_object (&daemon->connection);
  g_main_loop_unref (daemon->loop);
}

/**
 * pf_daemon_run:
 * @roots: where everything is
 * @idle_seconds: how long to stay when nothing is lent and nobody is interested
 * @error: why it could not begin
 *
 * Serves org.portferry1 on the system bus until it is idle or told to stop.
 *
 * Returns: whether it came to a good end
 */
gboolean
pf_daemon_run (const PfRoots *roots, guint idle_seconds, GError **error)
{
  PfDaemon daemon = { .loop = g_main_loop_new (NULL, FALSE), .idle_seconds = idle_seconds };
  guint stop_ids[2];

  pf_bus_register_errors ();
  stop_ids[0] = g_unix_signal_add (SIGTERM, on_stop_signal, &daemon);
  stop_ids[1] = g_unix_signal_add (SIGINT, on_stop_signal, &daemon);
  daemon.machine = pf_machine_new (roots, &daemon.error);
  if (daemon.machine != NULL)
    {
      create_objects (&daemon, roots);
      if (look_around (&daemon, &daemon.error) && go_on_the_bus (&daemon, &daemon.error))
        g_main_loop_run (daemon.loop);
    }
  g_source_remove (stop_ids[0]);
  g_source_remove (stop_ids[1]);
  tear_down (&daemon);
  if (daemon.error == NULL)
    return TRUE;
  g_propagate_error (error, daemon.error);
  return FALSE;
}
