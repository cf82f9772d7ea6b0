/* SPDX-License-Identifier: GPL-3.0-or-later */

/* portferry-guest: turns lines from the serial ports of virtual machines into requests. It is started by its
 * socket (portferry-guest.socket), runs as a user of its own, and has no options. */

#include <fcntl.h>
#include <glib-unix.h>
#include <unistd.h>

#include "pf-bus.h"
#include "pf-guest-server.h"

#define IDLE_SECONDS 30

/* See sd_listen_fds(3): how systemd hands sockets over. */
#define FIRST_SOCKET 3

static int
take_socket (void)
{
  guint64 pid = 0;
  guint64 count = 0;
  const char *pid_text = g_getenv ("LISTEN_PID");
  const char *count_text = g_getenv ("LISTEN_FDS");

  if (pid_text == NULL || count_text == NULL
      || !g_ascii_string_to_unsigned (pid_text, 10, 1, G_MAXINT, &pid, NULL)
      || !g_ascii_string_to_unsigned (count_text, 10, 1, 1, &count, NULL) || (pid_t) pid != getpid ())
    return -1;
  if (fcntl (FIRST_SOCKET, F_SETFD, FD_CLOEXEC) < 0 || !g_unix_set_fd_nonblocking (FIRST_SOCKET, TRUE, NULL))
    return -1;
  return FIRST_SOCKET;
}

static gboolean
on_terminate (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_CONTINUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  PfGuestServer *server;
  int fd = take_socket ();

  if (argc > 1 || fd < 0)
    {
      g_printerr ("%s is started by its socket, portferry-guest.socket, and takes no arguments.\n", argv[0]);
      return 2;
    }
  pf_bus_register_errors ();
  server = pf_guest_server_new (fd, IDLE_SECONDS);
  g_signal_connect_swapped (server, "idle", G_CALLBACK (g_main_loop_quit), loop);
  g_unix_signal_add (SIGTERM, on_terminate, loop);
  g_main_loop_run (loop);
  /* The end of the process hangs up; what is under way goes on in the helper. */
  return 0;
}
