/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PfRelay:
 *
 * Stands between the bus and GDBus, and keeps what is too large from the latter, which would take it apart
 * before anybody could look at its size.
 */
typedef struct _PfRelay PfRelay;

/**
 * PfRelayRefused:
 * @sender: unique name of who called
 * @serial: of the call, for an answer
 * @size: of the call, in bytes
 * @user_data: as given to pf_relay_new()
 *
 * A call was too large and is gone. Called in a thread of the relay.
 */
typedef void (*PfRelayRefused) (const char *sender, guint32 serial, guint64 size, gpointer user_data);

PfRelay *
pf_relay_new (GIOStream *bus, gsize most, PfRelayRefused refused, gpointer user_data, GError **error);
GIOStream *pf_relay_get_stream (PfRelay *relay);
void pf_relay_free (PfRelay *relay);

G_END_DECLS
