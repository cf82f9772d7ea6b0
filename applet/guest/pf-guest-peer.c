/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-guest-peer.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pf-qemu-name.h"

/* libvirt's command lines are long, but the name comes early in them. */
#define MAX_COMMAND_LINE 65536

/* Everybody may read it, unless /proc is mounted with hidepid; then the machine stays without a name. */
static char *
read_name (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/cmdline", (int) pid);
  g_autofree char *bytes = g_malloc (MAX_COMMAND_LINE);
  gsize length = 0;
  gssize count = 1;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW);

  if (fd < 0)
    return NULL;
  while (count > 0 && length < MAX_COMMAND_LINE)
    {
      count = read (fd, bytes + length, MAX_COMMAND_LINE - length);
      length += count > 0 ? (gsize) count : 0;
    }
  close (fd);
  return pf_qemu_name_parse (bytes, length);
}

/**
 * pf_guest_peer_new:
 * @pid: a process
 * @uid: who runs it
 *
 * Returns: (transfer full): a peer that has asked for nothing yet
 */
PfGuestPeer *
pf_guest_peer_new (pid_t pid, uid_t uid)
{
  PfGuestPeer *peer = g_new0 (PfGuestPeer, 1);

  peer->pid = pid;
  peer->uid = uid;
  peer->vm = pid > 0 ? read_name (pid) : NULL;
  return peer;
}

/**
 * pf_guest_peer_free:
 * @peer: (transfer full): a peer without connections
 */
void
pf_guest_peer_free (PfGuestPeer *peer)
{
  g_free (peer->vm);
  g_free (peer);
}

/**
 * pf_guest_peer_get_credentials:
 * @fd: a connected Unix socket
 * @pid: (out): the process that connected; 0 where it is in another namespace
 * @uid: (out): who ran it then
 *
 * Returns: whether the kernel has told
 */
gboolean
pf_guest_peer_get_credentials (int fd, pid_t *pid, uid_t *uid)
{
  struct ucred credentials;
  socklen_t size = sizeof credentials;

  if (getsockopt (fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) < 0)
    return FALSE;
  *pid = credentials.pid;
  *uid = credentials.uid;
  return TRUE;
}

/**
 * pf_guest_peer_describe:
 * @peer: a peer
 *
 * Returns: (transfer full): who it is, for the log
 */
char *
pf_guest_peer_describe (const PfGuestPeer *peer)
{
  return g_strdup_printf ("“%s” (process %d of user %u)", peer->vm != NULL ? peer->vm : "?", (int) peer->pid,
                          (guint) peer->uid);
}
