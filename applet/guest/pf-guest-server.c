/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-guest-server.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pf-guest-channel.h"
#include "pf-guest-reply.h"

/* Where no descriptor is left, it is tried again after a while instead of at once for ever. */
#define REST_MSEC 1000

struct _PfGuestServer
{
  GObject parent_instance;

  int fd;
  PfGuestDesk *desk;
  GPtrArray *channels; /* of PfGuestChannel */
  GPtrArray *peers;    /* of PfGuestPeer: those with channels, and those that have asked lately */
  guint accept_id;
  guint rest_id;
  guint idle_id;
  guint idle_seconds;
};

G_DEFINE_TYPE (PfGuestServer, pf_guest_server, G_TYPE_OBJECT)

enum
{
  SIGNAL_IDLE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean on_accept (int fd, GIOCondition condition, gpointer user_data);

static gboolean
on_idle (gpointer user_data)
{
  PfGuestServer *server = user_data;

  if (pf_guest_desk_count (server->desk) > 0)
    return G_SOURCE_CONTINUE;
  server->idle_id = 0;
  g_signal_emit (server, signals[SIGNAL_IDLE], 0);
  return G_SOURCE_REMOVE;
}

static void
watch_idleness (PfGuestServer *server)
{
  if (server->channels->len > 0)
    g_clear_handle_id (&server->idle_id, g_source_remove);
  else if (server->idle_id == 0)
    server->idle_id = g_timeout_add_seconds (server->idle_seconds, on_idle, server);
}

/* One that hangs up and connects again is the one from before. */
static void
forget_peers (PfGuestServer *server)
{
  gint64 now = g_get_monotonic_time ();

  for (guint i = server->peers->len; i > 0; i--)
    {
      const PfGuestPeer *peer = server->peers->pdata[i - 1];

      if (peer->n_channels == 0 && pf_guest_rate_is_fresh (&peer->rate, now))
        g_ptr_array_remove_index_fast (server->peers, i - 1);
    }
}

static PfGuestPeer *
get_peer (PfGuestServer *server, pid_t pid, uid_t uid)
{
  PfGuestPeer *peer;

  forget_peers (server);
  for (guint i = 0; i < server->peers->len; i++)
    {
      peer = server->peers->pdata[i];
      if (peer->pid == pid && peer->uid == uid)
        return peer;
    }
  peer = pf_guest_peer_new (pid, uid);
  g_ptr_array_add (server->peers, peer);
  return peer;
}

static void
on_channel_closed (PfGuestChannel *channel, gpointer user_data)
{
  PfGuestServer *server = user_data;

  pf_guest_channel_get_peer (channel)->n_channels--;
  g_ptr_array_remove_fast (server->channels, channel);
  watch_idleness (server);
}

static void
turn_away (int fd)
{
  if (send (fd, PF_GUEST_REPLY_BUSY, sizeof PF_GUEST_REPLY_BUSY - 1, MSG_NOSIGNAL) < 0)
    g_debug ("It did not hear that there is no room.");
  close (fd);
}

static uid_t
get_user (PfGuestChannel *channel)
{
  return pf_guest_channel_get_peer (channel)->uid;
}

static guint
count_channels (PfGuestServer *server, uid_t user)
{
  guint count = 0;

  for (guint i = 0; i < server->channels->len; i++)
    count += get_user (server->channels->pdata[i]) == user;
  return count;
}

static uid_t
find_largest_user (PfGuestServer *server)
{
  uid_t largest = 0;
  guint most = 0;

  for (guint i = 0; i < server->channels->len; i++)
    {
      uid_t user = get_user (server->channels->pdata[i]);
      guint count = count_channels (server, user);

      if (count > most)
        {
          most = count;
          largest = user;
        }
    }
  return largest;
}

/* Hangs up on the one of a user that has asked for nothing for longest. Its QEMU connects again when it is
 * told to. */
static gboolean
dismiss_quietest (PfGuestServer *server, uid_t user)
{
  PfGuestChannel *quietest = NULL;
  gint64 since = G_MAXINT64;

  for (guint i = 0; i < server->channels->len; i++)
    {
      PfGuestChannel *channel = server->channels->pdata[i];

      if (get_user (channel) == user && pf_guest_channel_get_last_request (channel) < since)
        {
          since = pf_guest_channel_get_last_request (channel);
          quietest = channel;
        }
    }
  if (quietest == NULL)
    return FALSE;
  pf_guest_channel_close (quietest);
  return TRUE;
}

/* Nobody loses a place to a user who has more than he. */
static gboolean
make_room (PfGuestServer *server, uid_t user)
{
  if (count_channels (server, user) >= PF_GUEST_MAX_CHANNELS_PER_USER)
    return dismiss_quietest (server, user);
  if (server->channels->len >= PF_GUEST_MAX_CHANNELS)
    return dismiss_quietest (server, find_largest_user (server));
  return TRUE;
}

static void
let_in (PfGuestServer *server, int fd)
{
  PfGuestPeer *peer;
  pid_t pid;
  uid_t uid;

  if (!pf_guest_peer_get_credentials (fd, &pid, &uid) || !make_room (server, uid))
    {
      turn_away (fd);
      return;
    }
  peer = get_peer (server, pid, uid);
  if (peer->n_channels >= PF_GUEST_MAX_CHANNELS_PER_PEER)
    {
      turn_away (fd);
      return;
    }
  peer->n_channels++;
  g_ptr_array_add (server->channels,
                   pf_guest_channel_new (fd, peer, server->desk, on_channel_closed, server));
  watch_idleness (server);
}

static gboolean
on_rested (gpointer user_data)
{
  PfGuestServer *server = user_data;

  server->rest_id = 0;
  server->accept_id = g_unix_fd_add (server->fd, G_IO_IN, on_accept, server);
  return G_SOURCE_REMOVE;
}

static gboolean
on_accept (int fd, GIOCondition condition, gpointer user_data)
{
  PfGuestServer *server = user_data;
  int connection = accept4 (fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

  if (connection >= 0)
    {
      let_in (server, connection);
      return G_SOURCE_CONTINUE;
    }
  if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED)
    return G_SOURCE_CONTINUE;
  g_warning ("Nobody can be let in now: %s", g_strerror (errno));
  server->accept_id = 0;
  server->rest_id = g_timeout_add (REST_MSEC, on_rested, server);
  return G_SOURCE_REMOVE;
}

static void
pf_guest_server_init (PfGuestServer *server)
{
  server->desk = pf_guest_desk_new ();
  server->channels = g_ptr_array_new_with_free_func ((GDestroyNotify) pf_guest_channel_unref);
  server->peers = g_ptr_array_new_with_free_func ((GDestroyNotify) pf_guest_peer_free);
}

static void
pf_guest_server_finalize (GObject *object)
{
  PfGuestServer *server = PF_GUEST_SERVER (object);

  g_clear_handle_id (&server->accept_id, g_source_remove);
  g_clear_handle_id (&server->rest_id, g_source_remove);
  g_clear_handle_id (&server->idle_id, g_source_remove);
  g_ptr_array_unref (server->channels);
  g_ptr_array_unref (server->peers);
  g_object_unref (server->desk);
  close (server->fd);
  G_OBJECT_CLASS (pf_guest_server_parent_class)->finalize (object);
}

static void
pf_guest_server_class_init (PfGuestServerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pf_guest_server_finalize;
  signals[SIGNAL_IDLE]
      = g_signal_new ("idle", PF_TYPE_GUEST_SERVER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

/**
 * pf_guest_server_new:
 * @fd: (transfer full): a listening Unix socket that does not block
 * @idle_seconds: how long nobody has to be there for `idle`
 *
 * Returns: (transfer full): a server at work. It is dropped when it is idle: what it has let in has to be
 * gone
 */
PfGuestServer *
pf_guest_server_new (int fd, guint idle_seconds)
{
  PfGuestServer *server = g_object_new (PF_TYPE_GUEST_SERVER, NULL);

  server->fd = fd;
  server->idle_seconds = idle_seconds;
  server->accept_id = g_unix_fd_add (fd, G_IO_IN, on_accept, server);
  watch_idleness (server);
  return server;
}
