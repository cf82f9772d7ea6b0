/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-test-helper.h"

#include <string.h>

/**
 * pf_test_init:
 * @argc: as given to main()
 * @argv: as given to main()
 *
 * Makes the helper's errors come out as PF_ERROR.
 */
void
pf_test_init (int *argc, char ***argv)
{
  g_test_init (argc, argv, NULL);
  pf_bus_register_errors ();
}

/**
 * pf_test_try:
 * @user: one of the desk's users
 * @flags: whether polkit may ask
 * @call: what to call
 * @error: what the helper answers
 *
 * Returns: (transfer full): the answer, or NULL
 */
GVariant *
pf_test_try (const char *user, PfDeskCallFlags flags, const PfTestCall *call, GError **error)
{
  g_autofree char *interface = g_strconcat (PF_BUS_NAME ".", call->interface, NULL);
  g_autoptr (GError) parse_error = NULL;
  GVariant *parameters = g_variant_parse (NULL, call->parameters, NULL, NULL, &parse_error);

  g_assert_no_error (parse_error);
  return pf_desk_call_as (user, flags, call->object, interface, call->method, parameters, PF_TEST_TIMEOUT_MS,
                          error);
}

/**
 * pf_test_call:
 * @user: one of the desk's users
 * @flags: whether polkit may ask
 * @call: what to call; it has to succeed
 *
 * Returns: (transfer full): the answer
 */
GVariant *
pf_test_call (const char *user, PfDeskCallFlags flags, const PfTestCall *call)
{
  g_autoptr (GError) error = NULL;
  GVariant *answer = pf_test_try (user, flags, call, &error);

  if (error != NULL)
    g_test_message ("%s %s: %s", user, call->method, error->message);
  g_assert_no_error (error);
  return answer;
}

/**
 * pf_test_refuse:
 * @user: one of the desk's users
 * @flags: whether polkit may ask
 * @call: what to call
 * @code: the error that it has to end with, nothing changed
 */
void
pf_test_refuse (const char *user, PfDeskCallFlags flags, const PfTestCall *call, PfError code)
{
  g_autofree char *before = pf_test_snapshot ();
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = pf_test_try (user, flags, call, &error);

  if (answer != NULL)
    g_test_message ("%s %s %s was let through", user, call->method, call->parameters);
  g_assert_null (answer);
  g_assert_error (error, PF_ERROR, (int) code);
  after = pf_test_snapshot ();
  g_assert_cmpstr (before, ==, after);
}

/**
 * pf_test_manager:
 * @user: one of the desk's users
 * @method: of the manager; it has to succeed, with nobody asked
 * @format: its arguments in GVariant text, as for printf()
 *
 * Returns: (transfer full): the answer
 */
GVariant *
pf_test_manager (const char *user, const char *method, const char *format, ...)
{
  g_autofree char *parameters = NULL;
  va_list arguments;

  va_start (arguments, format);
  parameters = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return pf_test_call (user, PF_DESK_CALL_NONE,
                       &(PfTestCall){ "Manager", method, PF_BUS_MANAGER_PATH, parameters });
}

/**
 * pf_test_apply:
 * @user: one of the desk's users
 * @id: of a profile
 * @options: in GVariant text
 *
 * Returns: (transfer full): the transaction
 */
char *
pf_test_apply (const char *user, const char *id, const char *options)
{
  g_autofree char *path = pf_bus_profile_path (id);
  g_autoptr (GVariant) answer = pf_test_manager (user, "Apply", "(objectpath '%s', %s)", path, options);
  char *transaction;

  g_variant_get (answer, "(s)", &transaction);
  return transaction;
}

/**
 * pf_test_refuse_apply:
 * @user: one of the desk's users
 * @id: of a profile
 * @options: in GVariant text
 * @code: the error that it has to end with, nothing changed
 */
void
pf_test_refuse_apply (const char *user, const char *id, const char *options, PfError code)
{
  g_autofree char *path = pf_bus_profile_path (id);
  g_autofree char *parameters = g_strdup_printf ("(objectpath '%s', %s)", path, options);

  pf_test_refuse (user, PF_DESK_CALL_NONE,
                  &(PfTestCall){ "Manager", "Apply", PF_BUS_MANAGER_PATH, parameters }, code);
}

/**
 * pf_test_add_profile:
 * @id: of a new profile
 * @settings: in GVariant text
 *
 * Adds it as root.
 */
