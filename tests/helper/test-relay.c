/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes from the bus reaches GDBus, but for what is too large. The test is the bus. */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pf-message-head.h"
#include "pf-relay.h"

#define MOST 65536
#define SENDER ":1.4242"

typedef struct
{
  int bus;
  PfRelay *relay;
  GInputStream *input; /* what GDBus would read */
  GMutex lock;
  guint refused;
  guint32 serial;
} Fixture;

static void
on_refused (const char *sender, guint32 serial, guint64 size, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&fixture->lock);

  g_assert_cmpstr (sender, ==, SENDER);
  g_assert_cmpuint (size, >, MOST);
  fixture->refused++;
  fixture->serial = serial;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket_ = NULL;
  g_autoptr (GSocketConnection) connection = NULL;
  int pair[2];

  g_mutex_init (&fixture->lock);
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, pair), ==, 0);
  fixture->bus = pair[0];
  socket_ = g_socket_new_from_fd (pair[1], &error);
  g_assert_no_error (error);
  connection = g_socket_connection_factory_create_connection (socket_);
  fixture->relay = pf_relay_new (G_IO_STREAM (connection), MOST, on_refused, fixture, &error);
  g_assert_no_error (error);
  fixture->input = g_io_stream_get_input_stream (pf_relay_get_stream (fixture->relay));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  pf_relay_free (fixture->relay);
  close (fixture->bus);
  g_mutex_clear (&fixture->lock);
}

/* @size: of the body, about. */
static GBytes *
create_call (GDBusMessageByteOrder order, guint32 serial, gsize size)
{
  g_autoptr (GDBusMessage) message
      = g_dbus_message_new_method_call ("org.portferry1", "/org/portferry1/manager", "org.portferry1.Manager", "Preview");
  g_autofree char *text = g_strnfill (size, 'x');
  g_autoptr (GError) error = NULL;
  guchar *blob;
  gsize length;

  g_dbus_message_set_byte_order (message, order);
  g_dbus_message_set_serial (message, serial);
  g_dbus_message_set_sender (message, SENDER);
  g_dbus_message_set_body (message, g_variant_new ("(s)", text));
  blob = g_dbus_message_to_blob (message, &length, G_DBUS_CAPABILITY_FLAGS_NONE, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (blob, length);
}

static gpointer
write_all (gpointer user_data)
{
  Fixture *fixture = ((gpointer *) user_data)[0];
  const GByteArray *bytes = ((gpointer *) user_data)[1];

  for (gsize done = 0; done < bytes->len;)
    {
      gssize count = write (fixture->bus, bytes->data + done, bytes->len - done);

      g_assert_cmpint (count, >, 0);
      done += (gsize) count;
    }
  return NULL;
}

static void
append (GByteArray *array, GBytes *bytes)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  g_byte_array_append (array, data, (guint) length);
  g_bytes_unref (bytes);
}

