/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pf-test-call: calls a method on the system bus, as whoever runs it.
 *
 *   pf-test-call [--interactive] [--timeout MS] NAME OBJECT INTERFACE.METHOD [PARAMETERS]
 *
 * PARAMETERS is a tuple in GVariant text format. The answer goes to standard output in the same format, the
 * exit status is 0. A D-Bus error is printed as "NAME: message" on standard error, an answer that did not
 * come as "timeout: message"; the exit status is 1.
 */
#include <locale.h>

#include <gio/gio.h>

static gboolean option_interactive;
static int option_timeout = 25000;

static const GOptionEntry entries[]
    = { { "interactive", 0, 0, G_OPTION_ARG_NONE, &option_interactive, "Let polkit ask a person", NULL },
        { "timeout", 0, 0, G_OPTION_ARG_INT, &option_timeout, "How long to wait for the answer", "MS" },
        { NULL } };

static GVariant *
call (const char *name, const char *object, const char *method, const char *parameters, GError **error)
{
  g_autoptr (GDBusConnection) bus = NULL;
  g_autoptr (GVariant) body = NULL;
  const char *dot = strrchr (method, '.');
  g_autofree char *interface = NULL;

  if (dot == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s is not INTERFACE.METHOD", method);
      return NULL;
    }
  interface = g_strndup (method, dot - method);
  body = g_variant_parse (NULL, parameters, NULL, NULL, error);
  if (body == NULL)
    return NULL;
  bus = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, error);
  if (bus == NULL)
    return NULL;
  return g_dbus_connection_call_sync (bus, name, object, interface, dot + 1, body, NULL,
                                      option_interactive ? G_DBUS_CALL_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION
                                                         : G_DBUS_CALL_FLAGS_NONE,
                                      option_timeout, NULL, error);
}

static void
print_error (GError *error)
{
  g_autofree char *name = g_dbus_error_get_remote_error (error);

  g_dbus_error_strip_remote_error (error);
  if (name != NULL)
    g_printerr ("%s: %s\n", name, error->message);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    g_printerr ("timeout: %s\n", error->message);
  else
    g_printerr ("%s: %s\n", g_quark_to_string (error->domain), error->message);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GOptionContext) context = g_option_context_new ("NAME OBJECT INTERFACE.METHOD [PARAMETERS]");
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autofree char *text = NULL;

  setlocale (LC_ALL, ""); /* what is not ASCII is printed as it is */
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc < 4 || argc > 5)
    {
      g_printerr ("pf-test-call: %s\n", error != NULL ? error->message : "wrong number of arguments");
      return 2;
    }
  answer = call (argv[1], argv[2], argv[3], argc == 5 ? argv[4] : "()", &error);
  if (answer == NULL)
    {
      print_error (error);
      return 1;
    }
  text = g_variant_print (answer, TRUE);
  g_print ("%s\n", text);
  return 0;
}
