/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pf-vm-watch SECONDS: prints what the kernel says (uevents) and what the helper says (signals on the system
 * bus), one line each, with the time it arrived: so that a test can tell how long the helper took. Holds an
 * interest in the helper meanwhile, so that it stays.
 *
 *   MICROSECONDS ready
 *   MICROSECONDS uevent ACTION DEVPATH
 *   MICROSECONDS signal OBJECT PropertiesChanged INTERFACE PROPERTY...
 *   MICROSECONDS signal OBJECT MEMBER INTERFACE ARGUMENTS
 *
 * Times are CLOCK_MONOTONIC. Nobody needs to be root for either.
 */
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <gio/gio.h>
#include <gio/gunixfdlist.h>
#include <glib-unix.h>

#define KERNEL_GROUP 1 /* the kernel's own messages; udev sends its on group 2 */

static GMainLoop *loop;

G_GNUC_PRINTF (1, 2)
static void
print_line (const char *format, ...)
{
  va_list arguments;

  printf ("%" G_GINT64_FORMAT " ", g_get_monotonic_time ());
  va_start (arguments, format);
  vprintf (format, arguments);
  va_end (arguments);
  putchar ('\n');
  fflush (stdout);
}

/* A uevent begins with "ACTION@DEVPATH". */
static gboolean
on_uevent (int fd, GIOCondition condition, gpointer user_data)
{
  char text[8192];
  ssize_t length = recv (fd, text, sizeof text - 1, 0);
  char *at;

  if (length <= 0)
    return G_SOURCE_CONTINUE;
  text[length] = '\0';
  at = strchr (text, '@');
  if (at != NULL)
    {
      *at = '\0';
      print_line ("uevent %s %s", text, at + 1);
    }
  return G_SOURCE_CONTINUE;
}

/* The names of the changed properties, each with a space before it. */
static char *
list_changes (GVariant *parameters)
{
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GVariantIter) changed = NULL;
  const char *interface, *name;

  g_variant_get (parameters, "(&sa{sv}as)", &interface, &changed, NULL);
  g_string_append (names, interface);
  while (g_variant_iter_next (changed, "{&sv}", &name, NULL))
    g_string_append_printf (names, " %s", name);
  return g_string_free (g_steal_pointer (&names), FALSE);
}

static void
on_signal (GDBusConnection *bus,
           const char *sender,
           const char *object,
           const char *interface,
           const char *member,
           GVariant *parameters,
           gpointer user_data)
{
  g_autofree char *what = NULL;
  g_autofree char *arguments = NULL;

  if (g_str_equal (member, "PropertiesChanged"))
    what = list_changes (parameters);
  else
    {
      arguments = g_variant_print (parameters, TRUE);
      what = g_strconcat (interface, " ", arguments, NULL);
    }
  print_line ("signal %s %s %s", object, member, what);
}

static int
open_uevents (void)
{
  struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = KERNEL_GROUP };
  int fd = socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);

  if (fd < 0 || bind (fd, (struct sockaddr *) &address, sizeof address) < 0)
    g_error ("uevents: %m");
  return fd;
}

static gboolean
on_time_over (gpointer user_data)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static void
watch (guint seconds)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, &error);
  g_autoptr (GUnixFDList) interest = NULL;
  g_autoptr (GVariant) reply = NULL;

  if (bus == NULL)
    g_error ("%s", error->message);
  loop = g_main_loop_new (NULL, FALSE);
  g_unix_fd_add (open_uevents (), G_IO_IN, on_uevent, NULL);
  g_dbus_connection_signal_subscribe (bus, "org.portferry1", NULL, NULL, NULL, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                      on_signal, NULL, NULL);
  reply = g_dbus_connection_call_with_unix_fd_list_sync (bus, "org.portferry1", "/org/portferry1/manager",
                                                         "org.portferry1.Manager", "RegisterInterest", NULL,
                                                         G_VARIANT_TYPE ("(h)"), G_DBUS_CALL_FLAGS_NONE,
                                                         60000, NULL, &interest, NULL, &error);
  if (reply == NULL)
    g_error ("%s", error->message);
  print_line ("ready");
  g_timeout_add_seconds (seconds, on_time_over, NULL);
  g_main_loop_run (loop);
}

int
main (int argc, char **argv)
{
  if (argc != 2 || atoi (argv[1]) < 1)
    g_error ("usage: pf-vm-watch SECONDS");
  watch ((guint) atoi (argv[1]));
  return EXIT_SUCCESS;
}
