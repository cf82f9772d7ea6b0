/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-locker.h"

#include <glib/gi18n.h>

#include "pf-notice.h"
#include "pf-variant.h"

#define LOGIND "org.freedesktop.login1"
/* Ours, or where this process is in none (started by the user's service manager) that of our display. */
#define SESSION "/org/freedesktop/login1/session/auto"

struct _PfLocker
{
  GObject parent;
  GApplication *application; /* unowned: it owns us */
  PfTray *tray;
  PfNotice *notice;
  char *profile_id;  /* (nullable): the profile whose switch is to be followed by a lock */
  gboolean in_force; /* that profile has been seen in force since */
};

G_DEFINE_TYPE (PfLocker, pf_locker, G_TYPE_OBJECT)

static void
tell (PfLocker *locker, const char *why)
{
  pf_notice_show (locker->notice, _ ("The screen was not locked"), why, PF_NOTICE_ALARM, NULL);
}

static void
on_locked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfLocker) locker = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply == NULL)
    {
      g_dbus_error_strip_remote_error (error);
      tell (locker, error->message);
    }
  g_application_release (locker->application);
}

static void
on_bus_got (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PfLocker *locker = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);

  if (bus == NULL)
    {
      tell (locker, error->message);
      g_application_release (locker->application);
      g_object_unref (locker);
      return;
    }
  g_dbus_connection_call (bus, LOGIND, SESSION, LOGIND ".Session", "Lock", NULL, G_VARIANT_TYPE_UNIT,
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_locked, locker);
}

static void
lock (PfLocker *locker)
{
  g_application_hold (locker->application);
  g_bus_get (G_BUS_TYPE_SYSTEM, NULL, on_bus_got, g_object_ref (locker));
}

/* The signal may come before the state that it reports, or after. */
static void
check (PfLocker *locker)
{
  const PfTrayState *state = pf_tray_get_state (locker->tray);
  gboolean in_force = g_strcmp0 (state->active_id, locker->profile_id) == 0;

  if (locker->profile_id == NULL || state->presence != PF_PRESENCE_AWAKE || state->phase == PF_PHASE_APPLYING
      || state->phase == PF_PHASE_AWAITING_ATTACH)
    return;
  if (in_force && state->phase == PF_PHASE_AWAITING_CONFIRMATION)
    {
      locker->in_force = TRUE;
      return;
    }
  if (!in_force && !locker->in_force)
    return;
  if (in_force && state->phase != PF_PHASE_RECOVERING)
    lock (locker);
  if (!in_force || state->phase != PF_PHASE_RECOVERING)
    g_clear_pointer (&locker->profile_id, g_free);
}

static void
on_tray_changed (PfTray *tray, gpointer user_data)
{
  check (user_data);
}

static gboolean
take_input (GVariant *moves)
{
  GVariantIter iter;
  GVariant *move;
  gboolean found = FALSE;

  g_variant_iter_init (&iter, moves);
  while (g_variant_iter_loop (&iter, "@a{sv}", &move))
    found = found
            || (g_str_equal (pf_variant_get_string (move, "to"), "guest")
                && pf_variant_get_string (move, "input")[0] != '\0');
  return found;
}

static void
on_client_switched (
    PfClient *client, const char *profile_id, const char *origin, GVariant *moves, gpointer user_data)
{
  PfLocker *locker = user_data;
  PfDBusProfile *profile = pf_client_find_profile (client, profile_id);

  /* Whatever the last one wanted, this is another one. */
  g_clear_pointer (&locker->profile_id, g_free);
  locker->in_force = FALSE;
  if (profile == NULL || !pf_dbus_profile_get_lock_on_switch (profile) || !take_input (moves))
    return;
  locker->profile_id = g_strdup (profile_id);
  check (locker);
}

static void
pf_locker_finalize (GObject *object)
{
  PfLocker *locker = PF_LOCKER (object);

  g_object_unref (locker->notice);
  g_object_unref (locker->tray);
  g_free (locker->profile_id);
  G_OBJECT_CLASS (pf_locker_parent_class)->finalize (object);
}

static void
pf_locker_class_init (PfLockerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pf_locker_finalize;
}

static void
pf_locker_init (PfLocker *locker)
{
}

/**
 * pf_locker_new:
 * @application: must outlive the locker
 * @tray: says what is in force
 *
 * Returns: (transfer full): a locker, at work from now on
 */
PfLocker *
pf_locker_new (GApplication *application, PfTray *tray)
{
  PfLocker *locker = g_object_new (PF_TYPE_LOCKER, NULL);

  locker->application = application;
  locker->notice = pf_notice_new (g_application_get_dbus_connection (application));
  locker->tray = g_object_ref (tray);
  g_signal_connect_object (pf_tray_get_client (tray), "switched", G_CALLBACK (on_client_switched), locker, 0);
  g_signal_connect_object (tray, "changed", G_CALLBACK (on_tray_changed), locker, 0);
  return locker;
}
