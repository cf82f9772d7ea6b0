/* SPDX-License-Identifier: GPL-3.0-or-later */

/* QMP as far as it is needed here: docs/interop/qmp-spec.txt in QEMU. Each message is a JSON object on a line
 * of its own; an answer has "return" or "error", and between answers there are events. */

#include "pf-qmp-session.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

#include "pf-error.h"
#include "pf-text.h"

/* QEMU's own limit for what it reads (MAX_TOKEN_SIZE, 64 MiB) is of no use here: no answer to what is asked
 * is long. */
#define MAX_MESSAGE (256 * 1024)
#define MAX_BRACKETS 4096
/* Of devices that were taken out and are remembered. A machine has not so many, and ids are short. */
#define MAX_DELETED 1024
#define MAX_ID 256
/* Of what QEMU gives as a reason: characters. */
#define MAX_REASON 300

struct _PfQmpSession
{
  GSocketConnection *connection;
  GDataInputStream *input;
  gint64 deadline;     /* monotonic time, us */
  GHashTable *deleted; /* of char *: devices that are gone, by their event */
};

static gboolean
set_failed (GError **error, const char *path, GError *reason)
{
  g_set_error (error, PF_ERROR, PF_ERROR_FAILED, "The virtual machine's QMP socket %s cannot be used: %s",
               path, reason->message);
  g_error_free (reason);
  return FALSE;
}

/* Returns: whether there is any time left; then no read takes longer. */
static gboolean
limit_time (PfQmpSession *session, GError **error)
{
  gint64 left = session->deadline - g_get_monotonic_time ();

  if (left <= 0)
    {
      g_set_error_literal (error, PF_ERROR, PF_ERROR_TIMED_OUT,
                           "The virtual machine has not answered in time.");
      return FALSE;
    }
  g_socket_set_timeout (g_socket_connection_get_socket (session->connection),
                        (guint) (left / G_USEC_PER_SEC) + 1);
  return TRUE;
}

static gboolean
set_io_error (GError **error, GError *reason)
{
  gboolean late = reason != NULL && g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);

  if (late)
    g_set_error_literal (error, PF_ERROR, PF_ERROR_TIMED_OUT,
                         "The virtual machine has not answered in time.");
  else
    g_set_error (error, PF_ERROR, PF_ERROR_FAILED, "The virtual machine's QMP connection ended: %s",
                 reason != NULL ? reason->message : "hung up");
  g_clear_error (&reason);
  return FALSE;
}

/* Returns: (transfer full) (nullable): a line, its length bounded */
static char *
read_line (PfQmpSession *session, GError **error)
{
  g_autoptr (GString) line = g_string_new (NULL);
  GBufferedInputStream *input = G_BUFFERED_INPUT_STREAM (session->input);

  while (line->len <= MAX_MESSAGE)
    {
      GError *reason = NULL;
      gsize available = g_buffered_input_stream_get_available (input);
      int byte;

      if (available == 0 && !limit_time (session, error))
        return NULL;
      byte = g_buffered_input_stream_read_byte (input, NULL, &reason);
      if (byte < 0)
        {
          set_io_error (error, reason);
          return NULL;
        }
      if (byte == '\n')
        return g_string_free (g_steal_pointer (&line), FALSE);
      g_string_append_c (line, (char) byte);
    }
  g_set_error_literal (error, PF_ERROR, PF_ERROR_LIMIT_EXCEEDED,
                       "The virtual machine's QMP answer is too long.");
  return NULL;
}

/* json-glib reads what is nested by calling itself, as deep as it goes. QMP's own messages open a few brackets. */
static gboolean
has_few_brackets (const char *line)
{
  guint n = 0;

  for (line = strpbrk (line, "[{"); line != NULL && n <= MAX_BRACKETS; line = strpbrk (line + 1, "[{"))
    n++;
  return n <= MAX_BRACKETS;
}

/* Returns: (transfer full) (nullable) */
static JsonNode *
read_message (PfQmpSession *session, GError **error)
{
  g_autofree char *line = read_line (session, error);
  g_autoptr (JsonNode) node = line != NULL && has_few_brackets (line) ? json_from_string (line, NULL) : NULL;

  if (line != NULL && (node == NULL || !JSON_NODE_HOLDS_OBJECT (node)))
    {
      g_set_error_literal (error, PF_ERROR, PF_ERROR_FAILED,
                           "What the virtual machine's socket says is not QMP.");
      return NULL;
    }
  return g_steal_pointer (&node);
}

static const char *
get_text (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : "";
}

