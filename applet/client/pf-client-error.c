/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-client-error.h"

#include <glib/gi18n-lib.h>

#include "pf-bus.h"

typedef enum
{
  FAULT_NONE,
  FAULT_NO_BUS,    /* the system bus itself cannot be reached */
  FAULT_NO_HELPER, /* the bus cannot start the helper */
  FAULT_REFUSED,   /* the bus policy keeps us from the helper */
  FAULT_ENDED,     /* the helper ended before it answered */
  FAULT_TIMED_OUT,
  FAULT_MISFIT, /* the helper does not know what it was asked */
} Fault;

static Fault
classify_bus_error (int code)
{
  switch (code)
    {
    case G_DBUS_ERROR_SERVICE_UNKNOWN:
    case G_DBUS_ERROR_NAME_HAS_NO_OWNER:
    case G_DBUS_ERROR_SPAWN_EXEC_FAILED:
    case G_DBUS_ERROR_SPAWN_FORK_FAILED:
    case G_DBUS_ERROR_SPAWN_CHILD_EXITED:
    case G_DBUS_ERROR_SPAWN_CHILD_SIGNALED:
    case G_DBUS_ERROR_SPAWN_FAILED:
    case G_DBUS_ERROR_SPAWN_SETUP_FAILED:
    case G_DBUS_ERROR_SPAWN_CONFIG_INVALID:
    case G_DBUS_ERROR_SPAWN_SERVICE_INVALID:
    case G_DBUS_ERROR_SPAWN_SERVICE_NOT_FOUND:
    case G_DBUS_ERROR_SPAWN_PERMISSIONS_INVALID:
    case G_DBUS_ERROR_SPAWN_FILE_INVALID:
    case G_DBUS_ERROR_SPAWN_NO_MEMORY:
      return FAULT_NO_HELPER;
    case G_DBUS_ERROR_ACCESS_DENIED:
      return FAULT_REFUSED;
    case G_DBUS_ERROR_NO_REPLY:
    case G_DBUS_ERROR_DISCONNECTED:
      return FAULT_ENDED;
    case G_DBUS_ERROR_TIMEOUT:
    case G_DBUS_ERROR_TIMED_OUT:
      return FAULT_TIMED_OUT;
    case G_DBUS_ERROR_UNKNOWN_METHOD:
    case G_DBUS_ERROR_UNKNOWN_OBJECT:
    case G_DBUS_ERROR_UNKNOWN_INTERFACE:
    case G_DBUS_ERROR_INVALID_ARGS:
      return FAULT_MISFIT;
    default:
      return FAULT_NONE;
    }
}

static Fault
classify_io_error (int code)
{
  switch (code)
    {
    case G_IO_ERROR_NOT_FOUND:
    case G_IO_ERROR_CONNECTION_REFUSED:
    case G_IO_ERROR_PERMISSION_DENIED:
      return FAULT_NO_BUS;
    case G_IO_ERROR_CLOSED:
      return FAULT_ENDED;
    case G_IO_ERROR_TIMED_OUT:
      return FAULT_TIMED_OUT;
    case G_IO_ERROR_INVALID_ARGUMENT:
      return FAULT_MISFIT;
    default:
      return FAULT_NONE;
    }
}

/* systemd gives its own names to what goes wrong with the unit that is to be activated. */
static Fault
classify_remote_name (const char *name)
{
  return name != NULL && g_str_has_prefix (name, "org.freedesktop.systemd1.") ? FAULT_NO_HELPER : FAULT_NONE;
}

static Fault
classify (const GError *error)
{
  if (error->domain == G_DBUS_ERROR)
    return classify_bus_error (error->code);
  if (g_dbus_error_is_remote_error (error))
    {
      g_autofree char *name = g_dbus_error_get_remote_error (error);

      return classify_remote_name (name);
    }
  return error->domain == G_IO_ERROR ? classify_io_error (error->code) : FAULT_NONE;
}

static GError *
new_from_fault (Fault fault, const char *text)
{
  switch (fault)
    {
    case FAULT_NO_BUS:
      return g_error_new (PF_ERROR, PF_ERROR_FAILED, _ ("The system bus cannot be reached: %s"), text);
    case FAULT_NO_HELPER:
      return g_error_new (PF_ERROR, PF_ERROR_FAILED,
                          _ ("The Portferry helper is not installed or cannot be started: %s"), text);
    case FAULT_REFUSED:
      return g_error_new (PF_ERROR, PF_ERROR_NOT_AUTHORIZED,
                          _ ("The system bus does not let you talk to the Portferry helper: %s"), text);
    case FAULT_ENDED:
      return g_error_new_literal (
          PF_ERROR, PF_ERROR_FAILED,
          _ ("The Portferry helper ended before it answered. Its messages are in the system "
             "log: journalctl -u portferry"));
    case FAULT_TIMED_OUT:
      return g_error_new_literal (PF_ERROR, PF_ERROR_TIMED_OUT,
                                  _ ("The Portferry helper has not answered in time."));
    case FAULT_MISFIT:
      return g_error_new (PF_ERROR, PF_ERROR_FAILED,
                          _ ("This program and the Portferry helper are of different versions: %s"), text);
    case FAULT_NONE:
    default:
      return g_error_new_literal (PF_ERROR, PF_ERROR_FAILED, text);
    }
}

/**
 * pf_client_error_normalize:
 * @error: (inout): an error from GDBus
 *
 * Turns whatever went wrong on the way to the helper, or in it, into a PF_ERROR worded for people.
 * G_IO_ERROR_CANCELLED stays what it is.
 */
void
pf_client_error_normalize (GError **error)
{
  Fault fault;
  GError *readable;

  if (g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if ((*error)->domain == PF_ERROR)
    {
      g_dbus_error_strip_remote_error (*error);
      return;
    }
  fault = classify (*error);
  g_dbus_error_strip_remote_error (*error);
  readable = new_from_fault (fault, (*error)->message);
  g_error_free (*error);
  *error = readable;
}

/**
 * pf_client_error_new_from_name:
 * @name: a D-Bus error name, as the signal SwitchFailed carries it
 * @message: in words
 *
 * Returns: (transfer full): the same as a PF_ERROR
 */
GError *
pf_client_error_new_from_name (const char *name, const char *message)
{
  PfError code;

  if (!g_str_has_prefix (name, PF_BUS_ERROR_PREFIX)
      || !pf_error_from_name (name + strlen (PF_BUS_ERROR_PREFIX), &code))
    code = PF_ERROR_FAILED;
  return g_error_new_literal (PF_ERROR, (int) code, message);
}
