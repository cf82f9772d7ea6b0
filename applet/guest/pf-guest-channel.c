/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-guest-channel.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pf-guest-reply.h"

/* Read in one go, and so what a machine that never falls silent gets done before the next one has its turn.
 */
#define INPUT_SIZE 4096
/* A machine that does not read its answers is not listened to until it does. */
#define OUTPUT_LIMIT 4096

/* One request at a time, answered in order: while one is carried out, nothing more is read. What is not read
 * stays with QEMU, which stops its guest's port when that is full; so nothing here grows. */
struct _PfGuestChannel
{
  gatomicrefcount references;
  int fd;
  PfGuestPeer *peer;
  PfGuestDesk *desk;
  PfGuestChannelClosed on_closed;
  gpointer user_data;

  PfGuestLine line;
  char input[INPUT_SIZE];
  const char *rest; /* in input: what has not been looked at */
  gsize rest_length;
  GString *output;
  gint64 last_request; /* as g_get_monotonic_time(); at first when it connected */
  gboolean is_asking;
  gboolean is_closed;
  guint source_id;
  GIOCondition condition; /* what source_id waits for */
};

static void watch (PfGuestChannel *channel);

static void
close_channel (PfGuestChannel *channel)
{
  if (channel->is_closed)
    return;
  channel->is_closed = TRUE;
  g_clear_handle_id (&channel->source_id, g_source_remove);
  close (channel->fd);
  channel->on_closed (channel, channel->user_data);
}

static void
send_output (PfGuestChannel *channel)
{
  gssize count = 1;

  while (!channel->is_closed && channel->output->len > 0 && count > 0)
    {
      count = send (channel->fd, channel->output->str, channel->output->len, MSG_NOSIGNAL);
      if (count >= 0)
        g_string_erase (channel->output, 0, count);
      else if (errno == EINTR)
        count = 1;
      else if (errno != EAGAIN)
        close_channel (channel);
    }
}

static void
answer (PfGuestChannel *channel, const char *reply)
{
  g_string_append (channel->output, reply);
  send_output (channel);
}

static void
log_refusal (PfGuestChannel *channel, const GError *error)
{
  g_autofree char *who = pf_guest_peer_describe (channel->peer);

  g_message ("A request of the virtual machine %s was not carried out: %s", who, error->message);
}

static void
on_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PfGuestChannel *channel = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *reply = pf_guest_desk_ask_finish (PF_GUEST_DESK (source), result, &error);

  if (reply == NULL)
    {
      log_refusal (channel, error);
      reply = pf_guest_reply_for_error (error);
    }
  channel->is_asking = FALSE;
  if (!channel->is_closed)
    {
      answer (channel, reply);
      watch (channel);
    }
  pf_guest_channel_unref (channel);
}

static void
ask (PfGuestChannel *channel, const PfGuestRequest *request)
{
  g_autofree char *who = pf_guest_peer_describe (channel->peer);

  if (request->verb != PF_GUEST_VERB_STATUS)
    g_message ("The virtual machine %s asks for: %s %s", who, pf_guest_verb_to_string (request->verb),
               request->profile);
  channel->is_asking = TRUE;
  channel->last_request = g_get_monotonic_time ();
  g_atomic_ref_count_inc (&channel->references);
  pf_guest_desk_ask_async (channel->desk, request, channel->peer->vm, on_answered, channel);
}

static void
take_line (PfGuestChannel *channel)
{
  PfGuestRequest request;
  PfGuestLineResult result
      = pf_guest_line_take (&channel->line, &channel->rest, &channel->rest_length, &request);

  if (result == PF_GUEST_LINE_NOTHING)
    return;
  if (!pf_guest_rate_let_in (&channel->peer->rate, g_get_monotonic_time ()))
    answer (channel, PF_GUEST_REPLY_BUSY);
  else if (result == PF_GUEST_LINE_REQUEST)
    ask (channel, &request);
  else
    answer (channel, result == PF_GUEST_LINE_TOO_LONG ? PF_GUEST_REPLY_TOO_LONG : PF_GUEST_REPLY_WRONG);
}

static gboolean
may_go_on (const PfGuestChannel *channel)
{
  return !channel->is_closed && !channel->is_asking && channel->output->len < OUTPUT_LIMIT;
}

static void
take_lines (PfGuestChannel *channel)
{
  while (channel->rest_length > 0 && may_go_on (channel))
    take_line (channel);
}

