/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fake-uevent.h"

#include <errno.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gio/gio.h>

/* Inode numbers that the kernel gives to its first namespaces (include/linux/proc_ns.h); that of the first
 * network namespace has been fixed only since 6.18. */
#define INITIAL_PID_NAMESPACE 0xeffffffcu
#define INITIAL_NET_NAMESPACE 0xeffffff9u

struct _PfFakeUevent
{
  int socket;
};

static ino_t
get_namespace (const char *path)
{
  struct stat status;

  return stat (path, &status) == 0 ? status.st_ino : 0;
}

static gboolean
has_only_loopback (void)
{
  struct if_nameindex *interfaces = if_nameindex ();
  gboolean result = interfaces != NULL;

  for (guint i = 0; result && interfaces[i].if_index != 0; i++)
    result = strcmp (interfaces[i].if_name, "lo") == 0;
  if (interfaces != NULL)
    if_freenameindex (interfaces);
  return result;
}

/* The kernel would hand our events to the machine's own udev: this must be a namespace made for the test.
 * Process 1 shows which one the machine's is, unless we sit in a pid namespace of our own or may not look. */
static gboolean
is_private_namespace (void)
{
  ino_t own = get_namespace ("/proc/self/ns/net");
  ino_t first = get_namespace ("/proc/1/ns/net");

  if (own == 0 || own == INITIAL_NET_NAMESPACE)
    return FALSE;
  if (first != 0 && own != first)
    return TRUE;
  if (first != 0 && get_namespace ("/proc/self/ns/pid") == INITIAL_PID_NAMESPACE)
    return FALSE;
  return has_only_loopback ();
}

/**
 * pf_fake_uevent_new:
 *
 * Opens the way by which a process may send kernel uevents to its own network namespace.
 *
 * Returns: (transfer full): the sender; NULL with @error set, always so outside a network namespace made for
 * tests
 */
PfFakeUevent *
pf_fake_uevent_new (GError **error)
{
  PfFakeUevent *uevent;
  int descriptor;

  if (!is_private_namespace ())
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                   "--uevents: this is the machine's own network namespace; run it under \"unshare --net\"");
      return NULL;
    }
  descriptor = socket (AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);
  if (descriptor < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "--uevents: socket: %s",
                   g_strerror (errno));
      return NULL;
    }
  uevent = g_new0 (PfFakeUevent, 1);
  uevent->socket = descriptor;
  return uevent;
}

/**
 * pf_fake_uevent_free:
 */
void
pf_fake_uevent_free (PfFakeUevent *uevent)
{
  close (uevent->socket);
  g_free (uevent);
}

/* uevent_net_rcv_skb() in lib/kobject_uevent.c takes the header off, adds SEQNUM and sends the rest on as its
 * own. */
static void
send_message (PfFakeUevent *uevent, const GString *payload)
{
  struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
  struct nlmsghdr header = { .nlmsg_len = NLMSG_LENGTH (payload->len),
                             .nlmsg_type = NLMSG_MIN_TYPE,
                             .nlmsg_flags = NLM_F_REQUEST };
  struct iovec parts[] = { { &header, sizeof header }, { payload->str, payload->len } };
  struct msghdr message
      = { .msg_name = &kernel, .msg_namelen = sizeof kernel, .msg_iov = parts, .msg_iovlen = 2 };

  if (sendmsg (uevent->socket, &message, 0) < 0)
    g_warning ("uevent not sent: %s", g_strerror (errno));
}

/**
 * pf_fake_uevent_send:
 * @device: the device's folder below sys
 * @subsystem: for example "usb"
 * @environment: further variables, a line each
 *
 * Sends a uevent as the kernel does, DRIVER only while there is one. Does nothing where no events are wanted.
 */
void
pf_fake_uevent_send (PfFakeKernel *kernel,
                     const char *action,
                     PfFakeNode *device,
                     const char *subsystem,
                     const char *environment)
{
  g_autoptr (GString) payload = g_string_new (NULL);
  g_autofree char *path = NULL;
  g_auto (GStrv) lines = NULL;
  gboolean has_driver = strcmp (action, "bind") == 0 || strcmp (action, "change") == 0;

  if (kernel->uevent == NULL)
    return;
  path = pf_fake_node_get_path (device);
  g_assert (g_str_has_prefix (path, "sys/"));
  g_string_append_printf (payload, "%s@%s%c", action, path + strlen ("sys"), '\0');
  g_string_append_printf (payload, "ACTION=%s%cDEVPATH=%s%cSUBSYSTEM=%s%c", action, '\0',
                          path + strlen ("sys"), '\0', subsystem, '\0');
  lines = g_strsplit (environment, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0' && (has_driver || !g_str_has_prefix (lines[i], "DRIVER=")))
      g_string_append_len (payload, lines[i], strlen (lines[i]) + 1);
  send_message (kernel->uevent, payload);
}