/* Returns: (transfer none) (nullable) */
static JsonObject *
get_object (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static void
note_event (PfQmpSession *session, JsonObject *message)
{
  JsonObject *data = get_object (message, "data");
  const char *device = data != NULL ? get_text (data, "device") : "";

  if (*device != '\0' && strlen (device) <= MAX_ID && g_str_equal (get_text (message, "event"), "DEVICE_DELETED")
      && g_hash_table_size (session->deleted) < MAX_DELETED)
    g_hash_table_add (session->deleted, g_strdup (device));
}

/* A reason is a sentence; what is longer was not written for people. Whoever has the socket says what he
 * likes: it gets onto a terminal. */
static char *
shorten (const char *words)
{
  g_autofree char *clean = g_strdelimit (pf_text_clean (words, strlen (words)), "\n\t", ' ');
  g_autofree char *start = NULL;

  if (g_utf8_strlen (clean, -1) <= MAX_REASON)
    return g_steal_pointer (&clean);
  start = g_utf8_substring (clean, 0, MAX_REASON);
  return g_strconcat (start, "…", NULL);
}

static gboolean
set_refused (GError **error, JsonObject *message)
{
  JsonObject *refusal = get_object (message, "error");
  g_autofree char *words = shorten (refusal != NULL ? get_text (refusal, "desc") : "");
  gboolean unknown = refusal != NULL && g_str_equal (get_text (refusal, "class"), "DeviceNotFound");

  g_set_error (error, PF_ERROR, unknown ? PF_ERROR_NO_SUCH_DEVICE : PF_ERROR_FAILED, "QEMU says: %s", words);
  return FALSE;
}

/**
 * pf_qmp_session_execute:
 * @session: a session
 * @command: a QMP command
 * @arguments: (transfer full) (nullable): its arguments
 * @error: PF_ERROR_NO_SUCH_DEVICE where QEMU knows no such device; PF_ERROR_FAILED with what QEMU says else;
 * PF_ERROR_TIMED_OUT
 *
 * Returns: whether it was done
 */
gboolean
pf_qmp_session_execute (PfQmpSession *session, const char *command, JsonObject *arguments, GError **error)
{
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (session->connection));
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *request = json_object_new ();
  g_autofree char *text = NULL;
  GError *reason = NULL;

  json_object_set_string_member (request, "execute", command);
  if (arguments != NULL)
    json_object_set_object_member (request, "arguments", arguments);
  json_node_take_object (node, request);
  text = json_to_string (node, FALSE);
  if (!limit_time (session, error))
    return FALSE;
  if (!g_output_stream_write_all (output, text, strlen (text), NULL, NULL, &reason)
      || !g_output_stream_write_all (output, "\n", 1, NULL, NULL, &reason))
    return set_io_error (error, reason);
  for (;;)
    {
      g_autoptr (JsonNode) answer = read_message (session, error);
      JsonObject *message = answer != NULL ? json_node_get_object (answer) : NULL;

      if (message == NULL)
        return FALSE;
      if (json_object_has_member (message, "return"))
        return TRUE;
      if (json_object_has_member (message, "error"))
        return set_refused (error, message);
      note_event (session, message);
    }
}

/**
 * pf_qmp_session_wait_deleted:
 * @session: a session
 * @id: a device
 * @error: PF_ERROR_TIMED_OUT when the guest does not let go of it
 *
 * Returns: whether QEMU has said that it is gone
 */
gboolean
pf_qmp_session_wait_deleted (PfQmpSession *session, const char *id, GError **error)
{
  while (!g_hash_table_contains (session->deleted, id))
    {
      g_autoptr (JsonNode) message = read_message (session, error);

      if (message == NULL)
        return FALSE;
      note_event (session, json_node_get_object (message));
    }
  return TRUE;
}

static gboolean
greet (PfQmpSession *session, GError **error)
{
  g_autoptr (JsonNode) greeting = read_message (session, error);

  if (greeting == NULL)
    return FALSE;
  if (!json_object_has_member (json_node_get_object (greeting), "QMP"))
    {
      g_set_error_literal (error, PF_ERROR, PF_ERROR_FAILED,
                           "What the virtual machine's socket says is not QMP.");
      return FALSE;
    }
  return pf_qmp_session_execute (session, "qmp_capabilities", NULL, error);
}

/**
 * pf_qmp_session_new:
 * @path: a Unix socket, as given to QEMU's -qmp unix:PATH,server=on,wait=off
 * @timeout_seconds: how long all that is done in the session may take
 * @error: PF_ERROR_FAILED, PF_ERROR_TIMED_OUT: another program may have the socket, for QEMU serves one at a
 * time
 *
 * Returns: (transfer full) (nullable): a session that is ready for commands
 */
PfQmpSession *
pf_qmp_session_new (const char *path, guint timeout_seconds, GError **error)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (PfQmpSession) session = g_new0 (PfQmpSession, 1);
  GError *reason = NULL;

  session->deadline = g_get_monotonic_time () + (gint64) timeout_seconds * G_USEC_PER_SEC;
  session->deleted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_socket_client_set_timeout (client, timeout_seconds);
  session->connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &reason);
  if (session->connection == NULL)
    {
      set_failed (error, path, reason);
      return NULL;
    }
  session->input = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (session->connection)));
  return greet (session, error) ? g_steal_pointer (&session) : NULL;
}

/**
 * pf_qmp_session_free:
 * @session: (transfer full): a session
 */
void
pf_qmp_session_free (PfQmpSession *session)
{
  g_clear_object (&session->input);
  g_clear_object (&session->connection);
  g_hash_table_unref (session->deleted);
  g_free (session);
}
