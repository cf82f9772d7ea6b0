/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What portferryctl does for a switch that wants a virtual machine to take something, or to let go of it. */
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

#include "ctl-run.h"

#define GAMES PF_BUS_PROFILES_PATH "/games"
#define EHCI PF_BUS_CONTROLLERS_PATH "/0000_00_1a_0"
#define WAIT_MS 200
#define PATIENCE_WAITS 150

/* What a QEMU says that does what it is told: greets, takes capabilities and the command, and tells of the
 * end of it. */
static const char agreeing[]
    = "{\"QMP\": {}}\n{\"return\": {}}\n{\"return\": {}}\n"
      "{\"event\": \"DEVICE_DELETED\", \"data\": {\"device\": \"pf-0000-00-1a-0\"}}\n";

static void
set_qmp (Fixture *fixture, const char *path)
{
  g_autoptr (GDBusInterface) games = g_dbus_object_manager_get_interface (
      G_DBUS_OBJECT_MANAGER (fixture->mock->server), GAMES, PF_BUS_NAME ".Profile");

  g_object_set (games, "qmp", path, NULL);
}

static void
expect_call (Fixture *fixture, const char *line, const char *part, gboolean is_there)
{
  g_autoptr (CtlRun) run = ctl_run (line);

  g_assert_cmpint (run->code, ==, 0);
  g_assert_cmpint (strstr (fixture->mock->call, part) != NULL, ==, is_there);
}

static void
expect_usage (const char *line)
{
  g_autoptr (CtlRun) run = ctl_run (line);

  g_assert_cmpint (run->code, ==, 2);
}

/* The helper waits only for who says that he plugs. */
static void
test_options (Fixture *fixture, gconstpointer data)
{
  expect_call (fixture, "switch games", "attach-seconds", FALSE);
  mock_helper_set_active (fixture->mock, PF_BUS_PROFILES_PATH "/home");
  set_qmp (fixture, "/nowhere");
  expect_call (fixture, "switch games", "'attach-seconds': <uint32 30>", TRUE);
  expect_call (fixture, "switch games --attach-seconds 20", "'attach-seconds': <uint32 20>", TRUE);
  expect_call (fixture, "switch games --no-attach", "attach-seconds", FALSE);
  /* It is in force now, and what has to come back from its machine can be taken out. */
  expect_call (fixture, "switch all-usb", "'release-seconds': <uint32 30>", TRUE);
  expect_usage ("switch games --attach-seconds 4");
  expect_usage ("switch games --attach-seconds 121");
  expect_usage ("switch games --attach-seconds 20 --no-attach");
  expect_usage ("switch home --attach-seconds 20");
}

/* A way home that a machine holds up: the profile before the one in force is home, and yet a toggle leads
 * back to the one in force, which names a machine. */
static void
test_toggle_half_way (Fixture *fixture, gconstpointer data)
{
  PfDBusManager *manager = fixture->mock->manager;

  set_qmp (fixture, "/nowhere");
  mock_helper_set_active (fixture->mock, GAMES);
  expect_call (fixture, "toggle", "attach-seconds", FALSE);
  mock_helper_set_active (fixture->mock, GAMES);
  pf_dbus_manager_set_previous_profile (manager, PF_BUS_PROFILES_PATH "/home");
  pf_dbus_manager_set_toggle_profile (manager, GAMES);
  expect_call (fixture, "toggle", "'attach-seconds': <uint32 30>", TRUE);
}

static gboolean
on_incoming (GThreadedSocketService *service,
             GSocketConnection *connection,
             GObject *source,
             gpointer user_data)
{
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  char bytes[4096];

  g_output_stream_write_all (out, agreeing, strlen (agreeing), NULL, NULL, NULL);
  while (g_input_stream_read (in, bytes, sizeof bytes, NULL, NULL) > 0)
    ;
  return TRUE;
}

static void
on_line (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(char **) user_data
      = g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (source), result, NULL, NULL);
}

static gboolean
on_tick (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Until @lines has one with @part. What is heard before the program listens is lost, so @want is said again
 * and again. */
static void
expect_line (Fixture *fixture,
             GDataInputStream *lines,
             const char *part,
             void (*want) (PfDBusManager *manager))
{
  char *line = NULL;
  gboolean found = FALSE;

  g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, NULL, on_line, &line);
  for (guint i = 0; !found; i++)
    {
      gboolean is_over = FALSE;

      g_assert_cmpuint (i, <, PATIENCE_WAITS);
      if (want != NULL)
        want (fixture->mock->manager);
      g_timeout_add (WAIT_MS, on_tick, &is_over);
      while (!is_over)
        {
          g_main_context_iteration (NULL, TRUE);
          if (line == NULL)
            continue;
          g_test_message ("%s", line);
          found = found || strstr (line, part) != NULL;
          g_clear_pointer (&line, g_free);
          if (!found)
            g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, NULL, on_line, &line);
        }
    }
}

static void
want_attach (PfDBusManager *manager)
{
  const char *controllers[] = { EHCI, NULL };

  pf_dbus_manager_emit_attach_wanted (manager, controllers, GAMES);
}

static void
want_release (PfDBusManager *manager)
{
  pf_dbus_manager_emit_release_wanted (manager, EHCI, "qemu-system-x86 (4242)");
}

/* A machine that does not listen yet is tried again as long as the switch waits, and then it has them; and
 * out again. */
static void
test_attend (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("portferry-attend-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "qmp", NULL);
  g_autoptr (GSocketService) service = g_threaded_socket_service_new (4);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) attend = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                                                     g_getenv ("PF_TEST_CTL"), "attend", "--json", NULL);
  g_autoptr (GDataInputStream) lines = NULL;

  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (attend));
  set_qmp (fixture, path);
  pf_dbus_manager_set_state (fixture->mock->manager, "awaiting-attach");
  expect_line (fixture, lines, "\"attach-failed\"", want_attach);
  g_signal_connect (service, "run", G_CALLBACK (on_incoming), NULL);
  g_assert_true (g_socket_listener_add_address (G_SOCKET_LISTENER (service), address, G_SOCKET_TYPE_STREAM,
                                                G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, &error));
  expect_line (fixture, lines, "\"attached\"", NULL);
  expect_line (fixture, lines, "\"detached\"", want_release);
  g_subprocess_force_exit (attend);
  g_subprocess_wait (attend, NULL, NULL);
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
  g_unlink (path);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                                  \
  g_test_add ("/ctl/attend/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  ADD ("options", test_options);
  ADD ("toggle-half-way", test_toggle_half_way);
  ADD ("attend", test_attend);
  return g_test_run ();
}
