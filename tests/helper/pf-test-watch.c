/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-test-watch.h"

#include <signal.h>

#include <string.h>

struct _PfTestWatch
{
  GDBusConnection *bus;
  guint subscription;
  GPtrArray *lines; /* of char *: "MEMBER OBJECT ARGUMENTS" */
  GArray *times;    /* of gint64 */
};

static void
on_bus_signal (GDBusConnection *bus,
               const char *sender,
               const char *object,
               const char *interface,
               const char *member,
               GVariant *parameters,
               gpointer user_data)
{
  PfTestWatch *watch = user_data;
  g_autofree char *arguments = g_variant_print (parameters, FALSE);
  gint64 now = g_get_monotonic_time ();

  g_ptr_array_add (watch->lines, g_strdup_printf ("%s %s %s", member, object, arguments));
  g_array_append_val (watch->times, now);
}

/**
 * pf_test_watch_new:
 *
 * Returns: (transfer full): hears every signal of the helper from now on, also of one that is started later
 */
PfTestWatch *
pf_test_watch_new (void)
{
  PfTestWatch *watch = g_new0 (PfTestWatch, 1);
  g_autoptr (GError) error = NULL;
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SYSTEM, NULL, &error);

  g_assert_no_error (error);
  watch->bus = g_dbus_connection_new_for_address_sync (
      address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
      NULL, NULL, &error);
  g_assert_no_error (error);
  watch->lines = g_ptr_array_new_with_free_func (g_free);
  watch->times = g_array_new (FALSE, FALSE, sizeof (gint64));
  watch->subscription = g_dbus_connection_signal_subscribe (
      watch->bus, PF_BUS_NAME, NULL, NULL, NULL, NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_bus_signal, watch, NULL);
  return watch;
}

/**
 * pf_test_watch_free:
 * @watch: (transfer full): a watch
 */
void
pf_test_watch_free (PfTestWatch *watch)
{
  g_dbus_connection_signal_unsubscribe (watch->bus, watch->subscription);
  g_dbus_connection_close_sync (watch->bus, NULL, NULL);
  g_object_unref (watch->bus);
  g_ptr_array_unref (watch->lines);
  g_array_unref (watch->times);
  g_free (watch);
}

/**
 * pf_test_watch_get_bus:
 * @watch: a watch
 *
 * Returns: (transfer none): its connection, for calls whose order beside the signals counts
 */
GDBusConnection *
pf_test_watch_get_bus (PfTestWatch *watch)
{
  return watch->bus;
}

/**
 * pf_test_watch_clear:
 * @watch: a watch
 *
 * Forgets what was heard so far, and what was sent so far and is still on its way: the answer to a call comes by another
 * connection than the signals, and may be here first.
 */
void
pf_test_watch_clear (PfTestWatch *watch)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer
      = g_dbus_connection_call_sync (watch->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                     "GetId", NULL, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);

  g_assert_no_error (error);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_ptr_array_set_size (watch->lines, 0);
  g_array_set_size (watch->times, 0);
}

static int
find (PfTestWatch *watch, const char *text)
{
  for (guint i = 0; i < watch->lines->len; i++)
    if (strstr (watch->lines->pdata[i], text) != NULL)
      return (int) i;
  return -1;
}

static gboolean
on_time_over (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/**
 * pf_test_watch_wait:
 * @watch: a watch
 * @text: part of a line "MEMBER OBJECT ARGUMENTS"
 * @timeout_ms: how long to wait for it
 *
 * Returns: the monotonic time at which it came, now or before; 0 when it did not
 */
gint64
pf_test_watch_wait (PfTestWatch *watch, const char *text, guint timeout_ms)
{
  gboolean over = FALSE;
  guint id = g_timeout_add (timeout_ms, on_time_over, &over);
  int found;

  while ((found = find (watch, text)) < 0 && !over)
    g_main_context_iteration (NULL, TRUE);
  if (over)
    return found >= 0 ? g_array_index (watch->times, gint64, found) : 0;
  g_source_remove (id);
  return g_array_index (watch->times, gint64, found);
}

/**
 * pf_test_watch_expect:
 * @watch: a watch
 * @text: part of a line that has to come within two seconds
 */
void
pf_test_watch_expect (PfTestWatch *watch, const char *text)
{
  if (pf_test_watch_wait (watch, text, 2000) != 0)
    return;
  for (guint i = 0; i < watch->lines->len; i++)
    g_test_message ("heard: %s", (const char *) watch->lines->pdata[i]);
  g_error ("“%s” was not heard", text);
}

/**
 * pf_test_watch_count:
 * @watch: a watch
 * @text: part of a line
 *
 * Returns: how many such lines were heard so far
 */
guint
pf_test_watch_count (PfTestWatch *watch, const char *text)
{
  guint count = 0;

  while (g_main_context_iteration (NULL, FALSE))
    ;
  for (guint i = 0; i < watch->lines->len; i++)
    count += strstr (watch->lines->pdata[i], text) != NULL;
  return count;
}

/**
 * pf_test_watch_get_owner:
 * @watch: a watch
 *
 * Returns: (transfer full) (nullable): unique name of the helper; NULL when it does not run
 */
char *
pf_test_watch_get_owner (PfTestWatch *watch)
{
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (
      watch->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetNameOwner",
      g_variant_new ("(s)", PF_BUS_NAME), G_VARIANT_TYPE ("(s)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  char *owner = NULL;

  if (answer != NULL)
    g_variant_get (answer, "(s)", &owner);
  return owner;
}

/**
 * pf_test_watch_wait_for_exit:
 * @watch: a watch
 * @timeout_ms: how long to wait
 *
 * Returns: whether the helper is gone
 */
gboolean
pf_test_watch_wait_for_exit (PfTestWatch *watch, guint timeout_ms)
{
  gint64 end = g_get_monotonic_time () + (gint64) timeout_ms * 1000;

  for (;;)
    {
      g_autofree char *owner = pf_test_watch_get_owner (watch);

      if (owner == NULL || g_get_monotonic_time () > end)
        return owner == NULL;
      g_usleep (20000);
    }
}

/**
 * pf_test_watch_get_pid:
 * @watch: a watch
 *
 * Returns: the helper's process
 */
guint32
pf_test_watch_get_pid (PfTestWatch *watch)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer
      = g_dbus_connection_call_sync (watch->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                     "org.freedesktop.DBus", "GetConnectionUnixProcessID",
                                     g_variant_new ("(s)", PF_BUS_NAME), G_VARIANT_TYPE ("(u)"),
                                     G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  guint32 pid;

  g_assert_no_error (error);
  g_variant_get (answer, "(u)", &pid);
  return pid;
}

/**
 * pf_test_watch_kill_helper:
 * @watch: a watch
 *
 * Kills the helper, and waits until it is gone.
 */
void
pf_test_watch_kill_helper (PfTestWatch *watch)
{
  g_assert_cmpint (kill ((pid_t) pf_test_watch_get_pid (watch), SIGKILL), ==, 0);
  g_assert_true (pf_test_watch_wait_for_exit (watch, PF_TEST_PATIENCE_MS));
}
