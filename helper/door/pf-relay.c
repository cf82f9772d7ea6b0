/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-relay.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gio/gunixconnection.h>
#include <glib-unix.h>

#include "pf-error.h"
#include "pf-message-head.h"

#define CHUNK 16384
/* What a message can bring (D-Bus has 16 for each; Linux at most 253 at once). */
#define MAX_DESCRIPTORS 253

/* One chunk on its way, with the descriptors that came with it. */
typedef struct
{
  guint8 bytes[CHUNK];
  gsize length;
  int descriptors[MAX_DESCRIPTORS];
  gsize n_descriptors;
} Chunk;

/* What comes next from the bus. */
typedef enum
{
  STATE_START,   /* of a line of the authentication, or of a message */
  STATE_LINE,    /* the rest of a line */
  STATE_PASS,    /* @left bytes to pass on */
  STATE_DISCARD, /* @left bytes to forget */
} State;

struct _PfRelay
{
  GIOStream *bus;
  GIOStream *stream; /* GDBus's */
  int bus_fd;
  int fd; /* ours of the pair */
  gsize most;
  PfRelayRefused refused;
  gpointer user_data;
  GThread *up;
  GThread *down;

  /* Of the thread “down”. */
  State state;
  guint64 left;
};

/* ---- sockets ---- */

static void
close_descriptors (Chunk *chunk)
{
  for (gsize i = 0; i < chunk->n_descriptors; i++)
    close (chunk->descriptors[i]);
  chunk->n_descriptors = 0;
}

static void
take_descriptors (struct msghdr *message, Chunk *chunk)
{
  for (struct cmsghdr *part = CMSG_FIRSTHDR (message); part != NULL; part = CMSG_NXTHDR (message, part))
    {
      const int *descriptors = (const int *) CMSG_DATA (part);
      gsize count = (part->cmsg_len - CMSG_LEN (0)) / sizeof (int);

      if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
        continue;
      for (gsize i = 0; i < count; i++)
        if (chunk->n_descriptors < MAX_DESCRIPTORS)
          chunk->descriptors[chunk->n_descriptors++] = descriptors[i];
        else
          close (descriptors[i]);
    }
}

/* Appends to @chunk at most @most bytes. */
static gboolean
receive (int fd, Chunk *chunk, gsize most)
{
  union
  {
    char space[CMSG_SPACE (MAX_DESCRIPTORS * sizeof (int))];
    struct cmsghdr header;
  } control;
  struct iovec vector = { chunk->bytes + chunk->length, MIN (most, CHUNK - chunk->length) };
  struct msghdr message
      = { .msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control };
  gssize count;

  do
    count = recvmsg (fd, &message, MSG_CMSG_CLOEXEC);
  while (count < 0 && errno == EINTR);
  if (count <= 0)
    return FALSE;
  chunk->length += (gsize) count;
  take_descriptors (&message, chunk);
  return TRUE;
}

static void
put_descriptors (struct msghdr *message, const Chunk *chunk)
{
  struct cmsghdr *part;

  message->msg_controllen = CMSG_SPACE (chunk->n_descriptors * sizeof (int));
  part = CMSG_FIRSTHDR (message);
  part->cmsg_level = SOL_SOCKET;
  part->cmsg_type = SCM_RIGHTS;
  part->cmsg_len = CMSG_LEN (chunk->n_descriptors * sizeof (int));
  memcpy (CMSG_DATA (part), chunk->descriptors, chunk->n_descriptors * sizeof (int));
}

/* Empties @chunk. Descriptors go with the first byte. */
static gboolean
send_on (int fd, Chunk *chunk)
{
  union
  {
    char space[CMSG_SPACE (MAX_DESCRIPTORS * sizeof (int))];
    struct cmsghdr header;
  } control;
  gsize done = 0;

  memset (&control, 0, sizeof control);
  while (done < chunk->length)
    {
      struct iovec vector = { chunk->bytes + done, chunk->length - done };
      struct msghdr message = { .msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control };
      gssize count;

      if (chunk->n_descriptors > 0)
        put_descriptors (&message, chunk);
      else
        message.msg_control = NULL;
      count = sendmsg (fd, &message, MSG_NOSIGNAL);
      if (count < 0 && errno == EINTR)
        continue;
      close_descriptors (chunk);
      if (count < 0)
        return FALSE;
      done += (gsize) count;
    }
  chunk->length = 0;
  return TRUE;
}

/* The other direction has to end too. */
static void
end (PfRelay *relay)
{
  shutdown (relay->fd, SHUT_RDWR);
  shutdown (relay->bus_fd, SHUT_RDWR);
}

/* ---- to the bus: as it is ---- */

static gpointer
run_up (gpointer user_data)
{
  PfRelay *relay = user_data;
  g_autofree Chunk *chunk = g_new0 (Chunk, 1);

  while (receive (relay->fd, chunk, CHUNK) && send_on (relay->bus_fd, chunk))
    continue;
  close_descriptors (chunk);
  end (relay);
  return NULL;
}

/* ---- from the bus ---- */

/* Reads on until @chunk has @length bytes. */
static gboolean
fill (PfRelay *relay, Chunk *chunk, gsize length)
{
  while (chunk->length < length)
    if (!receive (relay->bus_fd, chunk, length - chunk->length))
      return FALSE;
  return TRUE;
}