static void
receive_input (PfGuestChannel *channel)
{
  gssize count = read (channel->fd, channel->input, sizeof channel->input);

  if (count < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  /* A line without an end is none. */
  if (count <= 0)
    {
      close_channel (channel);
      return;
    }
  channel->rest = channel->input;
  channel->rest_length = (gsize) count;
}

static gboolean
on_ready (int fd, GIOCondition condition, gpointer user_data)
{
  PfGuestChannel *channel = user_data;

  channel->source_id = 0;
  g_atomic_ref_count_inc (&channel->references);
  if ((condition & G_IO_OUT) != 0)
    send_output (channel);
  /* Gone, and its answers with it. */
  if (channel->output->len >= OUTPUT_LIMIT && (condition & (G_IO_HUP | G_IO_ERR)) != 0)
    close_channel (channel);
  if (may_go_on (channel) && channel->rest_length == 0 && (condition & (G_IO_IN | G_IO_HUP | G_IO_ERR)) != 0)
    receive_input (channel);
  take_lines (channel);
  if (!channel->is_closed)
    watch (channel);
  pf_guest_channel_unref (channel);
  return G_SOURCE_REMOVE;
}

/* Waits for what can be done next. One that is carried out is waited for alone: that the other end has gone
 * shows when its answer is sent. */
static void
watch (PfGuestChannel *channel)
{
  GIOCondition condition = 0;

  if (channel->is_asking || channel->is_closed)
    return;
  if (channel->output->len > 0)
    condition |= G_IO_OUT;
  if (may_go_on (channel))
    {
      /* What is left of the input comes first, but after the other machines had their turn. */
      condition |= channel->rest_length > 0 ? G_IO_OUT : G_IO_IN;
    }
  if (channel->source_id != 0 && channel->condition == condition)
    return;
  g_clear_handle_id (&channel->source_id, g_source_remove);
  channel->condition = condition;
  channel->source_id = g_unix_fd_add (channel->fd, condition, on_ready, channel);
}

/**
 * pf_guest_channel_new:
 * @fd: (transfer full): a connected socket that does not block
 * @peer: who is at the other end; outlives the channel
 * @desk: where requests are handed in; outlives the channel
 * @on_closed: called once, when the other end is gone; drop the channel there
 * @user_data: for @on_closed
 *
 * Returns: (transfer full): a channel, at work from now on
 */
PfGuestChannel *
pf_guest_channel_new (
    int fd, PfGuestPeer *peer, PfGuestDesk *desk, PfGuestChannelClosed on_closed, gpointer user_data)
{
  PfGuestChannel *channel = g_new0 (PfGuestChannel, 1);

  g_atomic_ref_count_init (&channel->references);
  channel->fd = fd;
  channel->peer = peer;
  channel->desk = g_object_ref (desk);
  channel->on_closed = on_closed;
  channel->user_data = user_data;
  channel->output = g_string_new (NULL);
  channel->last_request = g_get_monotonic_time ();
  watch (channel);
  return channel;
}

/**
 * pf_guest_channel_unref:
 * @channel: (transfer full): a channel
 *
 * One whose request is being carried out stays until that is answered.
 */
void
pf_guest_channel_unref (PfGuestChannel *channel)
{
  if (!g_atomic_ref_count_dec (&channel->references))
    return;
  g_string_free (channel->output, TRUE);
  g_object_unref (channel->desk);
  g_free (channel);
}

/**
 * pf_guest_channel_get_last_request:
 * @channel: a channel
 *
 * Returns: when the other end last asked for something that makes sense, or connected, as
 * g_get_monotonic_time(); that is never while a request of it is carried out: G_MAXINT64
 */
gint64
pf_guest_channel_get_last_request (PfGuestChannel *channel)
{
  return channel->is_asking ? G_MAXINT64 : channel->last_request;
}

/**
 * pf_guest_channel_close:
 * @channel: a channel, which is told to its `on_closed`
 *
 * Hangs up.
 */
void
pf_guest_channel_close (PfGuestChannel *channel)
{
  close_channel (channel);
}

/**
 * pf_guest_channel_get_peer:
 * @channel: a channel
 *
 * Returns: (transfer none): who is at the other end
 */
PfGuestPeer *
pf_guest_channel_get_peer (PfGuestChannel *channel)
{
  return channel->peer;
}