/* Sends @sent from the bus, and expects @passed to arrive, and nothing else. */
static void
expect (Fixture *fixture, GByteArray *sent, const GByteArray *passed)
{
  g_autofree guint8 *buffer = g_malloc (passed->len);
  g_autoptr (GError) error = NULL;
  gpointer arguments[] = { fixture, sent };
  GThread *writer = g_thread_new ("bus", write_all, arguments);
  gsize length;

  g_assert_true (g_input_stream_read_all (fixture->input, buffer, passed->len, &length, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (buffer, length, passed->data, passed->len);
  g_thread_join (writer);
}

static void
test_large (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) sent = g_byte_array_new ();
  g_autoptr (GByteArray) passed = g_byte_array_new ();
  static const char ok[] = "OK 1234deadbeef\r\nAGREE_UNIX_FD\r\n";

  g_byte_array_append (sent, (const guint8 *) ok, sizeof ok - 1);
  g_byte_array_append (passed, (const guint8 *) ok, sizeof ok - 1);
  append (sent, create_call (G_DBUS_MESSAGE_BYTE_ORDER_LITTLE_ENDIAN, 1, 10));
  append (passed, create_call (G_DBUS_MESSAGE_BYTE_ORDER_LITTLE_ENDIAN, 1, 10));
  append (sent, create_call (G_DBUS_MESSAGE_BYTE_ORDER_LITTLE_ENDIAN, 2, 20 * 1024 * 1024));
  append (sent, create_call (G_DBUS_MESSAGE_BYTE_ORDER_BIG_ENDIAN, 3, MOST));
  append (sent, create_call (G_DBUS_MESSAGE_BYTE_ORDER_BIG_ENDIAN, 4, MOST - 1024));
  append (passed, create_call (G_DBUS_MESSAGE_BYTE_ORDER_BIG_ENDIAN, 4, MOST - 1024));
  append (sent, create_call (G_DBUS_MESSAGE_BYTE_ORDER_LITTLE_ENDIAN, 5, 0));
  append (passed, create_call (G_DBUS_MESSAGE_BYTE_ORDER_LITTLE_ENDIAN, 5, 0));
  expect (fixture, sent, passed);
  g_mutex_lock (&fixture->lock);
  g_assert_cmpuint (fixture->refused, ==, 2);
  g_assert_cmpuint (fixture->serial, ==, 3);
  g_mutex_unlock (&fixture->lock);
}

/* What is neither a line nor a message ends the connection. */
static void
test_ends (Fixture *fixture, gconstpointer data)
{
  char byte;

  shutdown (fixture->bus, SHUT_WR);
  g_assert_cmpint (g_input_stream_read (fixture->input, &byte, 1, NULL, NULL), ==, 0);
}

static void
test_sender (void)
{
  static const GDBusMessageByteOrder orders[] = { G_DBUS_MESSAGE_BYTE_ORDER_LITTLE_ENDIAN, G_DBUS_MESSAGE_BYTE_ORDER_BIG_ENDIAN };

  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      g_autoptr (GBytes) call = create_call (orders[i], 77, 100);
      gsize length;
      const guint8 *data = g_bytes_get_data (call, &length);
      g_autofree char *sender = pf_message_head_find_sender (data, length);
      PfMessageHead head;

      g_assert_cmpstr (sender, ==, SENDER);
      g_assert_true (pf_message_head_parse (data, &head));
      g_assert_true (head.is_call);
      g_assert_cmpuint (head.serial, ==, 77);
      g_assert_cmpuint (PF_MESSAGE_HEAD_SIZE + head.fields + head.body, ==, length);
    }
}

/* Cut anywhere, and with any byte changed: nothing is read beyond the end. */
static void
test_damaged (void)
{
  g_autoptr (GBytes) call = create_call (G_DBUS_MESSAGE_BYTE_ORDER_LITTLE_ENDIAN, 77, 0);
  gsize length;
  const guint8 *data = g_bytes_get_data (call, &length);

  for (gsize cut = PF_MESSAGE_HEAD_SIZE; cut <= length; cut++)
    {
      g_autofree guint8 *copy = g_memdup2 (data, cut);
      g_autofree char *sender = pf_message_head_find_sender (copy, cut);

      g_assert_true (sender == NULL || g_str_equal (sender, SENDER));
    }
  for (gsize at = 0; at < length; at++)
    for (guint value = 0; value < 256; value += 5)
      {
        g_autofree guint8 *copy = g_memdup2 (data, length);

        copy[at] = (guint8) value;
        g_free (pf_message_head_find_sender (copy, length));
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/relay/large", Fixture, NULL, set_up, test_large, tear_down);
  g_test_add ("/relay/ends", Fixture, NULL, set_up, test_ends, tear_down);
  g_test_add_func ("/relay/sender", test_sender);
  g_test_add_func ("/relay/damaged", test_damaged);
  return g_test_run ();
}
