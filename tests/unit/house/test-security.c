/* SPDX-License-Identifier: GPL-3.0-or-later */

/* docs/SECURITY.md and tests/mutations/README.md say which test stands for what. Each of those tests is
 * there; each row names one; and each patch is in the list once, with the test that it names itself. And what
 * SECURITY.md says of the helper's sources is so: they ask no environment variable, and on the bus only root
 * may be the helper.
 *
 * test-security SOURCE */

#include <string.h>

#include <gio/gio.h>

#define MUTATIONS "tests/mutations"
/* Those that are run as they are; what is in C is found by its path. */
static const char *const script_folders[] = { "tests/vm/tests/", "tests/applet/", NULL };

static const char *source;
static GPtrArray *test_sources; /* the text of each test program in C */

static char *
read_file (const char *name)
{
  g_autofree char *path = g_build_filename (source, name, NULL);
  g_autoptr (GError) error = NULL;
  char *text;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

typedef void (*FileFunc) (const char *path, gpointer user_data);

static void
for_each_file (const char *folder, const char *suffix, FileFunc function, gpointer user_data)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        continue;
      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        for_each_file (path, suffix, function, user_data);
      else if (g_str_has_suffix (name, suffix))
        function (path, user_data);
    }
}

static void
add_text (const char *path, gpointer texts)
{
  g_autoptr (GError) error = NULL;
  char *text;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  g_ptr_array_add (texts, text);
}

static GPtrArray *
read_below (const char *name)
{
  g_autofree char *folder = g_build_filename (source, name, NULL);
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);

  for_each_file (folder, ".c", add_text, texts);
  g_assert_cmpuint (texts->len, >, 0);
  return texts;
}

/* "/store/of-others" stands in a program as such, or its first part does, and the others by themselves. */
static gboolean
is_in (const char *text, const char *path)
{
  g_autofree char *whole = g_strdup_printf ("\"%s\"", path);
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);
  g_autofree char *first = NULL;
  gboolean found = g_strv_length (parts) > 2;

  if (strstr (text, whole) != NULL)
    return TRUE;
  first = g_strdup_printf ("\"/%s/", parts[1]);
  found = found && strstr (text, first) != NULL;
  for (guint i = 2; found && parts[i] != NULL; i++)
    {
      g_autofree char *part = g_strdup_printf ("\"%s\"", parts[i]);

      found = strstr (text, part) != NULL;
    }
  return found;
}

static gboolean
has_test (const char *path)
{
  for (guint i = 0; i < test_sources->len; i++)
    if (is_in (test_sources->pdata[i], path))
      return TRUE;
  return FALSE;
}

static gboolean
is_script (const char *name)
{
  for (const char *const *folder = script_folders; *folder != NULL; folder++)
    if (g_str_has_prefix (name, *folder))
      {
        g_autofree char *path = g_build_filename (source, name, NULL);

        return g_file_test (path, G_FILE_TEST_IS_REGULAR);
      }
  return FALSE;
}

/* What stands between backquotes. */
static GPtrArray *
find_quoted (const char *cell)
{
  g_auto (GStrv) parts = g_strsplit (cell, "`", -1);
  GPtrArray *quoted = g_ptr_array_new_with_free_func (g_free);

  g_assert_cmpuint (g_strv_length (parts) % 2, ==, 1);
  for (guint i = 1; i < g_strv_length (parts); i += 2)
    g_ptr_array_add (quoted, g_strdup (parts[i]));
  return quoted;
}

/* The cells of a row of a table, "| a | b | c |"; NULL for other lines, and for the line below a heading. */
static char **
split_row (const char *line)
{
  if (!g_str_has_prefix (line, "| ") || !g_str_has_suffix (line, " |"))
    return NULL;
  return g_strsplit (line, " | ", -1);
}

static guint
check_row (char *const *cells)
{
  guint count = g_strv_length ((char **) cells);
  g_autoptr (GPtrArray) tests = find_quoted (cells[count - 1]);

  g_assert_cmpuint (count, ==, 3);
  if (tests->len == 0)
    g_error ("no test stands for: %s", cells[0]);
  for (guint i = 0; i < tests->len; i++)
    {
      const char *test = tests->pdata[i];

      if (*test == '/' ? !has_test (test) : !is_script (test))
        g_error ("there is no test %s, which stands for: %s", test, cells[0]);
    }
  return tests->len;
}

