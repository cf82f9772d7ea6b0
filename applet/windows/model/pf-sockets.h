/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-client.h"
#include "pf-socket.h"

G_BEGIN_DECLS

GPtrArray *pf_sockets_build (GPtrArray *controllers, GPtrArray *routers);
GPtrArray *pf_sockets_read (PfClient *client);
PfSocket *pf_sockets_find (GPtrArray *sockets, const char *key);
PfSocket *pf_sockets_find_plugged (GPtrArray *before, GPtrArray *after, const PfSocketDevice **device);
guint pf_sockets_count_named (GPtrArray *sockets);

G_END_DECLS
