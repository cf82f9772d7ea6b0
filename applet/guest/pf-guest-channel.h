/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-guest-desk.h"
#include "pf-guest-peer.h"

G_BEGIN_DECLS

/**
 * PfGuestChannel:
 *
 * One connection: the other end of one serial port.
 */
typedef struct _PfGuestChannel PfGuestChannel;

typedef void (*PfGuestChannelClosed) (PfGuestChannel *channel, gpointer user_data);

PfGuestChannel *pf_guest_channel_new (
    int fd, PfGuestPeer *peer, PfGuestDesk *desk, PfGuestChannelClosed on_closed, gpointer user_data);
void pf_guest_channel_unref (PfGuestChannel *channel);
gint64 pf_guest_channel_get_last_request (PfGuestChannel *channel);
void pf_guest_channel_close (PfGuestChannel *channel);
PfGuestPeer *pf_guest_channel_get_peer (PfGuestChannel *channel);

G_END_DECLS
