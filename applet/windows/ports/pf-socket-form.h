/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "pf-socket.h"

G_BEGIN_DECLS

#define PF_TYPE_SOCKET_FORM (pf_socket_form_get_type ())
G_DECLARE_FINAL_TYPE (PfSocketForm, pf_socket_form, PF, SOCKET_FORM, GtkBox)

/**
 * PfSocketForm:
 *
 * What people note of a socket: its name, its place and the colour of its plastic.
 */
GtkWidget *pf_socket_form_new (void);
void pf_socket_form_show (PfSocketForm *form, const PfSocket *socket, GPtrArray *sockets);
GVariant *pf_socket_form_get_settings (PfSocketForm *form);
GtkWidget *pf_socket_form_get_entry (PfSocketForm *form);

G_END_DECLS
