/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: what somebody says on a socket that is taken for a virtual machine's QMP socket. */
#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <stdlib.h>
#include <string.h>

#include "pf-fuzz.h"
#include "pf-qmp-session.h"

/* As much as a socket takes at once, so that whoever writes need not wait for the reader. */
#define MAX_SIZE 65536
#define SECONDS 5

const char *const pf_fuzz_words[] = {
  "{\"QMP\": {\"version\": {}, \"capabilities\": []}}\n",
  "{\"return\": {}}\n",
  "{\"return\": ",
  "{\"error\": {\"class\": ",
  "\"GenericError\"",
  "\"DeviceNotFound\"",
  ", \"desc\": \"",
  "{\"error\": {}}\n",
  "{\"error\": 5}\n",
  "{\"event\": \"DEVICE_DELETED\", \"data\": {\"device\": \"pf0\"}}\n",
  "\"DEVICE_DELETED\"",
  "\"event\": ",
  "\"data\": ",
  "\"device\": ",
  "\"pf0\"",
  "{",
  "}",
  "[",
  "]",
  "\"",
  ":",
  ",",
  "\n",
  "\r\n",
  "null",
  "true",
  "1e999",
  "\\u0000",
  "\\u001b",
  "\\ud800",
  "\\ud83d\\ude00",
  "\\",
  "\033[2J",
  "\377",
  NULL,
};

typedef struct
{
  GSocket *listener;
  char *path;
  GAsyncQueue *inputs; /* of GBytes */
  GAsyncQueue *done;
} Machine;

/* Says the whole input at once, and waits for the other side to be through with it. */
static void
serve_one (Machine *machine, GBytes *input)
{
  g_autoptr (GSocket) peer = g_socket_accept (machine->listener, NULL, NULL);
  gsize size;
  const char *data = g_bytes_get_data (input, &size);
  char buffer[512];

  g_assert_nonnull (peer);
  for (gsize sent = 0; sent < size;)
    {
      gssize n = g_socket_send (peer, data + sent, size - sent, NULL, NULL);

      if (n <= 0)
        break;
      sent += (gsize) n;
    }
  g_socket_shutdown (peer, FALSE, TRUE, NULL);
  while (g_socket_receive (peer, buffer, sizeof buffer, NULL, NULL) > 0)
    continue;
}

static gpointer
serve (gpointer data)
{
  Machine *machine = data;

  for (;;)
    {
      g_autoptr (GBytes) input = g_async_queue_pop (machine->inputs);

      serve_one (machine, input);
      g_async_queue_push (machine->done, machine);
    }
  return NULL;
}

static Machine *
start_machine (void)
{
  Machine *machine = g_new0 (Machine, 1);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GError) error = NULL;

  machine->path = g_build_filename (pf_fuzz_get_folder (), "qmp", NULL);
  machine->inputs = g_async_queue_new ();
  machine->done = g_async_queue_new ();
  machine->listener = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, 0, &error);
  g_assert_no_error (error);
  address = g_unix_socket_address_new (machine->path);
  g_assert_true (g_socket_bind (machine->listener, address, FALSE, NULL)
                 && g_socket_listen (machine->listener, NULL));
  g_thread_unref (g_thread_new ("machine", serve, machine));
  return machine;
}

static void
talk (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfQmpSession) session = pf_qmp_session_new (path, SECONDS, &error);
  gboolean done;

  pf_fuzz_check_error (session != NULL, error);
  if (session == NULL)
    return;
  done = pf_qmp_session_execute (session, "device_del", NULL, &error);
  pf_fuzz_check_error (done, error);
  g_clear_error (&error);
  done = pf_qmp_session_wait_deleted (session, "pf0", &error);
  pf_fuzz_check_error (done, error);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static Machine *machine = NULL;

  if (machine == NULL)
    machine = start_machine ();
  g_async_queue_push (machine->inputs, g_bytes_new (data, MIN (size, MAX_SIZE)));
  talk (machine->path);
  g_async_queue_pop (machine->done);
  return 0;
}