/* Who sent it is in the fields; longer ones than the bus writes for an honest call are not looked through. */
static gboolean
refuse (PfRelay *relay, Chunk *chunk, const PfMessageHead *head)
{
  gsize known = PF_MESSAGE_HEAD_SIZE + (gsize) MIN (head->fields, PF_MESSAGE_MAX_FIELDS);
  guint64 size = PF_MESSAGE_HEAD_SIZE + head->fields + head->body;
  g_autofree char *sender = NULL;

  if (!fill (relay, chunk, known))
    return FALSE;
  sender = pf_message_head_find_sender (chunk->bytes, known);
  if (sender != NULL)
    relay->refused (sender, head->serial, size, relay->user_data);
  relay->left = size - known;
  relay->state = relay->left > 0 ? STATE_DISCARD : STATE_START;
  chunk->length = 0;
  close_descriptors (chunk);
  return TRUE;
}

/* A line of the authentication begins with a capital letter that no message does: "OK", "AGREE_UNIX_FD" ...
 */
static gboolean
begin (PfRelay *relay, Chunk *chunk)
{
  PfMessageHead head;

  if (!fill (relay, chunk, 1))
    return FALSE;
  if (chunk->bytes[0] != 'l' && chunk->bytes[0] != 'B')
    {
      relay->state = STATE_LINE;
      return TRUE;
    }
  if (!fill (relay, chunk, PF_MESSAGE_HEAD_SIZE) || !pf_message_head_parse (chunk->bytes, &head))
    return FALSE;
  if (head.is_call && PF_MESSAGE_HEAD_SIZE + head.fields + head.body > relay->most)
    return refuse (relay, chunk, &head);
  relay->left = head.fields + head.body;
  relay->state = relay->left > 0 ? STATE_PASS : STATE_START;
  return relay->left > 0 || send_on (relay->fd, chunk);
}

static gboolean
pass_line (PfRelay *relay, Chunk *chunk)
{
  if (chunk->bytes[chunk->length - 1] != '\n')
    return chunk->length < CHUNK && receive (relay->bus_fd, chunk, 1);
  relay->state = STATE_START;
  return send_on (relay->fd, chunk);
}

static gboolean
pass_some (PfRelay *relay, Chunk *chunk)
{
  gsize before = chunk->length;

  if (!receive (relay->bus_fd, chunk, (gsize) MIN (relay->left, CHUNK)))
    return FALSE;
  relay->left -= chunk->length - before;
  if (relay->state == STATE_DISCARD)
    {
      close_descriptors (chunk);
      chunk->length = 0;
    }
  if (relay->left == 0)
    relay->state = STATE_START;
  return chunk->length == 0 || send_on (relay->fd, chunk);
}

static gboolean
go_on (PfRelay *relay, Chunk *chunk)
{
  if (relay->state == STATE_START)
    return begin (relay, chunk);
  return relay->state == STATE_LINE ? pass_line (relay, chunk) : pass_some (relay, chunk);
}

static gpointer
run_down (gpointer user_data)
{
  PfRelay *relay = user_data;
  g_autofree Chunk *chunk = g_new0 (Chunk, 1);

  while (go_on (relay, chunk))
    continue;
  close_descriptors (chunk);
  end (relay);
  return NULL;
}

/**
 * pf_relay_new:
 * @bus: connected to the bus, and not used otherwise
 * @most: the largest call to pass on, in bytes
 * @refused: told of each that was larger
 * @user_data: for @refused
 * @error: PF_ERROR_FAILED
 *
 * Returns: (transfer full): a relay that runs
 */
PfRelay *
pf_relay_new (GIOStream *bus, gsize most, PfRelayRefused refused, gpointer user_data, GError **error)
{
  g_autoptr (GSocket) socket_ = NULL;
  PfRelay *relay;
  int pair[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0)
    socket_ = g_socket_new_from_fd (pair[0], error);
  else
    g_set_error (error, PF_ERROR, PF_ERROR_FAILED, "No sockets could be made: %s", g_strerror (errno));
  if (socket_ == NULL)
    return NULL;
  relay = g_new0 (PfRelay, 1);
  relay->bus = g_object_ref (bus);
  relay->bus_fd = g_socket_get_fd (g_socket_connection_get_socket (G_SOCKET_CONNECTION (bus)));
  g_unix_set_fd_nonblocking (relay->bus_fd, FALSE, NULL);
  relay->fd = pair[1];
  relay->stream = G_IO_STREAM (g_socket_connection_factory_create_connection (socket_));
  relay->most = most;
  relay->refused = refused;
  relay->user_data = user_data;
  relay->up = g_thread_new ("to-bus", run_up, relay);
  relay->down = g_thread_new ("from-bus", run_down, relay);
  return relay;
}

/**
 * pf_relay_get_stream:
 * @relay: a relay
 *
 * Returns: (transfer none): what to give to GDBus in place of the bus
 */
GIOStream *
pf_relay_get_stream (PfRelay *relay)
{
  return relay->stream;
}

/**
 * pf_relay_free:
 * @relay: (transfer full): a relay; passes on what was written, and ends the connection
 */
void
pf_relay_free (PfRelay *relay)
{
  /* What GDBus has written is passed on yet: reading comes to an end behind it. */
  shutdown (relay->fd, SHUT_RD);
  g_thread_join (relay->up);
  g_thread_join (relay->down);
  close (relay->fd);
  g_object_unref (relay->stream);
  g_object_unref (relay->bus);
  g_free (relay);
}
