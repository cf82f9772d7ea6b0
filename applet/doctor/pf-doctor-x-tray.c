/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-doctor-x-tray.h"

#include <string.h>

#include <xcb/xcb.h>

static gboolean
has_owner (xcb_connection_t *connection, int screen)
{
  g_autofree char *name = g_strdup_printf ("_NET_SYSTEM_TRAY_S%d", screen);
  g_autofree xcb_intern_atom_reply_t *atom = xcb_intern_atom_reply (
      connection, xcb_intern_atom (connection, TRUE, (guint16) strlen (name), name), NULL);
  g_autofree xcb_get_selection_owner_reply_t *reply = NULL;

  if (atom == NULL || atom->atom == XCB_ATOM_NONE)
    return FALSE;
  reply = xcb_get_selection_owner_reply (connection, xcb_get_selection_owner (connection, atom->atom), NULL);
  return reply != NULL && reply->owner != XCB_WINDOW_NONE;
}

/**
 * pf_doctor_has_x_tray:
 *
 * Asks for a tray of the older kind (XEmbed, the System Tray Protocol), which holds a selection of the X
 * server. On Wayland there is none for us: one of XWayland shows the icons of X programs.
 *
 * Returns: whether there is one
 */
gboolean
pf_doctor_has_x_tray (void)
{
  const char *wayland = g_getenv ("WAYLAND_DISPLAY");
  const char *display = g_getenv ("DISPLAY");
  xcb_connection_t *connection;
  gboolean found;
  int screen = 0;

  if (display == NULL || display[0] == '\0' || (wayland != NULL && wayland[0] != '\0'))
    return FALSE;
  connection = xcb_connect (NULL, &screen);
  found = xcb_connection_has_error (connection) == 0 && has_owner (connection, screen);
  xcb_disconnect (connection);
  return found;
}
