/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-sleep.h"

#define LOGIND "org.freedesktop.login1"

static void
on_prepare_for_sleep (GDBusConnection *bus,
                      const char *sender,
                      const char *path,
                      const char *interface,
                      const char *signal,
                      GVariant *parameters,
                      gpointer user_data)
{
  gboolean begins = TRUE;

  if (g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    g_variant_get (parameters, "(b)", &begins);
  pf_switcher_note_sleep (user_data, begins);
}

/**
 * pf_sleep_watch:
 * @bus: the system bus
 * @switcher: told when the machine wakes up; has to outlive the subscription
 *
 * Listens to logind, and does not start it: where there is none, a resume shows at the next look at the
 * machine.
 *
 * Returns: for g_dbus_connection_signal_unsubscribe()
 */
guint
pf_sleep_watch (GDBusConnection *bus, PfSwitcher *switcher)
{
  return g_dbus_connection_signal_subscribe (bus, LOGIND, LOGIND ".Manager", "PrepareForSleep",
                                             "/org/freedesktop/login1", NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                             on_prepare_for_sleep, switcher, NULL);
}
