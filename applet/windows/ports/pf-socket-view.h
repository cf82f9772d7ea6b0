/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "pf-socket.h"

G_BEGIN_DECLS

#define PF_TYPE_SOCKET_VIEW (pf_socket_view_get_type ())
G_DECLARE_FINAL_TYPE (PfSocketView, pf_socket_view, PF, SOCKET_VIEW, GtkFlowBoxChild)

/**
 * PfSocketView:
 *
 * One tile: a socket with its name, speed, what is plugged in, where it is and who has it. In a picture to
 * choose from, a check button takes the place of the owner.
 */
GtkWidget *pf_socket_view_new (const char *key, gboolean can_pick);
void pf_socket_view_show_socket (PfSocketView *view, const PfSocket *socket);
void pf_socket_view_show_picked (PfSocketView *view, gboolean picked);
void pf_socket_view_light (PfSocketView *view);
const char *pf_socket_view_get_key (PfSocketView *view);

G_END_DECLS
