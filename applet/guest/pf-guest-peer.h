/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sys/types.h>

#include "pf-guest-rate.h"

G_BEGIN_DECLS

/**
 * PfGuestPeer:
 * @pid: the process at the other end, usually QEMU; 0 where it is in another namespace
 * @uid: who runs it
 * @vm: (nullable): the name of its virtual machine
 * @rate: how much it has asked for lately
 * @n_channels: how many connections it has
 *
 * Who asks. All connections of one process are one virtual machine.
 */
typedef struct
{
  pid_t pid;
  uid_t uid;
  char *vm;
  PfGuestRate rate;
  guint n_channels;
} PfGuestPeer;

PfGuestPeer *pf_guest_peer_new (pid_t pid, uid_t uid);
void pf_guest_peer_free (PfGuestPeer *peer);
gboolean pf_guest_peer_get_credentials (int fd, pid_t *pid, uid_t *uid);
char *pf_guest_peer_describe (const PfGuestPeer *peer);

G_END_DECLS