static void
test_threats (void)
{
  g_autofree char *text = read_file ("docs/SECURITY.md");
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  gboolean is_threat = FALSE;
  guint n_tests = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) cells = split_row (lines[i]);

      if (is_threat && cells != NULL)
        n_tests += check_row (cells);
      is_threat = *lines[i] != '\0' && (is_threat || g_str_has_prefix (lines[i], "| threat "));
    }
  g_assert_cmpuint (n_tests, >, 50);
}

/* Patch NAME is in the list, with the test that it says has to fail. */
static void
check_patch (const char *path, gpointer list)
{
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *name = g_strndup (base, strlen (base) - strlen (".patch"));
  g_autofree char *relative = g_strconcat (MUTATIONS "/", base, NULL);
  g_autofree char *text = read_file (relative);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 3);
  g_auto (GStrv) words = NULL;
  g_autofree char *row = NULL;

  g_assert_true (g_str_has_prefix (lines[1], "Test: "));
  words = g_strsplit (lines[1], " ", -1);
  g_assert_cmpuint (g_strv_length (words), >=, 3);
  if (!has_test (words[2]))
    g_error ("%s: there is no test %s", base, words[2]);
  row = g_strdup_printf ("| %s | `%s` | `%s` |\n", lines[0], name, words[2]);
  if (strstr (list, row) == NULL)
    g_error (MUTATIONS "/README.md has no row %s", row);
}

static void
test_mutations (void)
{
  g_autofree char *list = read_file (MUTATIONS "/README.md");
  g_autofree char *folder = g_build_filename (source, MUTATIONS, NULL);
  g_auto (GStrv) lines = g_strsplit (list, "\n", -1);
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for_each_file (folder, ".patch", check_patch, list);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) cells = split_row (lines[i]);

      if (cells != NULL && !g_str_has_prefix (lines[i], "| guard "))
        {
          g_autoptr (GPtrArray) quoted = find_quoted (cells[1]);
          const char *name = quoted->pdata[0];
          g_autofree char *path = g_strdup_printf ("%s/%s.patch", folder, name);

          g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
          if (!g_hash_table_add (names, g_strdup (name)))
            g_error (MUTATIONS "/README.md has two rows with %s", name);
        }
    }
  g_assert_cmpuint (g_hash_table_size (names), >=, 10);
}

/* Not that the environment were anybody else's: it is systemd's. But then there is nothing to think about. */
static void
test_no_environment (void)
{
  static const char *const folders[] = { "core", "helper" };

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autoptr (GPtrArray) texts = read_below (folders[i]);

      for (guint j = 0; j < texts->len; j++)
        if (strstr (texts->pdata[j], "getenv (") != NULL || strstr (texts->pdata[j], "get_environ (") != NULL)
          g_error ("something in %s asks the environment", folders[i]);
    }
}

static guint
count (const char *text, const char *word)
{
  g_auto (GStrv) parts = g_strsplit (text, word, -1);

  return g_strv_length (parts) - 1;
}

/* On the bus only root may be the helper (the system bus forbids every name that is not allowed), and
 * properties can be read. */
static void
test_bus_policy (void)
{
  g_autofree char *text = read_file ("data/org.portferry1.conf");
  const char *root = strstr (text, "<policy user=\"root\">");
  const char *own = strstr (text, "<allow own=\"org.portferry1\"/>");

  g_assert_nonnull (root);
  g_assert_nonnull (own);
  g_assert_true (root < own && own < strstr (root, "</policy>"));
  g_assert_cmpuint (count (text, "own"), ==, 1);
  g_assert_cmpuint (count (text, "user="), ==, 1);
  g_assert_cmpuint (count (text, "send_member="), ==, 2);
  g_assert_cmpuint (count (text, "DBus.Properties\"\n           send_member=\"Get"), ==, 2);
  g_assert_cmpuint (count (text, "<allow send_destination="), ==, count (text, "send_interface="));
  /* Messages with descriptors are denied whatever they are: the last word of a policy counts. */
  g_assert_nonnull (strstr (text, "<deny send_destination=\"org.portferry1\" min_fds=\"1\"/>\n  </policy>\n</busconfig>"));
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  source = argv[1];
  test_sources = read_below ("tests");
  g_test_add_func ("/security/threats", test_threats);
  g_test_add_func ("/security/mutations", test_mutations);
  g_test_add_func ("/security/no-environment", test_no_environment);
  g_test_add_func ("/security/bus-policy", test_bus_policy);
  status = g_test_run ();
  g_ptr_array_unref (test_sources);
  return status;
}