void
pf_test_add_profile (const char *id, const char *settings)
{
  g_autoptr (GVariant) answer = pf_test_manager ("root", "AddProfile", "('%s', %s)", id, settings);
}

/**
 * pf_test_go_home:
 *
 * Brings everything home as root, and sees to it that it is.
 */
void
pf_test_go_home (void)
{
  g_autoptr (GVariant) answer = pf_test_manager ("root", "ReturnAll", "(@a{sv} {},)");
  g_autoptr (GVariant) left = g_variant_get_child_value (answer, 0);

  g_assert_cmpuint (g_variant_n_children (left), ==, 0);
  g_assert_true (pf_desk_wait_for_property (PF_BUS_MANAGER_PATH, PF_TEST_MANAGER, "ActiveProfile",
                                            "'" PF_TEST_HOME "'", 2000));
}

/**
 * pf_test_get:
 * @object: an object path
 * @interface: one of its interfaces
 * @property: its property
 *
 * Returns: (transfer full): the value as GVariant text; strings and paths without quotes
 */
char *
pf_test_get (const char *object, const char *interface, const char *property)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) value = pf_desk_get_property (object, interface, property, &error);

  g_assert_no_error (error);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING)
      || g_variant_is_of_type (value, G_VARIANT_TYPE_OBJECT_PATH))
    return g_variant_dup_string (value, NULL);
  return g_variant_print (value, FALSE);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
append_folder (GString *text, const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (!g_str_equal (name, "lock") && !g_str_equal (name, "owner"))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, names->pdata[i], NULL);
      g_autofree char *contents = NULL;

      g_file_get_contents (path, &contents, NULL, NULL);
      g_string_append_printf (text, "%s: %s\n", path, contents != NULL ? contents : "");
    }
}

/**
 * pf_test_snapshot:
 *
 * Returns: (transfer full): everything that a call could change: what was written to the kernel so far, and
 * what is in the helper's folders
 */
char *
pf_test_snapshot (void)
{
  static const char *const folders[] = { "etc/portferry", "etc/portferry/profiles.d", "run/portferry" };
  GString *text = g_string_new (NULL);
  g_autofree char *log = pf_desk_read_kernel ("control");

  g_string_append (text, log != NULL ? log : "");
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *folder = g_build_filename (g_getenv ("PF_STATE"), folders[i], NULL);

      append_folder (text, folder);
    }
  return g_string_free (text, FALSE);
}

/**
 * pf_test_control:
 * @line: a command for the fake kernel; see tests/boards/README.md
 */
void
pf_test_control (const char *line)
{
  g_autoptr (GError) error = NULL;

  pf_desk_kernel_control (line, &error);
  g_assert_no_error (error);
}

/**
 * pf_test_expect:
 * @object: an object path
 * @interface: its interface
 * @property: a property of it
 * @value: what it shall be, in GVariant text; waits for that
 */
void
pf_test_expect (const char *object, const char *interface, const char *property, const char *value)
{
  if (!pf_desk_wait_for_property (object, interface, property, value, PF_TEST_PATIENCE_MS))
    {
      g_autofree char *is = pf_test_get (object, interface, property);

      g_error ("%s is %s, not %s", property, is, value);
    }
}

/**
 * pf_test_update_profile:
 * @id: of a profile
 * @settings: what to change, as Profile.Update takes it, in GVariant text
 */
void
pf_test_update_profile (const char *id, const char *settings)
{
  g_autofree char *path = pf_bus_profile_path (id);
  g_autofree char *parameters = g_strdup_printf ("(%s,)", settings);
  g_autoptr (GVariant) answer
      = pf_test_call ("root", PF_DESK_CALL_NONE, &(PfTestCall){ "Profile", "Update", path, parameters });
}

/**
 * pf_test_get_process:
 * @name: a name on the bus that somebody has
 *
 * Returns: its process
 */
guint32
pf_test_get_process (const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, &error);
  g_autoptr (GVariant) answer = NULL;
  guint32 pid;

  g_assert_no_error (error);
  answer = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                        "org.freedesktop.DBus", "GetConnectionUnixProcessID",
                                        g_variant_new ("(s)", name), G_VARIANT_TYPE ("(u)"),
                                        G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
  g_variant_get (answer, "(u)", &pid);
  return pid;
}
