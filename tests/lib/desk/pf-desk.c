/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-desk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* How long a property read may take: a helper that is activated for it has to scan first. */
#define READ_TIMEOUT_MS 10000

static const char *
get_desk_folder (const char *variable)
{
  const char *folder = g_getenv (variable);

  if (folder == NULL)
    g_error ("$%s is not set: this test runs inside with-board", variable);
  return folder;
}

static char *
make_as_user_path (void)
{
  return g_build_filename (get_desk_folder ("PF_DESK"), "as-user", NULL);
}

static GSubprocess *
spawn_as (const char *user, const char *const *argv, GSubprocessFlags flags)
{
  g_autoptr (GPtrArray) command = g_ptr_array_new ();
  g_autofree char *as_user = make_as_user_path ();
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_ptr_array_add (command, as_user);
  g_ptr_array_add (command, (char *)user);
  for (guint i = 0; argv[i] != NULL; i++)
    g_ptr_array_add (command, (char *)argv[i]);
  g_ptr_array_add (command, NULL);
  process = g_subprocess_newv ((const char *const *)command->pdata, flags, &error);
  if (process == NULL)
    g_error ("%s", error->message);
  return process;
}

int
pf_desk_run_as (const char *user, const char *const *argv, char **output, char **errors)
{
  g_autoptr (GSubprocess) process
      = spawn_as (user, argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GError) error = NULL;

  if (!g_subprocess_communicate_utf8 (process, NULL, NULL, output, errors, &error))
    g_error ("%s: %s", argv[0], error->message);
  if (g_subprocess_get_if_signaled (process))
    return 128 + g_subprocess_get_term_sig (process);
  return g_subprocess_get_exit_status (process);
}

struct _PfDeskCall
{
  GSubprocess *process;
};

static void
pf_desk_call_free (PfDeskCall *call)
{
  g_object_unref (call->process);
  g_free (call);
}

PfDeskCall *
pf_desk_call_start (const char *user,
                    PfDeskCallFlags flags,
                    const char *object,
                    const char *interface,
                    const char *method,
                    GVariant *parameters,
                    int timeout_ms)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (parameters != NULL ? parameters : g_variant_new ("()"));
  g_autofree char *text = g_variant_print (owned, TRUE);
  g_autofree char *full_method = g_strconcat (interface, ".", method, NULL);
  g_autofree char *timeout = g_strdup_printf ("%d", timeout_ms);
  const char *argv[] = { "pf-test-call",
                         "--timeout",
                         timeout,
                         PF_DESK_NAME,
                         object,
                         full_method,
                         text,
                         (flags & PF_DESK_CALL_INTERACTIVE) != 0 ? "--interactive" : NULL,
                         NULL };
  PfDeskCall *call = g_new0 (PfDeskCall, 1);

  call->process = spawn_as (user, argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  return call;
}

/* "NAME: message", as pf-test-call prints it. */
static void
set_error_from_text (GError **error, const char *text)
{
  const char *colon = strstr (text, ": ");
  g_autofree char *name = NULL;
  g_autofree char *message = NULL;

  if (colon == NULL)
    g_error ("pf-test-call: %s", text);
  name = g_strndup (text, colon - text);
  message = g_strchomp (g_strdup (colon + 2));
  if (g_str_equal (name, "timeout"))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, message);
  else if (!g_dbus_is_interface_name (name))
    g_error ("pf-test-call: %s", text);
  else
    g_propagate_error (error, g_dbus_error_new_for_dbus_error (name, message));
}

GVariant *
pf_desk_call_finish (PfDeskCall *call, GError **error)
{
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;
  g_autoptr (GError) local_error = NULL;
  GVariant *answer = NULL;

  if (!g_subprocess_communicate_utf8 (call->process, NULL, NULL, &output, &errors, &local_error))
    g_error ("pf-test-call: %s", local_error->message);
  if (g_subprocess_get_successful (call->process))
    {
      answer = g_variant_parse (NULL, output, NULL, NULL, &local_error);
      if (answer == NULL)
        g_error ("pf-test-call printed \"%s\": %s", output, local_error->message);
    }
  else
    set_error_from_text (error, errors);
  pf_desk_call_free (call);
  return answer;
}

void
pf_desk_call_abandon (PfDeskCall *call)
{
  g_subprocess_force_exit (call->process);
  g_subprocess_wait (call->process, NULL, NULL);
  pf_desk_call_free (call);
}

GVariant *
pf_desk_call_as (const char *user,
                 PfDeskCallFlags flags,
                 const char *object,
                 const char *interface,
                 const char *method,
                 GVariant *parameters,
                 int timeout_ms,
                 GError **error)
{
  PfDeskCall *call = pf_desk_call_start (user, flags, object, interface, method, parameters, timeout_ms);

  return pf_desk_call_finish (call, error);
}

