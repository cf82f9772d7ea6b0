/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "pf-client.h"
#include "pf-socket.h"

G_BEGIN_DECLS

void pf_socket_dialog_open (GtkWindow *parent, PfClient *client, const PfSocket *socket, GPtrArray *sockets);

G_END_DECLS
