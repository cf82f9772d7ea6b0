/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Attaching and detaching over QMP: with a real QEMU, as far as that goes without a controller to lend, and
 * with one that was made up and says what no real one says. */
#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "pf-error.h"
#include "pf-qmp.h"
#include "pf-vm-config.h"

#define ABSENT "0000:ff:1f.7"
#define PATIENCE_SECONDS 60

static const char *const absent[] = { ABSENT, NULL };

typedef struct
{
  char *folder;
  char *path;
  GSubprocess *qemu;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("portferry-qmp-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "qmp", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->qemu != NULL)
    {
      g_subprocess_force_exit (fixture->qemu);
      g_subprocess_wait (fixture->qemu, NULL, NULL);
      g_object_unref (fixture->qemu);
    }
  g_unlink (fixture->path);
  g_rmdir (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->folder);
}

/* The socket is there a moment before somebody listens. */
static gboolean
somebody_listens (const char *path)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketConnection) connection
      = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, NULL);

  return connection != NULL;
}

/* A stopped machine; @arguments are more devices. */
static void
start_qemu (Fixture *fixture, const char *machine, const char *arguments)
{
  g_autofree char *line
      = g_strdup_printf ("qemu-system-x86_64 -M %s -accel tcg -nodefaults -no-user-config -display none -S "
                         "-qmp unix:%s,server=on,wait=off %s",
                         machine, fixture->path, arguments);
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  gint64 deadline = g_get_monotonic_time () + PATIENCE_SECONDS * G_USEC_PER_SEC;
  g_autoptr (GError) error = NULL;

  fixture->qemu = g_subprocess_newv ((const char *const *) words, G_SUBPROCESS_FLAGS_NONE, &error);
  g_assert_no_error (error);
  while (!somebody_listens (fixture->path))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (10000);
    }
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
await (GAsyncResult **result, GError **error)
{
  g_autoptr (GAsyncResult) done = NULL;

  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  done = g_steal_pointer (result);
  return pf_qmp_finish (done, error);
}

static gboolean
attach (const char *path, GError **error)
{
  GAsyncResult *result = NULL;

  pf_qmp_attach_async (path, absent, PATIENCE_SECONDS, on_done, &result);
  return await (&result, error);
}

static gboolean
detach (const char *path, guint seconds, GError **error)
{
  GAsyncResult *result = NULL;

  pf_qmp_detach_async (path, absent, seconds, on_done, &result);
  return await (&result, error);
}

/* --- A real QEMU --- */

/* With its port, and in a machine that has none: QEMU looks for the controller, which is not here. */
static void
test_attach (Fixture *fixture, gconstpointer machine)
{
  g_autofree char *ports = NULL;
  g_autoptr (GError) error = NULL;

  if (g_str_equal (machine, "q35"))
    {
      g_auto (GStrv) arguments = pf_vm_config_get_qemu (absent, TRUE);

      ports = g_strjoinv (" ", arguments);
    }
  start_qemu (fixture, machine, ports != NULL ? ports : "-name pc");
  g_assert_false (attach (fixture->path, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_FAILED);
  g_assert_true (g_str_has_prefix (error->message, ABSENT ": QEMU says: "));
  g_assert_nonnull (strstr (error->message, "no such host device"));
}

/* Another device has that name: that is how one looks that is in the machine already. */
static void
test_attach_twice (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  start_qemu (fixture, "pc", "-device usb-ehci,id=ehci -device usb-kbd,bus=ehci.0,id=pf-0000-ff-1f-7");
  g_assert_true (attach (fixture->path, &error));
  g_assert_no_error (error);
}

/* A keyboard in the controller's place: one that QEMU lets go of at once, with the same event. Twice, for the
 * second time it is not there any more. */
static void
test_detach (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  start_qemu (fixture, "pc", "-device usb-ehci,id=ehci -device usb-kbd,bus=ehci.0,id=pf-0000-ff-1f-7");
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (detach (fixture->path, PATIENCE_SECONDS, &error));
      g_assert_no_error (error);
    }
}

