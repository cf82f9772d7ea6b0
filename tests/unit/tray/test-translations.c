/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

static char *
build_path (const char *relative)
{
  return g_test_build_filename (G_TEST_DIST, "..", relative, NULL);
}

static char *
read_file (const char *relative)
{
  g_autofree char *path = build_path (relative);
  g_autoptr (GError) error = NULL;
  char *text;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static char **
read_lines (const char *relative)
{
  g_autofree char *text = read_file (relative);

  return g_strsplit (g_strchomp (text), "\n", -1);
}

static gboolean
is_translated (const char *path, const char *name)
{
  g_autofree char *text = NULL;
  g_autoptr (GRegex) marks = g_regex_new ("\\b(_|N_|C_|ngettext|g_dngettext|gettext) ?\\(\"", 0, 0, NULL);

  if (g_str_has_suffix (name, ".desktop.in") || g_str_has_suffix (name, ".metainfo.xml.in")
      || g_str_has_suffix (name, ".policy.in"))
    return TRUE;
  if (!g_str_has_suffix (name, ".c"))
    return FALSE;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return g_regex_match (marks, text, 0, NULL);
}

/* Adds the files below @folder that have something to translate, relative to the source folder. */
static void
find_translated (const char *folder, GHashTable *found)
{
  g_autofree char *path = build_path (folder);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (path, 0, &error);
  const char *name;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (folder, name, NULL);
      g_autofree char *child_path = build_path (child);

      if (g_file_test (child_path, G_FILE_TEST_IS_DIR))
        find_translated (child, found);
      else if (is_translated (child_path, name))
        g_hash_table_add (found, g_steal_pointer (&child));
    }
}

static void
test_potfiles (void)
{
  static const char *const folders[] = { "applet", "core", "data", "helper", "polkit" };
  g_autoptr (GHashTable) found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GStrv) listed = read_lines ("po/POTFILES");
  GHashTableIter iter;
  gpointer file;

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    find_translated (folders[i], found);
  g_assert_cmpuint (g_hash_table_size (found), >, 10);
  g_hash_table_iter_init (&iter, found);
  while (g_hash_table_iter_next (&iter, &file, NULL))
    if (!g_strv_contains ((const char *const *)listed, file))
      g_test_fail_printf ("%s has text to translate and is not in po/POTFILES", (char *)file);
  for (guint i = 0; listed[i] != NULL; i++)
    if (!g_hash_table_contains (found, listed[i]))
      g_test_fail_printf ("%s is in po/POTFILES and has no text to translate", listed[i]);
}

/* Runs a program that says on standard error what it finds wrong. */
static void
assert_content (const char *const *argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process
      = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_autofree char *complaints = NULL;

  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, NULL, &complaints, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (complaints, ==, "");
  g_assert_true (g_subprocess_get_successful (process));
}

static void
test_languages (void)
{
  g_auto (GStrv) languages = read_lines ("po/LINGUAS");

  g_assert_cmpuint (g_strv_length (languages), >, 0);
  for (guint i = 0; languages[i] != NULL; i++)
    {
      g_autofree char *file = g_strdup_printf ("po/%s.po", languages[i]);
      g_autofree char *path = build_path (file);
      const char *const argv[] = { "msgfmt", "--check", "--output-file=/dev/null", path, NULL };

      assert_content (argv);
    }
}

/* Text of the programs that no translator has seen. What tools are needed for desktop files and the like may
 * not be there; they are left out. */
static void
test_complete (void)
{
  static const char *const options[]
      = { "xgettext",          "--from-code=UTF-8",      "--keyword=_", "--keyword=N_",
          "--keyword=C_:1c,2", "--keyword=ngettext:1,2", "--directory" };
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("portferry-test-XXXXXX", &error);
  g_autofree char *template = g_build_filename (folder, "template.pot", NULL);
  g_autofree char *output = g_strconcat ("--output=", template, NULL);
  g_autofree char *root = build_path ("");
  g_autofree char *german = build_path ("po/de.po");
  g_auto (GStrv) listed = read_lines ("po/POTFILES");
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  const char *const compare[] = { "msgcmp", german, template, NULL };
  g_autoptr (GSubprocess) compared = NULL;

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    g_ptr_array_add (arguments, (gpointer) options[i]);
  g_ptr_array_add (arguments, root);
  g_ptr_array_add (arguments, output);
  for (guint i = 0; listed[i] != NULL; i++)
    if (g_str_has_suffix (listed[i], ".c"))
      g_ptr_array_add (arguments, listed[i]);
  g_ptr_array_add (arguments, NULL);
  assert_content ((const char *const *) arguments->pdata);
  /* It also speaks of messages that nobody needs, which is no harm: those of desktop files are among them. */
  compared = g_subprocess_newv (compare, G_SUBPROCESS_FLAGS_NONE, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (compared, NULL, &error));
  g_assert_cmpint (g_remove (template), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_man_pages (void)
{
  g_autofree char *folder = build_path ("data/man");
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n_pages = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      const char *const argv[] = { "groff", "-man", "-Tutf8", "-ww", "-z", path, NULL };

      if (!g_ascii_isdigit (name[strlen (name) - 1]))
        continue;
      assert_content (argv);
      n_pages++;
    }
  g_assert_cmpuint (n_pages, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/translations/potfiles", test_potfiles);
  g_test_add_func ("/translations/languages", test_languages);
  g_test_add_func ("/translations/complete", test_complete);
  g_test_add_func ("/man-pages/groff", test_man_pages);
  return g_test_run ();
}
