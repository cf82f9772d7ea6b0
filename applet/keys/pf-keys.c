/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-keys.h"

#include <xcb/xcb.h>

/* A key takes some 100 ms to come up. */
#define LOOK_MSEC 10

#define N_BYTES 32 /* a bit for each of 256 key codes: QueryKeymap in the X protocol */

/**
 * Watch:
 * @connection: the X server
 * @down: the keys that were down in the beginning and have not come up since
 * @end: when the wait is over, CLOCK_MONOTONIC in microseconds
 */
typedef struct
{
  xcb_connection_t *connection;
  guint8 down[N_BYTES];
  gint64 end;
} Watch;

static void
watch_free (gpointer data)
{
  Watch *watch = data;

  xcb_disconnect (watch->connection);
  g_free (watch);
}

/* Takes the keys that have come up out of those that are waited for. Returns: whether one is left. */
static gboolean
look (Watch *watch)
{
  g_autofree xcb_query_keymap_reply_t *reply
      = xcb_query_keymap_reply (watch->connection, xcb_query_keymap (watch->connection), NULL);
  gboolean left = FALSE;

  if (reply == NULL)
    return FALSE;
  for (guint i = 0; i < N_BYTES; i++)
    {
      watch->down[i] &= reply->keys[i];
      left = left || watch->down[i] != 0;
    }
  return left;
}

static gboolean
on_look (gpointer user_data)
{
  GTask *task = user_data;
  Watch *watch = g_task_get_task_data (task);

  if (g_task_return_error_if_cancelled (task))
    return G_SOURCE_REMOVE;
  if (g_get_monotonic_time () < watch->end && look (watch))
    return G_SOURCE_CONTINUE;
  g_task_return_boolean (task, TRUE);
  return G_SOURCE_REMOVE;
}

static gboolean
is_set (const char *variable)
{
  const char *value = g_getenv (variable);

  return value != NULL && value[0] != '\0';
}

/**
 * pf_keys_settle_async:
 * @cancellable: (nullable): stops waiting
 * @callback: called when that is so, or after PF_KEYS_MAX_WAIT_MSEC
 * @user_data: for @callback
 *
 * Waits until the keys that are down now, those of the hotkey that asked for a switch, have come up. The host
 * would never see a key come up that is released at the guest: it would repeat, or be a modifier of
 * everything.
 *
 * The keys are those of the X server. Where there is none nothing is waited for; nor on Wayland, which tells
 * no program of keys that are meant for others: XWayland knows only of those pressed in its own windows, and
 * may have to be started to be asked.
 */
void
pf_keys_settle_async (GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Watch *watch;

  g_task_set_name (task, "pf_keys_settle_async");
  if (!is_set ("DISPLAY") || is_set ("WAYLAND_DISPLAY"))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  watch = g_new0 (Watch, 1);
  watch->connection = xcb_connect (NULL, NULL);
  watch->end = g_get_monotonic_time () + PF_KEYS_MAX_WAIT_MSEC * 1000;
  memset (watch->down, 0xff, N_BYTES);
  g_task_set_task_data (task, watch, watch_free);
  if (xcb_connection_has_error (watch->connection) != 0 || !look (watch))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  g_timeout_add_full (G_PRIORITY_DEFAULT, LOOK_MSEC, on_look, g_steal_pointer (&task), g_object_unref);
}

/**
 * pf_keys_settle_finish:
 * @result: what the callback was given
 * @error: G_IO_ERROR_CANCELLED
 *
 * Returns: FALSE when it was cancelled; whether keys are still down is not told, since nobody can help it
 */
gboolean
pf_keys_settle_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
