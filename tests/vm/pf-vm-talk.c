/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pf-vm-talk SOCKET LINE...: connects, says each line and prints what is answered to it, as a virtual
 * machine's serial port would. 0 when each line was answered.
 */
#include <stdio.h>

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>

#define PATIENCE_SECONDS 60

static gboolean
talk (GSocketConnection *connection, char **lines, GError **error)
{
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  g_autoptr (GDataInputStream) in
      = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));

  g_data_input_stream_set_newline_type (in, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  for (; *lines != NULL; lines++)
    {
      g_autofree char *answer = NULL;

      if (!g_output_stream_printf (out, NULL, NULL, error, "%s\n", *lines))
        return FALSE;
      answer = g_data_input_stream_read_line (in, NULL, NULL, error);
      if (answer == NULL)
        return FALSE;
      puts (answer);
    }
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (argc > 1 ? argv[1] : "");
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  g_socket_client_set_timeout (client, PATIENCE_SECONDS);
  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  if (connection != NULL && talk (connection, argv + MIN (argc, 2), &error))
    return 0;
  fprintf (stderr, "pf-vm-talk: %s\n", error != NULL ? error->message : "hung up");
  return 1;
}