/* A card that only its guest can let go of, and no guest runs. */
static void
test_detach_kept (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  start_qemu (fixture, "q35",
              "-device pcie-root-port,id=place,chassis=1 -device usb-ehci,bus=place,id=pf-0000-ff-1f-7");
  g_assert_false (detach (fixture->path, 2, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_TIMED_OUT);
}

static void
test_nobody (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (attach (fixture->path, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, fixture->path));
}

/* --- One that was made up --- */

static const char greeting[] = "{\"QMP\": {}}\n{\"return\": {}}\n";

static gboolean
on_incoming (GThreadedSocketService *service, GSocketConnection *connection, GObject *source, gpointer text)
{
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  char bytes[4096];

  g_output_stream_write_all (out, text, strlen (text), NULL, NULL, NULL);
  if (g_str_has_suffix (text, "\n"))
    while (g_input_stream_read (in, bytes, sizeof bytes, NULL, NULL) > 0)
      ;
  return TRUE;
}

/* Its threads read the text, and each has a reference. Consumes @service. */
static void
await_end (GSocketService *service)
{
  GWeakRef last;
  GSocketService *left;

  g_weak_ref_init (&last, service);
  g_object_unref (service);
  while ((left = g_weak_ref_get (&last)) != NULL)
    {
      g_object_unref (left);
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  g_weak_ref_clear (&last);
}

static gboolean
detach_from_text (Fixture *fixture, const char *text, GError **error)
{
  GSocketService *service = g_threaded_socket_service_new (4);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (fixture->path);
  gboolean done;

  g_unlink (fixture->path);
  g_signal_connect (service, "run", G_CALLBACK (on_incoming), (gpointer) text);
  g_assert_true (g_socket_listener_add_address (G_SOCKET_LISTENER (service), address, G_SOCKET_TYPE_STREAM,
                                                G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, NULL));
  done = detach (fixture->path, 2, error);
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
  await_end (service);
  return done;
}

static void
refuse_text (Fixture *fixture, const char *text, PfError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (detach_from_text (fixture, text, &error));
  g_assert_error (error, PF_ERROR, (int) code);
}

static void
test_made_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *endless = g_strnfill (300 * 1024, '{');
  g_autofree char *brackets = g_strnfill (200 * 1024, '[');
  g_autofree char *deep = g_strconcat (brackets, "\n", NULL);
  g_autofree char *silent = g_strconcat (greeting, "{\"return\": {}}\n", NULL);
  g_autofree char *other = g_strconcat (
      greeting, "{\"return\": {}}\n{\"event\": \"DEVICE_DELETED\", \"data\": {\"device\": \"x\"}}\n", NULL);
  g_autofree char *odd = g_strconcat (greeting, "{\"error\": []}\n", NULL);

  refuse_text (fixture, "SSH-2.0\n", PF_ERROR_FAILED);
  refuse_text (fixture, "[]\n", PF_ERROR_FAILED);
  refuse_text (fixture, "{}\n", PF_ERROR_FAILED);
  refuse_text (fixture, "{\"QMP\"", PF_ERROR_FAILED);
  refuse_text (fixture, endless, PF_ERROR_LIMIT_EXCEEDED);
  refuse_text (fixture, deep, PF_ERROR_FAILED);
  refuse_text (fixture, odd, PF_ERROR_FAILED);
  refuse_text (fixture, silent, PF_ERROR_TIMED_OUT);
  refuse_text (fixture, other, PF_ERROR_TIMED_OUT);
}

static gsize
get_memory (void)
{
  g_autofree char *text = NULL;
  unsigned long size = 0, resident = 0;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  g_assert_cmpint (sscanf (text, "%lu %lu", &size, &resident), ==, 2);
  return resident * (gsize) sysconf (_SC_PAGESIZE);
}

/* Events without end are not kept without end, and neither are their names. */
static void
test_many_events (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new (greeting);
  g_autofree char *name = g_strnfill (64 * 1024, 'x');
  gsize before;

  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (text, "{\"event\": \"DEVICE_DELETED\", \"data\": {\"device\": \"%u%s\"}}\n", i, name);
  before = get_memory ();
  refuse_text (fixture, text->str, PF_ERROR_TIMED_OUT);
  g_assert_cmpuint (get_memory (), <, before + 32 * 1024 * 1024);
}

/* What QEMU gives as a reason is shown to people. */
static void
test_long_reason (Fixture *fixture, gconstpointer data)
{
  g_autofree char *reason = g_strnfill (100 * 1024, 'y');
  g_autofree char *text
      = g_strdup_printf ("%s{\"error\": {\"class\": \"GenericError\", \"desc\": \"%s\"}}\n", greeting, reason);
  g_autoptr (GError) error = NULL;

  g_assert_false (detach_from_text (fixture, text, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_FAILED);
  g_assert_cmpuint (strlen (error->message), <, 1000);
  g_assert_nonnull (strstr (error->message, "yyy…"));
}

static void
test_hostile_reason (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text
      = g_strconcat (greeting,
                     "{\"error\": {\"class\": \"GenericError\", \"desc\": \"No\\u001b[2J\\u009b\\nway\"}}\n",
                     NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (detach_from_text (fixture, text, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_FAILED);
  g_assert_true (g_str_has_suffix (error->message, "No\357\277\275[2J\357\277\275 way"));
}

/* Another program has asked for it before: what counts is that it is gone. */
static void
test_detach_under_way (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = pf_vm_config_get_device_id (ABSENT);
  g_autofree char *under_way = g_strdup_printf (
      "%s{\"error\": {\"class\": \"GenericError\", \"desc\": \"Device %s is already in the process of unplug\"}}\n", greeting,
      id);
  g_autofree char *gone
      = g_strdup_printf ("%s{\"event\": \"DEVICE_DELETED\", \"data\": {\"device\": \"%s\"}}\n", under_way, id);
  g_autoptr (GError) error = NULL;

  refuse_text (fixture, under_way, PF_ERROR_TIMED_OUT);
  g_assert_true (detach_from_text (fixture, gone, &error));
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function, data) g_test_add ("/qmp/" name, Fixture, data, set_up, function, tear_down)
  ADD ("attach-to-port", test_attach, "q35");
  ADD ("attach-without-port", test_attach, "pc");
  ADD ("attach-twice", test_attach_twice, NULL);
  ADD ("detach", test_detach, NULL);
  ADD ("detach-kept", test_detach_kept, NULL);
  ADD ("nobody", test_nobody, NULL);
  ADD ("made-up", test_made_up, NULL);
  ADD ("many-events", test_many_events, NULL);
  ADD ("long-reason", test_long_reason, NULL);
  ADD ("hostile-reason", test_hostile_reason, NULL);
  ADD ("detach-under-way", test_detach_under_way, NULL);
  return g_test_run ();
}
