/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define PF_GUEST_MAX_CHANNELS 128
#define PF_GUEST_MAX_CHANNELS_PER_USER 64
#define PF_GUEST_MAX_CHANNELS_PER_PEER 4

#define PF_TYPE_GUEST_SERVER (pf_guest_server_get_type ())
G_DECLARE_FINAL_TYPE (PfGuestServer, pf_guest_server, PF, GUEST_SERVER, GObject)

/**
 * PfGuestServer:
 *
 * Lets virtual machines in.
 *
 * Signals:
 *  - `idle` (PfGuestServer *): nobody has been connected, and nothing under way, for a while.
 */
PfGuestServer *pf_guest_server_new (int fd, guint idle_seconds);

G_END_DECLS
