/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-test-folder.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

/**
 * pf_test_folder_new:
 *
 * Returns: (transfer full): path of an empty folder
 */
char *
pf_test_folder_new (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("portferry-test-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

static void
remove_all (GFile *file)
{
  g_autoptr (GFileEnumerator) children = g_file_enumerate_children (
      file, G_FILE_ATTRIBUTE_STANDARD_NAME, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, NULL);
  GFile *child = NULL;

  while (children != NULL && g_file_enumerator_iterate (children, NULL, &child, NULL, NULL) && child != NULL)
    remove_all (child);
  g_file_delete (file, NULL, NULL);
}

/**
 * pf_test_folder_remove:
 * @folder: (transfer full): a folder
 */
void
pf_test_folder_remove (char *folder)
{
  g_autoptr (GFile) file = g_file_new_for_path (folder);

  remove_all (file);
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
  g_free (folder);
}

/**
 * pf_test_folder_write:
 * @folder: a folder
 * @name: of a file in it; the folders on the way are made
 * @text: what the file shall hold
 *
 * Writes in place, as many editors do. Whatever the umask is, nobody else may write to it: such a file would
 * be refused.
 */
void
pf_test_folder_write (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  FILE *file;

  g_assert_cmpint (g_mkdir_with_parents (parent, 0755), ==, 0);
  file = fopen (path, "w");
  g_assert_nonnull (file);
  g_assert_cmpint (fchmod (fileno (file), 0644), ==, 0);
  g_assert_cmpint (fputs (text, file), >=, 0);
  g_assert_cmpint (fclose (file), ==, 0);
}

/**
 * pf_test_folder_read:
 * @folder: a folder
 * @name: of a file in it
 *
 * Returns: (transfer full) (nullable): what it holds; NULL when there is no such file
 */
char *
pf_test_folder_read (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? text : NULL;
}

static gboolean
on_time_over (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/**
 * pf_test_iterate_until:
 * @flag: set by a callback
 * @timeout_ms: the test fails when it is not set by then
 */
void
pf_test_iterate_until (gboolean *flag, guint timeout_ms)
{
  gboolean over = FALSE;
  guint id = g_timeout_add (timeout_ms, on_time_over, &over);

  while (!*flag && !over)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (*flag);
  g_source_remove (id);
}