static GDBusConnection *
get_bus (void)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *bus = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, &error);

  if (bus == NULL)
    g_error ("%s", error->message);
  return bus;
}

GVariant *
pf_desk_get_property (const char *object, const char *interface, const char *property, GError **error)
{
  g_autoptr (GDBusConnection) bus = get_bus ();
  g_autoptr (GVariant) answer
      = g_dbus_connection_call_sync (bus, PF_DESK_NAME, object, "org.freedesktop.DBus.Properties", "Get",
                                     g_variant_new ("(ss)", interface, property), G_VARIANT_TYPE ("(v)"),
                                     G_DBUS_CALL_FLAGS_NONE, READ_TIMEOUT_MS, NULL, error);
  GVariant *value = NULL;

  if (answer != NULL)
    g_variant_get (answer, "(v)", &value);
  return value;
}

static void
on_bus_properties_changed (GDBusConnection *bus,
                           const char *sender,
                           const char *object,
                           const char *interface,
                           const char *signal,
                           GVariant *parameters,
                           gpointer changed)
{
  *(gboolean *)changed = TRUE;
}

static gboolean
on_deadline (gpointer passed)
{
  *(gboolean *)passed = TRUE;
  return G_SOURCE_REMOVE;
}

static gboolean
property_is (const char *object, const char *interface, const char *property, const char *expected)
{
  g_autoptr (GVariant) value = pf_desk_get_property (object, interface, property, NULL);
  g_autofree char *text = value != NULL ? g_variant_print (value, FALSE) : NULL;

  return g_strcmp0 (text, expected) == 0;
}

gboolean
pf_desk_wait_for_property (
    const char *object, const char *interface, const char *property, const char *expected, int timeout_ms)
{
  g_autoptr (GDBusConnection) bus = get_bus ();
  gboolean changed = TRUE;
  gboolean passed = FALSE;
  gboolean reached = FALSE;
  guint signal
      = g_dbus_connection_signal_subscribe (bus, PF_DESK_NAME, "org.freedesktop.DBus.Properties",
                                            "PropertiesChanged", object, interface, G_DBUS_SIGNAL_FLAGS_NONE,
                                            on_bus_properties_changed, &changed, NULL);
  guint deadline = g_timeout_add (timeout_ms, on_deadline, &passed);

  while (!passed && !reached)
    {
      if (changed)
        {
          changed = FALSE;
          reached = property_is (object, interface, property, expected);
        }
      else
        g_main_context_iteration (NULL, TRUE);
    }
  if (!passed)
    g_source_remove (deadline);
  g_dbus_connection_signal_unsubscribe (bus, signal);
  return reached || property_is (object, interface, property, expected);
}

static char *
make_kernel_path (const char *path)
{
  return g_build_filename (get_desk_folder ("PF_KERNEL"), path, NULL);
}

gboolean
pf_desk_kernel_control (const char *line, GError **error)
{
  g_autofree char *path = make_kernel_path ("control");
  g_autofree char *text = g_strconcat (line, "\n", NULL);
  int fd = open (path, O_WRONLY | O_CLOEXEC);
  int number = errno;

  if (fd >= 0)
    {
      /* One write is one order. */
      number = write (fd, text, strlen (text)) < 0 ? errno : 0;
      if (close (fd) < 0 && number == 0)
        number = errno;
    }
  if (number == 0)
    return TRUE;
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (number), "%s: %s", line, g_strerror (number));
  return FALSE;
}

char *
pf_desk_read_kernel (const char *path)
{
  g_autofree char *full_path = make_kernel_path (path);
  g_autofree char *contents = NULL;

  if (!g_file_get_contents (full_path, &contents, NULL, NULL))
    return NULL;
  if (g_str_has_suffix (contents, "\n"))
    contents[strlen (contents) - 1] = '\0';
  return g_steal_pointer (&contents);
}

char *
pf_desk_kernel_link (const char *path)
{
  g_autofree char *full_path = make_kernel_path (path);
  g_autofree char *target = g_file_read_link (full_path, NULL);

  return target != NULL ? g_path_get_basename (target) : NULL;
}

guint32
pf_desk_kernel_config (const char *pci_address, guint offset)
{
  g_autofree char *path = g_strdup_printf ("sys/bus/pci/devices/%s/config", pci_address);
  g_autofree char *full_path = make_kernel_path (path);
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;
  guint32 value;

  if (!g_file_get_contents (full_path, &contents, &length, &error))
    g_error ("%s", error->message);
  if (offset + sizeof value > length)
    g_error ("%s ends before 0x%x", path, offset);
  memcpy (&value, contents + offset, sizeof value);
  return GUINT32_FROM_LE (value);
}

char *
pf_desk_helper_log (void)
{
  g_autofree char *path = g_build_filename (get_desk_folder ("PF_DESK"), "log", "helper.log", NULL);
  char *contents = NULL;

  return g_file_get_contents (path, &contents, NULL, NULL) ? contents : g_strdup ("");
}
